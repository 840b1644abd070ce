import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Throttle, TokenBucket } from './rate-limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('TokenBucket', () => {
  it('lets a burst through, then only so much a second', () => {
    const bucket = new TokenBucket({ capacity: 10, perSecond: 5 });
    expect([bucket.take(6), bucket.take(4), bucket.take(1)]).toEqual([true, true, false]);
    vi.advanceTimersByTime(1000);
    expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
  });

  it('does not save up more than its capacity', () => {
    const bucket = new TokenBucket({ capacity: 10, perSecond: 5 });
    vi.advanceTimersByTime(60_000);
    expect([bucket.take(10), bucket.take(1)]).toEqual([true, false]);
  });
});

describe('Throttle', () => {
  it('tells the first signal at once and the last of a flood', () => {
    let state = 0;
    const told: number[] = [];
    const throttle = new Throttle(100, () => told.push(state));
    for (state = 1; state <= 1000; state++) throttle.signal();
    expect(told).toEqual([1]);
    state = 1000;
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([1, 1000]);
  });

  it('tells what waits when it is flushed, once', () => {
    let told = 0;
    const throttle = new Throttle(100, () => told++);
    throttle.signal();
    throttle.signal();
    throttle.flush();
    throttle.flush();
    vi.advanceTimersByTime(1000);
    expect(told).toBe(2);
    throttle.dispose();
  });
});
