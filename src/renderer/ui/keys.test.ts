import { describe, expect, it } from 'vitest';

import { canonicalChord, chordLabels, chordOf, chordText, matchesChord, type KeyPress } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const altGraph = { getModifierState: (name: string) => name === 'AltGraph' };

describe('chordOf', () => {
  it.each<[string, KeyPress, boolean, string | null]>([
    ['a letter', press('n'), false, 'n'],
    ['Control and a letter', press('k', { ctrlKey: true }), false, 'Mod+K'],
    ['Control, Shift and a letter', press('P', { ctrlKey: true, shiftKey: true }), false, 'Mod+Shift+P'],
    ['Command on a Mac', press('k', { metaKey: true }), true, 'Mod+K'],
    ['Control on a Mac', press('k', { ctrlKey: true }), true, 'Ctrl+K'],
    ['Option on a Mac, by the physical key', press('¡', { altKey: true, code: 'Digit1' }), true, 'Alt+1'],
    ['a letter of another alphabet', press('ы', { ctrlKey: true, code: 'KeyS' }), false, 'Mod+S'],
    ['a sign that needs Shift', press('?', { shiftKey: true, code: 'Slash' }), false, '?'],
    ['Control, Shift and a digit', press('!', { ctrlKey: true, shiftKey: true, code: 'Digit1' }), false, 'Mod+Shift+1'],
    ['the plus sign', press('+', { ctrlKey: true, code: 'Equal', shiftKey: true }), false, 'Mod++'],
    ['the space bar', press(' ', { ctrlKey: true, code: 'Space' }), false, 'Mod+Space'],
    ['a function key', press('F5', { shiftKey: true, code: 'F5' }), false, 'Shift+F5'],
    ['an arrow', press('ArrowUp', { altKey: true }), false, 'Alt+ArrowUp'],
    ['only Control', press('Control', { ctrlKey: true }), false, null],
    ['a dead key', press('Dead', { altKey: true, code: 'KeyN' }), true, null],
    ['AltGr', press('@', { ctrlKey: true, altKey: true, code: 'KeyQ', ...altGraph }), false, null],
    ['the Windows key', press('e', { metaKey: true }), false, null],
  ])('%s', (_name, key, mac, chord) => {
    expect(chordOf(key, mac)).toBe(chord);
    // What was recorded is what starts the command afterwards.
    expect(chord === null || matchesChord(key, chord, mac)).toBe(true);
  });
});

describe('matchesChord', () => {
  it('leaves what AltGr types alone, although Windows calls it Control with Alt', () => {
    const typed = press('ń', { ctrlKey: true, altKey: true, code: 'KeyN', ...altGraph });
    expect(matchesChord(typed, 'Mod+Alt+N', false)).toBe(false);
    expect(matchesChord(press('n', { ctrlKey: true, altKey: true, code: 'KeyN' }), 'Mod+Alt+N', false)).toBe(true);
  });

  it('takes a Mac’s Control for Control elsewhere, and not for Command', () => {
    expect(matchesChord(press('k', { ctrlKey: true }), 'Ctrl+K', false)).toBe(true);
    expect(matchesChord(press('k', { ctrlKey: true }), 'Ctrl+K', true)).toBe(true);
    expect(matchesChord(press('k', { metaKey: true }), 'Ctrl+K', true)).toBe(false);
  });
});

describe('a chord', () => {
  it('is shown as this platform writes it', () => {
    expect(chordText('Mod+Shift+P', true)).toBe('⌘⇧P');
    expect(chordText('Ctrl+Alt+k', true)).toBe('⌃⌥K');
    expect(chordText('Mod+Shift+P', false)).toBe('Ctrl+Shift+P');
    expect(chordLabels('Mod++', false)).toEqual(['Ctrl', '+']);
  });

  it('is one chord however it is written', () => {
    expect(canonicalChord('Shift+Mod+p', false)).toBe(canonicalChord('Mod+Shift+P', false));
    expect(canonicalChord('Ctrl+P', false)).toBe(canonicalChord('Mod+P', false));
    expect(canonicalChord('Ctrl+P', true)).not.toBe(canonicalChord('Mod+P', true));
  });
});
