import { existsSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Run } from '#shared/contract/runs.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { findCircle } from './held-runs.ts';
import { requestOf, TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const slug = (name: string): SpecSlug => name as SpecSlug;
const working = (run: Run): boolean => run.status.kind === 'working';
const spawn = async (name: string): Promise<RunId> => (await test.spawn({ slug: slug(name) }))[0]!;

/** Commits in the run's worktree and merges that into main, as a person would. */
async function mergeByHand(id: RunId, message = 'Merge'): Promise<void> {
  const { worktreePath, branch } = test.run(id);
  await test.repository.git('-C', worktreePath, 'commit', '-q', '--allow-empty', '-m', `Work on ${branch}`);
  await test.repository.git('merge', '-q', '--no-ff', '-m', message, branch);
  test.runs.refresh(test.projectId, null);
}

describe('a run whose spec comes after others', () => {
  it('waits with nothing made, says for what, and begins by itself from the base that has their work', async () => {
    test.after.set('second', ['first']);
    const first = await spawn('first');
    await test.until(first, working);
    const second = await spawn('second');
    expect(test.run(second).status).toMatchObject({
      kind: 'queued',
      detail: 'Waits until “first” is merged into main.',
      waitsFor: ['first'],
    });
    // Kept is not merged: the base has none of it.
    await test.runs.decide({ id: first, decision: 'keep', reason: '' });
    expect(existsSync(test.run(second).worktreePath)).toBe(false);
    await mergeByHand(first);
    const run = await test.until(second, working);
    expect(run.baseCommit).toBe(await test.repository.git('rev-parse', 'main'));
    expect(run.status.waitsFor).toBeUndefined();
  });

  it('goes on waiting when the app is opened again, and begins when the merge was made meanwhile', async () => {
    test.after.set('second', ['first', 'third']);
    const first = await spawn('first');
    await test.until(first, working);
    const second = await spawn('second');
    expect(test.run(second).status.detail).toBe('Waits until “first” and “third” (no run yet) are merged into main.');
    await test.reopen();
    expect(test.run(second).status).toMatchObject({ kind: 'queued', waitsFor: ['first', 'third'] });
    await mergeByHand(first);
    await test.until(second, (run) => run.status.waitsFor?.length === 1);
    // Nobody has a record of the third: the history of the base has.
    await test.repository.git('commit', '-q', '--allow-empty', '-m', 'Add the third\n\nSpec: third\nRun: 1');
    await test.reopen();
    await test.until(second, working);
  });

  it('is not held by specs that the base has already', async () => {
    test.after.set('second', ['first']);
    await test.repository.git('commit', '-q', '--allow-empty', '-m', 'Merge\n\nSpec: first');
    await test.until(await spawn('second'), working);
    // A spec whose name only begins so is another one.
    test.after.set('other', ['fir']);
    expect(test.run(await spawn('other')).status.waitsFor).toEqual(['fir']);
  });

  it('can be started all the same, cancelled, retried and deleted', async () => {
    test.after.set('second', ['first']);
    const one = await spawn('second');
    expect(await test.runs.stop({ id: one })).toMatchObject({ ok: true });
    expect(test.run(one).status).toMatchObject({
      kind: 'failed',
      detail: 'Cancelled before it began. Nothing had been made.',
    });
    expect(await test.runs.startNow({ id: one })).toMatchObject({ ok: false, error: { kind: 'not-held' } });
    expect(await test.runs.retry({ id: one })).toMatchObject({ ok: true });
    expect(test.run(one).status).toMatchObject({ kind: 'queued', waitsFor: ['first'] });
    expect(await test.runs.startNow({ id: one })).toMatchObject({ ok: true });
    await test.until(one, working);
    const two = await spawn('second');
    const plan = await test.runs.planRemoval({ id: two });
    if (!plan.ok) throw new Error('missing');
    expect(await test.runs.remove({ id: two, fingerprint: plan.value.fingerprint })).toMatchObject({ ok: true });
    expect(test.runs.find(two)).toBeUndefined();
  });

  it('is told before it is made what it would wait for, and a circle is refused by name', async () => {
    test.after.set('second', ['first']);
    const planOf = async (name: string) => {
      const planned = await test.runs.plan({ projectId: test.projectId, requests: [requestOf({ slug: slug(name) })] });
      return planned.ok ? planned.value[0] : undefined;
    };
    expect(await planOf('second')).toMatchObject({
      waits: 'Waits until “first” (no run yet) is merged into main.',
      obstacles: [],
    });
    expect(await planOf('first')).toMatchObject({ waits: null, obstacles: [] });
    test.after.set('first', ['third']);
    test.after.set('third', ['second']);
    expect((await planOf('second'))?.obstacles).toEqual([
      '“second” comes after “first” comes after “third” comes after “second”: none of them would ever begin. Take one out of `after`.',
    ]);
    await test.repository.git('commit', '-q', '--allow-empty', '-m', 'Merge\n\nSpec: third');
    expect((await planOf('second'))?.obstacles).toEqual([]);
  });

  it('does not wait to be split, and its drafts are made on a branch of their own', async () => {
    test.after.set('second', ['first']);
    const [id] = await test.spawn({ slug: slug('second'), task: 'split' });
    const run = await test.until(id!, working);
    expect(run).toMatchObject({ task: 'split', branch: 'feature/ai-second-split' });
    await test.reopen();
    expect(test.run(id!).task).toBe('split');
  });
});

describe('a spec that was merged', () => {
  it('is found also where the person has Git search for fixed strings', async () => {
    await test.repository.git('config', 'grep.patternType', 'fixed');
    await test.repository.git('commit', '-q', '--allow-empty', '-m', 'Merge first', '-m', 'Spec: first');
    test.after.set('second', ['first']);
    const run = await test.until(await spawn('second'), working);
    expect(run.status.waitsFor).toBeUndefined();
  });
});

describe('findCircle', () => {
  it('finds the circle through a spec and no other, however they are joined', async () => {
    const after: Record<string, string[]> = { a: ['b', 'c'], b: ['d'], c: ['d'], d: ['e'], e: ['d'], me: ['me'] };
    const find = (name: string) => findCircle(slug(name), (at) => Promise.resolve((after[at] ?? []).map(slug)));
    expect(await find('a')).toBeNull();
    expect(await find('d')).toEqual(['d', 'e', 'd']);
    expect(await find('me')).toEqual(['me', 'me']);
  });
});
