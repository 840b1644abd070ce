import { keysOf } from '#renderer/ui/command-chords.ts';

/** The app's own keys, as hints show them. */
export const appKeys = {
  palette: keysOf('app.palette'),
  next: keysOf('app.next'),
  settings: keysOf('app.settings'),
  leave: keysOf('project.leave'),
  search: keysOf('go.search'),
  radar: keysOf('go.radar'),
} as const;
