import { describe, expect, it } from 'vitest';

import { SequenceTail } from './sequence-tail.ts';

const tailOf = (...pieces: string[]): string => {
  const tail = new SequenceTail();
  for (const piece of pieces) tail.follow(piece);
  return tail.text;
};

describe('SequenceTail', () => {
  it.each([
    ['text', 'plain text\r\n'],
    ['a colour', 'a\x1b[31mred'],
    ['a title ended by BEL', '\x1b]0;title\x07'],
    ['a title ended by ST', '\x1b]0;title\x1b\\'],
    ['a device string', '\x1bP$qm\x1b\\text'],
    ['a character set', '\x1b(B'],
    ['an 8-bit sequence', '\x9b31m'],
    ['a sequence that was cancelled', '\x1b[31\x18text'],
    ['a mouse mode', '\x1b[?1006h'],
  ])('has nothing after %s', (_, output) => {
    expect(tailOf(output)).toBe('');
  });

  it.each([
    ['ESC', 'text\x1b', '\x1b'],
    ['parameters', 'text\x1b[38;2;1', '\x1b[38;2;1'],
    ['an intermediate', '\x1b[0 ', '\x1b[0 '],
    ['a title', 'a\x1b[m\x1b]0;half a ti', '\x1b]0;half a ti'],
    ['a device string that rings', '\x1bPabc\x07', '\x1bPabc\x07'],
    ['the beginning of its end', '\x1b]0;title\x1b', '\x1b'],
    ['an 8-bit one', 'x\x9d0;ti', '\x9d0;ti'],
  ])('keeps a sequence that broke off in %s', (_, output, expected) => {
    expect(tailOf(output)).toBe(expected);
  });

  it('follows a sequence over several pieces until it ends', () => {
    expect(tailOf('\x1b', '[', '3', '1')).toBe('\x1b[31');
    expect(tailOf('\x1b', '[', '3', '1', 'm')).toBe('');
    expect(tailOf('\x1b]0;a', 'b', 'c\x07d')).toBe('');
    expect(tailOf('\x1b]0;a', 'b', 'c\x1b[3')).toBe('\x1b[3');
  });

  it('knows what breaks a string off', () => {
    expect(tailOf('\x1b_kitty \u65e5')).toBe('');
    expect(tailOf('\x1bP\u65e5')).toBe('');
    expect(tailOf('\x1bP1$q\u65e5')).toBe('\x1bP1$q\u65e5');
    expect(tailOf('\x1b]0;\u65e5')).toBe('\x1b]0;\u65e5');
    expect(tailOf('\x1b]0;a\x85')).toBe('');
    expect(tailOf('\x1b[1?\u65e5')).toBe('\x1b[1?\u65e5');
    expect(tailOf('\x1b\n]0;a')).toBe('\x1b\n]0;a');
  });

  // Half of what a program puts on the clipboard would be something that it never said.
  it('keeps nothing of what a long unfinished string says, but that it has begun', () => {
    const tail = tailOf('\x1b]52;c;', 'A'.repeat(100_000), 'B'.repeat(100_000));
    expect(tail).toBe('\x1b]!');
    expect(tailOf(tail, 'C'.repeat(100_000), '\x07')).toBe('');
    expect(tailOf('\x1b_', 'A'.repeat(100_000)).length).toBeLessThanOrEqual(4096);
  });
});
