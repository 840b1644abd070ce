import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { AgentId, SpecSlug } from '#shared/ids.ts';

import { createServices } from './services.ts';
import { TestWorld, type TestHost } from './test-host.ts';
import { testServicesOptions } from './test-services-options.ts';

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
});
afterEach(async () => {
  await world.remove();
});

const slug = (name: string): SpecSlug => name as SpecSlug;

describe('the whole loop', () => {
  it('goes from three specs to two merged branches and one conflict', async () => {
    await world.writeSpec('one', { 'one.txt': 'one\n', 'shared.txt': 'from one\n' });
    await world.writeSpec('two', { 'two.txt': 'two\n' }, { ask: 'Is two right?' });
    await world.writeSpec('three', { 'shared.txt': 'from three\n' });
    host = await world.start();
    await host.open();
    const [one, two, three] = await host.spawn({ slug: slug('one') }, { slug: slug('two') }, { slug: slug('three') });
    const waiting = await host.until(two!, (run) => run.status.kind === 'waiting');
    expect(waiting.status.detail).toContain('Is two right?');
    const screen = host.watch(waiting.terminalId!);
    await until(
      () => screen.text().includes('Is two right?'),
      () => screen.text(),
    );
    expect(await host.api.terminals.write({ id: waiting.terminalId!, data: 'yes\r' })).toMatchObject({ ok: true });
    await Promise.all([host.finished(one!), host.finished(two!), host.finished(three!)]);
    expect(host.run(one!)).toMatchObject({
      changes: { commits: 1, behind: 0, uncommitted: 0 },
      presence: { branch: true, worktree: true },
    });
    expect(existsSync(join(host.run(one!).worktreePath, 'one.txt'))).toBe(true);
  });
});

describe('what runs in terminals', () => {
  const running = async (): Promise<number> => {
    const { settings, repository } = world;
    const options = testServicesOptions({ root: repository.root, state: 'state', settings, log: silentLog });
    const services = await createServices(options);
    try {
      return await services.runningTerminals();
    } finally {
      await services.dispose();
    }
  };

  it('is counted also where its project was not opened since the start, and no host is started to find out', async () => {
    expect(await running()).toBe(0);
    expect(world.ptyHostPid()).toBe(null);
    await world.writeSpec('one', { 'one.txt': 'one\n' });
    host = await world.start();
    await host.open();
    const [one] = await host.spawn({ slug: slug('one'), agentId: 'shell' as AgentId });
    await host.until(one!, ({ status }) => status.kind === 'working' || status.kind === 'idle');
    await host.end();
    expect(await running()).toBe(1);
  });
});
