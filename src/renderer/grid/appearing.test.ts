import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Appearing } from './appearing.ts';

describe('Appearing', () => {
  const seen = vi.fn<() => void>();
  const called = vi.fn<() => void>();
  let appearing: Appearing;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
      Number(setTimeout(() => callback(performance.now()), 16)),
    );
    vi.stubGlobal('cancelAnimationFrame', (id: number) => {
      clearTimeout(id);
    });
    seen.mockClear();
    called.mockClear();
    appearing = new Appearing();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is unseen until what was drawn is in a pane and painted, whichever came first', () => {
    appearing.drawn(seen);
    vi.runAllTimers();
    expect(appearing.isUnseen).toBe(true);
    appearing.show();
    expect(seen).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(seen).toHaveBeenCalledOnce();
    expect(appearing.isUnseen).toBe(false);
    appearing.drawn(seen);
    vi.runAllTimers();
    expect(seen).toHaveBeenCalledOnce();
  });

  it('is unseen again when it is about to be shown once more, and says so when it has been', () => {
    appearing.hide();
    appearing.expect();
    appearing.drawn(seen);
    appearing.show();
    vi.runAllTimers();
    expect(seen).toHaveBeenCalledOnce();
    expect(appearing.isUnseen).toBe(false);
  });

  it('tells who waits for the first drawing once, and who comes later at once', () => {
    appearing.whenDrawn(called);
    expect(called).not.toHaveBeenCalled();
    appearing.drawn(seen);
    appearing.drawn(seen);
    expect(called).toHaveBeenCalledOnce();
    appearing.whenDrawn(called);
    expect(called).toHaveBeenCalledTimes(2);
  });

  it('forgets who waited for a painting that does not come, because it is hidden', () => {
    appearing.drawn(seen);
    appearing.whenPainted(called);
    appearing.hide();
    appearing.show();
    vi.runAllTimers();
    expect(called).not.toHaveBeenCalled();
    expect(appearing.isUnseen).toBe(false);
  });
});
