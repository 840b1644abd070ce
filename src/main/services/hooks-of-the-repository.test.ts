import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Train } from '#shared/contract/train.ts';
import type { VariantsState } from '#shared/contract/variants.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { TestWorld, type TestHost } from './test-host.ts';

/*
 * A repository's hooks are for the commands that people and agents type. What the app does by itself is worked out from trees,
 * and a hook that fails or rewrites files would make it something else than what was shown and gated.
 */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
});
afterEach(() => world.remove());

const hooks = [
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-checkout',
  'post-merge',
  'post-rewrite',
  'post-index-change',
  'reference-transaction',
];

const scripts = {
  fails: 'exit 1',
  // A message is the only thing that is handed over as a file.
  rewrites:
    '[ -f "$1" ] && echo rewritten > "$1"\necho rewritten > readme.md\necho rewritten > made-by-a-hook.txt\nexit 0',
};

/** Makes all of them in a folder; each leaves a note that it has run, and then does this. */
function plant(folder: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  for (const hook of hooks) {
    const path = join(folder, hook);
    writeFileSync(path, `#!/bin/sh\necho ${hook} >> '${world.at('ran-hooks')}'\n${script}\n`);
    chmodSync(path, 0o755);
  }
}

const ran = (): string => (existsSync(world.at('ran-hooks')) ? readFileSync(world.at('ran-hooks'), 'utf8') : '');

/** The names of the files of a commit, and its message. */
async function commit(name: string): Promise<{ files: readonly string[]; message: string }> {
  const files = await world.repository.git('ls-tree', '-r', '--name-only', name);
  return { files: files.split('\n'), message: await world.repository.git('log', '-1', '--format=%B', name) };
}

async function keep(id: RunId): Promise<void> {
  await host.api.runs.decide({ id, decision: 'keep', reason: '' });
}

async function mergeByHand(id: RunId, method: 'merge' | 'squash' | 'rebase', message: string): Promise<string> {
  await keep(id);
  const preview = await host.api.merges.preview({ id, method });
  if (!preview.ok) throw new Error(JSON.stringify(preview.error));
  const { baseCommit, branchCommit } = preview.value;
  const merged = await host.api.merges.merge({ id, method, baseCommit, branchCommit, message });
  if (!merged.ok) throw new Error(JSON.stringify(merged.error));
  return merged.value.snapshot;
}

async function mergeOnTrain(id: RunId): Promise<Train> {
  await keep(id);
  let train: Train | null = null;
  const feed = host.api.train.onDidChange(host.project.id, (next) => {
    train = next;
  });
  const started = await host.api.train.start({ projectId: host.project.id, ids: [id], method: 'merge' });
  expect(started).toEqual({ ok: true, value: undefined });
  await until(
    () => train !== null && ['done', 'stopped'].includes(train.state),
    () => JSON.stringify(train),
  );
  feed.dispose();
  return train!;
}

async function take(slug: SpecSlug, path: string): Promise<RunId> {
  let state: VariantsState | null = null;
  const feed = host.api.variants.onDidChange({ projectId: host.project.id, slug }, (next) => {
    state = next;
  });
  await until(
    () => state !== null && state.at !== null && state.files.length > 0,
    () => JSON.stringify(state),
  );
  feed.dispose();
  const { from, variants } = state! as VariantsState;
  const taken = await host.api.variants.take({
    projectId: host.project.id,
    slug,
    from: from ?? '',
    seen: variants.map(({ runId, tree }) => ({ runId, tree: tree ?? '' })),
    picks: [{ path, runId: variants[0]!.runId }],
    branch: 'feature/taken',
  });
  if (!taken.ok) throw new Error(JSON.stringify(taken.error));
  return taken.value.runId;
}

const inTheRepository = (script: string): void => plant(world.at('project/.git/hooks'), script);

const cases: readonly (readonly [string, () => unknown])[] = [
  ['that fail, in the repository', () => inTheRepository(scripts.fails)],
  ['that rewrite files and messages, in the repository', () => inTheRepository(scripts.rewrites)],
  [
    'that fail, where the repository’s configuration says',
    async () => {
      plant(world.at('project/.git/planted'), scripts.fails);
      await world.repository.git('config', 'core.hooksPath', world.at('project/.git/planted'));
    },
  ],
  [
    'that rewrite files and messages, where the person’s configuration says',
    async () => {
      plant(world.at('home/hooks'), scripts.rewrites);
      await world.repository.git('config', '--global', 'core.hooksPath', world.at('home/hooks'));
    },
  ],
];

describe('hooks', () => {
  it.each(cases)('%s, do not run, and change nothing of what the app does', async (_what, plantThem) => {
    const slugs = ['merged', 'squashed', 'rebased', 'train', 'deleted'] as SpecSlug[];
    for (const slug of slugs) await world.writeSpec(slug, { [`${slug}.txt`]: `${slug}\n` });
    await world.writeSpec('variant', { 'variant.txt': 'variant\n' });
    await world.repository.commit('Specs');
    host = await world.start();
    await host.open();
    const ids = await host.spawn(
      ...slugs.map((slug) => ({ slug })),
      { slug: 'variant' as SpecSlug },
      { slug: 'variant' as SpecSlug },
    );
    for (const id of ids) await host.finished(id);
    const [merged, squashed, rebased, onTrain, deleted] = ids as [RunId, RunId, RunId, RunId, RunId];
    const before = await commit('main');
    await plantThem();

    await mergeByHand(merged, 'merge', 'My words');
    const afterMerge = await commit('main');
    expect(afterMerge.files).toEqual([...before.files, 'merged.txt'].toSorted());
    expect(afterMerge.message).toMatch(/^My words\n/u);
    await mergeByHand(squashed, 'squash', 'My other words');
    expect((await commit('main')).message).toMatch(/^My other words\n/u);
    const snapshot = await mergeByHand(rebased, 'rebase', '');
    expect((await commit('main')).files).toEqual(
      [...before.files, 'merged.txt', 'squashed.txt', 'rebased.txt'].toSorted(),
    );
    expect(await host.api.merges.undo({ projectId: host.project.id, snapshot })).toMatchObject({ ok: true });
    expect((await commit('main')).files).not.toContain('rebased.txt');

    expect(await mergeOnTrain(onTrain)).toMatchObject({ state: 'done', cars: [{ state: 'merged' }] });
    expect((await commit('main')).files).toEqual(
      [...before.files, 'merged.txt', 'squashed.txt', 'train.txt'].toSorted(),
    );

    const run = host.run(deleted);
    writeFileSync(join(run.worktreePath, 'not-committed.txt'), 'not committed\n');
    const thrownAway = await host.discard(deleted);
    expect(existsSync(run.worktreePath)).toBe(false);
    const back = await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: thrownAway! });
    expect(back).toMatchObject({ ok: true, value: { worktreePath: run.worktreePath } });
    expect(readFileSync(join(run.worktreePath, 'not-committed.txt'), 'utf8')).toBe('not committed\n');
    expect(readdirSync(run.worktreePath)).not.toContain('made-by-a-hook.txt');

    const taken = await take('variant' as SpecSlug, 'variant.txt');
    await host.until(taken, ({ status, changes }) => status.kind === 'exited' && (changes?.commits ?? 0) === 1);
    const takenCommit = await commit('feature/taken');
    expect(takenCommit.files.filter((file) => !before.files.includes(file))).toEqual(['variant.txt']);
    expect(takenCommit.message).not.toContain('rewritten');

    expect(ran()).toBe('');
    expect(readFileSync(join(world.repository.path, 'readme.md'), 'utf8')).toBe('# Project\n');
    const quiet = ['-c', 'core.hooksPath=/dev/null'];
    expect(await world.repository.git(...quiet, 'status', '--porcelain')).toBe('');
    expect(host.faults).toEqual([]);

    // They are there, and run for the person.
    await world.repository.git('commit', '-q', '--allow-empty', '-m', 'By hand').catch(() => undefined);
    expect(ran()).toContain('pre-commit');
  });
});
