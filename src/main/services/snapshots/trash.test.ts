import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { TrashPlan } from '#shared/contract/trash.ts';
import { projectId } from '#shared/ids.ts';

import { Snapshots } from './snapshots.ts';
import { Trash } from './trash.ts';

const id = projectId.parse('notes');

describe('the trash', () => {
  let repository: TestRepository;
  let git: Git;
  let snapshots: Snapshots;
  let trash: Trash;
  let removed: Map<string, string>;

  beforeEach(async () => {
    repository = await TestRepository.create();
    git = new Git({ log: silentLog, env: repository.env });
    snapshots = new Snapshots({ git, log: silentLog });
    removed = new Map();
    trash = new Trash({
      git,
      snapshots,
      pathOf: (asked) => (asked === id ? repository.path : null),
      removedRuns: {
        titles: (_id, refs) => refs.flatMap((ref) => removed.get(ref) ?? []),
        forget: (_id, refs) => {
          for (const ref of refs) removed.delete(ref);
        },
      },
      log: silentLog,
    });
  });

  afterEach(() => repository.remove());

  /** A branch with a commit and a file that is not committed, deleted after a snapshot. */
  async function deleteBranch(branch: string): Promise<string> {
    const worktreePath = join(repository.root, branch);
    await repository.git('worktree', 'add', '-q', '-b', branch, worktreePath);
    await repository.write(join(worktreePath, `${branch}.txt`), 'one\n');
    await repository.commit(`Work on ${branch}`, worktreePath);
    await repository.write(join(worktreePath, 'dirty.txt'), 'not committed\n');
    const taken = await snapshots.take({ projectPath: repository.path, branch, worktreePath, reason: 'Delete' });
    await repository.git('worktree', 'remove', '--force', worktreePath);
    await repository.git('branch', '-D', branch);
    return taken?.ref ?? '';
  }

  async function plan(refs: readonly string[] | null = null): Promise<TrashPlan> {
    const planned = await trash.plan({ projectId: id, refs });
    if (!planned.ok) throw new Error(planned.error.message);
    return planned.value;
  }

  it('says exactly what would be gone: commits, files that were not committed, merges, runs', async () => {
    const one = await deleteBranch('one');
    removed.set(one, 'Do one');
    const base = await snapshots.takeRef({ projectPath: repository.path, ref: 'refs/heads/main', reason: 'Merge' });
    await repository.git('update-ref', base.ref.replace('switchyard/', 'switchyard/merged/'), 'main');
    expect(await plan()).toMatchObject({
      snapshots: 2,
      commits: [{ subject: 'Work on one' }],
      commitCount: 1,
      uncommitted: ['one'],
      merges: ['main'],
      runs: ['Do one'],
    });
    // What is on a branch is not lost with a snapshot of it.
    expect(await plan([base.ref])).toMatchObject({ snapshots: 1, commitCount: 0, uncommitted: [], runs: [] });
  });

  it('counts nothing that another snapshot, a branch or a worktree still holds', async () => {
    const one = await deleteBranch('one');
    await repository.git('update-ref', 'refs/switchyard/snapshots/copy', one);
    expect(await plan([one])).toMatchObject({ commitCount: 0, uncommitted: [] });
    await repository.git('update-ref', '-d', 'refs/switchyard/snapshots/copy');
    await repository.git('worktree', 'add', '-q', '--detach', join(repository.root, 'detached'), `${one}^1`);
    expect(await plan([one])).toMatchObject({ commitCount: 0, uncommitted: ['one'] });
  });

  it('deletes what was chosen, with the notes beside it, and nothing else', async () => {
    const one = await deleteBranch('one');
    const two = await deleteBranch('two');
    removed.set(one, 'Do one').set(two, 'Do two');
    await repository.git('update-ref', one.replace('switchyard/', 'switchyard/merged/'), 'main');
    const { fingerprint } = await plan([one]);
    expect(await trash.empty({ projectId: id, refs: [one], fingerprint })).toEqual({ ok: true, value: { deleted: 1 } });
    expect((await snapshots.list(repository.path)).map(({ ref }) => ref)).toEqual([two]);
    expect(await repository.refs()).not.toContain('refs/switchyard/merged/');
    expect(Array.from(removed.values())).toEqual(['Do two']);
    expect(await snapshots.restore(repository.path, two)).toMatchObject({ ok: true, value: { branch: 'two' } });
  });

  it('refuses when more would be lost than was shown', async () => {
    const one = await deleteBranch('one');
    const shown = await plan();
    await deleteBranch('two');
    const emptied = await trash.empty({ projectId: id, refs: null, fingerprint: shown.fingerprint });
    expect(emptied).toMatchObject({ error: { kind: 'more-would-be-lost', plan: { snapshots: 2, commitCount: 2 } } });
    expect((await snapshots.list(repository.path)).map(({ ref }) => ref)).toContain(one);
  });

  it('is empty without snapshots, and of a project that is not open', async () => {
    expect(await plan()).toMatchObject({ snapshots: 0, commitCount: 0 });
    expect(await trash.plan({ projectId: projectId.parse('other'), refs: null })).toMatchObject({
      value: { snapshots: 0 },
    });
  });
});
