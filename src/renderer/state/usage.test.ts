import { describe, expect, it } from 'vitest';

import type { RunId } from '#shared/ids.ts';

import { memoryInWords, usageInWords } from './usage.ts';

describe('what a run takes', () => {
  it('is said in words', () => {
    expect([10, 640 * 1024 ** 2, 1023 * 1024 ** 2, 1.44 * 1024 ** 3].map(memoryInWords)).toEqual([
      '1 MB',
      '640 MB',
      '1.0 GB',
      '1.4 GB',
    ]);
    const usage = { id: 'a' as RunId, processes: 6, memoryBytes: 1024 ** 3, processorShare: 0.348 };
    expect(usageInWords(usage)).toBe('1.0 GB · 35 % of a core · 6 processes');
    expect(usageInWords({ ...usage, processes: 1, processorShare: null })).toBe('1.0 GB · 1 process');
  });
});
