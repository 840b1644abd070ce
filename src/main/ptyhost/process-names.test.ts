import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { parsePsNames, plainName, processNames } from './process-names.ts';

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
    ['\x1b]0;title\x07', ']0;title'],
    ['\u202eevil', 'evil'],
    ['', 'a process'],
    ['x'.repeat(500), 'x'.repeat(40)],
  ])('are plain: %j', (command, name) => {
    expect(plainName(command)).toBe(name);
  });
});
