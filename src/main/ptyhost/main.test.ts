import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

import { childEnvironment } from './child-environment.ts';
import { dialPtyHost, type PtyHostConnection } from './dial.ts';
import { hostFiles, readDescriptor, reportAddress, writeDescriptor } from './host-files.ts';
import { protocolVersion } from './protocol.ts';

const id = 'test-1' as TerminalId;
const program = join(import.meta.dirname, 'main.ts');
const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);

let folder: string;
let hosts: ChildProcess[];
let connections: PtyHostConnection[];

function prepare(): void {
  folder = mkdtempSync(join(tmpdir(), 'pty-host-main-'));
  hosts = [];
  connections = [];
}

async function cleanUp(): Promise<void> {
  for (const connection of connections) connection.close();
  for (const host of hosts) host.kill('SIGKILL');
  await until(() => hosts.every((host) => hasEnded(host)));
  rmSync(folder, { recursive: true });
}

const hasEnded = (host: ChildProcess): boolean => host.exitCode !== null || host.signalCode !== null;

function startHost(idleMilliseconds = 60_000): ChildProcess {
  const args = [program, '--state-folder', folder, '--idle-ms', String(idleMilliseconds)];
  const host = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
  hosts.push(host);
  return host;
}

async function dial(): Promise<PtyHostConnection> {
  for (;;) {
    const dialled = await dialPtyHost(folder, (path, message) => expect.fail(`${path}: ${message}`));
    if (dialled.ok) {
      connections.push(dialled.value);
      return dialled.value;
    }
    expect(dialled.error).toEqual({ kind: 'absent' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when the terminal's screen holds the text, with all frames up to then. */
function shows({ api }: PtyHostConnection, text: string): Promise<TerminalFrame[]> {
  const frames: TerminalFrame[] = [];
  return new Promise((resolve) => {
    api.terminals.attach({ id, viewer: 'v' }, (frame) => {
      frames.push(frame);
      const shown = frames.map((each) => ('data' in each ? each.data : '')).join('');
      if (shown.includes(text)) resolve(frames);
    });
  });
}

const run = async ({ api }: PtyHostConnection, script: string): Promise<number> => {
  await api.terminals.create({ id, cols: 80, rows: 24, scrollback: 500 });
  const started = await api.terminals.start({ id, command: 'sh', args: ['-c', script], cwd: '/', env });
  if (!started.ok) throw new Error(started.error.kind);
  return started.value.pid;
};

describe('the pty host', () => {
  beforeEach(prepare);
  afterEach(cleanUp);

  it('gives way to one that runs, also when two start at once', async () => {
    const both = [startHost(), startHost()];
    const connection = await dial();
    await until(() => both.some((host) => hasEnded(host)));
    const [loser, winner] = hasEnded(both[0]!) ? [both[0]!, both[1]!] : [both[1]!, both[0]!];
    expect(loser.exitCode).toBe(0);
    expect(connection.pid).toBe(winner.pid);
    const third = startHost();
    await until(() => hasEnded(third));
    expect(third.exitCode).toBe(0);
    expect((await dial()).pid).toBe(winner.pid);
  });

  it('takes over what one that was killed has left', async () => {
    const first = startHost();
    await dial();
    first.kill('SIGKILL');
    await until(() => hasEnded(first));
    expect(await dialPtyHost(folder, () => undefined)).toEqual({ ok: false, error: { kind: 'absent' } });
    const second = startHost();
    expect((await dial()).pid).toBe(second.pid);
  });

  it.skipIf(process.platform === 'win32')('stays for one who comes while it writes its last screens', async () => {
    const host = startHost(100);
    const first = await dial();
    const { screens } = hostFiles(folder);
    // Whoever writes there waits until somebody reads.
    const pipe = join(screens, `${id}.screen.new`);
    execFileSync('mkfifo', [pipe]);
    await run(first, 'echo last words');
    await until(async () => {
      const listed = await first.api.terminals.list({});
      return listed.ok && listed.value[0]?.exit?.code === 0;
    });
    first.close();
    // By then it has begun to end.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(hasEnded(host)).toBe(false);
    const second = await dial();
    const reading = openSync(pipe, 'r');
    rmSync(pipe);
    readFileSync(reading);
    closeSync(reading);
    await until(() => existsSync(join(screens, `${id}.screen`)));
    expect(await second.api.host.info({})).toMatchObject({ ok: true, value: { pid: host.pid } });
    second.close();
    await until(() => hasEnded(host));
  });

  it('ends by itself when it owns nothing and nobody is there, and not before', async () => {
    const host = startHost(100);
    const connection = await dial();
    await run(connection, 'sleep 300');
    connection.close();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(hasEnded(host)).toBe(false);
    const again = await dial();
    await again.api.terminals.remove({ id });
    await again.api.host.info({});
    expect(hasEnded(host)).toBe(false);
    again.close();
    await until(() => hasEnded(host));
    expect(host.exitCode).toBe(0);
    expect(readDescriptor(hostFiles(folder).descriptor)).toBeNull();
  });

  it('ends too when all it has was made by an app that went away before it started anything', async () => {
    const host = startHost(100);
    const connection = await dial();
    await connection.api.terminals.create({ id, cols: 80, rows: 24, scrollback: 500 });
    connection.close();
    await until(() => hasEnded(host));
    expect(host.exitCode).toBe(0);
  });

  it('says that the system has no more files, and goes on', async () => {
    const host = spawn('sh', [
      '-c',
      `ulimit -n 36; exec "$0" "$1" --state-folder "$2"`,
      process.execPath,
      program,
      folder,
    ]);
    hosts.push(host);
    const { api } = await dial();
    const terminal = (index: number): TerminalId => `many-${String(index)}` as TerminalId;
    const start = async (index: number) => {
      await api.terminals.create({ id: terminal(index), cols: 80, rows: 24, scrollback: 0 });
      return api.terminals.start({ id: terminal(index), command: 'sleep', args: ['300'], cwd: '/', env });
    };
    let count = 0;
    let last = await start(count);
    while (last.ok && count < 100) last = await start(++count);
    expect(last).toMatchObject({
      ok: false,
      error: { kind: 'spawn-failed', message: expect.stringContaining('too many open files') as string },
    });
    const listed = await api.terminals.list({});
    expect(listed.ok && listed.value.filter((info) => info.pid !== null)).toHaveLength(count);
    for (let index = 0; index <= count; index++) await api.terminals.remove({ id: terminal(index) });
    expect((await start(0)).ok).toBe(true);
    await api.terminals.remove({ id: terminal(0) });
  });

  it('hangs up on what runs when it is asked to end', async () => {
    const host = startHost();
    const connection = await dial();
    const pid = await run(connection, 'echo last words; exec sleep 300');
    await shows(connection, 'last words');
    host.kill('SIGTERM');
    await until(() => hasEnded(host));
    expect(host.exitCode).toBe(0);
    await until(() => !isAlive(pid));
    // Nothing came after what was written down, and the next one has it.
    startHost();
    const next = await dial();
    const lost = { cause: 'host', isWhole: true };
    expect(await next.api.terminals.list({})).toMatchObject({ ok: true, value: [{ id, exit: { lost } }] });
    await shows(next, 'last words');
  });

  it('ends, and what runs with it, when its folder is deleted and nobody could ever find it again', async () => {
    const host = startHost(100);
    const connection = await dial();
    const pid = await run(connection, 'exec sleep 300');
    rmSync(hostFiles(folder).folder, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isAlive(pid)).toBe(true);
    connection.close();
    await until(() => hasEnded(host) && !isAlive(pid));
  });

  it('can be found again, with all that runs in it, when only its sockets and the word about them were cleaned away', async () => {
    const host = startHost(100);
    const connection = await dial();
    const pid = await run(connection, 'exec sleep 300');
    const { descriptor } = hostFiles(folder);
    const { address } = readDescriptor(descriptor)!;
    connection.close();
    for (const path of [address, reportAddress(address), descriptor]) rmSync(path);
    await until(() => existsSync(descriptor) || hasEnded(host));
    const again = await dial();
    expect(again.pid).toBe(host.pid);
    expect(existsSync(reportAddress(address))).toBe(true);
    expect(await again.api.terminals.list({})).toMatchObject({ ok: true, value: [{ id, pid, exit: null }] });
    // Nor is it disturbed by another that is started meanwhile.
    const other = startHost(100);
    await until(() => hasEnded(other));
    expect(await again.api.host.info({})).toMatchObject({ ok: true, value: { pid: host.pid } });
  });

  it('leaves the folder to another host where it was deleted and made anew', async () => {
    const host = startHost(100);
    const connection = await dial();
    const pid = await run(connection, 'exec sleep 300');
    rmSync(hostFiles(folder).folder, { recursive: true });
    const second = startHost(60_000);
    expect((await dial()).pid).toBe(second.pid);
    connection.close();
    await until(() => hasEnded(host) && !isAlive(pid));
    expect((await dial()).pid).toBe(second.pid);
  });
});

// These leave it as it is, so one serves them all.
describe('a pty host that runs', () => {
  let host: ChildProcess;

  beforeAll(() => {
    prepare();
    host = startHost();
  });
  afterAll(cleanUp);

  it('keeps its files and its socket to its owner', async () => {
    await dial();
    const files = hostFiles(folder);
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(mode(files.folder)).toBe(0o700);
    expect(mode(files.descriptor)).toBe(0o600);
    expect(mode(readDescriptor(files.descriptor)!.address)).toBe(0o600);
    expect(readFileSync(files.log, 'utf8')).not.toContain(readDescriptor(files.descriptor)!.secret);
  });

  it('goes on when its client goes, and shows the next one the same screen', async () => {
    const first = await dial();
    const pid = await run(first, 'printf "\\033[31mred\\033[m \\033[?2004h"; echo one; read x; echo two; read x');
    const before = (await shows(first, 'one')).at(-1);
    first.close();

    const second = await dial();
    const [snapshot] = await shows(second, 'one');
    expect(snapshot).toMatchObject({ kind: 'snapshot', cols: 80, rows: 24, exit: null });
    expect(snapshot).toMatchObject({ data: expect.stringContaining('\x1b[?2004h') as string });
    expect(before).toBeDefined();
    const listed = await second.api.terminals.list({});
    expect(listed).toMatchObject({ ok: true, value: [{ id, pid }] });
    await second.api.terminals.write({ id, data: '\r' });
    await shows(second, 'two');
  });

  it('goes on when the terminal that it was started from hangs up', async () => {
    const connection = await dial();
    host.kill('SIGHUP');
    expect(await connection.api.host.info({})).toMatchObject({ ok: true, value: { pid: host.pid } });
  });

  it('refuses a client of another major version and says both; a higher minor one is welcome', async () => {
    await dial();
    const client = { major: protocolVersion.major + 1, minor: 4 };
    expect(await dialPtyHost(folder, () => undefined, client)).toEqual({ ok: false, error: { kind: 'absent' } });
    expect(await dialPtyHost(folder, () => undefined, client, protocolVersion.major)).toEqual({
      ok: false,
      error: {
        kind: 'refused-version',
        host: protocolVersion,
        client,
        message: expect.stringMatching(/version 1\.\d+ of the protocol, this app version 2\.4/) as string,
        terminals: expect.any(Array) as string[],
      },
    });
    const newer = await dialPtyHost(folder, () => undefined, { ...protocolVersion, minor: 99 });
    expect(newer.ok).toBe(true);
    if (newer.ok) newer.value.close();
  });

  it('is not disturbed by garbage on its socket, nor by requests that make no sense', async () => {
    const connection = await dial();
    const { address } = readDescriptor(hostFiles(folder).descriptor)!;
    const garbage = ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x02{}', '\0\0\0\x05hello', '\xff'.repeat(100_000), ''];
    await Promise.all(
      garbage.map(
        (bytes) =>
          new Promise<void>((resolve) => {
            const socket = connect(address);
            socket.on('error', () => undefined);
            socket.on('close', () => {
              resolve();
            });
            if (bytes === '') socket.end();
            else socket.write(Buffer.from(bytes, 'latin1'));
            socket.resume();
          }),
      ),
    );
    const bad = connection.api.terminals.create({ id: '../../etc' as TerminalId, cols: -1, rows: 24, scrollback: 0 });
    await expect(bad).rejects.toThrow(/id|cols/);
    expect(await connection.api.host.info({})).toMatchObject({ ok: true });
    expect(await connection.api.terminals.write({ id: 'none' as TerminalId, data: 'x' })).toEqual({
      ok: false,
      error: { kind: 'gone' },
    });
  });

  it('refuses a client without the secret', async () => {
    const { pid } = await dial();
    const { descriptor } = hostFiles(folder);
    writeDescriptor(descriptor, { ...readDescriptor(descriptor)!, secret: 'f'.repeat(64) });
    expect(await dialPtyHost(folder, () => undefined)).toEqual({ ok: false, error: { kind: 'refused-secret' } });
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});
