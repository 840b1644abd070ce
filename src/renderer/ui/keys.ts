/**
 * Key chords as text: `Mod+K`, `Mod+Shift+P`, `F8`, `?`, `Alt+ArrowUp`. `Mod` is Command on a Mac and Control elsewhere.
 * The last part is a `KeyboardEvent.key`, letters in any case.
 */
export interface Chord {
  mod: boolean;
  alt: boolean;
  shift: boolean;
  key: string;
}

export const isMac = typeof navigator !== 'undefined' && /^(Mac|iP)/.test(navigator.platform);

const partsOf = (text: string): readonly string[] => (text === '+' ? ['+'] : text.split('+'));

function parseChord(text: string): Chord {
  const parts = partsOf(text);
  const held = parts.slice(0, -1);
  return {
    mod: held.includes('Mod'),
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
}

/** Whether a key press is this chord. A sign that some layouts need Shift for (`?`) is matched by itself. */
export function matchesChord(press: KeyPress, text: string, mac = isMac): boolean {
  const chord = parseChord(text);
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  const isSign = chord.key.length === 1 && !/[a-z0-9]/.test(chord.key);
  if (mod !== chord.mod || otherMod || press.altKey !== chord.alt) return false;
  if (!isSign && press.shiftKey !== chord.shift) return false;
  if (press.key.toLowerCase() === chord.key) return true;
  // With Shift or Alt held a layout gives another sign: then the physical key says what was meant.
  if (/^[0-9]$/.test(chord.key)) return press.code === `Digit${chord.key}`;
  if (/^[a-z]$/.test(chord.key) && (chord.alt || chord.shift)) return press.code === `Key${chord.key.toUpperCase()}`;
  return false;
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  Backspace: '⌫',
  Delete: 'Del',
  ' ': 'Space',
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
