import { expect, it } from 'vitest';

import { controlCharacter } from './control-character.ts';

type Press = Parameters<typeof controlCharacter>[0];
const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlKey: true,
  shiftKey: true,
  altKey: false,
  metaKey: false,
  isComposing: false,
  getModifierState: () => false,
  ...more,
});

it('makes of Control with Shift and a letter what Control and the letter are, on any layout', () => {
  expect(controlCharacter(press('A'), false)).toBe('\x01');
  expect(controlCharacter(press('z'), true)).toBe('\x1a');
  expect(controlCharacter(press('Ы', { code: 'KeyS' }), false)).toBe('\x13');
});

it('leaves everything else to the terminal', () => {
  expect(controlCharacter(press('a', { shiftKey: false }), false)).toBeNull();
  expect(controlCharacter(press('A', { altKey: true }), false)).toBeNull();
  expect(controlCharacter(press('!', { code: 'Digit1' }), false)).toBeNull();
  expect(controlCharacter(press('Enter'), false)).toBeNull();
  expect(controlCharacter(press('A', { isComposing: true }), false)).toBeNull();
  expect(controlCharacter(press('A', { getModifierState: (name) => name === 'AltGraph' }), false)).toBeNull();
});
