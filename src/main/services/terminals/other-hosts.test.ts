import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { DialFailure } from '#main/ptyhost/dial.ts';
import { hostFiles, majorsThere, readDescriptor } from '#main/ptyhost/host-files.ts';
import { protocolVersion, type ProtocolVersion } from '#main/ptyhost/protocol.ts';
import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';
import { fail, type Result } from '#shared/result.ts';

import { OtherHosts } from './other-hosts.ts';
import type { PtyHostCommand } from './pty-host-process.ts';
import { Terminals } from './terminals.ts';

/* Each host here is a process of its own that says it speaks another version, and each app one that says so too. */

const first = 'run-old' as TerminalId;
const second = 'run-new' as TerminalId;
const otherHost = fileURLToPath(import.meta.resolve('#main/ptyhost/test-other-host.ts'));
const { major, minor } = protocolVersion;

let folder: string;
let apps: Terminals[];
const pids = new Set<number>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'other-hosts-'));
  apps = [];
  pids.clear();
});
afterEach(async () => {
  for (const app of apps) app.dispose();
  for (const each of majorsThere(folder)) hostPid(each);
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await until(() => [...pids].every((pid) => !isAlive(pid)));
  rmSync(folder, { recursive: true, force: true });
});

function hostPid(ofMajor: number): number {
  const pid = readDescriptor(hostFiles(folder, ofMajor).descriptor)?.pid ?? 0;
  if (pid !== 0) pids.add(pid);
  return pid;
}

/** An app that speaks `protocol`, and whose own hosts do. */
function app(protocol: ProtocolVersion): Terminals {
  const ptyHost: PtyHostCommand = {
    execPath: process.execPath,
    args: [otherHost, JSON.stringify(protocol)],
    idleMilliseconds: 1000,
  };
  const environment = { PATH: process.env['PATH'], LANG: 'C' };
  const made = new Terminals({
    platform: process.platform,
    log: silentLog,
    stateFolder: folder,
    ptyHost,
    environment,
    protocol,
  });
  apps.push(made);
  return made;
}

async function run(terminals: Terminals, id: TerminalId, script: string): Promise<void> {
  await terminals.create(id, { cols: 80, rows: 24 });
  const started = await terminals.start(id, { command: 'sh', args: ['-c', script], cwd: folder, env: {} });
  expect(started).toMatchObject({ ok: true });
}

function watch(terminals: Terminals, id: TerminalId): TerminalFrame[] {
  const frames: TerminalFrame[] = [];
  terminals.attach({ id, viewer: 'v' }, (frame) => frames.push(frame));
  return frames;
}

function noticesOf(terminals: Terminals): readonly string[] {
  let latest: readonly string[] = [];
  terminals.onDidChangeNotices({}, (notices) => (latest = notices)).dispose();
  return latest;
}

describe('an app and a pty host of an older minor version', () => {
  it('work together, and it is said what the host cannot do', async () => {
    const old = app({ major, minor: 0 });
    await run(old, first, 'echo ready; read x; echo "got $x"; read x');
    const pid = hostPid(major);
    old.dispose();

    const now = app({ major, minor: 9 });
    expect(await now.list()).toMatchObject([{ id: first, exit: null }]);
    expect(hostPid(major)).toBe(pid);
    expect(noticesOf(now)).toEqual([expect.stringMatching(/protocol 1\.0.*go on.*cannot keep the last screens/)]);
    await now.type(first, 'a word\r');
    await until(async () => (await now.text(first, 1)) === 'got a word');
    await run(now, second, 'read x');
    expect((await now.list()).map(({ id }) => id).toSorted()).toEqual([second, first].toSorted());
  });

  it('part in good order when nothing runs there: a newer host takes its place, and has its screens', async () => {
    const old = app({ major, minor: 1 });
    await run(old, first, 'echo done; exit 4');
    await until(async () => (await old.list())[0]?.exit?.code === 4);
    const pid = hostPid(major);
    // As it is when one version follows another; an app that is open would start a host of its own version again.
    old.dispose();
    const now = app({ major, minor });
    expect(await now.list()).toMatchObject([{ id: first, exit: { code: 4 } }]);
    expect(hostPid(major)).not.toBe(pid);
    await until(() => !isAlive(pid));
    expect(await now.text(first, 1)).toBe('done');
    expect(noticesOf(now)).toEqual([]);
  });

  it('stay together while something runs there', async () => {
    const old = app({ major, minor: 1 });
    await run(old, first, 'read x');
    const pid = hostPid(major);
    const now = app({ major, minor });
    expect(await now.list()).toMatchObject([{ id: first, exit: null }]);
    expect(hostPid(major)).toBe(pid);
  });
});

describe('an app and a pty host of another major version', () => {
  it.each([
    ['older', { major: major - 1, minor: 3 }],
    ['newer', { major: major + 1, minor: 0 }],
  ])('leave each other alone: the %s host’s agents go on, new ones start beside them', async (_, theirs) => {
    const other = app(theirs);
    await run(other, first, 'echo ready; read x; echo "got $x"; exit 5');
    const otherPid = hostPid(theirs.major);

    const now = app({ major, minor });
    expect(await now.list()).toEqual([]);
    const elsewhere = now.elsewhere(first);
    expect(elsewhere?.isRunning).toBe(true);
    const frames = watch(now, first);
    await until(() => frames.length > 0);
    expect(frames).toEqual([{ kind: 'gone', reason: elsewhere?.inWords }]);
    expect(elsewhere?.inWords).toContain(`goes on in the terminal host of another version`);
    expect(noticesOf(now)).toEqual([expect.stringMatching(/One agent runs.*Nothing ends them.*leaves by itself/)]);
    await run(now, second, 'echo beside; read x');
    await until(async () => (await now.text(second, 1)) === 'beside');
    expect(hostPid(major)).not.toBe(otherPid);

    // Its own app goes on with it, and the agent never noticed.
    const gone: TerminalId[] = [];
    now.onDidChange((change) => {
      if (change.kind === 'host-restored') gone.push(change.id);
    });
    await other.type(first, 'a word\r');
    await until(async () => (await other.list())[0]?.exit?.code === 5);
    expect(await other.text(first, 2)).toBe('a word\ngot a word');
    await until(() => gone.includes(first), 'the end is told');
    await until(async () => {
      await now.list();
      return now.elsewhere(first)?.isRunning === false;
    });
    expect(now.elsewhere(first)?.inWords).toContain('has ended');
    expect(isAlive(otherPid)).toBe(true);

    // Nothing runs in it and nobody is there: it leaves, and what it has kept comes over.
    other.dispose();
    await until(() => !isAlive(otherPid));
    await until(async () => (await now.list()).length === 2);
    expect(now.elsewhere(first)).toBeNull();
    const [info] = (await now.list()).filter(({ id }) => id === first);
    expect(info).toMatchObject({ exit: { code: 5, signal: null } });
    expect(await now.text(first, 2)).toBe('a word\ngot a word');
    await until(() => noticesOf(now).length === 0);
  });

  it('keep nobody waiting while the other is stopped, and are told of it when it answers', async () => {
    const theirs = { major: major - 1, minor: 3 };
    mkdirSync(hostFiles(folder).folder, { recursive: true });
    writeFileSync(hostFiles(folder, theirs.major).lock, '');
    const greeting = Promise.withResolvers<Result<{ close(): void }, DialFailure>>();
    const hosts = new OtherHosts({ log: silentLog, stateFolder: folder, major, greet: () => greeting.promise });
    const told: TerminalId[] = [];
    hosts.onDidChange((ids) => told.push(...ids));
    await hosts.look();
    await hosts.look();
    expect(hosts.find(first)).toBeNull();
    const terminals = [{ id: first, isRunning: true }];
    const client = { major, minor };
    greeting.resolve(fail({ kind: 'refused-version', host: theirs, client, message: 'No.', terminals }));
    await until(() => told.includes(first));
    expect(hosts.find(first)?.isRunning).toBe(true);
    hosts.dispose();
  });

  it('leave nothing behind of a terminal that was removed while the other had it', async () => {
    const theirs = { major: major - 1, minor: 3 };
    const other = app(theirs);
    await run(other, first, 'echo something secret; read x');
    const otherPid = hostPid(theirs.major);
    const kept = (ofMajor: number): string => join(hostFiles(folder, ofMajor).screens, `${first}.screen`);
    await until(() => existsSync(kept(theirs.major)) && readFileSync(kept(theirs.major), 'utf8').includes('secret'));
    other.dispose();
    const now = app({ major, minor });
    expect(await now.list()).toEqual([]);
    expect(await now.remove(first)).toEqual([]);
    await until(() => !isAlive(otherPid));
    expect(await now.list()).toEqual([]);
    expect([existsSync(kept(major)), existsSync(kept(theirs.major))]).toEqual([false, false]);
  });
});
