import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

import { afterEach, describe, expect, it } from 'vitest';

import { lowerPriority } from './lower-priority.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Detached: it leads a session of its own, as a program in a terminal does. */
function start(detached: boolean): number {
  const child = spawn('sleep', ['300'], { detached, stdio: 'ignore' });
  children.push(child);
  if (child.pid === undefined) throw new Error('sleep could not be started');
  return child.pid;
}

describe.runIf(process.platform !== 'win32')('what runs in a terminal', () => {
  it('gives way to the app', async () => {
    const pid = start(true);
    await lowerPriority(process.platform, pid);
    expect(getPriority(pid)).toBe(5);
    expect(getPriority(0)).toBeLessThan(5);
  });

  it.runIf(process.platform === 'linux')('gives way with its whole session, and never with ours', async () => {
    const own = groupOf('self');
    const [leads, follows] = [start(true), start(false)];
    await lowerPriority('linux', leads);
    await lowerPriority('linux', follows);
    if (own === null) return; // a kernel that does not share out among sessions
    expect(groupOf(leads)).toMatch(/nice 5$/);
    expect(groupOf('self')).toBe(own);
  });

  it('is left alone when it has ended already', async () => {
    const pid = start(true);
    const ended = new Promise((resolve) => children[0]?.on('exit', resolve));
    process.kill(pid, 'SIGKILL');
    await ended;
    await expect(lowerPriority(process.platform, pid)).resolves.toBeUndefined();
  });
});

function groupOf(pid: number | 'self'): string | null {
  try {
    return readFileSync(`/proc/${String(pid)}/autogroup`, 'utf8').trim();
  } catch {
    return null;
  }
}
