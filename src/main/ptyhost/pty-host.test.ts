import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

import { childEnvironment } from './child-environment.ts';
import { parserLimits, type HostTerminal } from './host-terminal.ts';
import { budgetLimits } from './output-budget.ts';
import { processesOfTerminal } from './process-tree.ts';
import type { TerminalEvent } from './protocol.ts';
import { PtyHost } from './pty-host.ts';
import { Screen } from './screen.ts';

const id = 'test-1' as TerminalId;
const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);

/** Shows a terminal as a page does: a screen of its own that is written what comes, and acknowledges it. */
class Watcher {
  readonly frames: TerminalFrame[] = [];
  readonly #terminal: HostTerminal;
  readonly #name: string;
  #screen = new Screen({ cols: 80, rows: 24, scrollback: 1000 });
  #owed = 0;
  #isReading = true;

  constructor(terminal: HostTerminal, name: string) {
    this.#terminal = terminal;
    this.#name = name;
    terminal.attach(name, (frame) => {
      this.#show(frame);
    });
  }

  get kinds(): string[] {
    return this.frames.map((frame) => frame.kind);
  }

  get owed(): number {
    return this.#owed;
  }

  text(): string {
    return this.#screen.text(2000);
  }

  serialize(): string {
    return this.#screen.serialize();
  }

  /** Stops acknowledging, as a page that is busy does. */
  stop(): void {
    this.#isReading = false;
  }

  goOn(): void {
    this.#isReading = true;
    this.#acknowledge();
  }

  #show(frame: TerminalFrame): void {
    this.frames.push(frame);
    if (frame.kind === 'snapshot' && frame.isPartial === true) this.#screen.resize(frame.cols, frame.rows);
    else if (frame.kind === 'snapshot') {
      this.#screen.dispose();
      this.#screen = new Screen({ cols: frame.cols, rows: frame.rows, scrollback: 1000 });
    }
    if (frame.kind === 'resized') this.#screen.resize(frame.cols, frame.rows);
    if (frame.kind !== 'snapshot' && frame.kind !== 'output') return;
    this.#screen.write(frame.data);
    this.#owed += frame.data.length;
    if (this.#isReading) setImmediate(() => this.#acknowledge());
  }

  #acknowledge(): void {
    if (this.#owed > 0) this.#terminal.acknowledge(this.#name, this.#owed);
    this.#owed = 0;
  }
}

describe('PtyHost', () => {
  let folder: string;
  let host: PtyHost;
  let terminal: HostTerminal;
  let events: TerminalEvent[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pty-host-'));
    const grace = { hangupMilliseconds: 150, terminateMilliseconds: 150, killMilliseconds: 5000 };
    host = new PtyHost({ platform: process.platform, stateFolder: folder, grace, log: silentLog });
    terminal = host.create({ id, cols: 80, rows: 24, scrollback: 1000 })!;
    events = [];
    host.onDidChange((event) => events.push(event));
  });

  afterEach(async () => {
    await Promise.all(host.all().map((each) => host.remove(each.id)));
    host.dispose();
    rmSync(folder, { recursive: true });
  });

  const start = (script: string, more: { cwd?: string } = {}) =>
    terminal.start({ command: 'sh', args: ['-c', script], cwd: folder, env, ...more }, host.marker(id));
  const exited = () => until(() => terminal.info().exit !== null);
  const livingProcesses = () => processesOfTerminal(process.platform, terminal.pid, host.marker(id));

  it('shows a program’s output, takes what is typed, and tells how it ended', async () => {
    const viewer = new Watcher(terminal, 'v');
    start('read name; echo "hello $name"; exit 3');
    terminal.write('Ada\r');
    await until(() => viewer.kinds.includes('exited'));
    expect(viewer.text()).toBe('Ada\nhello Ada');
    expect(viewer.frames.at(-1)).toEqual({ kind: 'exited', exit: { code: 3, signal: null } });
    expect(terminal.info()).toMatchObject({ pid: null, started: true, exit: { code: 3, signal: null } });
    expect(events.at(-1)).toMatchObject({ id, kind: 'exited', exit: { code: 3, signal: null } });
    expect(terminal.write('more')).toEqual({ ok: false, error: { kind: 'exited' } });
  });

  it('counts on no number of a process that has ended, also while its last output is still being read', async () => {
    start('seq 1 200000');
    while (terminal.livingPid !== null) await new Promise(setImmediate);
    expect(terminal.info().exit).toBeNull();
    await exited();
    expect(terminal.livingPid).toBeNull();
  });

  it('tells programs what they run in, and gives them nothing of the host’s', async () => {
    start('echo "$TERM $COLORTERM $TERM_PROGRAM $PWD"; env | grep -c ^SWITCHYARD_; stty size');
    await exited();
    expect(terminal.text(5)).toBe(`xterm-256color truecolor Switchyard ${folder}\n1\n24 80`);
  });

  it('gives the program and every viewer a new size', async () => {
    const viewer = new Watcher(terminal, 'v');
    start('trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.02; done');
    await until(() => viewer.text().includes('ready'));
    terminal.resize(100, 30);
    await exited();
    expect(viewer.text()).toContain('30 100');
    expect(viewer.frames).toContainEqual({ kind: 'resized', cols: 100, rows: 30 });
    expect(viewer.serialize()).toBe(terminalScreen());
  });

  /** What a viewer that comes now would see. */
  function terminalScreen(): string {
    const late = new Watcher(terminal, 'late');
    return late.serialize();
  }

  it('shows the host’s own words before a program starts, and the next program below the last one', async () => {
    terminal.print('Creating branch …\nCopying files …\n');
    start('printf "setup done"; printf "\\033[?1049h\\033[?1003h"');
    await exited();
    const viewer = new Watcher(terminal, 'v');
    start('echo agent');
    await until(() => viewer.kinds.includes('exited'));
    expect(viewer.text()).toBe('Creating branch …\nCopying files …\nsetup done\nagent');
    expect(viewer.frames.at(-1)).toMatchObject({ kind: 'exited', exit: { code: 0 } });
  });

  it('refuses to start in words', async () => {
    const bad = (command: string, cwd = folder) => terminal.start({ command, args: [], cwd, env }, host.marker(id));
    expect(bad('no-such-agent')).toMatchObject({ ok: false, error: { kind: 'spawn-failed' } });
    expect(bad('sh', join(folder, 'gone'))).toMatchObject({ ok: false, error: { kind: 'spawn-failed' } });
    expect(terminal.info()).toMatchObject({ pid: null, started: false });
    start('sleep 300');
    expect(start('true')).toEqual({ ok: false, error: { kind: 'still-running' } });
  });

  it('shows the same to two viewers, and to one that comes in the middle of a stream', async () => {
    const first = new Watcher(terminal, 'first');
    start(
      'i=0; while [ $i -lt 400 ]; do i=$((i+1)); printf "\\033[3%dmline %d 日本\\033[0m\\n" $((i % 8)) $i; done; printf "\\033[?1006h\\033[5;7Hx"',
    );
    await until(() => first.text().includes('line 50'));
    const second = new Watcher(terminal, 'second');
    await until(() => second.kinds.includes('exited'));
    expect(first.serialize()).toBe(second.serialize());
    expect(terminalScreen()).toBe(second.serialize());
    const lines = second
      .text()
      .split('\n')
      .filter((line) => line.startsWith('line'));
    expect(lines.length).toBeGreaterThan(380);
  });

  it('never waits for a viewer, and keeps neither backlog for it nor for the parser', async () => {
    const slow = new Watcher(terminal, 'slow');
    const fast = new Watcher(terminal, 'fast');
    slow.stop();
    let most = 0;
    start('yes "some text that a program prints again and again" | head -c 2500000; echo; echo THE_END');
    await until(() => {
      most = Math.max(most, slow.owed);
      return terminal.info().exit !== null;
    });
    expect(terminal.text(1)).toBe('THE_END');
    // One read of the pty may come on top of what makes it pause.
    expect(terminal.mostQueuedChars).toBeLessThanOrEqual(parserLimits.pausedAboveChars + 131_072);
    expect(most).toBeLessThanOrEqual(budgetLimits.totalChars + 1000);
    expect(slow.text()).not.toContain('THE_END');

    slow.goOn();
    await until(() => slow.text().includes('THE_END') && fast.text().includes('THE_END'));
    expect(slow.frames.at(-1)).toMatchObject({ kind: 'snapshot', exit: { code: 0 } });
    // The screen comes first, and what is above it when the terminal has come to rest.
    await until(() => slow.serialize() === terminalScreen() && fast.serialize() === terminalScreen());
  });

  it('answers a program’s question once, however many watch, and a flood of questions only in part', async () => {
    const viewers = [new Watcher(terminal, 'a'), new Watcher(terminal, 'b')];
    start(`stty raw -echo; printf '\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; printf asked`);
    await exited();
    expect(viewers[0]!.text().replace(/\s+/g, ' ').trim()).toBe('033 [ 1 ; 1 R asked');
    start(
      `stty raw -echo; i=0; while [ $i -lt 2000 ]; do i=$((i+1)); printf '\\033[c'; done; sleep 0.3; stty min 0 time 2; cat | wc -c`,
    );
    await exited();
    expect(Number(terminal.text(1).trim())).toBeLessThan(7 * 2000);
  });

  it('tells titles, messages and that the screen has changed, a few times a second at most', async () => {
    start(
      `printf '\\033]9;needs you\\007\\007'; i=0; while [ $i -lt 3000 ]; do i=$((i+1)); printf "\\033]0;title $i\\007"; done; echo seen`,
    );
    await exited();
    const kinds = events.map((event) => event.kind);
    const titles = events.flatMap((event) => (event.kind === 'title' ? [event.title] : []));
    expect(titles.at(-1)).toBe('title 3000');
    expect(titles.length).toBeLessThan(300);
    expect(kinds).toContain('activity');
    expect(events.flatMap((event) => (event.kind === 'notification' ? [event.text] : []))).toEqual(['needs you', '']);
    expect(kinds.at(-1)).toBe('exited');
    expect(terminal.info().title).toBe('title 3000');
  });

  it('does not take bytes that change nothing in view for activity', async () => {
    start(`sleep 0.1; i=0; while [ $i -lt 200 ]; do i=$((i+1)); printf '\\033[?25l\\033[?25h'; done`);
    await exited();
    expect(events.map((event) => event.kind)).toEqual(['exited']);
  });

  it('ends a whole tree: one that ignores hangups, one that left its session and its parent', async () => {
    start(`
      (trap '' HUP TERM; while :; do sleep 1; done) &
      (trap '' HUP; setsid sh -c 'sleep 300 & exec sleep 300' </dev/null >/dev/null 2>&1 &)
      sleep 0.2; echo ready; sleep 300`);
    await until(() => terminal.text(5).includes('ready'));
    await until(async () => (await livingProcesses()).length >= 5);
    expect(await host.kill(id)).toEqual([]);
    expect(await livingProcesses()).toEqual([]);
    expect(terminal.info()).toMatchObject({ pid: null, exit: { code: null } });
  });

  it('ends what is stopped, what has forked away twice and what ignores both, leaves no zombie, and touches no other', async () => {
    // Not the terminal's: the same program, beside it, of the same parent as the daemons.
    const stranger = spawn('sh', ['-c', 'exec sleep 300'], { detached: true, stdio: 'ignore' });
    start(`
      (trap '' HUP TERM; while :; do sleep 0.1; done) &
      (setsid sh -c '(trap "" HUP TERM; cd /; while :; do sleep 0.1; done) &' </dev/null >/dev/null 2>&1 &)
      (sleep 300 & kill -STOP $!) &
      (trap '' HUP TERM; kill -STOP $(sh -c 'echo $PPID')) &
      echo ready; exec sleep 300`);
    await until(() => terminal.text(5).includes('ready'));
    const stopped = (): number[] => childrenOf(terminal.pid!).filter((pid) => stateOf(pid) === 'T');
    await until(() => stopped().length > 0, 'one is stopped');
    await until(async () => (await livingProcesses()).length >= 6);
    const before = await livingProcesses();
    expect(before).not.toContain(stranger.pid);
    expect(await host.kill(id)).toEqual([]);
    expect(await livingProcesses()).toEqual([]);
    // Those that we started ourselves have been waited for; what forked away is the system's first process's to wait for.
    await until(() => before.every((pid) => !isAlive(pid)), 'all have gone');
    expect(childrenOf(process.pid).filter((pid) => stateOf(pid) === 'Z')).toEqual([]);
    expect(isAlive(stranger.pid!)).toBe(true);
    stranger.kill('SIGKILL');
  });

  /** Fields of a process in /proc: its state and its parent. */
  const statOf = (pid: number): readonly string[] => {
    try {
      const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
      return text.slice(text.lastIndexOf(')') + 2).split(' ');
    } catch {
      return [];
    }
  };
  const stateOf = (pid: number): string => statOf(pid)[0] ?? '';
  const parentOf = (pid: number): number => Number(statOf(pid)[1]);
  /** All that descend from a process. */
  const childrenOf = (root: number): number[] => {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const found = [root];
    for (const parent of found) found.push(...all.filter((pid) => parentOf(pid) === parent));
    return found.slice(1);
  };

  it('ends what a program has left behind when the terminal is removed', async () => {
    const viewer = new Watcher(terminal, 'v');
    start(`(trap '' HUP; setsid sleep 300 </dev/null >/dev/null 2>&1 &); sleep 0.2`);
    await exited();
    expect(await livingProcesses()).toHaveLength(1);
    await host.remove(id);
    expect(await processesOfTerminal(process.platform, null, host.marker(id))).toEqual([]);
    expect(viewer.frames.at(-1)).toMatchObject({ kind: 'gone' });
    expect(host.all()).toEqual([]);
  });

  it.each([
    ['repeat', 'A\\033[2147483647b'],
    ['scroll up', '\\033[2147483647S'],
    ['scroll down', '\\033[2147483647T'],
    ['insert lines', '\\033[2147483647L'],
    ['delete lines', '\\033[2147483647M'],
    ['tab forward', '\\033[2147483647I'],
    ['tab back', '\\033[2147483647Z'],
    ['insert characters', '\\033[2147483647@'],
    ['delete characters', '\\033[2147483647P'],
    ['erase characters', '\\033[2147483647X'],
    ['cursor down', '\\033[2147483647B\\033[2147483647e'],
    ['scroll left and right', '\\033[2147483647 @\\033[2147483647 A'],
    ['columns', "\\033[2147483647'}\\033[2147483647'~"],
    ['many repeats below the limit', '\\033[9999b\\033[9999b\\033[9999b\\033[999S\\033[999T\\033[999L\\033[999M'],
  ])('goes on after a hostile sequence: %s', async (_, sequence) => {
    start(`printf "${sequence}"; printf '\\033c'; echo alive`);
    await exited();
    expect(terminal.text(1)).toBe('alive');
  });

  it('goes on after random bytes, a line without end and a title without end', async () => {
    start(
      `head -c 100000 /dev/urandom; printf '\\033c'; head -c 1000000 /dev/zero | tr '\\0' x; printf '\\033]0;'; head -c 1000000 /dev/zero | tr '\\0' y; printf '\\007\\033c'; echo alive`,
    );
    await exited();
    expect(terminal.text(1)).toBe('alive');
    expect(terminal.info().title.length).toBeLessThanOrEqual(300);
  });
});
