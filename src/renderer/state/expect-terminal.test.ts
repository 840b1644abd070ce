import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { terminalId } from '#shared/ids.ts';

import { expectTerminal, prepareExpected, showExpected } from './expect-terminal.ts';

const one = terminalId.parse('term-1');
const other = terminalId.parse('term-2');

describe('a terminal that a press is about to show', () => {
  let came: (() => void) | null;
  const show = vi.fn<() => void>();

  beforeEach(() => {
    vi.useFakeTimers();
    show.mockClear();
    came = null;
    prepareExpected((_id, onCome) => {
      came = onCome;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is shown at once when it was not asked for, as after a key, or when another one was', () => {
    showExpected(one, show);
    expectTerminal(other);
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(2);
  });

  it('is shown at once when its screen came before the press ended', () => {
    expectTerminal(one);
    came?.();
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('is shown when its screen comes, once', () => {
    expectTerminal(one);
    showExpected(one, show);
    expect(show).not.toHaveBeenCalled();
    came?.();
    vi.runAllTimers();
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('is shown after a moment without its screen, which may come later', () => {
    expectTerminal(one);
    showExpected(one, show);
    vi.advanceTimersByTime(50);
    expect(show).toHaveBeenCalledTimes(1);
    came?.();
    expect(show).toHaveBeenCalledTimes(1);
  });
});
