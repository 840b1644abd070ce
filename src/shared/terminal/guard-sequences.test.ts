import { createRequire } from 'node:module';

import type { Terminal } from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { guardSequences } from './guard-sequences.ts';
import { seeded, shortSequence } from './test-sequences.ts';

const { Terminal: HeadlessTerminal } = createRequire(import.meta.url)(
  '@xterm/headless',
) as typeof import('@xterm/headless');

/** Where xterm.js keeps the links, for a look at how many there are. */
interface LinkHolder {
  _core: { _oscLinkService: { _dataByLinkId: Map<number, unknown> } };
}

describe('guardSequences', () => {
  let terminal: Terminal;

  beforeEach(() => {
    terminal = new HeadlessTerminal({ cols: 20, rows: 5, scrollback: 2000, allowProposedApi: true, logLevel: 'off' });
    guardSequences(terminal);
  });

  afterEach(() => {
    terminal.dispose();
  });

  /** After input xterm.js parses the next write at once. */
  const write = (data: string): void => {
    terminal.input('', true);
    terminal.write(data);
  };
  const line = (row: number): string =>
    terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.translateToString(true) ?? '';
  const knownLinks = (): number => (terminal as unknown as LinkHolder)._core._oscLinkService._dataByLinkId.size;

  // Without the guard each of these takes from ten seconds to minutes, and `b` gigabytes.
  it.each(['b', 'I', 'Z'])('ignores a repeat count without sense in CSI … %s', (final) => {
    write(`first\x1b[2147483647${final}`);
    expect(line(0)).toBe('first');
  });

  it.each(['S', 'T', 'L', 'M'])(
    'takes as many lines as there are for a count beyond all lines in CSI … %s',
    async (final) => {
      write(`first\r\nsecond\x1b[H\x1b[2147483647${final}`);
      expect([line(0), line(1)]).toEqual(['', '']);
      write('after');
      expect(line(0)).toBe('after');
    },
  );

  it('leaves counts that programs use alone', () => {
    write('a\x1b[9b');
    expect(line(0)).toBe('aaaaaaaaaa');
    write('\r\nsecond\x1b[H\x1b[1M');
    expect(line(0)).toBe('second');
    write('\x1b[999M');
    expect(line(0)).toBe('');
  });

  it('obeys a scroll region with a count beyond it', () => {
    write('1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[2;1H\x1b[50M');
    expect([0, 1, 2, 3, 4].map(line)).toEqual(['1', '', '', '', '5']);
  });

  it('gets through short sequences of any kind', { timeout: 60_000 }, () => {
    const seed = 20_260;
    const random = seeded(seed);
    for (let round = 0; round < 3000; round++) {
      const sequence = shortSequence(random);
      expect(
        () => write(sequence),
        `seed ${String(seed)}, round ${String(round)}: ${JSON.stringify(sequence)}`,
      ).not.toThrow();
    }
  });

  // 100,000 links took minutes: each line that scrolled asked each of them where it is now.
  it('keeps the last few hundred links of many', { timeout: 60_000 }, () => {
    const links = Array.from({ length: 20_000 }, (_, i) => `\x1b]8;;http://host.example/${String(i)}\x07x`);
    write(links.join(''));
    expect(knownLinks()).toBeLessThanOrEqual(500);
    expect(knownLinks()).toBeGreaterThan(300);
  });

  it('leaves a link that was never closed a link on a screenful of lines', () => {
    write(`\x1b]8;;http://host.example/\x07${'line\r\n'.repeat(5000)}`);
    expect(terminal.markers.length).toBeLessThanOrEqual(64);
    expect(line(0)).toBe('line');
  });

  it('does not keep the links, and with them the lines, of a screen that was reset', () => {
    for (let round = 0; round < 100; round++) write('\x1b]8;;http://host.example/\x07link\x1b]8;;\x07\x1bc');
    expect(knownLinks()).toBe(0);
  });

  it('takes an address that is too long to be one as no link', () => {
    write(`\x1b]8;;http://host.example/${'a'.repeat(5000)}\x07text\x1b]8;;\x07`);
    expect(line(0)).toBe('text');
    expect(knownLinks()).toBe(0);
  });

  it('gives the terminal back as it was when it is disposed', async () => {
    const other = new HeadlessTerminal({ cols: 20, rows: 5, allowProposedApi: true, logLevel: 'off' });
    guardSequences(other).dispose();
    await new Promise<void>((resolve) => other.write('a\x1b[10001b', resolve));
    expect(other.buffer.active.getLine(other.buffer.active.baseY)?.translateToString(true)).not.toBe('a');
    other.dispose();
  });
});
