import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { RunChecks } from '#shared/contract/gates.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { VariantsState } from '#shared/contract/variants.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/* From variants of one spec to a run that takes from several: real agents, worktrees, gates and merges together. */

const slug = 'one' as SpecSlug;

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
});
afterEach(async () => {
  await world.remove();
});

async function begin(config: string): Promise<void> {
  await world.writeConfig(config);
  await world.repository.commit('Set up');
  host = await world.start();
  await trust();
}

async function trust(): Promise<void> {
  const project = await host.open();
  if (project.trust.kind !== 'asks') return;
  await host.api.projects.trust({ projectId: project.id, fingerprint: project.trust.fingerprint });
  await host.open();
}

/** Two runs of one spec that make something else of one file, and each a file of its own. */
async function twoVariants(): Promise<readonly [RunId, RunId]> {
  await world.writeSpec('one', { 'shared.txt': 'first\n', 'first.txt': 'of the first\n' });
  const [first] = await host.spawn({ slug });
  await host.finished(first!);
  await world.writeSpec('one', { 'shared.txt': 'second\n', 'second.txt': 'of the second\n' });
  const [second] = await host.spawn({ slug });
  await host.finished(second!);
  return [first!, second!];
}

async function compared(fits: (state: VariantsState) => boolean): Promise<VariantsState> {
  let state: VariantsState | null = null;
  const feed = host.api.variants.onDidChange({ projectId: host.project.id, slug }, (next) => {
    state = next;
  });
  await until(
    () => state !== null && state.at !== null && fits(state),
    () => JSON.stringify(state, null, 1),
  );
  feed.dispose();
  if (state === null) throw new Error('nothing was compared');
  return state;
}

/** Takes the file that both made from the second, and what one alone made from that one. */
async function takeBoth([first, second]: readonly [RunId, RunId], branch = 'feature/both'): Promise<RunId> {
  const state = await compared(({ files }) => files.length === 3);
  const taken = await host.api.variants.take({
    projectId: host.project.id,
    slug,
    from: state.from ?? '',
    seen: state.variants.map(({ runId, tree }) => ({ runId, tree: tree ?? '' })),
    picks: [
      { path: 'shared.txt', runId: second },
      { path: 'first.txt', runId: first },
      { path: 'second.txt', runId: second },
    ],
    branch,
  });
  if (!taken.ok) throw new Error(JSON.stringify(taken.error));
  return taken.value.runId;
}

const hasFailed = ({ status }: Run): boolean => status.kind === 'failed';
const isMade = ({ status, changes }: Run): boolean => status.kind === 'exited' && (changes?.commits ?? 0) > 0;

describe('a run that takes from several variants', () => {
  it('is gated by itself, merged like any other, and told from where it came', async () => {
    await begin(
      "setup: echo ready > ready.env\ngates:\n  - { id: both, title: Both are there, run: 'test -f first.txt && test -f second.txt && test -f ready.env' }\n",
    );
    const variants = await twoVariants();
    const trees = await Promise.all(variants.map((id) => world.repository.git('rev-parse', host.run(id).branch)));
    const checks = new Map<RunId, RunChecks>();
    host.api.gates.onDidChange(host.project.id, (push) => {
      if (push.kind === 'changed') checks.set(push.run.runId, push.run);
    });
    const id = await takeBoth(variants);
    const run = await host.until(id, isMade);
    expect(run).toMatchObject({
      branch: 'feature/both',
      base: 'main',
      agent: { label: 'Combined' },
      task: 'build',
      promptVersion: null,
      changes: { commits: 1, files: 3, uncommitted: 0 },
    });
    expect(run.stages.map(({ id: stage, state }) => [stage, state])).toEqual([
      ['check', 'done'],
      ['branch', 'done'],
      ['worktree', 'done'],
      ['copy', 'skipped'],
      ['setup', 'done'],
      ['start', 'skipped'],
    ]);
    expect(readFileSync(join(run.worktreePath, 'shared.txt'), 'utf8')).toBe('second\n');
    await until(
      () => checks.get(id)?.checks.find(({ kind }) => kind === 'gate')?.state === 'passed',
      'its gate has passed',
    );
    expect(await Promise.all(variants.map((each) => world.repository.git('rev-parse', host.run(each).branch)))).toEqual(
      trees,
    );

    // Beside the others it is a variant like them.
    const again = await compared(({ variants: all }) => all.length === 3 && all.every(({ tree }) => tree !== null));
    expect(again.files.find(({ path }) => path === 'first.txt')?.agreement).toBe('some');

    await host.api.runs.decide({ id, decision: 'keep', reason: '' });
    const preview = await host.api.merges.preview({ id, method: 'merge' });
    if (!preview.ok) throw new Error(JSON.stringify(preview.error));
    const { baseCommit, branchCommit, message } = preview.value;
    const merged = await host.api.merges.merge({ id, method: 'merge', baseCommit, branchCommit, message });
    expect(merged).toMatchObject({ ok: true });
    await host.until(id, ({ merged: into }) => into !== null);
    expect(await world.repository.git('show', 'main:first.txt')).toBe('of the first');
    expect(await world.repository.git('log', '-1', '--format=%(trailers:key=File-From,valueonly)', 'main^2')).toContain(
      `${variants[0]} first.txt`,
    );
    await world.repository.git('fsck', '--full', '--strict', '--no-dangling');
  });

  it('is there after a restart, can be deleted with a snapshot, and brought back', async () => {
    await begin('');
    const id = await takeBoth(await twoVariants());
    const made = await host.until(id, isMade);
    await host.end();
    host = await world.start();
    await trust();
    const run = await host.until(id, isMade);
    expect(run).toMatchObject({ branch: made.branch, baseCommit: made.baseCommit, status: made.status });
    const tip = await world.repository.git('rev-parse', run.branch);
    const snapshot = await host.discard(id);
    expect(existsSync(run.worktreePath)).toBe(false);
    const restored = await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: snapshot! });
    expect(restored).toMatchObject({ ok: true, value: { branch: run.branch } });
    expect(await world.repository.git('rev-parse', run.branch)).toBe(tip);
  });

  it('is taken back when its setup fails, and made again with the same files', async () => {
    const allowed = world.at('allowed');
    await begin(`setup: test -e ${allowed}\n`);
    writeFileSync(allowed, '');
    const variants = await twoVariants();
    rmSync(allowed);
    const id = await takeBoth(variants);
    const failed = await host.until(id, hasFailed);
    expect(failed.stages.find(({ id: stage }) => stage === 'setup')?.state).toBe('failed');
    await until(async () => !(await world.branches()).includes('feature/both'), 'its branch is taken back');
    expect(existsSync(failed.worktreePath)).toBe(false);
    writeFileSync(allowed, '');
    expect(await host.api.runs.retry({ id })).toMatchObject({ ok: true });
    const run = await host.until(id, isMade);
    expect(readFileSync(join(run.worktreePath, 'second.txt'), 'utf8')).toBe('of the second\n');
  });

  it('is not begun under a name that is taken, nor before the project’s commands are allowed', async () => {
    await begin('');
    const variants = await twoVariants();
    const before = await world.repository.refs();
    await expect(takeBoth(variants, host.run(variants[0]).branch)).rejects.toThrow('branch-exists');
    await expect(takeBoth(variants, 'not..a branch')).rejects.toThrow('bad-branch');
    expect(await world.repository.refs()).toBe(before);
    await world.writeConfig('setup: echo other\n');
    await until(async () => (await host.open()).trust.kind === 'asks', 'the project asks again');
    await expect(takeBoth(variants)).rejects.toThrow('not-trusted');
    expect(await world.repository.refs()).toBe(before);
  });
});
