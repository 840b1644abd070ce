type Press = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'getModifierState'
>;

/**
 * The control character of a press that xterm.js would drop, or null: Control with Shift and a letter. As in other
 * terminals it is that of Control and the letter, for want of a code of its own in what programs commonly read.
 */
export function controlCharacter(press: Press, mac: boolean): string | null {
  if (!press.ctrlKey || !press.shiftKey || press.altKey || press.metaKey || press.isComposing) return null;
  if (!mac && press.getModifierState('AltGraph')) return null;
  const letter = /^[a-z]$/i.test(press.key) ? press.key : /^Key([A-Z])$/.exec(press.code)?.[1];
  return letter === undefined ? null : String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64);
}
