import headless from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';

import type { TerminalFrame } from '#shared/contract/terminals.ts';
import { terminalId } from '#shared/ids.ts';
import { ok } from '#shared/result.ts';

import { OutputTurns } from './output-turns.ts';
import type { TerminalSize } from './size-claim.ts';
import { TerminalFeed, type Connection, type FeedScreen } from './terminal-feed.ts';

type Headless = InstanceType<typeof headless.Terminal>;

const open: { dispose(): void }[] = [];
afterEach(() => {
  for (const thing of open.splice(0)) thing.dispose();
});

/** A feed on a real screen, with a host that the test plays. Frames of the clock run at once. */
function attach() {
  const terminal: Headless = new headless.Terminal({
    cols: 20,
    rows: 4,
    scrollback: 50,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const turns = new OutputTurns({
    next: (callback) => {
      const timer = setTimeout(() => {
        callback(performance.now());
      });
      return { dispose: () => clearTimeout(timer) };
    },
  });
  const seen = {
    connections: [] as Connection[],
    titles: [] as string[],
    sizes: [] as TerminalSize[],
    acknowledged: 0,
    detached: false,
    attachments: 0,
    begins: [] as unknown[],
    lacksLines: [] as boolean[],
  };
  let push: (frame: TerminalFrame) => void = () => undefined;
  const screen: FeedScreen = {
    write: (data, parsed) => {
      terminal.write(data, parsed);
    },
    painted: (callback) => {
      setTimeout(callback);
    },
    resize: ({ cols, rows }) => {
      terminal.resize(cols, rows);
    },
    holdSelection: () => () => undefined,
    linesBelow: () => terminal.buffer.active.baseY - terminal.buffer.active.viewportY,
    scrollToLinesBelow: (lines) => {
      terminal.scrollToLine(terminal.buffer.active.baseY - lines);
    },
  };
  const feed = new TerminalFeed({
    id: terminalId.parse('term-1'),
    viewer: 'viewer-1',
    terminals: {
      attach: ({ begin }, listener) => {
        push = listener;
        seen.attachments++;
        seen.begins.push(begin);
        seen.detached = false;
        return { dispose: () => (seen.detached = true) };
      },
      acknowledge: ({ chars }) => {
        seen.acknowledged += chars;
        return Promise.resolve(ok(undefined));
      },
    },
    turns,
    screen,
    events: {
      onConnection: (connection) => seen.connections.push(connection),
      onTitle: (title) => seen.titles.push(title),
      onSize: (size) => seen.sizes.push(size),
      onLacksLines: (lacksLines) => seen.lacksLines.push(lacksLines),
      onFault: (error) => {
        throw error;
      },
    },
  });
  open.push(feed, turns, terminal);
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise<void>((resolve) => terminal.write('', resolve));
    }
  };
  const text = (): string[] => {
    const { active } = terminal.buffer;
    return Array.from({ length: active.length }, (_, line) => active.getLine(line)?.translateToString(true) ?? '');
  };
  return { terminal, feed, seen, settle, text, push: (frame: TerminalFrame) => push(frame) };
}

const snapshot = (data: string, more: Partial<Extract<TerminalFrame, { kind: 'snapshot' }>> = {}): TerminalFrame => ({
  kind: 'snapshot',
  data,
  cols: 30,
  rows: 5,
  title: 'claude',
  exit: null,
  ...more,
});

describe('TerminalFeed', () => {
  it('shows the snapshot at its size and goes on from there', async () => {
    const { terminal, seen, settle, text, push } = attach();
    push(snapshot('hello\r\n'));
    push({ kind: 'output', data: 'wor' });
    push({ kind: 'output', data: 'ld' });
    push({ kind: 'title', title: 'thinking' });
    await settle();
    expect([terminal.cols, terminal.rows]).toEqual([30, 5]);
    expect(text().slice(0, 2)).toEqual(['hello', 'world']);
    expect(seen.connections).toEqual([{ kind: 'running' }]);
    expect(seen.titles.at(-1)).toBe('thinking');
    expect(seen.acknowledged).toBe('hello\r\nworld'.length);
  });

  it('goes on with a sequence that the snapshot broke off in, whichever it is', async () => {
    for (const [before, after] of [
      ['\x1b[3', '1mred'],
      ['\x1b', '[31mred'],
      ['\x9b3', '1mred'],
      ['\x1b[31m\x1b]0;a ti', 'tle\x07red'],
      ['\x1b[31m\x1b]8;;https://example.com\x1b', '\\red'],
      ['\x1b[31m\x1bPq#', '0\x1b\\red'],
    ] as const) {
      const { terminal, seen, settle, text, push } = attach();
      push(snapshot(`hello ${before}`));
      push({ kind: 'output', data: after });
      await settle();
      expect(text()[0]).toBe('hello red');
      expect(terminal.buffer.active.getLine(0)?.getCell(6)?.getFgColor()).toBe(1);
      expect(terminal.modes.synchronizedOutputMode).toBe(false);
      expect(seen.acknowledged).toBe(`hello ${before}${after}`.length);
    }
  });

  it('replaces everything by a later snapshot, even in the middle of an escape sequence', async () => {
    const { terminal, seen, settle, text, push } = attach();
    push(snapshot('old\r\n'.repeat(30)));
    const cutOff = '\x1b[?1049h\x1b[31mtext\x1b]0;never ended';
    push({ kind: 'output', data: cutOff });
    push(snapshot('new', { cols: 12, rows: 3 }));
    await settle();
    expect(terminal.buffer.active.type).toBe('normal');
    expect(text()).toEqual(['new', '', '']);
    expect(terminal.buffer.active.getLine(0)?.getCell(0)?.isFgDefault()).toBe(true);
    expect(seen.acknowledged).toBe('old\r\n'.length * 30 + cutOff.length + 3);
  });

  it('keeps the place of somebody who reads further up when a new snapshot comes', async () => {
    const { terminal, settle, push } = attach();
    const lines = Array.from({ length: 40 }, (_, line) => `line ${String(line)}`).join('\r\n');
    push(snapshot(lines));
    await settle();
    terminal.scrollLines(-10);
    push(snapshot(`${lines}\r\nmore`));
    await settle();
    const { active } = terminal.buffer;
    expect(active.baseY - active.viewportY).toBe(10);
  });

  it('resizes between the output before and the output after it', async () => {
    const { terminal, seen, settle, text, push } = attach();
    push(snapshot('', { cols: 10, rows: 4 }));
    push({ kind: 'output', data: `${'a'.repeat(15)}\r\n\x1b[6G^` });
    push({ kind: 'resized', cols: 40, rows: 6 });
    push({ kind: 'output', data: `\r\n${'b'.repeat(15)}` });
    await settle();
    expect([terminal.cols, terminal.rows]).toEqual([40, 6]);
    expect(text().filter((line) => line !== '')).toEqual(['a'.repeat(15), '     ^', 'b'.repeat(15)]);
    expect(seen.sizes.at(-1)).toEqual({ cols: 40, rows: 6 });
  });

  it('says that the process has ended only when its last line is on the screen', async () => {
    const { seen, settle, text, push } = attach();
    push(snapshot(''));
    push({ kind: 'output', data: '\x1b[?2026hlast words' }); // a frame that never ends holds nothing back
    push({ kind: 'exited', exit: { code: 3, signal: null } });
    expect(seen.connections).toEqual([]);
    await settle();
    expect(text()[0]).toBe('last words');
    expect(seen.connections.at(-1)).toEqual({ kind: 'exited', exit: { code: 3, signal: null } });
  });

  it('acknowledges every character of a large snapshot', async () => {
    const { seen, settle, push } = attach();
    const data = `${'x'.repeat(29)}\r\n`.repeat(10_000);
    push(snapshot(data));
    await expect
      .poll(async () => {
        await settle();
        return seen.acknowledged;
      })
      .toBe(data.length);
  });

  it('detaches and stays silent when it is let go of', async () => {
    const { feed, seen, settle, push } = attach();
    push(snapshot('x'));
    feed.dispose();
    push({ kind: 'gone', reason: 'late' });
    await settle();
    expect(seen).toMatchObject({ connections: [], acknowledged: 0, detached: true });
  });

  const lines = (name: string, count: number): string =>
    Array.from({ length: count }, (_, line) => `${name} ${String(line)}`).join('\r\n');
  const partial = (data: string): TerminalFrame => snapshot(`\x1b[!p\x1b[H\x1b[2J${data}`, { isPartial: true });

  it('draws a snapshot of the screen under what it has above it, and goes on from there', async () => {
    const { seen, settle, text, push } = attach();
    const first = snapshot(lines('old', 20));
    push(first);
    await settle();
    const above = text().slice(0, 15);
    const next = partial('now');
    push(next);
    push({ kind: 'output', data: ' and on' });
    await settle();
    expect(text().slice(0, 15)).toEqual(above);
    expect(text()[15]).toBe('now and on');
    const sent = [first, next].reduce((sum, frame) => sum + ('data' in frame ? frame.data.length : 0), 0);
    expect(seen.acknowledged).toBe(sent + ' and on'.length);
  });

  it('begins with the screen, and says until the rest has come that lines are missing', async () => {
    const { terminal, feed, seen, settle, text, push } = attach();
    push(partial('at the end'));
    await settle();
    expect(text().filter(Boolean)).toEqual(['at the end']);
    expect(seen.lacksLines).toEqual([true]);
    push(snapshot(`${lines('old', 40)}\r\nat the end`));
    await settle();
    expect(text()).toContain('old 0');
    expect(text().at(-1)).toBe('at the end');
    expect(seen.lacksLines.at(-1)).toBe(false);

    // Out of sight and back: what stood there stays until the host has said how it is now.
    terminal.scrollLines(-10);
    const { viewportY } = terminal.buffer.active;
    feed.pause();
    feed.resume();
    push(partial('later'));
    await settle();
    expect(terminal.buffer.active.viewportY).toBe(viewportY);
    expect(text()).not.toContain('later');
    push(snapshot(`${lines('old', 40)}\r\nlater`));
    await settle();
    expect(text().at(-1)).toBe('later');
    expect(terminal.buffer.active.viewportY).toBe(viewportY);
    expect(seen.begins).toEqual(['screen', 'screen']);
  });

  it('leaves alone what somebody reads further up, and shows what is there now when they come back', async () => {
    const { terminal, feed, seen, settle, text, push } = attach();
    push(snapshot(lines('old', 40)));
    await settle();
    terminal.scrollLines(-10);
    const { viewportY } = terminal.buffer.active;
    const read = text();
    push(partial('flood'));
    push({ kind: 'output', data: 'more flood\r\n'.repeat(100) });
    await settle();
    expect(text()).toEqual(read);
    expect(terminal.buffer.active.viewportY).toBe(viewportY);
    feed.scrolled();
    expect(seen.attachments).toBe(1);

    terminal.scrollToBottom();
    feed.scrolled();
    expect(seen.attachments).toBe(2);
    push(snapshot(lines('new', 50)));
    await settle();
    expect(text().at(-1)).toBe('new 49');
  });

  it('asks for the lines that are missing as soon as somebody looks for them, and only then', async () => {
    const { terminal, feed, seen, settle, push } = attach();
    push(snapshot(lines('old', 40)));
    await settle();
    terminal.scrollLines(-5);
    feed.scrolled();
    terminal.scrollToBottom();
    feed.scrolled();
    push(partial('now'));
    await settle();
    feed.scrolled();
    expect(seen.attachments).toBe(1);
    terminal.scrollLines(-5);
    feed.scrolled();
    expect(seen.begins).toEqual(['screen', 'whole']);
    feed.scrolled();
    expect(seen.attachments).toBe(2);
  });

  it('parses only the latest of what waits for its turn, and acknowledges all of it', async () => {
    const { seen, settle, text, push } = attach();
    const frames = [
      snapshot('first'),
      { kind: 'output', data: ' stale' } as const,
      snapshot('second'),
      { kind: 'output', data: ' stale too' } as const,
      snapshot('third'),
      { kind: 'output', data: ' and on' } as const,
    ];
    for (const frame of frames) push(frame);
    await settle();
    expect(text()[0]).toBe('third and on');
    expect(seen.acknowledged).toBe(frames.reduce((sum, frame) => sum + ('data' in frame ? frame.data.length : 0), 0));
  });

  it('gets nothing while nobody sees it, keeps what it shows, and is told how things are when it is seen again', async () => {
    const { feed, seen, settle, text, push } = attach();
    push(snapshot('before'));
    await settle();
    feed.pause();
    expect(seen.detached).toBe(true);
    push({ kind: 'output', data: ' late' });
    await settle();
    expect(text()[0]).toBe('before');
    feed.resume();
    feed.resume();
    expect(seen.attachments).toBe(2);
    push(snapshot('after'));
    await settle();
    expect(text()[0]).toBe('after');
    feed.dispose();
    feed.resume();
    expect(seen.attachments).toBe(2);
  });
});
