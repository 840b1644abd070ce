import { afterEach, describe, expect, it } from 'vitest';

import { scrollbackLines } from '#shared/terminal/scrollback.ts';

import { Screen } from './screen.ts';

const megabyte = 1_000_000;
const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screen(cols = 80, scrollbackBytes = megabyte): Screen {
  const made = new Screen({ cols, rows: 10, scrollback: 5, scrollbackBytes });
  screens.push(made);
  return made;
}

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${String(from + index)}\r\n`).join('');

const lineCount = (one: Screen): number => one.text(10_000_000).split('\n').length;

describe('scrollback', () => {
  it('is bounded by bytes, the oldest lines going first', () => {
    const one = screen();
    one.write(numbered(0, 5000));
    // The last of the rows is the empty one after the last line end.
    expect(lineCount(one)).toBe(scrollbackLines(megabyte, 80) + 9);
    expect(one.text(1)).toBe('line 4999');
  });

  it('keeps more lines of a narrower screen and fewer of a wider one', () => {
    const one = screen(80);
    one.write(numbered(0, 5000));
    one.resize(200, 10);
    expect(lineCount(one)).toBe(scrollbackLines(megabyte, 200) + 9);
    one.resize(40, 10);
    one.write(numbered(5000, 9000));
    expect(lineCount(one)).toBe(scrollbackLines(megabyte, 40) + 9);
  });

  it('loses nothing when a narrower screen folds its lines', () => {
    const one = screen(160, 4 * megabyte);
    const lines = Array.from({ length: 1000 }, (_, index) => `${String(index)} ${'x'.repeat(150)}`);
    // The line that the cursor is in is the program's to draw again.
    const text = [...lines, '$'].join('\r\n');
    one.write(text);
    one.resize(80, 10);
    expect(lineCount(one)).toBe(1001);
    expect(one.text(5000)).toBe(text.replaceAll('\r\n', '\n'));
  });

  it('takes another limit at once', () => {
    const one = screen(80, 4 * megabyte);
    one.write(numbered(0, 3000));
    one.setScrollback(megabyte);
    expect(lineCount(one)).toBe(scrollbackLines(megabyte, 80) + 9);
    expect(one.text(1)).toBe('line 2999');
    one.setScrollback(2 * megabyte);
    one.write(numbered(3000, 6000));
    expect(lineCount(one)).toBe(scrollbackLines(2 * megabyte, 80) + 9);
  });

  it('has none on the alternate screen', () => {
    const one = screen();
    one.write(`before\r\n\x1b[?1049h${numbered(0, 500)}`);
    expect(lineCount(one)).toBeLessThanOrEqual(10);
    one.write('\x1b[?1049l');
    expect(one.text(5)).toBe('before');
  });

  it('bounds a line without an end', () => {
    const one = screen();
    const piece = 'x'.repeat(1_000_000);
    for (let written = 0; written < 30; written++) one.write(piece);
    expect(one.text(10).length).toBeLessThanOrEqual((scrollbackLines(megabyte, 80) + 10) * 80);
    one.write('\r\nthe end');
    expect(one.text(1)).toBe('the end');
  });

  it('is as it was in a viewer of the same limit', () => {
    const one = screen();
    one.write(numbered(0, 3000));
    const viewer = screen();
    viewer.write(one.serialize());
    expect(viewer.text(5000)).toBe(one.text(5000));
  });
});
