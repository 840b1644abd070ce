import { describe, expect, it } from 'vitest';

import { isSafeLink, keyAction } from './terminal-keys.ts';

const press = (key: string, more: Partial<Parameters<typeof keyAction>[0]> = {}): Parameters<typeof keyAction>[0] => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

describe('keyAction', () => {
  it('leaves Control+C and Control+V to the program', () => {
    expect(keyAction(press('c', { ctrlKey: true }), false)).toBe('type');
    expect(keyAction(press('v', { ctrlKey: true }), false)).toBe('type');
    expect(keyAction(press('c', { ctrlKey: true }), true)).toBe('type');
  });

  it('copies and pastes with Shift added, or with Command on a Mac, on any keyboard layout', () => {
    expect(keyAction(press('C', { ctrlKey: true, shiftKey: true }), false)).toBe('copy');
    expect(keyAction(press('С', { code: 'KeyC', ctrlKey: true, shiftKey: true }), false)).toBe('copy'); // Cyrillic
    expect(keyAction(press('V', { ctrlKey: true, shiftKey: true }), false)).toBe('paste');
    expect(keyAction(press('c', { metaKey: true }), true)).toBe('copy');
    expect(keyAction(press('v', { metaKey: true }), true)).toBe('paste');
  });

  it('does not touch keys of an input method', () => {
    expect(keyAction(press('c', { ctrlKey: true, shiftKey: true, isComposing: true }), false)).toBe('type');
  });
});

describe('isSafeLink', () => {
  it.each([
    ['https://example.org/a?b#c', true],
    ['http://127.0.0.1:3000', true],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['vscode://file/x', false],
    ['not a link', false],
  ])('%s', (address, safe) => {
    expect(isSafeLink(address)).toBe(safe);
  });
});
