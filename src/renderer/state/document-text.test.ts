import { describe, expect, it } from 'vitest';

import { withLineEndsOf } from './document-text.ts';

describe('the text of a file after an edit', () => {
  const mark = '\uFEFF';

  it('has its byte order mark, and the line ends that the file had', () => {
    expect(withLineEndsOf(`${mark}a\r\nb\r\n`, 'a\r\nc\r\n')).toBe(`${mark}a\r\nc\r\n`);
    expect(withLineEndsOf('a\nb\n', 'a\r\nc\r\n')).toBe('a\nc\n');
    expect(withLineEndsOf('one', 'one\ntwo')).toBe('one\ntwo');
    expect(withLineEndsOf('', 'a\r\nb')).toBe('a\r\nb');
  });

  it('differs in the edited lines alone where a file has several kinds of line ends', () => {
    const saved = 'a\r\nb\nc\rd\ne\r\nf';
    expect(withLineEndsOf(saved, 'a\r\nb\r\nc\r\nd\r\ne\r\nf')).toBe(saved);
    expect(withLineEndsOf(saved, 'a\r\nB\r\nc\r\nD\r\ne\r\nf')).toBe('a\r\nB\nc\rD\ne\r\nf');
    // One line more, and one that was edited: the others are where they were.
    expect(withLineEndsOf(saved, 'a\nx\nb\nc\nd\nE\nf')).toBe('a\r\nx\r\nb\nc\rd\nE\nf');
    expect(withLineEndsOf(saved, 'a\nc\nd\nf\n')).toBe('a\r\nc\rd\nf\n');
  });
});
