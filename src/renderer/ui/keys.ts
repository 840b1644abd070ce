/** A chord taken apart; `src/shared/key-chord.ts` says how one is written. */
export interface Chord {
  mod: boolean;
  /** A Mac's Control key. Elsewhere Control is `mod`. */
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
  key: string;
}

export const isMac = typeof navigator !== 'undefined' && /^(Mac|iP)/.test(navigator.platform);

/** The parts of a chord. The plus sign is a key as well. */
function partsOf(text: string): readonly string[] {
  if (text === '+') return ['+'];
  return text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+');
}

function parseChord(text: string, mac: boolean): Chord {
  const parts = partsOf(text);
  const held = parts.slice(0, -1);
  const hasCtrl = held.includes('Ctrl');
  return {
    mod: held.includes('Mod') || (!mac && hasCtrl),
    ctrl: mac && hasCtrl,
    alt: held.includes('Alt'),
    shift: held.includes('Shift'),
    key: (parts.at(-1) ?? '').toLowerCase(),
  };
}

/** What a chord is matched against; a KeyboardEvent is one. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  getModifierState?(name: string): boolean;
}

const isSign = (key: string): boolean => key.length === 1 && !/[a-z0-9]/i.test(key);
const nameOf = (key: string): string => (key === ' ' ? 'Space' : key);

/** AltGr types a sign. Windows reports it as Control with Alt, which must not start what has that chord. */
const typesWithAltGraph = (press: KeyPress): boolean =>
  press.key.length === 1 && (press.getModifierState?.('AltGraph') ?? false);

/** Whether a key press is this chord. A sign that some layouts need Shift for (`?`) is matched by itself. */
export function matchesChord(press: KeyPress, text: string, mac = isMac): boolean {
  const chord = parseChord(text, mac);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (mod !== chord.mod || other !== chord.ctrl || press.altKey !== chord.alt || typesWithAltGraph(press)) return false;
  if (!isSign(chord.key) && press.shiftKey !== chord.shift) return false;
  if (nameOf(press.key).toLowerCase() === chord.key) return true;
  // With Shift or Alt held a layout gives another sign: then the physical key says what was meant.
  if (/^[0-9]$/.test(chord.key)) return press.code === `Digit${chord.key}`;
  // So it does where the layout has no Latin letters: Control+S is then Control and the key of the S.
  const isHeld = chord.alt || chord.shift || ((chord.mod || chord.ctrl) && /^[^\x20-\x7e]$/.test(press.key));
  if (/^[a-z]$/.test(chord.key) && isHeld) return press.code === `Key${chord.key.toUpperCase()}`;
  return false;
}

const modifierKeys = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Fn',
  'Dead',
  'Process',
  'OS',
]);

/** The chord that a key press is, for the person who records one; null while only Control, Shift or the like are held. */
export function chordOf(press: KeyPress, mac = isMac): string | null {
  if (modifierKeys.has(press.key) || press.key === 'Unidentified' || typesWithAltGraph(press)) return null;
  // The Windows or Super key is the system's.
  if (!mac && press.metaKey) return null;
  const isHeld = press.ctrlKey || press.metaKey || press.altKey;
  const physical = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(press.code);
  const letter = physical?.[1];
  const usesPhysical = isHeld && (!/^[\x20-\x7e]$/.test(press.key) || (press.altKey && isSign(press.key)));
  const digit = isHeld ? physical?.[2] : undefined;
  const key = nameOf(digit ?? (usesPhysical && letter ? letter : press.key));
  const held = [
    (mac ? press.metaKey : press.ctrlKey) && 'Mod',
    mac && press.ctrlKey && 'Ctrl',
    press.altKey && 'Alt',
    press.shiftKey && !isSign(key) && 'Shift',
  ].filter((part) => part !== false);
  return [
    ...held,
    key.length === 1 && held.length > 0 ? key.toUpperCase() : key.length === 1 ? key.toLowerCase() : key,
  ].join('+');
}

/** Two ways to write one chord become one. */
export function canonicalChord(text: string, mac = isMac): string {
  const { mod, ctrl, alt, shift, key } = parseChord(text, mac);
  const held = [mod && 'mod', ctrl && 'ctrl', alt && 'alt', shift && !isSign(key) && 'shift'].filter(Boolean);
  return [...held, key].join('+');
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  Backspace: '⌫',
  Delete: 'Del',
};

/** The keys of a chord as they stand on this platform's keyboard: `['⌘', 'K']` or `['Ctrl', 'K']`. */
export function chordLabels(text: string, mac = isMac): readonly string[] {
  const parts = partsOf(text);
  return parts.map((part, index) => {
    if (index < parts.length - 1) return mac ? (macSigns[part] ?? part) : part === 'Mod' ? 'Ctrl' : part;
    return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

export const chordText = (text: string, mac = isMac): string => chordLabels(text, mac).join(mac ? '' : '+');
