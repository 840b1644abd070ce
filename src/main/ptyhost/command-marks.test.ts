import { afterEach, describe, expect, it, vi } from 'vitest';

import { LineMarks, type LineMark } from '#shared/terminal/line-marks.ts';

import { Screen } from './screen.ts';

const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screen(cols = 40, rows = 10, scrollback = 100): Screen {
  const made = new Screen({ cols, rows, scrollback });
  screens.push(made);
  return made;
}

const osc = (data: string): string => `\x1b]133;${data}\x07`;
/** As a shell that marks: prompt, what is typed, output, exit code. */
const run = (command: string, output: string, exit = 0): string =>
  `${osc('A')}$ ${osc('B')}${command}\r\n${osc('C')}${output}${osc(`D;${String(exit)}`)}`;

function viewerOf(original: Screen): Screen {
  const viewer = screen(original.cols, original.rows);
  viewer.write(original.serialize());
  return viewer;
}

describe('marked commands', () => {
  it('are none where a shell marks nothing', () => {
    const one = screen();
    one.write('$ ls\r\na b c\r\n');
    expect(one.commands()).toEqual([]);
    expect(one.serialize()).not.toContain('133');
  });

  it('have their prompt, text, output and exit code', () => {
    const one = screen();
    one.write(`${run('make test', 'one\r\ntwo\r\n', 2)}${osc('A')}$ ${osc('B')}`);
    expect(one.commands()).toEqual([
      { promptRow: 0, output: { from: 1, to: 3 }, text: 'make test', exitCode: 2, isOver: true },
      { promptRow: 3, output: null, text: '', exitCode: null, isOver: false },
    ]);
  });

  it('know an output that does not end its last line, and one that goes on', () => {
    const one = screen();
    one.write(run('printf x', 'x'));
    one.write(`\r\n${osc('A')}$ ${osc('B')}tail -f\r\n${osc('C')}first\r\nsecond`);
    expect(one.commands().map(({ output, isOver }) => ({ output, isOver }))).toEqual([
      { output: { from: 1, to: 2 }, isOver: true },
      { output: { from: 3, to: 5 }, isOver: false },
    ]);
  });

  it('stay with their lines while others scroll, and go with them', () => {
    const one = screen(40, 10, 20);
    one.write(run('first', 'a\r\n'));
    one.write('x\r\n'.repeat(15));
    expect(one.commands()[0]).toMatchObject({ promptRow: 0, output: { from: 1, to: 2 } });
    one.write(run('second', 'b\r\n'));
    one.write('y\r\n'.repeat(20));
    const commands = one.commands();
    expect(commands.map(({ text }) => text)).toEqual(['second']);
    expect(one.text(1000).split('\n')[commands[0]!.promptRow!]).toBe('$ second');
  });

  it('stay with their lines when those are folded at another width', () => {
    const one = screen(40, 10, 100);
    one.write(`${'long '.repeat(14)}\r\n${run('first', `${'out '.repeat(20)}\r\n`)}${osc('A')}$ `);
    for (const cols of [20, 80, 33]) {
      one.resize(cols, 10);
      const [command] = one.commands();
      const page = one.lines({ buffer: 'normal', from: null, rows: 500, form: 'text' });
      expect(page.lines.find(({ row }) => row === command?.promptRow)?.text).toBe('$ first');
      expect(page.lines.find(({ row }) => row === command?.output?.from)?.text).toMatch(/^out out/);
    }
  });

  it('are in a snapshot, and go on in it', () => {
    const one = screen();
    one.write(`${run('first; echo "ü"', 'a\r\nb\r\n', 1)}${run('second', 'c')}\r\n${osc('A')}$ ${osc('B')}`);
    const viewer = viewerOf(one);
    expect(viewer.commands()).toEqual(one.commands());
    expect(viewer.text(100)).toBe(one.text(100));
    for (const each of [one, viewer]) each.write(`third\r\n${osc('C')}d\r\n${osc('D;0')}`);
    expect(viewer.commands().at(-1)).toMatchObject({ output: one.commands().at(-1)!.output, exitCode: 0 });
  });

  it('are forgotten with a full reset and with what is erased', () => {
    const one = screen();
    one.write(run('first', 'a\r\n'));
    one.write('\x1bc');
    expect(one.commands()).toEqual([]);
    one.write(`${run('second', 'b\r\n')}\x1b[H\x1b[2J\x1b[3J${osc('A')}$ `);
    expect(one.commands().map(({ promptRow }) => promptRow)).toEqual([0]);
  });

  it('are one for a prompt that is drawn again', () => {
    const one = screen();
    one.write(`${osc('A')}$ ${osc('B')}\r${osc('A')}$ ${osc('B')}ls\r\n${osc('C')}a\r\n${osc('D;0')}`);
    expect(one.commands()).toHaveLength(1);
    expect(one.commands()[0]?.text).toBe('ls');
  });

  it('do not pile up when a program marks without end, whatever it writes into them', () => {
    const one = screen(40, 10, 5000);
    for (let index = 0; index < 1000; index++) one.write(run('x', 'y\r\n'));
    one.write(`${osc('A;aid=1;cl=m')}${osc('C;cmdline_url=%E0%A4%A')}${osc('D;nan')}${osc('Z')}${osc('')}`);
    expect(one.commands().length).toBeLessThanOrEqual(200);
    expect(one.commands().at(-1)).toMatchObject({ text: '', exitCode: null });
  });

  it('are kept and shown whatever was typed: cut within a character, or behind a prompt of wide ones', () => {
    const torn = `${'a'.repeat(299)}😀 and more`;
    for (const [prompt, command, text] of [
      ['$ ', torn, 'a'.repeat(299)],
      ['日本 $ ', 'echo hello', 'echo hello'],
      ['日', '😀', '😀'],
    ] as const) {
      const one = screen();
      one.write(`${osc('A')}${prompt}${osc('B')}${command}\r\n${osc('C')}out\r\n${osc('D;0')}`);
      expect(one.commands()[0]?.text).toBe(text);
      expect(viewerOf(one).commands()).toEqual(one.commands());
    }
    const told = screen();
    told.write(`${osc('A')}$ ${osc(`C;cmdline_url=${encodeURIComponent(torn)}`)}out\r\n`);
    expect(viewerOf(told).commands()).toEqual(told.commands());
  });

  it('are not followed any more once they have scrolled out', () => {
    const add = vi.spyOn(LineMarks.prototype, 'add');
    const rows = (): number[] => add.mock.results.map(({ value }) => (value as LineMark).row);
    const one = screen(40, 10, 20);
    one.write(run('x', 'y\r\n').repeat(50));
    one.write('\r\n'.repeat(200));
    // Far above what is kept, and told where.
    expect(Math.min(...rows())).toBeLessThan(-1);
    expect(one.commands()).toEqual([]);
    // A mark that is gone has no place.
    expect(new Set(rows())).toEqual(new Set([-1]));
    add.mockRestore();
  });

  it('are not made on the alternate screen', () => {
    const one = screen();
    one.write(`\x1b[?1049h${run('inside', 'a\r\n')}\x1b[?1049l`);
    expect(one.commands()).toEqual([]);
  });
});
