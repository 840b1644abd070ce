import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalId } from '#shared/ids.ts';

import { childEnvironment } from './child-environment.ts';
import type { HostTerminal } from './host-terminal.ts';
import { parentsFirst, processesOfTerminal } from './process-tree.ts';
import { parseKilobytes, parsePsUsage } from './process-usage.ts';
import { PtyHost } from './pty-host.ts';

const id = 'test-1' as TerminalId;
const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);
const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
};

describe.runIf(process.platform === 'linux')('what runs in a terminal', () => {
  let folder: string;
  let host: PtyHost;
  let terminal: HostTerminal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pty-host-'));
    const grace = { hangupMilliseconds: 150, terminateMilliseconds: 150, killMilliseconds: 5000 };
    host = new PtyHost({ platform: process.platform, stateFolder: folder, grace, log: silentLog });
    terminal = host.create({ id, cols: 80, rows: 24, scrollback: 1000 })!;
  });

  afterEach(async () => {
    await Promise.all(host.all().map((each) => host.remove(each.id)));
    host.dispose();
    rmSync(folder, { recursive: true });
  });

  const start = (script: string) =>
    terminal.start({ command: 'bash', args: ['-c', script], cwd: folder, env }, host.marker(id));
  const tree = () => processesOfTerminal(process.platform, terminal.pid, host.marker(id));
  /** A shell, a child of it that counts, and a daemon in a session of its own. */
  const family = 'setsid sleep 500 & (while :; do echo tick; sleep 0.05; done) & wait';
  const startFamily = async (): Promise<readonly number[]> => {
    start(family);
    await until(async () => terminal.text(5).includes('tick') && (await tree()).length >= 4);
    return tree();
  };

  it('is stopped as a whole, also what has a session of its own, and goes on where it was', async () => {
    await startFamily();
    const paused = await host.pause(id);
    expect(paused.ok).toBe(true);
    expect((await tree()).length).toBeGreaterThanOrEqual(3);
    await until(async () => (await tree()).every((pid) => stateOf(pid) === 'T'));
    expect(host.list()[0]?.pausedAt).toBeTypeOf('number');
    // A second time changes nothing, and keeps since when.
    expect(await host.pause(id)).toEqual(paused);
    await host.unpause(id);
    await until(async () => (await tree()).every((pid) => isAlive(pid) && stateOf(pid) !== 'T'));
    expect(host.list()[0]?.pausedAt).toBeUndefined();
    const before = terminal.info().lastOutputAt;
    await until(() => terminal.info().lastOutputAt !== before);
  });

  it('can be ended while it is stopped, and none of it stays', async () => {
    const pids = await startFamily();
    await host.pause(id);
    expect(await host.kill(id)).toEqual([]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(terminal.info().exit).not.toBeNull();
    expect(host.list()[0]?.pausedAt).toBeUndefined();
    expect(await host.pause(id)).toEqual({ ok: false, error: { kind: 'not-running' } });
    start('echo again; exec sleep 500');
    await until(() => terminal.text(5).includes('again'));
  });

  it('does not become a job in the background of an interactive shell', async () => {
    terminal.start({ command: 'bash', args: ['--norc', '-i'], cwd: folder, env }, host.marker(id));
    terminal.write('sh -c "echo began; read line; echo got \\$line"\r');
    await until(() => /^began$/m.test(terminal.text(10)));
    for (let turn = 0; turn < 20; turn++) {
      await host.pause(id);
      await host.unpause(id);
    }
    terminal.write('something\r');
    await until(() => terminal.text(10).includes('got something'));
    expect(terminal.text(10)).not.toContain('Stopped');
  });

  it('is measured: processes, memory, processor time; for many terminals with one look', async () => {
    start(
      `node -e "globalThis.kept = Buffer.alloc(80e6, 1); for (; process.cpuUsage().user < 300e3;); console.log('full'); setInterval(() => {}, 1e6)"; true`,
    );
    await until(() => terminal.text(5).includes('full'));
    const idle = 'idle' as TerminalId;
    const second = host.create({ id: idle, cols: 80, rows: 24, scrollback: 10 })!;
    second.start({ command: 'sleep', args: ['500'], cwd: folder, env }, host.marker(idle));
    const none = 'none' as TerminalId;
    host.create({ id: none, cols: 80, rows: 24, scrollback: 10 });
    const usage = await host.usage([id, none, idle]);
    expect(usage?.map((each) => each.id)).toEqual([id, idle]);
    const [full, small] = usage!;
    expect(full!.processes).toBe(2);
    expect(full!.memoryBytes).toBeGreaterThan(80e6);
    expect(full!.processorMilliseconds).toBeGreaterThanOrEqual(200);
    expect(small!.processes).toBe(1);
    expect(small!.memoryBytes).toBeLessThan(20e6);
  });

  it('is said to be beyond this platform where it is', async () => {
    const windows = new PtyHost({
      platform: 'win32',
      stateFolder: folder,
      grace: { hangupMilliseconds: 1, terminateMilliseconds: 1, killMilliseconds: 1 },
      log: silentLog,
    });
    expect(await windows.pause(id)).toEqual({ ok: false, error: { kind: 'unavailable' } });
    expect(await windows.usage([id])).toBeNull();
    windows.dispose();
  });
});

describe('the system’s own words', () => {
  it('put those first who have started others', () => {
    const entry = (pid: number, parent: number) => ({ pid, parent, session: 1, isZombie: false, isMarked: true });
    const entries = [entry(5, 9), entry(9, 12), entry(12, 1), entry(30, 31), entry(31, 30)];
    expect(parentsFirst(entries, [5, 9, 12])).toEqual([12, 9, 5]);
    expect(new Set(parentsFirst(entries, [30, 31]))).toEqual(new Set([30, 31]));
  });

  it('on memory and processor time are read', () => {
    expect(parseKilobytes('Rss:   400 kB\nPss:      20 kB\nPss_Anon: 3 kB\n', 'Pss')).toBe(20 * 1024);
    expect(parseKilobytes('', 'Pss')).toBeNull();
    const usage = parsePsUsage('  501  20480   0:01.50\n 1502   1024 1-02:00:00\nnonsense\n');
    expect(usage.get(501)).toEqual({ memoryBytes: 20480 * 1024, processorMilliseconds: 1500 });
    expect(usage.get(1502)?.processorMilliseconds).toBe(26 * 3_600_000);
    expect(usage.size).toBe(2);
  });
});
