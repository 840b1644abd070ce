import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

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
