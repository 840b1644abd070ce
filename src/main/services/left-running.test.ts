import { existsSync, readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import type { AgentId } from '#shared/ids.ts';

import { TestWorld } from './test-host.ts';

/* What an agent leaves in the background when it ends is not lost from sight, and one stop ends it. */

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('one', { 'one.txt': 'one\n' });
});
afterEach(async () => {
  await world.remove();
});

it.skipIf(process.platform === 'win32')(
  'is shown by name, also by a host that is started later, until it is stopped',
  async () => {
    const first = await world.start();
    await first.open();
    const [id] = await first.spawn({ agentId: 'shell' as AgentId });
    const run = await first.until(id!, ({ status }) => status.kind === 'working' || status.kind === 'idle');
    const pidFile = world.at('pid');
    await first.api.terminals.write({
      id: run.terminalId!,
      data: `setsid sh -c 'echo $$ >"${pidFile}"; exec sleep 1000' </dev/null >/dev/null 2>&1 & exit\r`,
    });
    const ended = await first.until(
      id!,
      ({ status, leftRunning }) => status.kind === 'exited' && leftRunning?.length === 1,
    );
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'), 'it has written its number');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(ended.leftRunning).toEqual([{ pid, name: 'sleep' }]);
    await first.end();
    expect(isAlive(pid)).toBe(true);

    const second = await world.start();
    await second.open();
    await second.until(id!, ({ leftRunning }) => leftRunning?.length === 1);
    expect(await second.api.runs.stop({ id: id! })).toMatchObject({ ok: true });
    expect(isAlive(pid)).toBe(false);
    await second.until(id!, ({ leftRunning }) => leftRunning?.length === 0);
    expect(await second.api.runs.stop({ id: id! })).toMatchObject({ error: { kind: 'not-running' } });
  },
);
