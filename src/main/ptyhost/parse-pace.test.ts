import { describe, expect, it } from 'vitest';

import { ParsePace } from './parse-pace.ts';

describe('ParsePace', () => {
  it('begins with what ordinary output takes', () => {
    expect(new ParsePace().pieceChars).toBe(30_000);
    expect(new ParsePace().weigh(100)).toBe(100);
  });

  it('makes pieces shorter at once when they take long, and longer again in steps', () => {
    const pace = new ParsePace();
    pace.took(16_000, 160);
    expect(pace.pieceChars).toBe(300);
    expect(pace.weigh(100)).toBe(10_000);
    pace.took(300, 0.01);
    expect(pace.pieceChars).toBe(600);
    for (let round = 0; round < 20; round++) pace.took(pace.pieceChars, 0.01);
    expect(pace.pieceChars).toBe(30_000);
  });

  it('never stops altogether', () => {
    const pace = new ParsePace();
    pace.took(16_000, 100_000);
    expect(pace.pieceChars).toBe(64);
  });

  it('does not take one slow character for slow output', () => {
    const pace = new ParsePace();
    pace.took(1, 20);
    expect(pace.pieceChars).toBe(30_000);
  });
});
