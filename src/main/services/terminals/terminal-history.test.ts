import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import type { TerminalMatch, TerminalQuery, TerminalSearchEvent, TranscriptEvent } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';
import { ok } from '#shared/result.ts';

import { TerminalHistory } from './terminal-history.ts';
import { Terminals } from './terminals.ts';

const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

/** Against a pty host that runs. */
describe('what terminals have said', () => {
  let folder: string;
  let terminals: Terminals;
  let one: TerminalId;
  let two: TerminalId;
  let count = 0;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'history-'));
    terminals = new Terminals({
      platform: process.platform,
      log: silentLog,
      stateFolder: folder,
      ptyHost: { execPath: process.execPath, args: [program], idleMilliseconds: 60_000 },
      environment: { PATH: process.env['PATH'], LANG: 'C' },
    });
  });

  beforeEach(async () => {
    count += 1;
    one = `test-one-${String(count)}` as TerminalId;
    two = `test-two-${String(count)}` as TerminalId;
    for (const id of [one, two]) await terminals.create(id, { cols: 80, rows: 24 });
  });

  afterAll(async () => {
    terminals.dispose();
    const pid = readDescriptor(hostFiles(folder).descriptor)?.pid;
    if (pid !== undefined) {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid));
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const query = (text: string, more: Partial<TerminalQuery> = {}): TerminalQuery => ({
    text,
    caseSensitive: false,
    regex: false,
    ...more,
  });

  async function search(asked: TerminalQuery, ids: readonly TerminalId[] = [one, two]): Promise<TerminalSearchEvent[]> {
    const events: TerminalSearchEvent[] = [];
    const feed = terminals.search({ ids, query: asked }, (event) => events.push(event));
    await until(() => events.at(-1)?.kind === 'ended');
    feed.dispose();
    return events;
  }

  const matchesIn = (events: readonly TerminalSearchEvent[], id: TerminalId): readonly TerminalMatch[] =>
    events.flatMap((event) => (event.kind === 'terminal' && event.id === id ? event.matches : []));

  const hit = ({ excerpt: { text, offset, length } }: TerminalMatch): string => text.slice(offset, offset + length);

  async function transcript(id: TerminalId, form: 'text' | 'ansi'): Promise<string> {
    const events: TranscriptEvent[] = [];
    const feed = terminals.transcript({ id, form }, (event) => events.push(event));
    await until(() => events.at(-1)?.kind === 'ended' || events.at(-1)?.kind === 'failed');
    feed.dispose();
    if (events.at(-1)?.kind === 'failed') throw new Error('failed');
    return events.map((event) => (event.kind === 'piece' ? event.text : '')).join('');
  }

  const say = (id: TerminalId, lines: readonly string[]): Promise<void> => terminals.print(id, `${lines.join('\n')}\n`);

  const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${String(index)}`);

  it('finds a text in all of them, with the lines around it, far above the screen too', async () => {
    await say(one, ['before', 'a Needle in here', 'after', ...numbered(2000)]);
    await say(two, ['nothing', 'needle', 'NEEDLE needle']);
    const events = await search(query('needle'));
    expect(events[0]).toEqual({ kind: 'begun', terminals: 2 });
    expect(events.at(-1)).toEqual({ kind: 'ended', how: 'done' });
    const [first] = matchesIn(events, one);
    expect(first).toMatchObject({ before: ['before'], after: ['after', 'line 0'], offset: 2, screen: 'normal' });
    // Its row, those behind it, and the empty one in which the cursor is.
    expect(first?.rowsAboveEnd).toBe(1 + 1 + 2000 + 1);
    expect(matchesIn(events, two).map(hit)).toEqual(['needle', 'NEEDLE', 'needle']);
  });

  it('comes to an end in a terminal that prints faster than it is read', async () => {
    await terminals.start(one, { command: 'sh', args: ['-c', 'yes needle'], cwd: folder, env: {} });
    await until(async () => (await terminals.text(one, 1000)).length > 6000);
    const events = await search(query('needle'), [one]);
    expect(events.at(-1)).toEqual({ kind: 'ended', how: 'done' });
    expect(matchesIn(events, one).map(hit)).toContain('needle');
    expect(await transcript(one, 'text')).toContain('needle\nneedle\n');
    await terminals.kill(one);
  });

  it('minds the case and takes text as text unless told otherwise', async () => {
    await say(one, ['Error: a.b (c)', 'error: axb']);
    expect(matchesIn(await search(query('a.b (')), one).map(hit)).toEqual(['a.b (']);
    expect(matchesIn(await search(query('error', { caseSensitive: true })), one)).toHaveLength(1);
    expect(matchesIn(await search(query('a.b', { regex: true })), one).map(hit)).toEqual(['a.b', 'axb']);
    expect(matchesIn(await search(query(String.raw`^error: \w+`, { regex: true })), one).map(hit)).toEqual([
      'Error: a',
      'error: axb',
    ]);
  });

  it('finds what is folded over two rows, and wide signs', async () => {
    await say(one, [`${'x'.repeat(75)}needle in a fold`, `${'y'.repeat(79)}漢字 wide`]);
    const [folded] = matchesIn(await search(query('needle in')), one);
    expect(folded).toMatchObject({ offset: 75, length: 9 });
    expect(matchesIn(await search(query('漢字 w')), one)).toHaveLength(1);
  });

  it('says what is no expression', async () => {
    const [event] = await search(query('a(b', { regex: true }));
    expect(event).toMatchObject({ kind: 'ended', how: 'no-expression', message: 'Unterminated group' });
  });

  it('gives an expression up that would take for ever, and answers others meanwhile', async () => {
    await say(one, [`${'a'.repeat(60)}!`]);
    const events: TerminalSearchEvent[] = [];
    terminals.search({ ids: [one, two], query: query('(a+)+$', { regex: true }) }, (event) => events.push(event));
    const meanwhile = await search(query('a!'));
    expect(matchesIn(meanwhile, one)).toHaveLength(1);
    await until(() => events.at(-1)?.kind === 'ended');
    expect(events.at(-1)).toEqual({ kind: 'ended', how: 'too-slow' });
  });

  it('gives the last hits of too many, and counts all', async () => {
    await say(one, numbered(1000));
    const found = (await search(query('line'), [one])).find((event) => event.kind === 'terminal');
    expect(found).toMatchObject({ count: 1000, outcome: 'searched', lines: 1000 });
    expect(matchesIn([found!], one)).toHaveLength(200);
    expect(matchesIn([found!], one).at(-1)?.lineStart).toBe('line 999');
  });

  it('says which terminal is gone, and goes on with the others', async () => {
    await say(two, ['needle']);
    const gone = 'test-gone' as TerminalId;
    const events = await search(query('needle'), [gone, two]);
    expect(events).toContainEqual({ kind: 'terminal', id: gone, outcome: 'gone', lines: 0, count: 0, matches: [] });
    expect(matchesIn(events, two)).toHaveLength(1);
  });

  it('says nothing more when it is cancelled', async () => {
    await say(one, numbered(2000));
    const events: TerminalSearchEvent[] = [];
    terminals.search({ ids: [one], query: query('line') }, (event) => events.push(event)).dispose();
    await search(query('line'), [one]);
    expect(events.filter((event) => event.kind !== 'begun')).toEqual([]);
  });

  it('finds what is on a full screen as well as what is under it', async () => {
    await terminals.print(one, 'needle below\n\x1b[?1049h\x1b[Hneedle on top');
    expect(matchesIn(await search(query('needle')), one).map(({ screen }) => screen)).toEqual(['normal', 'alternate']);
  });

  it('reads a whole terminal as text, without the empty rows at its end', async () => {
    const lines = ['first', '', '', ...numbered(1500), 'x'.repeat(200), 'last'];
    await say(one, lines);
    expect(await transcript(one, 'text')).toBe(`${lines.join('\n')}\n`);
    expect(await transcript(two, 'text')).toBe('');
  });

  it('reads it with its colours, such that a terminal shows the same again', async () => {
    await terminals.print(one, 'plain \x1b[1;31mbold red\x1b[0m \x1b[48;2;1;2;3m  \x1b[0m end\n\x1b[32mgreen');
    const ansi = await transcript(one, 'ansi');
    expect(ansi).toBe(
      'plain \x1b[0;1;38;5;1mbold red\x1b[m \x1b[0;48;2;1;2;3m  \x1b[m end\n\x1b[0;38;5;2mgreen\x1b[m\n',
    );
    await terminals.print(two, ansi);
    expect(await transcript(two, 'ansi')).toBe(ansi);
  });

  it('searches the last screens of a host that has ended, and reads them as a whole', async () => {
    const command = { command: 'sh', args: ['-c', 'seq 1 2000; echo needle kept; sleep 60'], cwd: folder, env: {} };
    await terminals.start(one, command);
    await until(async () => (await terminals.text(one, 1)) === 'needle kept');
    const pid = readDescriptor(hostFiles(folder).descriptor)!.pid;
    process.kill(pid, 'SIGTERM');
    await until(() => !isAlive(pid));
    await until(async () => matchesIn(await search(query('needle kept'), [one]), one).length === 1);
    expect(await transcript(one, 'text')).toMatch(/^1\n2\n[^]*2000\nneedle kept\n$/);
    await terminals.remove(one);
  });

  it('keeps less of every terminal that is there when it is told to', async () => {
    await terminals.start(one, {
      command: 'sh',
      args: ['-c', 'seq 1 3000; echo done; sleep 60'],
      cwd: folder,
      env: {},
    });
    await until(async () => (await terminals.text(one, 1)) === 'done');
    terminals.setScrollback(1_000_000);
    await until(async () => (await transcript(one, 'text')).startsWith('1\n') === false);
    expect(await transcript(one, 'text')).toMatch(/2999\n3000\ndone\n$/);
    await terminals.remove(one);
  });
});

describe('a terminal whose width changes while it is read', () => {
  const id = 'run-wide' as TerminalId;
  /** Two pieces of one line each; from each of these reads on the rows have other numbers. */
  function history(changesAt: (read: number) => boolean): TerminalHistory {
    let epoch = 0;
    let reads = 0;
    return new TerminalHistory({
      lines: ({ from }) => {
        reads += 1;
        if (changesAt(reads)) epoch += 1;
        const row = from?.epoch === epoch ? from.row : 0;
        const lines = [{ row, text: `line ${String(row)}`, goesOn: false }];
        return Promise.resolve(ok({ epoch, lines, next: row === 0 ? 1 : null, end: 2, isFullScreen: false }));
      },
      patternWorker: 'none',
      log: silentLog,
    });
  }
  const read = async (of: TerminalHistory): Promise<readonly TranscriptEvent[]> => {
    const events: TranscriptEvent[] = [];
    of.transcript({ id, form: 'text' }, (event) => events.push(event));
    await until(() => ['ended', 'failed'].includes(events.at(-1)?.kind ?? ''));
    return events;
  };

  it('is read as a whole once that has ceased', async () => {
    const events = await read(history((read) => read % 2 === 0 && read < 10));
    const begun = events.findLastIndex(({ kind }) => kind === 'begun');
    const text = events.slice(begun).map((event) => (event.kind === 'piece' ? event.text : ''));
    expect(events.at(-1)).toEqual({ kind: 'ended' });
    expect(text.join('')).toBe('line 0\nline 1\n');
  });

  it('is never handed out in part as if it were whole', async () => {
    const changing = history((read) => read % 2 === 0);
    expect((await read(changing)).at(-1)).toEqual({ kind: 'failed', reason: 'changing' });
    const found: TerminalSearchEvent[] = [];
    const query = { text: 'line', caseSensitive: false, regex: false };
    changing.search({ ids: [id], query }, (event) => found.push(event));
    await until(() => found.at(-1)?.kind === 'ended');
    expect(found).toContainEqual(expect.objectContaining({ kind: 'terminal', id, outcome: 'changing' }));
  });
});
