import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FirstScreens } from './first-screens.ts';

describe('what waits for the first screens', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const goesOn = (screens: FirstScreens): (() => boolean) => {
    let hasGoneOn = false;
    void screens.wait().then(() => (hasGoneOn = true));
    return () => hasGoneOn;
  };

  it('goes on at once where none are expected', async () => {
    const isThrough = goesOn(new FirstScreens(2000));
    await vi.advanceTimersByTimeAsync(0);
    expect(isThrough()).toBe(true);
  });

  it('goes on when they have been shown', async () => {
    const screens = new FirstScreens(2000);
    screens.expect();
    const isThrough = goesOn(screens);
    await vi.advanceTimersByTimeAsync(1000);
    expect(isThrough()).toBe(false);
    screens.shown();
    await vi.advanceTimersByTimeAsync(0);
    expect(isThrough()).toBe(true);
  });

  it('goes on after a while when no page says so, and counts from the page that was expected last', async () => {
    const screens = new FirstScreens(2000);
    screens.expect();
    const isThrough = goesOn(screens);
    await vi.advanceTimersByTimeAsync(1500);
    screens.expect();
    await vi.advanceTimersByTimeAsync(1500);
    expect(isThrough()).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(isThrough()).toBe(true);
  });

  it('holds nothing back where there is no patience', async () => {
    const screens = new FirstScreens(0);
    screens.expect();
    const isThrough = goesOn(screens);
    await vi.advanceTimersByTimeAsync(0);
    expect(isThrough()).toBe(true);
  });
});
