import { isMac } from '#renderer/ui/keys.ts';

/** The app's own chords, as they are shown. Each works everywhere, in terminals too. */
export const appKeys = {
  palette: isMac ? 'Mod+K' : 'Mod+Shift+P',
  next: 'F8',
  search: 'Mod+Shift+S',
  settings: 'Mod+,',
  leave: 'Mod+Shift+O',
  radar: 'F9',
  // Control+Shift+N is a browser's own and never reaches a page.
  newSpec: 'Mod+Alt+N',
} as const;
