import { describe, expect, it } from 'vitest';

import { megabytesForLines, scrollbackLines, scrollbackMegabytes } from './scrollback.ts';

describe('scrollbackLines', () => {
  it('halves with twice the width, about, and never comes to nothing', () => {
    expect(scrollbackLines(4_000_000, 120)).toBe(2325);
    expect(scrollbackLines(4_000_000, 240)).toBeGreaterThan(1162);
    expect(scrollbackLines(10, 1000)).toBe(1);
    expect(scrollbackLines(64_000_000, 2)).toBe(100_000);
  });

  it('turns the former setting into one that keeps no less', () => {
    for (const lines of [100, 2000, 5000, 20_000]) {
      const bytes = megabytesForLines(lines) * 1_000_000;
      expect(scrollbackLines(bytes, 120)).toBeGreaterThanOrEqual(lines);
    }
    expect(megabytesForLines(1)).toBe(scrollbackMegabytes.min);
    expect(megabytesForLines(100_000)).toBe(scrollbackMegabytes.max);
  });
});
