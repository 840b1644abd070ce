import { isMac } from '#renderer/ui/keys.ts';

/** What a key does in a terminal: `type` gives it to the program, the others do not. `paste` is left to the browser. */
export type TerminalKey = 'type' | 'copy' | 'paste';

type Press = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

/**
 * Copy and paste take Control with Shift, or Command; everything else is the program's, Control+C above all. What the app
 * itself wants has been taken before it gets here (`state/keyboard.ts`).
 */
export function keyAction(press: Press, mac = isMac): TerminalKey {
  if (press.isComposing || press.altKey) return 'type';
  const held = mac
    ? press.metaKey && !press.ctrlKey && !press.shiftKey
    : press.ctrlKey && press.shiftKey && !press.metaKey;
  if (!held) return 'type';
  const key = press.key.toLowerCase();
  if (key === 'c' || (!mac && press.code === 'KeyC')) return 'copy';
  if (key === 'v' || (!mac && press.code === 'KeyV')) return 'paste';
  return 'type';
}

/** The chord of an action, as `Kbd` takes it. */
export const keyInWords = (action: 'copy' | 'paste'): string =>
  `${isMac ? 'Mod' : 'Mod+Shift'}+${action === 'copy' ? 'C' : 'V'}`;

/** Only addresses of the web are opened: a `file:` or a scheme of some app would act on this machine. */
export function isSafeLink(address: string): boolean {
  try {
    const { protocol } = new URL(address);
    return protocol === 'http:' || protocol === 'https:';
  } catch {
    return false;
  }
}
