import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Recomputer } from './recomputer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pace = { settle: 10, rest: 100 };

describe('what is worked out again and again', () => {
  it('is worked out once for many changes, and never twice at once', async () => {
    let runs = 0;
    let atOnce = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      runs++;
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atOnce--;
    };
    const recomputer = new Recomputer({ task, onFailure: () => undefined, pace });
    recomputer.start();
    for (let change = 0; change < 20; change++) recomputer.ask();
    await vi.advanceTimersByTimeAsync(1000);
    recomputer.dispose();
    expect([runs, most]).toEqual([2, 1]);
  });

  it('is tried again when it fails, with longer and longer rests, and says so', async () => {
    const startedAt: number[] = [];
    const failures: unknown[] = [];
    const task = (): Promise<void> => {
      startedAt.push(Date.now());
      return Promise.reject(new Error(`number ${String(startedAt.length)}`));
    };
    const recomputer = new Recomputer({ task, onFailure: (error) => failures.push(error), pace });
    recomputer.start();
    await vi.advanceTimersByTimeAsync(1000);
    recomputer.dispose();
    const rests = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(rests).toEqual([200, 400]);
    expect(failures).toHaveLength(3);
  });

  it('says nothing of a failure once it is let go of: what it works on is taken away with it', async () => {
    const failures: unknown[] = [];
    const under = Promise.withResolvers<void>();
    const recomputer = new Recomputer({ task: () => under.promise, onFailure: (error) => failures.push(error), pace });
    recomputer.start();
    recomputer.dispose();
    under.reject(new Error('database is not open'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(failures).toEqual([]);
  });
});
