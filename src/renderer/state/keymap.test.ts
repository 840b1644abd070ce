import { describe, expect, it } from 'vitest';

import { keyBindings } from '#shared/key-chord.ts';

import { declareCommands, meet } from './command-catalogue.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { findConflicts, inTheWay, withChord, withDefaults, withoutChord } from './keymap.ts';
import { noteOnChord, noteOnUse } from './reserved-chords.ts';

const platforms = [
  ['a PC', false],
  ['a Mac', true],
] as const;
const declarationsOf = (mac: boolean): ReadonlyMap<string, CommandDeclaration> =>
  new Map<string, CommandDeclaration>(Object.entries(declareCommands(mac)));
const declarations = declarationsOf(false);

describe.each(platforms)('the default keys on %s', (_name, mac) => {
  const all = declarationsOf(mac);

  it('never start two commands at one place', () => {
    expect(findConflicts(all, {}, mac)).toEqual([]);
  });

  it('are chords that the settings take', () => {
    const keys = Object.fromEntries(Array.from(all, ([id, { keys: chords = [] }]) => [id, [...chords]]));
    expect(keyBindings.safeParse(keys).error).toBeUndefined();
  });

  it('reach the app: no browser or system keeps them, and none is needed for moving about', () => {
    const noted = Array.from(all.values()).flatMap(({ keys = [] }) => keys.filter((chord) => noteOnChord(chord, mac)));
    expect(noted).toEqual([]);
  });
});

it('takes few keys from the programs in terminals, none of them Control and a sign', () => {
  const taken = Array.from(declarations.values())
    .filter(({ inTerminal }) => inTerminal)
    .flatMap(({ keys = [] }) => keys.filter((chord) => noteOnUse(chord, true, false) === null))
    .filter((chord) => !/^Alt\+[1-9]$/.test(chord));
  expect(taken.toSorted()).toEqual([
    'F8',
    'F9',
    'Mod+Alt+ArrowDown',
    'Mod+Alt+ArrowLeft',
    'Mod+Alt+ArrowRight',
    'Mod+Alt+ArrowUp',
    'Mod+Alt+M',
    'Mod+Alt+N',
    'Mod+Alt+PageDown',
    'Mod+Alt+PageUp',
    'Mod+Alt+Shift+ArrowDown',
    'Mod+Alt+Shift+ArrowLeft',
    'Mod+Alt+Shift+ArrowRight',
    'Mod+Alt+Shift+ArrowUp',
    'Mod+F8',
    'Mod+Shift+ArrowDown',
    'Mod+Shift+ArrowUp',
    'Mod+Shift+B',
    'Mod+Shift+E',
    'Mod+Shift+Enter',
    'Mod+Shift+F',
    'Mod+Shift+K',
    'Mod+Shift+L',
    'Mod+Shift+M',
    'Mod+Shift+O',
    'Mod+Shift+P',
    'Mod+Shift+S',
    'Shift+F8',
  ]);
});

describe('places', () => {
  it('in the centre are never there together; everything else is beside each of them', () => {
    expect(meet('grid', 'review')).toBe(false);
    expect(meet('grid', 'grid')).toBe(true);
    expect(meet('board', 'spec')).toBe(true);
    expect(meet('everywhere', 'grid')).toBe(true);
  });
});

describe('changing keys', () => {
  it('gives a chord to a command and takes it from the one that had it', () => {
    expect(inTheWay(declarations, {}, 'app.settings', 'Mod+Shift+F', false)).toEqual(['grid.find']);
    const chosen = withChord(declarations, {}, 'app.settings', 'Mod+Shift+F', ['grid.find']);
    expect(chosen).toEqual({ 'app.settings': ['Mod+,', 'Mod+Shift+F'], 'grid.find': ['Mod+F'] });
    expect(findConflicts(declarations, chosen, false)).toEqual([]);
  });

  it('names both commands where one chord means two', () => {
    const chosen = { 'app.settings': ['Shift+Mod+f'] };
    expect(findConflicts(declarations, chosen, false)).toEqual([
      { chord: 'Shift+Mod+f', ids: ['app.settings', 'grid.find'] },
    ]);
    expect(inTheWay(declarations, {}, 'review.merge', 'Mod+Shift+Enter', false)).toEqual([]);
  });

  it('keeps nothing that equals the default, and everything of commands that nobody knows', () => {
    const future = { 'future.thing': ['Mod+Alt+Z'] };
    const changed = withoutChord(declarations, future, 'app.keys', '?');
    expect(changed).toEqual({ ...future, 'app.keys': ['Mod+/'] });
    expect(withDefaults(changed, 'app.keys')).toEqual(future);
    const back = withChord(declarations, { 'app.next': ['F8'] }, 'app.next', 'Mod+J');
    expect(back).toEqual({});
  });
});

describe('what is said of a chord', () => {
  it.each([
    ['Mod+T', false, 'warned'],
    ['Mod+Shift+N', false, 'warned'],
    ['Mod+Q', true, 'warned'],
    ['Alt+Tab', false, 'warned'],
    ['Mod+C', false, 'warned'],
    ['Escape', false, 'refused'],
    ['Enter', false, 'refused'],
    ['Shift+Tab', false, 'refused'],
    ['Mod+Alt+J', false, undefined],
    ['F9', true, undefined],
  ] as const)('%s', (chord, mac, kind) => {
    expect(noteOnChord(chord, mac)?.kind).toBe(kind);
  });

  it('says when it will not work while typing, and what it takes from programs', () => {
    expect(noteOnUse('q', true, false)).toContain('not in terminals');
    expect(noteOnUse('Mod+B', true, false)).toContain('no longer get this key');
    expect(noteOnUse('Mod+B', true, true)).toBeNull();
    expect(noteOnUse('F9', true, false)).toBeNull();
  });
});
