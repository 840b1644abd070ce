import { describe, expect, it } from 'vitest';

import { askBeforePaste, inputPieces, sanitizePaste } from './paste.ts';

describe('sanitizePaste', () => {
  it('takes out what could break out of a bracketed paste, and keeps text', () => {
    expect(sanitizePaste('a\x1b[201~rm -rf\r\nb\tc\x00\x9b31m日本\u{1f600}')).toBe(
      'a[201~rm -rf\nb\tc31m日本\u{1f600}',
    );
  });
});

describe('askBeforePaste', () => {
  it('asks about lines that would run at once', () => {
    expect(askBeforePaste('one\ntwo\n', false)).toEqual({ text: 'one\ntwo\n', lines: 2, preview: 'one\ntwo' });
    expect(askBeforePaste('make\n', false)?.lines).toBe(1);
  });

  it('does not ask about a single line, nor a program that takes a paste as one text', () => {
    expect(askBeforePaste('one line', false)).toBeNull();
    expect(askBeforePaste('one\ntwo', true)).toBeNull();
  });

  it('shows only the beginning of a long paste', () => {
    const preview = askBeforePaste(`${'x'.repeat(500)}\n`.repeat(40), false)?.preview ?? '';
    expect(preview.split('\n')).toHaveLength(7);
    expect(preview).toContain('34 more');
    expect(preview.length).toBeLessThan(1100);
  });
});

describe('inputPieces', () => {
  it('cuts a large paste without tearing a character', () => {
    const text = `a${'😀'.repeat(50)}`;
    const pieces = inputPieces(text, 10);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => piece.length <= 10 && piece.isWellFormed())).toBe(true);
    expect(inputPieces('')).toEqual([]);
  });
});
