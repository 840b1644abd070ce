import headless from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';

import { silenceReplies } from './silence-replies.ts';

const terminals: InstanceType<typeof headless.Terminal>[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.dispose();
});

function makeTerminal(): {
  terminal: InstanceType<typeof headless.Terminal>;
  all: string[];
  sent: string[];
  write: (data: string) => Promise<void>;
} {
  const terminal = new headless.Terminal({
    cols: 80,
    rows: 24,
    allowProposedApi: true,
    logLevel: 'off',
    // Everything that can answer does, so that nothing is silent only because an option is off.
    windowOptions: { getWinSizeChars: true, getCellSizePixels: true, getWinSizePixels: true },
  });
  terminals.push(terminal);
  const silencer = silenceReplies(terminal);
  const all: string[] = [];
  const sent: string[] = [];
  terminal.onData((data) => {
    all.push(data);
    if (!silencer.isAnswering()) sent.push(data);
  });
  return { terminal, all, sent, write: (data) => new Promise((resolve) => terminal.write(data, resolve)) };
}

const queries: Record<string, string> = {
  'primary device attributes': '\x1b[c',
  'secondary device attributes': '\x1b[>c',
  'device status': '\x1b[5n',
  'cursor position': '\x1b[6n',
  'extended cursor position': '\x1b[?6n',
  'ANSI mode': '\x1b[4$p',
  'private mode': '\x1b[?2004$p',
  'scroll margins (DECRQSS)': '\x1bP$qr\x1b\\',
  'an invalid setting (DECRQSS)': '\x1bP$qzz\x1b\\',
  'text area in characters': '\x1b[18t',
};

describe('silenceReplies', () => {
  it.each(Object.entries(queries))('does not let an answer to %s through', async (_name, query) => {
    const { all, sent, write } = makeTerminal();
    await write(`before${query}after`);
    expect(all.length).toBe(1); // xterm itself did answer; otherwise this proves nothing
    expect(sent).toEqual([]);
  });

  it('stays silent through a flood of queries cut at every place', async () => {
    const { sent, write } = makeTerminal();
    const flood = Object.values(queries).join('').repeat(20);
    for (let at = 0; at < flood.length; at += 3) void write(flood.slice(at, at + 3));
    await write('');
    expect(sent).toEqual([]);
  });

  it('lets through what the person types right after a query was parsed', async () => {
    const { terminal, sent, write } = makeTerminal();
    await write('\x1b[c');
    terminal.input('x');
    await write('\x1b[6n');
    terminal.input('あ');
    expect(sent).toEqual(['x', 'あ']);
  });

  it('lets through what is typed while output without queries is parsed', async () => {
    const { terminal, sent, write } = makeTerminal();
    void write('\x1b]11;#102030\x07\x1b[?2004h\x1b[31mplain\x1b[2t');
    terminal.input('y');
    await write('');
    expect(sent).toEqual(['y']);
  });
});
