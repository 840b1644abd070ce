import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { terminalId, type TerminalId } from '#shared/ids.ts';

import { expectNoLonger, expectTerminal, prepareExpected, showExpected } from './expect-terminal.ts';

const one = terminalId.parse('term-1');
const other = terminalId.parse('term-2');

describe('a terminal that a press is about to show', () => {
  let came: (() => void) | null;
  let asked: [TerminalId, boolean | 'no longer'][];
  const show = vi.fn<() => void>();

  beforeEach(() => {
    vi.useFakeTimers();
    show.mockClear();
    came = null;
    asked = [];
    prepareExpected({
      expect: (id, onCome, isPressed) => {
        asked.push([id, isPressed]);
        came = onCome;
      },
      expectNoLonger: (id) => {
        asked.push([id, 'no longer']);
      },
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is shown at once when it was not asked for, as after a key, or when another one was', () => {
    showExpected(one, show);
    expectTerminal(other, true);
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(2);
  });

  it('is shown at once when its screen came before the press ended', () => {
    expectTerminal(one, true);
    came?.();
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('is shown when its screen comes, once', () => {
    expectTerminal(one, true);
    showExpected(one, show);
    expect(show).not.toHaveBeenCalled();
    came?.();
    vi.runAllTimers();
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('is shown after a moment without its screen, which may come later', () => {
    expectTerminal(one, true);
    showExpected(one, show);
    vi.advanceTimersByTime(50);
    expect(show).toHaveBeenCalledTimes(1);
    came?.();
    expect(show).toHaveBeenCalledTimes(1);
  });

  it('is shown at once when it was pointed at for long enough before the press', () => {
    expectTerminal(one, false);
    came?.();
    expectTerminal(one, true);
    came?.();
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(1);
    expect(asked).toEqual([
      [one, false],
      [one, true],
    ]);
  });

  it('is let go of when the person goes elsewhere, and shown without a wait when it is opened after all', () => {
    expectTerminal(one, false);
    expectNoLonger(one);
    showExpected(one, show);
    expect(show).toHaveBeenCalledTimes(1);
    expect(asked).toEqual([
      [one, false],
      [one, 'no longer'],
    ]);
  });

  it('is still waited for when the person leaves the card of another one', () => {
    expectTerminal(one, true);
    expectNoLonger(other);
    showExpected(one, show);
    expect(show).not.toHaveBeenCalled();
    came?.();
    expect(show).toHaveBeenCalledTimes(1);
  });
});
