import { createRequire } from 'node:module';

import type { Terminal } from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { guardSequences } from './guard-sequences.ts';

const { Terminal: HeadlessTerminal } = createRequire(import.meta.url)(
  '@xterm/headless',
) as typeof import('@xterm/headless');

describe('guardSequences', () => {
  let terminal: Terminal;

  beforeEach(() => {
    terminal = new HeadlessTerminal({ cols: 20, rows: 5, allowProposedApi: true, logLevel: 'off' });
    guardSequences(terminal);
  });

  afterEach(() => {
    terminal.dispose();
  });

  const write = (data: string): Promise<void> => new Promise((resolve) => terminal.write(data, resolve));
  const line = (row: number): string =>
    terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.translateToString(true) ?? '';

  // Without the guard each of these takes from ten seconds to minutes, and `b` gigabytes.
  it.each(['b', 'S', 'T', 'L', 'M', 'I', 'Z'])('ignores a repeat count without sense in CSI … %s', async (final) => {
    await write(`first\x1b[2147483647${final}`);
    expect(line(0)).toBe('first');
  });

  it('leaves counts that programs use alone', async () => {
    await write('a\x1b[9b');
    expect(line(0)).toBe('aaaaaaaaaa');
    await write('\r\nsecond\x1b[H\x1b[1M');
    expect(line(0)).toBe('second');
    await write('\x1b[999M');
    expect(line(0)).toBe('');
  });

  it('gives the terminal back as it was when it is disposed', async () => {
    const other = new HeadlessTerminal({ cols: 20, rows: 5, allowProposedApi: true, logLevel: 'off' });
    guardSequences(other).dispose();
    await new Promise<void>((resolve) => other.write('first\x1b[20000S', resolve));
    expect(other.buffer.active.getLine(other.buffer.active.baseY)?.translateToString(true)).toBe('');
    other.dispose();
  });
});
