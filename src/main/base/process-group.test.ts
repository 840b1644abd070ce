import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { endProcessGroup, groupOptions, type GroupPorts } from './process-group.ts';
import { isAlive } from './test-is-alive.ts';
import { until } from './test-until.ts';

const running = { pid: 42, exitCode: null, signalCode: null };

function recorded(): GroupPorts & { done: unknown[] } {
  const done: unknown[] = [];
  return {
    done,
    signal: (pid, signal) => {
      done.push([pid, signal]);
      if (pid === -7) throw new Error('ESRCH');
    },
    run: (command, args) => done.push([command, ...args]),
  };
}

describe('a process and what it has started', () => {
  it.each(['linux', 'darwin'] as const)('is a group on %s, and is asked or killed as one', (platform) => {
    const ports = recorded();
    expect(groupOptions(platform).detached).toBe(true);
    endProcessGroup(running, platform, 'SIGTERM', ports);
    endProcessGroup(running, platform, 'SIGKILL', ports);
    endProcessGroup({ ...running, pid: 7 }, platform, 'SIGKILL', ports); // ended already
    expect(ports.done).toEqual([
      [-42, 'SIGTERM'],
      [-42, 'SIGKILL'],
      [-7, 'SIGKILL'],
    ]);
  });

  it('is a tree on Windows, ended by Windows’ own program, and never once its number may be another’s', () => {
    const ports = recorded();
    expect(groupOptions('win32').detached).toBe(false);
    endProcessGroup(running, 'win32', 'SIGTERM', ports);
    endProcessGroup({ ...running, exitCode: 0 }, 'win32', 'SIGKILL', ports);
    endProcessGroup({ ...running, signalCode: 'SIGTERM' }, 'win32', 'SIGKILL', ports);
    expect(ports.done).toEqual([[expect.stringMatching(/\\System32\\taskkill\.exe$/), '/PID', '42', '/T', '/F']]);
  });

  it('was never there when it could not be started', () => {
    const ports = recorded();
    for (const platform of ['linux', 'win32'] as const) {
      endProcessGroup({ pid: undefined, exitCode: null, signalCode: null }, platform, 'SIGKILL', ports);
    }
    expect(ports.done).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is gone with its children, really', async () => {
    const child = spawn('sh', ['-c', 'sleep 300 & echo $!; wait'], groupOptions(process.platform));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const grandchild = Number(line.toString());
    endProcessGroup(child, process.platform);
    await until(() => !isAlive(grandchild) && !isAlive(child.pid ?? 0));
    expect(grandchild).toBeGreaterThan(0);
  });
});
