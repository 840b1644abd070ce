import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { findHost, HostLock } from './host-lock.ts';

const module = join(import.meta.dirname, 'host-lock.ts');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-lock-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Another process that tries to take the lock, says so, and keeps what it has until it is killed. */
async function otherHost(): Promise<{ pid: number; said: string; kill(): Promise<void> }> {
  const script = `
    import { HostLock } from ${JSON.stringify(module)};
    const taken = HostLock.acquire(${JSON.stringify(folder)}, 'headless');
    if (taken.ok) taken.value.announce({ address: 'http://127.0.0.1:1/?token=x', door: null });
    console.log(taken.ok ? 'taken' : taken.error.kind);
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
  });
  return {
    pid: child.pid!,
    said,
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.kill('SIGKILL');
      }),
  };
}

it('is nobody’s until a host takes it, and nobody’s again afterwards', () => {
  expect(findHost(folder)).toEqual({ kind: 'nobody' });
  const taken = HostLock.acquire(folder, 'desktop');
  expect(taken.ok).toBe(true);
  if (taken.ok) taken.value.dispose();
  expect(HostLock.acquire(folder, 'headless').ok).toBe(true);
});

it('tells a second host who is there and where, and only the person can read it', async () => {
  const other = await otherHost();
  try {
    expect(other.said).toBe('taken');
    const by = { kind: 'headless', pid: other.pid, address: 'http://127.0.0.1:1/?token=x', door: null };
    expect(HostLock.acquire(folder, 'desktop')).toEqual({ ok: false, error: { kind: 'held', by } });
    expect(findHost(folder)).toEqual({ kind: 'held', by });
    expect((await stat(join(folder, 'host.json'))).mode & 0o777).toBe(0o600);
  } finally {
    await other.kill();
  }
});

it('is free at once when its host is killed', async () => {
  const other = await otherHost();
  await other.kill();
  expect(findHost(folder)).toEqual({ kind: 'nobody' });
  const taken = HostLock.acquire(folder, 'headless');
  expect(taken.ok).toBe(true);
  if (taken.ok) taken.value.dispose();
});

it('goes to exactly one of several hosts that start at once', async () => {
  const hosts = await Promise.all([otherHost(), otherHost(), otherHost(), otherHost()]);
  await Promise.all(hosts.map((host) => host.kill()));
  expect(hosts.map(({ said }) => said).toSorted()).toEqual(['held', 'held', 'held', 'taken']);
});
