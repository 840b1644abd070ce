import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { describe, expect, it, vi } from 'vitest';

import { parsePsNames, plainName, processNames } from './process-names.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return { ...original, readFile: vi.fn<typeof original.readFile>(original.readFile) };
});

describe('the names of processes', () => {
  it.skipIf(process.platform === 'win32')('are those of their programs, without those that have ended', async () => {
    const child = spawn('sleep', ['300']);
    await once(child, 'spawn');
    const ended = spawn('true');
    await once(ended, 'exit');
    const names = await processNames(process.platform, [child.pid!, ended.pid!]);
    child.kill();
    expect([...names]).toEqual([[child.pid, 'sleep']]);
  });

  it.runIf(process.platform === 'linux')('wait for a file where the system is short of them', async () => {
    const isShort = Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    for (let times = 0; times < 2; times++) vi.mocked(readFile).mockRejectedValueOnce(isShort);
    expect((await processNames('linux', [process.pid])).size).toBe(1);
  });

  it('are read from what ps says', () => {
    expect(parsePsNames('  12 /usr/sbin/My Server\n 345 -zsh\n\n')).toEqual([
      [12, '/usr/sbin/My Server'],
      [345, '-zsh'],
    ]);
  });

  it.each([
    ['/usr/local/bin/node', 'node'],
    ['-bash', 'bash'],
    ['nginx: worker process', 'nginx'],
    ['./bin/server --token=secret', 'server'],
    ['/opt/app/electron --type=renderer --app-path=/home/me/notes --enable-sandbox', 'electron'],
    ['/usr/lib/postgresql/16/bin/postgres -D /var/lib/data', 'postgres'],
    ['\x1b]0;title\x07', ']0;title'],
    ['\u202eevil', 'evil'],
    ['', 'a process'],
    ['x'.repeat(500), 'x'.repeat(40)],
  ])('are plain: %j', (command, name) => {
    expect(plainName(command)).toBe(name);
  });
});
