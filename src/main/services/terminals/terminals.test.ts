import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor, writeDescriptor } from '#main/ptyhost/host-files.ts';
import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

import type { PtyHostCommand } from './pty-host-process.ts';
import { Terminals, type TerminalChange } from './terminals.ts';

const id = 'test-1' as TerminalId;
const size = { cols: 80, rows: 24 };
const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

describe('Terminals', () => {
  let folder: string;
  let services: Terminals[];
  let hostPids: Set<number>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'terminals-'));
    services = [];
    hostPids = new Set();
  });

  afterEach(async () => {
    rememberHost();
    for (const service of services) service.dispose();
    for (const pid of hostPids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => [...hostPids].every((pid) => !isAlive(pid)));
    rmSync(folder, { recursive: true, force: true });
  });

  function service(ptyHost: Partial<PtyHostCommand> = {}): Terminals {
    const made = new Terminals({
      platform: process.platform,
      log: silentLog,
      stateFolder: folder,
      ptyHost: { execPath: process.execPath, args: [program], idleMilliseconds: 60_000, ...ptyHost },
      environment: { PATH: process.env['PATH'], SWITCHYARD_TOKEN: 'secret', LANG: 'C' },
    });
    services.push(made);
    return made;
  }

  function rememberHost(): number {
    const pid = readDescriptor(hostFiles(folder).descriptor)?.pid;
    if (pid !== undefined) hostPids.add(pid);
    return pid ?? 0;
  }

  async function killHost(): Promise<void> {
    const pid = rememberHost();
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
  }

  const isKeptWith = (text: string): boolean => {
    const file = join(hostFiles(folder).screens, `${id}.screen`);
    return existsSync(file) && readFileSync(file, 'utf8').includes(text);
  };

  const start = (terminals: Terminals, script: string, env = {}) =>
    terminals.start(id, { command: 'sh', args: ['-c', script], cwd: folder, env });

  function watch(terminals: Terminals, viewer = 'v'): { frames: TerminalFrame[]; shown(): string } {
    const frames: TerminalFrame[] = [];
    terminals.attach({ id, viewer }, (frame) => {
      frames.push(frame);
      if ('data' in frame && frame.data !== '') void terminals.acknowledge({ id, viewer, chars: frame.data.length });
    });
    const shown = (): string =>
      frames.reduce((text, frame) => {
        if (frame.kind === 'snapshot') return frame.data;
        return frame.kind === 'output' ? text + frame.data : text;
      }, '');
    return { frames, shown };
  }

  function hear(terminals: Terminals): TerminalChange[] {
    const changes: TerminalChange[] = [];
    terminals.onDidChange((change) => changes.push(change));
    return changes;
  }

  it('starts a pty host and runs a program in a terminal', async () => {
    const terminals = service();
    await terminals.connect();
    const changes = hear(terminals);
    await terminals.create(id, size);
    await terminals.print(id, 'Starting …\n');
    const viewer = watch(terminals);
    expect(
      await start(terminals, 'read x; echo "$x ${SWITCHYARD_TOKEN:-none} $EXTRA $LANG"; exit 2', { EXTRA: 'extra' }),
    ).toMatchObject({ ok: true });
    expect(await terminals.resize({ id, cols: 90, rows: 20 })).toEqual({ ok: true, value: undefined });
    expect(await terminals.write({ id, data: 'typed\r' })).toEqual({ ok: true, value: undefined });
    await until(() => changes.some((change) => change.kind === 'exited'));
    expect(await terminals.text(id, 5)).toBe('Starting …\ntyped\ntyped none extra C.UTF-8');
    expect(viewer.frames.at(-1)).toEqual({ kind: 'exited', exit: { code: 2, signal: null } });
    expect(await terminals.list()).toMatchObject([{ id, cols: 90, rows: 20, started: true, exit: { code: 2 } }]);
    expect(await terminals.write({ id, data: 'x' })).toEqual({ ok: false, error: { kind: 'exited' } });
    await terminals.remove(id);
    expect(viewer.frames.at(-1)).toMatchObject({ kind: 'gone' });
    expect(await terminals.list()).toEqual([]);
  });

  it('says of what a program does not read that it was not typed', async () => {
    const terminals = service();
    await terminals.create(id, size);
    const viewer = watch(terminals);
    await start(terminals, 'stty raw -echo; echo ready; exec sleep 300');
    await until(() => viewer.shown().includes('ready'));
    const data = 'x'.repeat(900_000);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => terminals.write({ id, data })));
    expect(outcomes[0]).toMatchObject({ ok: true });
    expect(outcomes.at(-1)).toEqual({ ok: false, error: { kind: 'not-read' } });
    expect(await terminals.type(id, data)).toBe('not-read');
    await terminals.kill(id);
    expect(await terminals.type(id, data)).toBe('not-running');
  });

  it('finds what it left behind when the app is opened again', async () => {
    const before = service();
    await before.create(id, size);
    await start(before, 'echo still here; printf "\\033]0;busy\\007"; read x; echo "got $x"; read x');
    await until(async () => (await before.text(id, 1)) === 'still here');
    before.dispose();

    const after = service();
    await after.connect();
    expect(await after.list()).toMatchObject([{ id, title: 'busy', exit: null, started: true }]);
    const viewer = watch(after);
    await until(() => viewer.shown().includes('still here'));
    expect(await after.type(id, 'a word\r')).toBe('typed');
    await until(() => viewer.shown().includes('got a word'));
  });

  it('says why a program could not be started', async () => {
    const terminals = service();
    await terminals.create(id, size);
    const process = { command: 'no-such-agent', args: [], cwd: folder, env: {} };
    expect(await terminals.start(id, process)).toMatchObject({
      ok: false,
      error: { kind: 'spawn-failed', message: expect.stringContaining('not found on PATH') as string },
    });
    expect(await terminals.start(id, { ...process, command: 'sh', cwd: join(folder, 'gone') })).toMatchObject({
      ok: false,
      error: { kind: 'spawn-failed', message: expect.stringContaining('does not exist') as string },
    });
    expect(await terminals.start(id, { ...process, args: ['x'.repeat(20_000_000)] })).toMatchObject({
      ok: false,
      error: { kind: 'spawn-failed', message: expect.stringContaining('longer than') as string },
    });
    expect(await terminals.start('none' as TerminalId, process)).toEqual({ ok: false, error: { kind: 'gone' } });
    await start(terminals, 'sleep 300');
    expect(await start(terminals, 'true')).toEqual({ ok: false, error: { kind: 'still-running' } });
    await terminals.kill(id);
    expect(await start(terminals, 'true')).toMatchObject({ ok: true });
  });

  it('says that the pty host has died, and shows what was kept in another; a program can be started there', async () => {
    const terminals = service();
    const changes = hear(terminals);
    await terminals.create(id, size);
    await start(terminals, 'printf "\\033]0;at work\\007\\033[?2004h"; echo running; exec sleep 300');
    const viewer = watch(terminals);
    await until(() => viewer.shown().includes('running'));
    await until(() => isKeptWith('running'));
    await killHost();
    await until(() => changes.some((change) => change.kind === 'exited'));
    expect(changes.map((change) => change.kind)).toEqual(expect.arrayContaining(['host-lost', 'host-restored']));
    expect(changes.find((change) => change.kind === 'host-lost')).toMatchObject({
      id,
      reason: expect.stringMatching(/has ended|broke/) as string,
    });
    const lost = { code: null, signal: null, lost: { cause: 'host', isWhole: false } };
    expect(changes.at(-1)).toMatchObject({ id, kind: 'exited', exit: lost });
    await until(() => viewer.frames.at(-1)?.kind === 'snapshot' && viewer.frames.length > 2);
    expect(viewer.frames.at(-1)).toMatchObject({ kind: 'snapshot', title: 'at work', exit: lost });
    expect(viewer.shown()).toContain('running');
    expect(viewer.shown()).toContain('\x1b[?2004h');
    expect(await terminals.write({ id, data: 'x' })).toEqual({ ok: false, error: { kind: 'exited' } });

    rememberHost();
    expect(await start(terminals, 'echo again; exit 0')).toMatchObject({ ok: true });
    await until(() => viewer.frames.at(-1)?.kind === 'exited');
    expect(await terminals.text(id, 5)).toBe('running\nagain');
  });

  it('does not start hosts for ever when each of them dies', async () => {
    const terminals = service();
    await terminals.create(id, size);
    await start(terminals, 'echo running; exec sleep 300');
    await until(() => isKeptWith('running'));
    const viewer = watch(terminals);
    for (let death = 0; death < 4; death++) {
      const before = viewer.frames.length;
      await killHost();
      await until(() => viewer.frames.length > before);
    }
    expect(viewer.frames.at(-1)).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('again and again') as string,
    });
    // Whoever asks for something gets a host all the same.
    expect(await terminals.list()).toMatchObject([{ id }]);
  });

  it('shows what was kept also to one who looks before any pty host runs', async () => {
    const before = service({ idleMilliseconds: 100 });
    await before.create(id, size);
    await start(before, 'echo done; exit 3');
    await until(() => isKeptWith('"exit":{"code":3'));
    const pid = rememberHost();
    before.dispose();
    await until(() => !isAlive(pid));
    const viewer = watch(service());
    await until(() => viewer.frames.length > 0);
    expect(viewer.frames).toMatchObject([{ kind: 'snapshot', exit: { code: 3, signal: null } }]);
    expect(viewer.shown()).toContain('done');
  });

  it('goes on with every screen when only the connection breaks', async () => {
    await service().create(id, size);
    // Between the app and the pty host, so that the line can be cut.
    const { descriptor } = hostFiles(folder);
    const real = readDescriptor(descriptor)!;
    hostPids.add(real.pid);
    const lines = new Set<Socket>();
    const relay = createServer((near) => {
      const far = connect(real.address);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      lines.add(near);
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => relay.listen(join(folder, 'relay'), resolve));
    writeDescriptor(descriptor, { ...real, address: join(folder, 'relay') });

    const terminals = service();
    const changes = hear(terminals);
    await start(terminals, 'echo before; read x; echo after; exit 4');
    const viewer = watch(terminals);
    await until(() => viewer.shown().includes('before'));
    for (const line of lines) line.destroy();
    await until(() => changes.some((change) => change.kind === 'host-restored'));
    expect(changes.map((change) => change.kind)).toContain('host-lost');
    expect(await terminals.type(id, '\r')).toBe('typed');
    await until(() => viewer.frames.at(-1)?.kind === 'exited');
    expect(viewer.shown()).toMatch(/before[^]*after/);
    expect(viewer.frames.filter((frame) => frame.kind === 'snapshot').length).toBeGreaterThan(1);
    expect(viewer.frames.some((frame) => frame.kind === 'gone')).toBe(false);
    relay.close();
  });

  it('lets nothing that was heard be undone by an older answer that comes in the same breath', async () => {
    await service().create(id, size);
    const { descriptor } = hostFiles(folder);
    const real = readDescriptor(descriptor)!;
    hostPids.add(real.pid);
    const lines: Socket[] = [];
    /** What the host has said to the second one that connected, beyond its greeting, until it is let go. */
    let held: Buffer[] | null = [];
    const relay = createServer((near) => {
      const far = connect(real.address);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      lines.push(near);
      const isSecond = lines.length === 2;
      let isGreeted = false;
      near.pipe(far);
      far.on('data', (data: Buffer) => {
        if (isSecond && isGreeted && held) held.push(data);
        else near.write(data);
        isGreeted = true;
      });
    });
    await new Promise<void>((resolve) => relay.listen(join(folder, 'relay'), resolve));
    writeDescriptor(descriptor, { ...real, address: join(folder, 'relay') });

    const terminals = service();
    const changes = hear(terminals);
    const titles = (): readonly string[] => changes.flatMap((change) => (change.kind === 'title' ? change.title : []));
    await start(terminals, "printf '\\033]0;one\\007'; read x; printf '\\033]0;two\\007'; exit 4");
    await until(() => titles().includes('one'));
    lines[0]!.destroy();
    const heldText = (): string => Buffer.concat(held ?? []).toString('utf8');
    await until(() => heldText().includes('"title":"one"'));
    await service().write({ id, data: '\r' });
    await until(() => heldText().includes('"exited"'));
    lines[1]!.write(Buffer.concat(held));
    held = null;
    await until(() => changes.some((change) => change.kind === 'host-restored'));
    expect(titles()).toEqual(['one', 'two']);
    // Nor is it told again when the connection breaks once more.
    changes.splice(0);
    lines[1]!.destroy();
    await until(() => changes.some((change) => change.kind === 'host-restored'));
    expect(changes.filter((change) => change.kind === 'exited' || change.kind === 'title')).toEqual([]);
    relay.close();
  });

  it('tells a viewer of a terminal that is gone, and starts no pty host for that', async () => {
    const terminals = service();
    const viewer = watch(terminals);
    await until(() => viewer.frames.length > 0);
    expect(viewer.frames).toMatchObject([{ kind: 'gone' }]);
    expect(await terminals.resize({ id, ...size })).toEqual({ ok: false, error: { kind: 'gone' } });
    expect(rememberHost()).toBe(0);
  });

  it('says in words that no pty host can be started', async () => {
    const missing = service({ execPath: join(folder, 'no-such-program') });
    await expect(missing.connect()).rejects.toThrow(/could not be started/);
    const broken = service({ args: ['-e', 'process.exit(3)', '--'] });
    await expect(broken.connect()).rejects.toThrow(/ended with code 3/);
    expect(await start(broken, 'true')).toMatchObject({
      ok: false,
      error: { kind: 'spawn-failed', message: expect.stringContaining('could not be started') as string },
    });
  });

  it('says that there is a host after all to whoever could not be told how the terminals are', async () => {
    const late = service({ args: ['-e', 'process.exit(3)', '--'] });
    const changes = hear(late);
    await expect(late.list()).rejects.toThrow(/could not be started/);
    const other = service();
    await other.create(id, size);
    await start(other, 'exit 5');
    // Whoever asks for something finds it.
    await late.text(id, 1);
    await until(() => changes.some((change) => change.kind === 'host-restored' && change.id === id));
    await until(async () => (await late.list())[0]?.exit?.code === 5);
  });

  it('serves two apps at once from one pty host', async () => {
    const [one, other] = [service(), service()];
    await Promise.all([one.connect(), other.connect()]);
    await one.create(id, size);
    const viewers = [watch(one), watch(other)];
    await start(one, 'read x; echo "both $x"; read x');
    await until(() => viewers.every((viewer) => viewer.frames.length > 0));
    await other.type(id, 'see\r');
    await until(() => viewers.every((viewer) => viewer.shown().includes('both see')));
    expect((await other.list()).map((info) => info.id)).toEqual([id]);
  });
});
