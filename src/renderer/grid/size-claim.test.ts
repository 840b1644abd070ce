import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SizeClaim, type TerminalSize } from './size-claim.ts';

describe('SizeClaim', () => {
  let pane: TerminalSize | null;
  let visible: boolean;
  let awaited: boolean;
  let sent: TerminalSize[];
  let claim: SizeClaim;

  beforeEach(() => {
    vi.useFakeTimers();
    pane = { cols: 100, rows: 30 };
    visible = true;
    awaited = false;
    sent = [];
    claim = new SizeClaim({
      propose: () => pane,
      isVisible: () => visible,
      othersAwaited: () => awaited,
      send: (size) => sent.push(size),
    });
    claim.confirm({ cols: 80, rows: 24 });
  });
  afterEach(() => {
    claim.dispose();
    vi.useRealTimers();
  });

  const settle = (): void => {
    claim.claim();
    vi.runAllTimers();
  };

  it('asks once for the size that fits, however often the pane moves meanwhile', () => {
    for (let cols = 90; cols <= 100; cols++) {
      pane = { cols, rows: 30 };
      claim.claim();
    }
    vi.runAllTimers();
    settle();
    expect(sent).toEqual([{ cols: 100, rows: 30 }]);
  });

  it('lets a terminal come first that is about to be shown, and does not wait for one that never is', () => {
    awaited = true;
    claim.claim();
    vi.advanceTimersByTime(200);
    expect(sent).toEqual([]);
    awaited = false;
    vi.advanceTimersByTime(60);
    expect(sent).toEqual([{ cols: 100, rows: 30 }]);
    awaited = true;
    pane = { cols: 50, rows: 30 };
    settle();
    expect(sent).toHaveLength(2);
  });

  it('sends nothing when a terminal is shown again at the size that it has', () => {
    claim.confirm({ cols: 100, rows: 30 });
    settle();
    expect(sent).toEqual([]);
  });

  it('sends nothing while the pane or the page is out of sight', () => {
    visible = false;
    settle();
    visible = true;
    pane = null;
    settle();
    expect(sent).toEqual([]);
  });

  it('does not fight another viewer, and takes the size back when the person returns', () => {
    settle();
    claim.confirm({ cols: 100, rows: 30 });
    claim.confirm({ cols: 60, rows: 20 }); // another window
    vi.runAllTimers();
    expect(sent).toHaveLength(1);
    settle(); // the person clicks into this one
    expect(sent).toEqual([
      { cols: 100, rows: 30 },
      { cols: 100, rows: 30 },
    ]);
  });

  it('waits for the terminal to say its size before it compares', () => {
    const unattached = new SizeClaim({
      propose: () => pane,
      isVisible: () => true,
      othersAwaited: () => false,
      send: (size) => sent.push(size),
    });
    unattached.claim();
    vi.runAllTimers();
    expect(sent).toEqual([]);
    unattached.dispose();
  });

  it('asks again when what it asked for got lost with the connection', () => {
    settle();
    claim.confirm({ cols: 80, rows: 24 }); // the snapshot of a new attachment
    vi.runAllTimers();
    expect(sent).toHaveLength(2);
  });

  it('stays within what a terminal can have', () => {
    pane = { cols: 1, rows: 0 };
    settle();
    expect(sent).toEqual([{ cols: 2, rows: 1 }]);
  });
});
