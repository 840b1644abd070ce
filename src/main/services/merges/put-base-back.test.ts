import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PutBackPlan } from '#shared/contract/merges.ts';

import type { Merges } from './merges.ts';
import { TestMerges } from './test-merges.ts';

let world: TestMerges;
beforeEach(async () => {
  world = await TestMerges.create();
});
afterEach(() => world.remove());

const main = (): Promise<string> => world.repository.git('rev-parse', 'main');
const status = (): Promise<string> => world.repository.git('status', '--porcelain');
const file = (name: string): Promise<string | null> =>
  readFile(join(world.repository.path, name), 'utf8').catch(() => null);

/** Merges a branch with one commit, and returns the snapshot of the base as it was before. */
async function merge(branch: string): Promise<string> {
  await world.commitOn(branch, { [`${branch}.txt`]: `${branch}\n` }, `Work of ${branch}`);
  world.run = { ...world.run, branch };
  const merged = await world.confirm('merge');
  if (!merged.ok) throw new Error(JSON.stringify(merged.error));
  return merged.value.snapshot;
}

async function plan(snapshot: string): Promise<PutBackPlan> {
  const planned = await world.merges.planPutBack({ projectId: world.projectId, snapshot });
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value;
}

const putBack = (snapshot: string, from: string): ReturnType<Merges['putBack']> =>
  world.merges.putBack({ projectId: world.projectId, snapshot, from });

describe('an older merge', () => {
  it('can be taken back with all that came after it, which is named before, and that can be taken back', async () => {
    const begun = await main();
    const snapshot = await merge('one');
    await merge('two');
    await world.commitIn(world.repository.path, { 'by-hand.txt': 'by hand\n' }, 'By hand');
    const tip = await main();
    const undone = await world.merges.undo({ projectId: world.projectId, snapshot });
    expect(undone).toEqual({ ok: false, error: { kind: 'base-moved', base: 'main' } });

    const seen = await plan(snapshot);
    expect(seen).toMatchObject({
      base: 'main',
      reason: 'Merge one into main',
      from: tip,
      to: begun,
      commitCount: 3,
      commits: [{ subject: 'By hand' }, { subject: 'Merge two into main' }, { subject: 'Merge one into main' }],
    });
    expect(await main()).toBe(tip);

    await world.repository.write('scratch.txt', 'mine\n');
    const back = await putBack(snapshot, seen.from);
    if (!back.ok) throw new Error(JSON.stringify(back.error));
    expect(back.value).toMatchObject({ base: 'main', commit: begun });
    expect(await main()).toBe(begun);
    expect([await file('one.txt'), await file('two.txt'), await file('by-hand.txt')]).toEqual([null, null, null]);
    expect(await status()).toBe('?? scratch.txt');
    // The branches are as they were, and a ref of ours holds all that came off.
    expect(await world.repository.git('show', 'one:one.txt')).toBe('one');
    expect(await world.repository.git('rev-list', '--all')).toContain(tip);

    expect(await world.merges.undo({ projectId: world.projectId, snapshot: back.value.snapshot })).toEqual({
      ok: true,
      value: { base: 'main', commit: tip },
    });
    expect(await main()).toBe(tip);
    expect(await file('by-hand.txt')).toBe('by hand\n');
    expect(await status()).toBe('?? scratch.txt');
  });

  it('leaves the checkout alone where the base is not checked out', async () => {
    const begun = await main();
    const snapshot = await merge('one');
    await merge('two');
    await world.repository.git('switch', '-q', '-c', 'elsewhere');
    expect(await putBack(snapshot, await main())).toMatchObject({ ok: true });
    expect(await main()).toBe(begun);
    expect(await file('two.txt')).toBe('two\n');
    expect(await status()).toBe('');
  });

  it('stays, with all that came after it, when anything is in the way', async () => {
    const snapshot = await merge('one');
    await merge('two');
    const tip = await main();
    const seen = await plan(snapshot);

    await world.repository.write('two.txt', 'mine\n');
    const before = await world.repository.refs();
    expect(await putBack(snapshot, tip)).toMatchObject({ error: { kind: 'checkout-dirty', files: ['two.txt'] } });
    expect(await file('two.txt')).toBe('mine\n');
    expect(await world.repository.refs()).toBe(before);
    await world.repository.git('checkout', '-q', 'two.txt');

    // What has come since it was looked at was not agreed to.
    const later = await world.commitIn(world.repository.path, { 'later.txt': 'later\n' }, 'Later');
    const refs = await world.repository.refs();
    const moved = await putBack(snapshot, seen.from);
    expect(moved).toMatchObject({
      ok: false,
      error: { kind: 'moved', plan: { from: later, commitCount: 3, commits: [{ subject: 'Later' }, {}, {}] } },
    });
    expect(await world.repository.refs()).toBe(refs);
    expect(await putBack('refs/switchyard/snapshots/none', later)).toEqual({
      ok: false,
      error: { kind: 'snapshot-missing' },
    });
  });
});
