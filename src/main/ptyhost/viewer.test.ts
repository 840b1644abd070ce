import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { TerminalFrame } from '#shared/contract/terminals.ts';

import { Viewer, type ViewerLimits } from './viewer.ts';

const limits: ViewerLimits = { owedChars: 1000, caughtUpChars: 100 };

describe('Viewer', () => {
  let frames: TerminalFrame[];
  let screen: string;
  let viewer: Viewer;

  beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    screen = '';
    viewer = new Viewer({
      push: (frame) => frames.push(frame),
      snapshot: () => ({ kind: 'snapshot', data: screen, cols: 80, rows: 24, title: '', exit: null }),
      limits,
    });
  });

  afterEach(() => {
    viewer.dispose();
    vi.useRealTimers();
  });

  const print = (data: string): void => {
    screen += data;
    viewer.output(data);
  };
  /** More than the limit, and none of it acknowledged. */
  const flood = (): void => {
    for (let i = 0; i < 100; i++) {
      print('x'.repeat(100));
      vi.advanceTimersByTime(5);
    }
  };
  /** What the viewer shows, if it writes what it gets into an empty terminal at each snapshot. */
  const shown = (): string =>
    frames.reduce((text, frame) => {
      if (frame.kind === 'snapshot') return frame.data;
      return frame.kind === 'output' ? text + frame.data : text;
    }, '');
  const kinds = (): string[] => frames.map((frame) => frame.kind);

  it('gets the screen first and then exactly what follows', () => {
    print('before ');
    viewer.sendSnapshot();
    print('after');
    vi.advanceTimersByTime(100);
    expect(frames[0]).toMatchObject({ kind: 'snapshot', data: 'before ' });
    expect(shown()).toBe('before after');
  });

  it('gets what follows closely in one piece', () => {
    viewer.sendSnapshot();
    vi.advanceTimersByTime(100);
    for (const piece of ['a', 'b', 'c', 'd']) print(piece);
    vi.advanceTimersByTime(100);
    expect(frames.slice(1)).toEqual([
      { kind: 'output', data: 'a' },
      { kind: 'output', data: 'bcd' },
    ]);
  });

  it('gets nothing more past its limit, and one snapshot when it has caught up', () => {
    viewer.sendSnapshot();
    flood();
    vi.advanceTimersByTime(10_000);
    const before = frames.length;
    expect(viewer.isBehind).toBe(true);
    expect(viewer.owedChars).toBeLessThanOrEqual(limits.owedChars);

    viewer.acknowledge(viewer.owedChars);
    vi.advanceTimersByTime(10_000);
    expect(kinds().slice(before)).toEqual(['snapshot']);
    expect(shown()).toBe(screen);
    print('live again');
    vi.advanceTimersByTime(100);
    expect(shown()).toBe(screen);
  });

  it('is not stranded when it acknowledges in lumps and leaves a remainder', () => {
    viewer.sendSnapshot();
    flood();
    vi.advanceTimersByTime(10_000);
    viewer.acknowledge(viewer.owedChars - limits.caughtUpChars);
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe(screen);
  });

  it('is not behind because of a snapshot that is larger than its limit', () => {
    screen = 'y'.repeat(5000);
    viewer.sendSnapshot();
    print('live');
    vi.advanceTimersByTime(100);
    expect(kinds()).toEqual(['snapshot', 'output']);
  });

  it('catches up by itself after one burst that is larger than its limit', () => {
    viewer.sendSnapshot();
    print('z'.repeat(5000));
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe(screen);
  });

  it('hears in its place in the stream what is not output', () => {
    viewer.sendSnapshot();
    print('narrow ');
    viewer.send({ kind: 'resized', cols: 100, rows: 30 });
    print('wide');
    vi.advanceTimersByTime(100);
    expect(kinds()).toEqual(['snapshot', 'output', 'resized', 'output']);
  });

  it('learns from the snapshot what happened while it was behind', () => {
    viewer.sendSnapshot();
    flood();
    vi.advanceTimersByTime(10_000);
    viewer.send({ kind: 'title', title: 'never seen' });
    expect(kinds()).not.toContain('title');
    viewer.send({ kind: 'gone', reason: 'removed' });
    expect(kinds().at(-1)).toBe('gone');
  });

  it('gets a synchronized frame whole, so that it can paint', () => {
    viewer.sendSnapshot();
    print('old \x1b[?2026hhalf a ');
    vi.advanceTimersByTime(10);
    expect(shown()).toBe('old ');
    print('frame\x1b[?2026l');
    vi.advanceTimersByTime(10);
    expect(frames.at(-1)).toEqual({ kind: 'output', data: '\x1b[?2026hhalf a frame\x1b[?2026l' });
  });

  it('gets a synchronized frame that never ends all the same', () => {
    viewer.sendSnapshot();
    print('\x1b[?2026hstuck');
    vi.advanceTimersByTime(1000);
    expect(shown()).toBe(screen);
  });

  it('gets nothing after it has left', () => {
    viewer.sendSnapshot();
    print('a');
    print('b');
    const before = frames.length;
    viewer.dispose();
    viewer.send({ kind: 'gone', reason: 'removed' });
    vi.advanceTimersByTime(1000);
    expect(frames.length).toBe(before);
  });
});
