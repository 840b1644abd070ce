import { isMac } from '#renderer/ui/keys.ts';

/**
 * The grid's chords. They work while a terminal has the keyboard, so each is one that a program in a terminal cannot tell
 * from another key, or hardly waits for: Control with Shift, or Control with Alt and a key that types nothing (Control
 * with Alt is AltGr on Windows, and types `{` or `@`). On a Mac, Command is the app's anyway.
 */
export const gridKeys = {
  find: isMac ? 'Mod+F' : 'Mod+Shift+F',
  compose: 'Mod+Shift+M',
  maximise: 'Mod+Shift+Enter',
  next: 'Mod+Alt+PageDown',
  previous: 'Mod+Alt+PageUp',
  left: 'Mod+Alt+ArrowLeft',
  right: 'Mod+Alt+ArrowRight',
  up: 'Mod+Alt+ArrowUp',
  down: 'Mod+Alt+ArrowDown',
  previousPrompt: 'Mod+Shift+ArrowUp',
  nextPrompt: 'Mod+Shift+ArrowDown',
  moveLeft: 'Mod+Alt+Shift+ArrowLeft',
  moveRight: 'Mod+Alt+Shift+ArrowRight',
  moveUp: 'Mod+Alt+Shift+ArrowUp',
  moveDown: 'Mod+Alt+Shift+ArrowDown',
} as const;

/** The first nine panes have a number: Command and the digit on a Mac, elsewhere Alt, because Control is the terminal's. */
export const numberedPanes = 9;
export const keyOfPane = (index: number): string | undefined =>
  index < numberedPanes ? `${isMac ? 'Mod' : 'Alt'}+${String(index + 1)}` : undefined;
