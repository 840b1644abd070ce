import { describe, expect, it } from 'vitest';

import { completeFrames, OutputTurns, type FrameClock } from './output-turns.ts';

const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';

/** A clock that the test moves by hand. */
function handClock(): FrameClock & { frame(gap?: number): boolean } {
  let callback: ((now: number) => void) | null = null;
  let now = 1000;
  return {
    next: (wanted) => {
      callback = wanted;
      return { dispose: () => (callback = null) };
    },
    frame: (gap = 16) => {
      now += gap;
      const due = callback;
      callback = null;
      due?.(now);
      return due !== null;
    },
  };
}

describe('completeFrames', () => {
  it('stops before a frame that has not ended', () => {
    const done = `text${begin}one${end}`;
    expect(completeFrames(done)).toBe(done.length);
    expect(completeFrames(`${done}between${begin}half`)).toBe(`${done}between`.length);
    expect(completeFrames(`${begin}a${begin}b`)).toBe(0);
    expect(completeFrames('no frames')).toBe(9);
    expect(completeFrames(`rest of a frame${end}`)).toBe(`rest of a frame${end}`.length);
  });
});

describe('OutputTurns', () => {
  it('parses the terminal with the keyboard at once and the others before the next paint', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    const parsed: string[] = [];
    const focused = turns.open((data) => parsed.push(`focused ${data}`));
    const other = turns.open((data) => parsed.push(`other ${data}`));
    focused.setForemost(true);
    other.push('1');
    other.push('2');
    focused.push('a');
    expect(parsed).toEqual(['focused a']);
    clock.frame(); // painted alone
    expect(parsed).toEqual(['focused a']);
    clock.frame();
    expect(parsed).toEqual(['focused a', 'other 12']);
    clock.frame(); // says what painting took
    expect(clock.frame()).toBe(false); // nothing waits, so no frame is asked for
  });

  it('does not let the terminal with the keyboard shut out the others', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    let served = 0;
    const focused = turns.open(() => undefined);
    const other = turns.open(() => (served += 1));
    focused.setForemost(true);
    for (let frame = 0; frame < 20; frame++) {
      focused.push('flood');
      other.push('x');
      clock.frame();
    }
    expect(served).toBeGreaterThanOrEqual(9);
  });

  it('lets every busy terminal have its turn when the page cannot paint all of them', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    const served = Array.from({ length: 8 }, () => 0);
    const queues = served.map((_, index) => turns.open(() => (served[index] = (served[index] ?? 0) + 1)));
    const pushAll = (): void => {
      for (const queue of queues) queue.push('x');
    };
    for (let frame = 0; frame < 80; frame++) {
      pushAll();
      clock.frame(50); // a slow page
    }
    const total = served.reduce((sum, count) => sum + count, 0);
    expect(total).toBeLessThan(80 * 2);
    expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(1);
    for (let frame = 0; frame < 40; frame++) {
      pushAll();
      clock.frame(16); // it keeps up again
    }
    expect(served.reduce((sum, count) => sum + count, 0) - total).toBeGreaterThan(40 * 5);
  });

  it('does not cut a synchronized frame in two, focused or not', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    for (const foremost of [true, false]) {
      const parsed: string[] = [];
      const queue = turns.open((data) => parsed.push(data));
      queue.setForemost(foremost);
      queue.push(`a${begin}fir`);
      clock.frame();
      queue.push(`st${end}${begin}sec`);
      clock.frame();
      queue.push(`ond${end}`);
      clock.frame();
      expect(parsed).toEqual(['a', `${begin}first${end}`, `${begin}second${end}`]);
      queue.dispose();
    }
  });

  it('shows a frame that is never ended after a moment, and at once when it is huge', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    let parsed = '';
    const queue = turns.open((data) => (parsed += data));
    queue.push(`${begin}unfinished`);
    clock.frame();
    expect(parsed).toBe('');
    for (let frame = 0; frame < 10; frame++) clock.frame();
    expect(parsed).toBe(`${begin}unfinished`);
    queue.push(begin + 'x'.repeat(200_000));
    clock.frame();
    expect(parsed.length).toBeGreaterThan(100_000);
  });

  it('loses and reorders nothing, however it is cut and flushed', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    let parsed = '';
    const queue = turns.open((data) => (parsed += data));
    let sent = '';
    for (let index = 0; index < 500; index++) {
      const data = `${index % 7 === 0 ? begin : ''}${String(index)}${index % 5 === 0 ? end : ''}`;
      sent += data;
      queue.push(data);
      if (index % 11 === 0) queue.setForemost(index % 2 === 0);
      if (index % 13 === 0) queue.flush();
      if (index % 3 === 0) clock.frame(index % 60);
    }
    queue.flush();
    expect(parsed).toBe(sent);
  });

  it('draws in its turn what replaces all that waits', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    const parsed: string[] = [];
    const queue = turns.open((data) => parsed.push(data));
    queue.push('stale');
    expect(queue.replace(() => parsed.push('[picture]'))).toBe('stale'.length);
    queue.push('next');
    expect(parsed).toEqual([]);
    clock.frame();
    expect(parsed).toEqual(['[picture]', 'next']);
    queue.setForemost(true);
    queue.replace(() => parsed.push('[at once]'));
    expect(parsed.at(-1)).toBe('[at once]');
  });

  it('lets the others wait for their turns a little while somebody types, and no longer', () => {
    const clock = handClock();
    const turns = new OutputTurns(clock);
    const served = Array.from({ length: 8 }, () => 0);
    const queues = served.map((_, index) => turns.open(() => (served[index] = (served[index] ?? 0) + 1)));
    const typedIn = turns.open(() => undefined);
    const run = (frames: number, milliseconds: number): number => {
      const before = served.reduce((sum, count) => sum + count, 0);
      for (let frame = 0; frame < frames; frame++) {
        for (const queue of queues) queue.push('x');
        clock.frame(milliseconds);
      }
      return served.reduce((sum, count) => sum + count, 0) - before;
    };
    run(20, 16);
    const usual = run(20, 16);
    typedIn.typed();
    expect(run(20, 16)).toBeLessThan(usual / 4);
    typedIn.typed();
    expect(run(20, 40)).toBeGreaterThanOrEqual(4); // even on a page that is late
    run(40, 16);
    expect(run(20, 16)).toBe(usual);
    expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(1);
  });
});
