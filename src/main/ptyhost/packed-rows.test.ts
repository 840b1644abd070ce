import { afterEach, describe, expect, it } from 'vitest';

import { randomOutput, seeded } from '#shared/terminal/test-sequences.ts';

import { Screen } from './screen.ts';

const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screen(cols: number, scrollback = 3000): Screen {
  const made = new Screen({ cols, rows: 20, scrollback });
  screens.push(made);
  return made;
}

const numbered = (from: number, to: number): string =>
  Array.from(
    { length: to - from },
    (_, at) => `\x1b[3${String(at % 8)}mline ${String(from + at)} é 日本 👩‍👩‍👧\x1b[m\r\n`,
  ).join('');

/** As it is done once nothing has come for a while: what was above the screen at one look is packed at the next. */
function rest(one: Screen): void {
  for (let look = 0; look < 3; look++) one.pack(Infinity);
}

const all = { buffer: 'normal', from: null, rows: 10_000, form: 'ansi' } as const;

/** Everything that can be asked of a screen. */
const answers = (one: Screen): unknown => [one.serialize(), one.text(10_000), one.lines(all), one.linesAbove];

describe('rows above the screen', () => {
  it('are packed once they have been there for a while, all but the latest', () => {
    const one = screen(80);
    one.write(numbered(0, 2000));
    one.pack(Infinity);
    expect(one.packedRows).toBe(0);
    one.pack(Infinity);
    expect(one.packedRows).toBe(14 * 128);
    // The latest are whole, and reading them leaves the others as they are.
    expect(one.text(100).split('\n')).toHaveLength(100);
    rest(one);
    expect(one.packedRows).toBe(14 * 128);
  });

  it('are packed a part at a time when there is little of it', () => {
    const one = screen(80);
    one.write(numbered(0, 2000));
    one.pack(Infinity);
    expect(one.pack(0)).toBe(true);
    expect(one.packedRows).toBe(0);
    expect(one.pack(performance.now() + 60_000)).toBe(false);
    expect(one.packedRows).toBe(14 * 128);
  });

  it('are whole for whoever asks, and packed again once nobody has asked for a while', () => {
    const one = screen(80);
    const other = screen(80);
    for (const each of [one, other]) each.write(numbered(0, 2000));
    rest(one);
    expect(answers(one)).toEqual(answers(other));
    expect(one.packedRows).toBe(0);
    one.pack(Infinity);
    expect(one.packedRows).toBe(0);
    one.pack(Infinity);
    expect(one.packedRows).toBe(14 * 128);
    expect(answers(one)).toEqual(answers(other));
  });

  it('scroll out as any others do while more is printed', () => {
    const one = screen(80);
    const other = screen(80);
    for (let from = 0; from < 9000; from += 700) {
      for (const each of [one, other]) each.write(numbered(from, from + 700));
      rest(one);
    }
    expect(one.packedRows).toBeGreaterThan(2000);
    expect(answers(one)).toEqual(answers(other));
  });

  it('are folded at another width, and go with another limit', () => {
    const one = screen(80);
    const other = screen(80);
    for (const each of [one, other]) each.write(numbered(0, 2500));
    rest(one);
    for (const each of [one, other]) each.resize(12, 25);
    expect(answers(one)).toEqual(answers(other));
    rest(one);
    expect(one.packedRows).toBeGreaterThan(0);
    for (const each of [one, other]) each.resize(100, 15);
    expect(answers(one)).toEqual(answers(other));
    rest(one);
    for (const each of [one, other]) each.setScrollback(1_000_000);
    expect(answers(one)).toEqual(answers(other));
  });

  it('stay packed when the limit is said that holds already', () => {
    const one = screen(80);
    one.setScrollback(4_000_000);
    one.write(numbered(0, 2000));
    rest(one);
    one.setScrollback(4_000_000);
    expect(one.packedRows).toBe(14 * 128);
  });

  it('are gone when the program clears them, or resets the terminal', () => {
    for (const clear of ['\x1b[3J', '\x1bc']) {
      const one = screen(80);
      const other = screen(80);
      for (const each of [one, other]) each.write(numbered(0, 2500));
      rest(one);
      for (const each of [one, other]) each.write(`${clear}${numbered(0, 1200)}`);
      expect(one.packedRows).toBe(0);
      rest(one);
      expect(one.packedRows).toBe(8 * 128);
      expect(answers(one)).toEqual(answers(other));
    }
  });

  it('stay what they were below a full-screen program', () => {
    const one = screen(80);
    const other = screen(80);
    for (const each of [one, other]) each.write(`${numbered(0, 2000)}\x1b[?1049h\x1b[H\x1b[2Jeditor`);
    rest(one);
    expect(one.packedRows).toBeGreaterThan(0);
    expect(one.text(5)).toBe('editor');
    expect(answers(one)).toEqual(answers(other));
    rest(one);
    for (const each of [one, other]) each.write('\x1b[?1049l');
    expect(answers(one)).toEqual(answers(other));
  });

  for (let seed = 1; seed <= 12; seed++) {
    it(`are the same whatever is printed and whenever they are packed (seed ${String(seed)})`, () => {
      const random = seeded(seed);
      const one = screen(60, 1500);
      const other = screen(60, 1500);
      for (let step = 0; step < 25; step++) {
        const output = random.below(3) === 0 ? randomOutput(random, 60) : numbered(0, random.below(900));
        const [cols, rows] = [20 + random.below(80), 5 + random.below(30)];
        const does = random.below(12);
        for (const each of [one, other]) {
          each.write(output);
          if (does === 0) each.resize(cols, rows);
          if (does === 1) each.setScrollback(1_000_000 + 20_000 * cols);
        }
        if (random.below(3) > 0) rest(one);
        const some = random.below(1500);
        const ask = (each: Screen): unknown => (does > 8 ? answers(each) : does > 6 ? each.serialize(some) : null);
        expect(ask(one)).toEqual(ask(other));
      }
      expect(answers(one)).toEqual(answers(other));
    });
  }
});
