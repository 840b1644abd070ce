import { createRequire } from 'node:module';

import type { Terminal } from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { firstRowOf, longestLine, placeInLine, readLine, selectedAnsi } from './lines.ts';

const { Terminal: HeadlessTerminal } = createRequire(import.meta.url)(
  '@xterm/headless',
) as typeof import('@xterm/headless');

describe('lines', () => {
  let terminal: Terminal;

  beforeEach(() => {
    terminal = new HeadlessTerminal({ cols: 10, rows: 5, scrollback: 5000, allowProposedApi: true, logLevel: 'off' });
  });

  afterEach(() => {
    terminal.dispose();
  });

  const write = (data: string): Promise<void> => new Promise((resolve) => terminal.write(data, resolve));
  const buffer = () => terminal.buffer.active;

  it('are whole, over all the rows into which they were folded', async () => {
    await write('first\r\nabcdefghijklm \r\nlast');
    expect(readLine(buffer(), 0, 10)).toEqual({ row: 0, rows: 1, text: 'first', goesOn: false });
    expect(readLine(buffer(), 1, 10)).toEqual({ row: 1, rows: 2, text: 'abcdefghijklm', goesOn: false });
    expect(firstRowOf(buffer(), 2)).toBe(1);
    expect(readLine(buffer(), 3, 10)?.text).toBe('last');
    expect(readLine(buffer(), 99, 10)).toBeNull();
  });

  it('have no gap where a wide sign did not fit into the last column', async () => {
    await write('123456789漢字');
    const line = readLine(buffer(), 0, 10);
    expect(line?.text).toBe('123456789漢字');
    expect(placeInLine(buffer(), line!, 9)).toEqual({ row: 1, col: 0 });
    expect(placeInLine(buffer(), line!, 10)).toEqual({ row: 1, col: 2 });
  });

  it('say where a character is drawn, and where the line ends', async () => {
    await write('abcdefghijklm');
    const line = readLine(buffer(), 0, 10);
    expect(placeInLine(buffer(), line!, 9)).toEqual({ row: 0, col: 9 });
    expect(placeInLine(buffer(), line!, 10)).toEqual({ row: 1, col: 0 });
    expect(placeInLine(buffer(), line!, 12)).toEqual({ row: 1, col: 2 });
  });

  it('are given in several when they are of no sensible length', async () => {
    await write('x'.repeat(longestLine + 15));
    const line = readLine(buffer(), 0, 10);
    expect(line).toMatchObject({ rows: longestLine / 10, goesOn: true });
    expect(line?.text).toHaveLength(longestLine);
    expect(readLine(buffer(), longestLine / 10, 10)).toMatchObject({ text: 'x'.repeat(15), goesOn: false });
  });

  it('give a selection with its colours, and nothing that is outside of it', async () => {
    await write('ab\x1b[31mcdef\x1b[0mgh\r\n\x1b[1mijk\x1b[0m');
    expect(selectedAnsi(buffer(), { row: 0, col: 3 }, { row: 1, col: 2 })).toBe(
      '\x1b[0;38;5;1mdef\x1b[mgh\n\x1b[0;1mij\x1b[m',
    );
  });
});
