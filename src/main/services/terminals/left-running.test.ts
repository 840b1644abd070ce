import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import { terminalMarker } from '#main/ptyhost/child-environment.ts';
import type { TerminalId } from '#shared/ids.ts';

import { leftRunning } from './left-running.ts';

const [one, other] = ['run-one', 'run-other'] as TerminalId[];

describe('what programs have left running', () => {
  it.skipIf(process.platform === 'win32')(
    'is found by its terminal, and by that of this state folder alone',
    async () => {
      const { name, value } = terminalMarker(one!, '/state');
      const child = spawn('sleep', ['300'], { detached: true, env: { ...process.env, [name]: value } });
      await once(child, 'spawn');
      const { platform } = process;
      const here = await leftRunning({ platform, stateFolder: '/state' }, [one!, other!]);
      const elsewhere = await leftRunning({ platform, stateFolder: '/another' }, [one!]);
      child.kill();
      expect([...here]).toEqual([[one, [{ pid: child.pid, name: 'sleep' }]]]);
      expect(elsewhere.size).toBe(0);
    },
  );

  it.skipIf(process.platform === 'win32')('is told of no more than a hundred, however many there are', async () => {
    const { name, value } = terminalMarker(one!, '/state');
    const crowd = spawn('sh', ['-c', 'for i in $(seq 110); do sleep 300 & done; wait'], {
      detached: true,
      env: { ...process.env, [name]: value },
    });
    const { platform } = process;
    await until(
      async () => (await leftRunning({ platform, stateFolder: '/state' }, [one!])).get(one!)?.length === 100,
      'a hundred are told of',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    const left = await leftRunning({ platform, stateFolder: '/state' }, [one!]);
    process.kill(-crowd.pid!, 'SIGKILL');
    expect(left.get(one!)).toHaveLength(100);
  });

  it('is not known on Windows', async () => {
    expect((await leftRunning({ platform: 'win32', stateFolder: '/state' }, [one!])).size).toBe(0);
  });
});
