import { describe, expect, it } from 'vitest';

import { minutesInWords, reviewMinutes } from './review-time.ts';

const changes = (files: number, insertions: number, deletions = 0) => ({
  changes: { commits: 1, behind: 0, files, insertions, deletions, uncommitted: 0 },
});

describe('the time that a review takes', () => {
  it('grows with files and lines, is nothing for no change, and has an end for what was generated', () => {
    expect(reviewMinutes([{ changes: null }, changes(0, 0)])).toBe(0);
    expect(reviewMinutes([changes(4, 120, 60)])).toBe(14);
    expect(reviewMinutes([changes(4, 120, 60), changes(4, 120, 60)])).toBe(28);
    expect(reviewMinutes([changes(1, 1_000_000)])).toBe(90);
  });

  it('is said no more exactly than it is known', () => {
    const words = [0.2, 7.4, 14, 58, 81, 118, 400].map(minutesInWords);
    expect(words).toEqual([
      'about 1 min',
      'about 7 min',
      'about 15 min',
      'about 1 h',
      'about 1 h 20 min',
      'about 2 h',
      'about 6 h',
    ]);
  });
});
