import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { TerminalFrame } from '#shared/contract/terminals.ts';

import { OutputBudget } from './output-budget.ts';
import { Viewer } from './viewer.ts';

const limits = { totalChars: 1000, leastChars: 200, foremostChars: 2000 };

/** A terminal whose screen is the last line of what was printed; what came before is above it. */
class Printed {
  text = '';
  isMidFrame = false;
  hasMore = false;
  isForemost = false;
  readonly rows = 24;

  snapshot(extent: 'whole' | 'screen') {
    const frame = { kind: 'snapshot', cols: 80, rows: 24, title: '', exit: null } as const;
    const screen = this.text.slice(this.text.lastIndexOf('\n') + 1);
    if (extent === 'whole' || screen === this.text) return { ...frame, data: this.text };
    return { ...frame, data: screen, isPartial: true };
  }
}

class Watched {
  readonly terminal = new Printed();
  readonly frames: TerminalFrame[] = [];
  readonly viewer: Viewer;

  constructor(budget: OutputBudget) {
    this.viewer = new Viewer({ push: (frame) => this.frames.push(frame), terminal: this.terminal, budget });
  }

  print(data: string): void {
    this.terminal.text += data;
    this.viewer.output(data);
  }

  /** More than any limit, a line each, and none of it acknowledged. */
  flood(): void {
    for (let i = 0; i < 100; i++) {
      this.print(`${'x'.repeat(99)}\n`);
      vi.advanceTimersByTime(5);
    }
  }

  /** What the viewer shows on the last line and after it, as a page does. */
  get shown(): string {
    return this.frames.reduce((text, frame) => {
      if (frame.kind === 'snapshot') return frame.isPartial === true ? `…${frame.data}` : frame.data;
      return frame.kind === 'output' ? text + frame.data : text;
    }, '');
  }

  get kinds(): string[] {
    return this.frames.map((frame) => (frame.kind === 'snapshot' && frame.isPartial === true ? 'screen' : frame.kind));
  }

  takeAll(): void {
    this.viewer.acknowledge(this.viewer.owedChars);
  }
}

describe('Viewer', () => {
  let budget: OutputBudget;
  let watched: Watched;

  beforeEach(() => {
    vi.useFakeTimers();
    budget = new OutputBudget(limits);
    watched = new Watched(budget);
  });

  afterEach(() => {
    watched.viewer.dispose();
    budget.dispose();
    vi.useRealTimers();
  });

  it('gets the screen first and then exactly what follows', () => {
    watched.print('before ');
    watched.viewer.sendSnapshot();
    watched.print('after');
    vi.advanceTimersByTime(100);
    expect(watched.frames[0]).toMatchObject({ kind: 'snapshot', data: 'before ' });
    expect(watched.shown).toBe('before after');
  });

  it('gets the screen at first when it asks for that, and what is above it right after, though the program goes on', () => {
    watched.terminal.text = `${'above\n'.repeat(50)}now`;
    watched.viewer.sendSnapshot('screen');
    expect(watched.kinds).toEqual(['screen']);
    expect(watched.shown).toBe('…now');
    for (let tick = 0; tick < 5; tick++) {
      watched.print('.');
      watched.takeAll();
      vi.advanceTimersByTime(20);
    }
    expect(watched.kinds.filter((kind) => kind === 'snapshot')).toEqual(['snapshot']);
    watched.print(' still');
    watched.takeAll();
    vi.advanceTimersByTime(1000);
    expect(watched.shown).toBe(watched.terminal.text);
    expect(watched.kinds.filter((kind) => kind !== 'output')).toEqual(['screen', 'snapshot']);
  });

  it('gets all at once when it asks for the screen and nothing is above that', () => {
    watched.terminal.text = 'now';
    watched.viewer.sendSnapshot('screen');
    vi.advanceTimersByTime(1000);
    expect(watched.kinds).toEqual(['snapshot']);
  });

  it('gets what follows closely in one piece', () => {
    watched.viewer.sendSnapshot();
    vi.advanceTimersByTime(100);
    for (const piece of ['a', 'b', 'c', 'd']) watched.print(piece);
    vi.advanceTimersByTime(100);
    expect(watched.frames.slice(1)).toEqual([
      { kind: 'output', data: 'a' },
      { kind: 'output', data: 'bcd' },
    ]);
  });

  it('gets nothing more past its limit, and when it has caught up the screen, then all of it once there is rest', () => {
    watched.viewer.sendSnapshot();
    watched.flood();
    vi.advanceTimersByTime(20);
    const before = watched.frames.length;
    expect(watched.viewer.isBehind).toBe(true);
    expect(watched.viewer.owedChars).toBeLessThanOrEqual(limits.totalChars);

    watched.print('now');
    watched.takeAll();
    vi.advanceTimersByTime(100);
    expect(watched.kinds.slice(before)).toEqual(['screen']);
    expect(watched.shown).toBe('…now');
    watched.takeAll();
    watched.print(' live');
    vi.advanceTimersByTime(100);
    expect(watched.shown).toBe('…now live');

    watched.takeAll();
    vi.advanceTimersByTime(2000);
    expect(watched.kinds.at(-1)).toBe('snapshot');
    expect(watched.shown).toBe(watched.terminal.text);
    const after = watched.frames.length;
    vi.advanceTimersByTime(10_000);
    expect(watched.frames.length).toBe(after);
  });

  it('gets all of it at once when the terminal has come to rest before it has caught up', () => {
    watched.viewer.sendSnapshot();
    watched.flood();
    vi.advanceTimersByTime(10_000);
    const before = watched.frames.length;
    watched.takeAll();
    vi.advanceTimersByTime(1000);
    expect(watched.kinds.slice(before)).toEqual(['snapshot']);
    expect(watched.shown).toBe(watched.terminal.text);
  });

  it('is not stranded when it acknowledges in lumps and leaves a remainder', () => {
    watched.viewer.sendSnapshot();
    watched.flood();
    vi.advanceTimersByTime(10_000);
    watched.viewer.acknowledge(watched.viewer.owedChars - 150);
    vi.advanceTimersByTime(10_000);
    expect(watched.shown).toBe(watched.terminal.text);
  });

  it('is not behind because of a snapshot that is larger than its limit', () => {
    watched.terminal.text = 'y'.repeat(5000);
    watched.viewer.sendSnapshot();
    watched.print('live');
    vi.advanceTimersByTime(100);
    expect(watched.kinds).toEqual(['snapshot', 'output']);
  });

  it('catches up by itself after one burst that is larger than its limit', () => {
    watched.viewer.sendSnapshot();
    watched.print('z'.repeat(5000));
    vi.advanceTimersByTime(10_000);
    expect(watched.shown).toBe(watched.terminal.text);
  });

  it('hears in its place in the stream what is not output', () => {
    watched.viewer.sendSnapshot();
    watched.print('narrow ');
    watched.viewer.send({ kind: 'resized', cols: 100, rows: 30 });
    watched.print('wide');
    vi.advanceTimersByTime(100);
    expect(watched.kinds).toEqual(['snapshot', 'output', 'resized', 'output']);
  });

  it('learns from the snapshot what happened while it was behind', () => {
    watched.viewer.sendSnapshot();
    watched.flood();
    vi.advanceTimersByTime(10_000);
    watched.viewer.send({ kind: 'title', title: 'never seen' });
    expect(watched.kinds).not.toContain('title');
    watched.viewer.send({ kind: 'gone', reason: 'removed' });
    expect(watched.kinds.at(-1)).toBe('gone');
  });

  it('gets a synchronized frame whole, so that it can paint', () => {
    watched.viewer.sendSnapshot();
    watched.print('old \x1b[?2026hhalf a ');
    vi.advanceTimersByTime(10);
    expect(watched.shown).toBe('old ');
    watched.print('frame\x1b[?2026l');
    vi.advanceTimersByTime(10);
    expect(watched.frames.at(-1)).toEqual({ kind: 'output', data: '\x1b[?2026hhalf a frame\x1b[?2026l' });
  });

  it('gets a synchronized frame that never ends all the same', () => {
    watched.viewer.sendSnapshot();
    watched.print('\x1b[?2026hstuck');
    vi.advanceTimersByTime(1000);
    expect(watched.shown).toBe(watched.terminal.text);
  });

  it('is shown a screen that is complete, or after a while the one there is', () => {
    watched.viewer.sendSnapshot();
    watched.terminal.isMidFrame = true;
    watched.flood();
    watched.takeAll();
    const before = watched.frames.length;
    watched.print('half');
    watched.terminal.isMidFrame = false;
    watched.print(' whole');
    vi.advanceTimersByTime(60);
    expect(watched.frames.slice(before).map((frame) => 'data' in frame && frame.data)).toEqual(['half whole']);

    watched.terminal.isMidFrame = true;
    watched.flood();
    watched.takeAll();
    const later = watched.frames.length;
    vi.advanceTimersByTime(2000);
    expect(watched.frames.length).toBeGreaterThan(later);
  });

  it('gets nothing after it has left', () => {
    watched.viewer.sendSnapshot();
    watched.print('a');
    watched.print('b');
    const before = watched.frames.length;
    watched.viewer.dispose();
    watched.viewer.send({ kind: 'gone', reason: 'removed' });
    watched.viewer.acknowledge(10);
    vi.advanceTimersByTime(1000);
    expect(watched.frames.length).toBe(before);
  });

  it('is shown the screen at once again while the terminal floods, with little of the flood in between', () => {
    watched.viewer.sendSnapshot();
    watched.flood();
    for (let round = 0; round < 10; round++) {
      watched.takeAll();
      for (let line = 0; line < 20; line++) {
        watched.print(`${'x'.repeat(99)}\n`);
        vi.advanceTimersByTime(5);
      }
      expect(watched.viewer.owedChars).toBeLessThanOrEqual(limits.leastChars + 100);
    }
    expect(watched.kinds.filter((kind) => kind === 'screen').length).toBeGreaterThanOrEqual(9);
  });

  it('may owe less the more others are busy, and as before once they are not', () => {
    const others = Array.from({ length: 4 }, () => new Watched(budget));
    const all = [watched, ...others];
    for (const each of all) each.viewer.sendSnapshot();
    for (const each of all) each.flood();
    for (const each of others) expect(each.viewer.owedChars).toBeLessThanOrEqual(limits.totalChars / 2);
    for (const each of others) each.viewer.dispose();
    for (let round = 0; round < 10; round++) {
      watched.takeAll();
      vi.advanceTimersByTime(500);
    }
    watched.takeAll();
    watched.print('x'.repeat(900));
    vi.advanceTimersByTime(10);
    expect(watched.viewer.isBehind).toBe(false);
  });

  it('does not make the one that is typed in wait for the others', () => {
    const others = Array.from({ length: 8 }, () => new Watched(budget));
    for (const each of [watched, ...others]) each.viewer.sendSnapshot();
    for (const each of others) each.flood();
    watched.terminal.isForemost = true;
    watched.print('e'.repeat(1500));
    vi.advanceTimersByTime(5);
    expect(watched.shown).toBe(watched.terminal.text);
  });

  it('is shown the screen in turn with the others that are behind', () => {
    const all = [watched, ...Array.from({ length: 5 }, () => new Watched(budget))];
    for (const each of all) each.viewer.sendSnapshot();
    for (let round = 0; round < 60; round++) {
      for (const each of all) each.print(`${'x'.repeat(2500)}\n`);
      for (const each of all) each.takeAll();
      vi.advanceTimersByTime(20);
    }
    const counts = all.map(({ kinds }) => kinds.filter((kind) => kind === 'screen').length);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(Math.max(...counts) / 3);
  });
});
