import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ParseQueue, type ParseSource } from './parse-queue.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose clock stands still but for what parsing takes, 2 ms a piece, and what the test lets pass. */
function create() {
  let spent = 0;
  const queue = new ParseQueue(() => performance.now() + spent);
  const source = (pieces: number, isForemost = false): ParseSource & { parsed: number } => {
    const made = {
      parsed: 0,
      isForemost,
      get queuedChars() {
        return (pieces - made.parsed) * 16_384;
      },
      parse: () => {
        made.parsed++;
        spent += 2;
      },
    };
    queue.wake(made);
    return made;
  };
  const pass = (milliseconds: number): void => {
    const until = performance.now() + spent + milliseconds;
    while (performance.now() + spent < until) vi.advanceTimersByTime(1);
  };
  return { queue, source, pass };
}

describe('the queue of output that waits to be parsed', () => {
  it('serves all that wait in turn', () => {
    const { source, pass } = create();
    const floods = [source(20), source(20), source(20)];
    pass(60);
    for (const { parsed } of floods) expect(parsed).toBeGreaterThanOrEqual(7);
  });

  it('leaves floods a quarter of the time for a moment after a key, and all of it afterwards', () => {
    const { queue, source, pass } = create();
    const floods = [source(1000), source(1000)];
    const parsed = (): number => floods.reduce((sum, flood) => sum + flood.parsed, 0);
    queue.giveWay();
    const before = parsed();
    pass(800);
    const slowed = (parsed() - before) * 2;
    expect(slowed).toBeGreaterThan(800 * 0.15);
    expect(slowed).toBeLessThan(800 * 0.35);
    pass(400); // the moment passes
    const rested = parsed();
    pass(200);
    expect((parsed() - rested) * 2).toBeGreaterThan(200 * 0.7);
  });

  it('lets what is typed in have its turn while the others rest', () => {
    const { queue, source, pass } = create();
    const flood = source(1000);
    queue.giveWay();
    pass(100);
    const before = flood.parsed;
    const foremost = source(10, true);
    pass(24);
    expect(foremost.parsed).toBe(10);
    expect(flood.parsed - before).toBeLessThan(6);
  });
});
