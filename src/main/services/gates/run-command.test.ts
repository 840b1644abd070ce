import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import { Terminals } from '#main/services/terminals/terminals.ts';
import { terminalId } from '#shared/ids.ts';

import { runCommand, type CheckEnd } from './run-command.ts';

/* The command of a check in a real terminal, whatever it does to that terminal and whatever happens to it. */

const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

let folder: string;
let terminals: Terminals;
const hosts = new Set<number>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
  // Through a link, so that it can be taken away.
  symlinkSync(process.execPath, join(folder, 'node'));
  terminals = new Terminals({
    platform: process.platform,
    log: silentLog,
    stateFolder: folder,
    ptyHost: { execPath: join(folder, 'node'), args: [program], idleMilliseconds: 60_000 },
    environment: { PATH: process.env['PATH'], LANG: 'C' },
  });
});

afterEach(async () => {
  hostPid();
  terminals.dispose();
  for (const pid of hosts) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await until(() => [...hosts].every((pid) => !isAlive(pid)));
  hosts.clear();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

/** The process that holds the terminals now. */
function hostPid(): number | null {
  const pid = readDescriptor(hostFiles(folder).descriptor)?.pid ?? null;
  if (pid !== null) hosts.add(pid);
  return pid;
}

const run = (line: string, signal = new AbortController().signal): Promise<CheckEnd> =>
  runCommand(
    { terminals, log: silentLog },
    {
      terminalId: terminalId.parse('check-0123456789abcdef'),
      process: { command: '/bin/sh', args: ['-c', line], cwd: folder },
      timeoutMilliseconds: 100_000,
      signal,
    },
  );

describe('the command of a check', () => {
  it('is not started, and says why, where no terminal can be had', async () => {
    rmSync(at('node'));
    const end = await run(`touch '${at('ran')}'`);
    expect(end).toMatchObject({ outcome: 'not-started', exitCode: null, output: '' });
    expect(end.reason).toMatch(/^It could not be started: ./u);
    expect(existsSync(at('ran'))).toBe(false);
  });

  it.each([
    ['another can be had', false],
    ['no other can be had', true],
  ])('is lost with the terminal host, which is said and is no pass, where %s', async (_what, isLast) => {
    // That it has been started is answered by then; without the answer nobody would know that it was.
    const ending = run(`sleep 1; touch '${at('running')}'; sleep 600`);
    await until(() => existsSync(at('running')));
    if (isLast) rmSync(at('node'));
    process.kill(hostPid()!, 'SIGKILL');
    const end = await ending;
    expect(end).toMatchObject({ outcome: 'ended', exitCode: null });
    expect(end.reason).toContain('The terminal host ended while it ran');
  });

  it.runIf(process.platform === 'linux')(
    'may print hundreds of megabytes: it comes to its end, its last lines are kept, and the terminal host stays small',
    async () => {
      await run('true');
      const before = peakMegabytes(hostPid()!);
      const line = 'a line of a build that goes on and on and says the same again and again '.repeat(2);
      const end = await run(`yes '${line}' | head -c 300000000; echo; echo 'the very last line'; exit 3`);
      expect(end).toMatchObject({ outcome: 'failed', exitCode: 3 });
      expect(end.output.trimEnd().endsWith('the very last line')).toBe(true);
      expect(end.output.split('\n').length).toBeGreaterThan(1000);
      expect(end.output.length).toBeLessThan(10_000_000);
      // Not even the part of it that a queue of a second would hold.
      expect(peakMegabytes(hostPid()!) - before).toBeLessThan(100);
    },
  );

  it.each([
    ['ends well', 'exit 0', 'passed'],
    ['fails', 'exit 1', 'failed'],
    ['is cancelled', 'sleep 600', 'cancelled'],
  ])('that %s takes a daemon with it that has left its session and heeds no signal', async (_what, last, outcome) => {
    const daemon = `trap "" HUP TERM INT; cd /; echo $$ > "${at('daemon')}"; while :; do sleep 0.1; done`;
    const controller = new AbortController();
    const ending = run(
      `(setsid sh -c '${daemon}' </dev/null >/dev/null 2>&1 &); until [ -s '${at('daemon')}' ]; do sleep 0.05; done; ${last}`,
      controller.signal,
    );
    await until(() => existsSync(at('daemon')) && readFileSync(at('daemon'), 'utf8') !== '');
    const pid = Number(readFileSync(at('daemon'), 'utf8'));
    if (outcome === 'cancelled') controller.abort();
    expect(await ending).toMatchObject({ outcome });
    expect(isAlive(pid)).toBe(false);
    expect(await terminals.list()).toEqual([]);
  });
});

/** The most memory that a process has had, in megabytes. */
const peakMegabytes = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;
