import { describe, expect, it } from 'vitest';

import type { KeyPress } from '#renderer/ui/keys.ts';
import type { KeyBindings } from '#shared/key-chord.ts';

import { commandForKey, registerCommands, useCommands, type Command } from './commands.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

const command = (id: string, keys: readonly string[], more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'App',
  keys,
  run: () => undefined,
  ...more,
});

const commands = [
  command('palette', ['Mod+Shift+P', 'Mod+K'], { inTerminal: true }),
  command('save', ['Mod+S']),
  command('keys', ['?']),
  command('first', ['1']),
  command('next', ['F8'], { inTerminal: true }),
];
const idFor = (key: KeyPress, place: 'page' | 'text' | 'terminal' | 'modal', mac = false): string | undefined =>
  commandForKey(commands, key, place, mac)?.id;

describe('keys', () => {
  it('mean Control on a PC and Command on a Mac', () => {
    expect(idFor(press('s', { ctrlKey: true }), 'page')).toBe('save');
    expect(idFor(press('s', { metaKey: true }), 'page', true)).toBe('save');
    expect(idFor(press('s', { ctrlKey: true }), 'page', true)).toBeUndefined();
  });

  it('that write something never start a command while the person is writing', () => {
    expect(idFor(press('?', { shiftKey: true }), 'page')).toBe('keys');
    expect(idFor(press('?', { shiftKey: true }), 'text')).toBeUndefined();
    expect(idFor(press('1'), 'text')).toBeUndefined();
    expect(idFor(press('1'), 'terminal')).toBeUndefined();
    expect(idFor(press('s', { ctrlKey: true }), 'text')).toBe('save');
  });

  it('belong to the terminal first: Control and a letter reach the agent, except where a command insists', () => {
    expect(idFor(press('s', { ctrlKey: true }), 'terminal')).toBeUndefined();
    expect(idFor(press('P', { ctrlKey: true, shiftKey: true }), 'terminal')).toBe('palette');
    expect(idFor(press('k', { ctrlKey: true }), 'terminal')).toBeUndefined();
    expect(idFor(press('F8'), 'terminal')).toBe('next');
    expect(idFor(press('s', { metaKey: true }), 'terminal', true)).toBe('save');
  });

  it('do nothing behind an open dialog', () => {
    expect(idFor(press('s', { ctrlKey: true }), 'modal')).toBeUndefined();
  });

  it('go by the physical key where a layout gives another sign', () => {
    expect(
      commandForKey([command('pane', ['Alt+1'])], press('¡', { altKey: true, code: 'Digit1' }), 'page', true)?.id,
    ).toBe('pane');
  });

  it('are those that the person chose, and no others', () => {
    const chosen: KeyBindings = { save: ['Mod+Shift+S'], next: [], palette: ['Mod+B'], keys: ['Mod+S'] };
    const chosenFor = (key: KeyPress, place: 'page' | 'terminal' = 'page'): string | undefined =>
      commandForKey(commands, key, place, false, chosen)?.id;
    expect(chosenFor(press('S', { ctrlKey: true, shiftKey: true }))).toBe('save');
    expect(chosenFor(press('s', { ctrlKey: true }))).toBe('keys');
    expect(chosenFor(press('F8'))).toBeUndefined();
    // Control and a letter leaves the terminal only when the person gave it away.
    expect(chosenFor(press('b', { ctrlKey: true }), 'terminal')).toBe('palette');
    expect(chosenFor(press('S', { ctrlKey: true, shiftKey: true }), 'terminal')).toBeUndefined();
  });

  it('of the person go before defaults that are in their way', () => {
    const both = [command('theirs', ['F9']), command('mine', [])];
    expect(commandForKey(both, press('F9'), 'page', false, { mine: ['F9'] })?.id).toBe('mine');
  });

  it('all belong to a locked terminal, but for the one that unlocks it', () => {
    const locking = [...commands, command('grid.lock-keys', ['Mod+Shift+L'], { inTerminal: true })];
    const inLocked = (key: KeyPress, chosen: KeyBindings = {}, mac = false): string | undefined =>
      commandForKey(locking, key, 'locked', mac, chosen)?.id;
    expect(inLocked(press('F8'))).toBeUndefined();
    expect(inLocked(press('P', { ctrlKey: true, shiftKey: true }))).toBeUndefined();
    expect(inLocked(press('k', { metaKey: true }), {}, true)).toBeUndefined();
    const unlock = press('L', { ctrlKey: true, shiftKey: true });
    expect(inLocked(unlock)).toBe('grid.lock-keys');
    expect(inLocked(unlock, { 'grid.lock-keys': [] })).toBe('grid.lock-keys');
    expect(inLocked(unlock, { 'grid.lock-keys': ['F12'] })).toBeUndefined();
    expect(inLocked(press('F12'), { 'grid.lock-keys': ['F12'] })).toBe('grid.lock-keys');
  });

  it('skip a command that is not offered or cannot run now', () => {
    const off = [command('no', ['x'], { when: () => false }), command('why', ['x'], { reason: () => 'not now' })];
    expect(commandForKey(off, press('x'), 'page', false)).toBeNull();
  });
});

describe('registering', () => {
  it('takes back only its own when it ends', () => {
    const mine = registerCommands([command('a', []), command('b', [])]);
    const theirs = registerCommands([command('b', ['F2'])]);
    mine.dispose();
    expect(Array.from(useCommands.getState().commands.keys())).toEqual(['b']);
    theirs.dispose();
    expect(useCommands.getState().commands.size).toBe(0);
  });
});
