import { canonicalChord, isMac } from '#renderer/ui/keys.ts';

/** What is to be said of a chord before it is given to a command. `refused`: the app could not be used without that key. */
export interface ChordNote {
  kind: 'refused' | 'warned';
  words: string;
}

const needed = 'The app needs this key for moving about and typing. Hold Control, Alt or Command with it.';
const needsWords: Readonly<Record<string, string>> = {
  escape: 'Escape closes what is open, everywhere.',
  'shift+escape': 'Escape closes what is open, everywhere.',
};
const neededKeys = new Set([
  'tab',
  'enter',
  'space',
  'backspace',
  'arrowup',
  'arrowdown',
  'arrowleft',
  'arrowright',
  'home',
  'end',
  'pageup',
  'pagedown',
]);

const tabs =
  'A browser keeps this chord for its tabs and windows. It works only where the app has a window of its own.';
const browserChords = ['Mod+N', 'Mod+T', 'Mod+W', 'Mod+Shift+N', 'Mod+Shift+T', 'Mod+Shift+W'];
const pcBrowserChords = ['Mod+Tab', 'Mod+Shift+Tab', 'Mod+PageUp', 'Mod+PageDown', 'Mod+Shift+Q', 'Alt+F4'];
const macSystemChords = ['Mod+Q', 'Mod+H', 'Mod+M', 'Mod+Tab', 'Mod+Space', 'Mod+`', 'Mod+Alt+Escape', 'Mod+Alt+D'];
const pcSystemChords = [
  'Alt+Tab',
  'Alt+Shift+Tab',
  'Alt+Space',
  'Alt+Escape',
  'Mod+Escape',
  'Mod+Alt+Delete',
  'Mod+Alt+T',
];
const editing = ['Mod+C', 'Mod+V', 'Mod+X', 'Mod+Z', 'Mod+A', 'Mod+Shift+Z'];

/** What the browser, the system or the app itself has to do with a chord; null: nothing that we know. */
export function noteOnChord(chord: string, mac = isMac): ChordNote | null {
  const wanted = canonicalChord(chord, mac);
  const isOneOf = (chords: readonly string[]): boolean => chords.some((one) => canonicalChord(one, mac) === wanted);
  const bare = wanted.replace(/^shift\+/, '');
  if (needsWords[wanted]) return { kind: 'refused', words: needsWords[wanted] };
  if (neededKeys.has(bare)) return { kind: 'refused', words: needed };
  if (isOneOf(mac ? macSystemChords : pcSystemChords)) {
    return { kind: 'warned', words: 'The system usually takes this chord before any app sees it.' };
  }
  if (isOneOf([...browserChords, ...(mac ? [] : pcBrowserChords)])) return { kind: 'warned', words: tabs };
  if (isOneOf(editing)) return { kind: 'warned', words: 'Fields and the editor use this chord to edit text.' };
  if (isOneOf(mac ? [] : ['Mod+Shift+C', 'Mod+Shift+V'])) {
    return { kind: 'warned', words: 'Terminals copy and paste with this chord.' };
  }
  if (wanted === 'f11') return { kind: 'warned', words: 'It usually makes the window fill the screen.' };
  return null;
}

/** What a chord will not do, and what it takes from programs, in a sentence; null where there is nothing to say. */
export function noteOnUse(chord: string, inTerminal: boolean, mac = isMac): string | null {
  const isHeld = /(^|\+)(Mod|Ctrl|Alt)\+/.test(chord) || /(^|\+)F\d+$/.test(chord);
  if (!isHeld) return 'Works only where nothing is typed: not in text, and not in terminals.';
  if (!inTerminal) return null;
  return /^Mod\+.$/.test(chord) && !mac ? 'Programs in terminals no longer get this key, unless you send it on.' : null;
}
