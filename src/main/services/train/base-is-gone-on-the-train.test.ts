import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import type { Train } from '#shared/contract/train.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

/* Somebody deletes the base while the gates of a car run on what it would be. */

let world: TestWorld;
let host: TestHost;
let train: Train | null;
beforeEach(async () => {
  world = await TestWorld.create();
  train = null;
});
afterEach(() => world.remove());

const go = (): string => world.at('go');

/** Two kept runs, and a gate of the train alone, which tells when it runs and waits until it is let go. */
async function twoKept(): Promise<readonly RunId[]> {
  await world.writeConfig(
    `gates:\n  - { id: tests, when: merge, run: 'touch "${world.at('running')}"; until [ -e "${go()}" ]; do sleep 0.05; done' }\n`,
  );
  for (const slug of ['one', 'two']) await world.writeSpec(slug, { [`${slug}.txt`]: `${slug}\n` });
  await world.repository.commit('Set up');
  host = await world.start();
  const project = await host.open();
  if (project.trust.kind !== 'asks') throw new Error('nothing is to be allowed');
  await host.api.projects.trust({ projectId: project.id, fingerprint: project.trust.fingerprint });
  await host.open();
  const ids = await host.spawn({ slug: 'one' as SpecSlug }, { slug: 'two' as SpecSlug });
  writeFileSync(go(), '');
  for (const id of ids) {
    await host.finished(id);
    await host.api.runs.decide({ id, decision: 'keep', reason: '' });
  }
  host.api.train.onDidChange(host.project.id, (next) => {
    train = next;
  });
  return ids;
}

const settled = async (...states: Train['state'][]): Promise<Train> => {
  await until(
    () => train !== null && states.includes(train.state),
    () => JSON.stringify(train, null, 1),
  );
  return train!;
};

describe('a base that is deleted while the gates of a train run', () => {
  it.each([
    ['checked out', false],
    ['not checked out', true],
  ])('(%s) is told, and the train goes on when it is back', async (_where, isElsewhere) => {
    const ids = await twoKept();
    const base = await world.repository.git('rev-parse', 'main');
    if (isElsewhere) await world.repository.git('switch', '-q', '-c', 'elsewhere');
    for (const path of [go(), world.at('running')]) rmSync(path, { force: true });
    const tips = await world.repository.git('for-each-ref', '--format=%(objectname)', 'refs/heads/feature');

    expect(await host.api.train.start({ projectId: host.project.id, ids: [...ids], method: 'merge' })).toMatchObject({
      ok: true,
    });
    await until(() => existsSync(world.at('running')), 'the gate runs');
    await world.repository.git('update-ref', '-d', 'refs/heads/main');
    writeFileSync(go(), '');
    const stopped = await settled('stopped');
    expect(stopped.cars.map(({ state }) => state)).toEqual(['failed', 'waiting']);
    expect(stopped.reason).toContain('The base main is gone.');
    // It is not made anew behind the person's back, and nothing of anybody's is touched.
    const branches = await world.branches();
    expect(branches.split('\n')).not.toContain('main');
    expect(await world.repository.git('for-each-ref', '--format=%(objectname)', 'refs/heads/feature')).toBe(tips);
    expect(readdirSync(world.repository.path)).toEqual(expect.arrayContaining(['readme.md', 'specs']));

    // Tried again while it is still gone, it says so again.
    train = null;
    await host.api.train.resume({ projectId: host.project.id, skip: false });
    expect((await settled('stopped')).reason).toContain('The base main is gone.');

    await world.repository.git('update-ref', 'refs/heads/main', base);
    await host.api.train.resume({ projectId: host.project.id, skip: false });
    const done = await settled('done');
    expect(done.cars.map(({ state }) => state)).toEqual(['merged', 'merged']);
    expect(await world.repository.git('ls-tree', '-r', '--name-only', 'main')).toMatch(/^one\.txt$[^]*^two\.txt$/mu);
    expect(await world.repository.git('rev-parse', 'main~2')).toBe(base);
    expect(await world.repository.git('status', '--porcelain')).toBe('');
    expect(host.faults).toEqual([]);
  });
});
