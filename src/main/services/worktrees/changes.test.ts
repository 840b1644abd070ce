import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TestRepository } from '#main/services/git/test-repository.ts';

import { testWorktrees } from './test-worktrees.ts';
import type { Worktrees } from './worktrees.ts';

let repository: TestRepository;
let worktrees: Worktrees;
let worktree: string;
let baseCommit: string;
const branch = 'feature/one';

beforeEach(async () => {
  repository = await TestRepository.create();
  ({ worktrees } = testWorktrees(repository));
  worktree = join(repository.root, 'one');
  baseCommit = await repository.git('rev-parse', 'HEAD');
  await repository.git('worktree', 'add', '-q', '-b', branch, worktree);
});
afterEach(() => repository.remove());

const put = (path: string, text: string | Uint8Array): Promise<void> => repository.write(join(worktree, path), text);
const changes = (worktreePath: string | null = worktree, base = 'main'): ReturnType<Worktrees['changes']> =>
  worktrees.changes({ projectPath: repository.path, worktreePath, branch, base });
const merged = (): Promise<boolean> =>
  worktrees.mergedInto({ projectPath: repository.path, branch, base: 'main', baseCommit });

describe("a run's changes", () => {
  it('count commits, files and lines since the branch left its base, committed or not', async () => {
    const nothing = { commits: 0, behind: 0, files: 0, insertions: 0, deletions: 0, uncommitted: 0 };
    expect(await changes()).toEqual(nothing);
    await put('a.txt', 'one\ntwo\n');
    await repository.commit('Add', worktree);
    await repository.write('on main.txt', 'x\n');
    await repository.commit('On main');
    await put('a.txt', 'one\nzwei\n');
    await put('new.txt', 'no line end');
    await put('image.png', Buffer.from([0, 10, 10]));
    await put('ignored/x', 'x\n');
    await symlink('/etc/passwd', join(worktree, 'link'));
    expect(await changes()).toEqual({ commits: 1, behind: 1, files: 4, insertions: 3, deletions: 0, uncommitted: 4 });
    expect(await changes(null)).toEqual({
      commits: 1,
      behind: 1,
      files: 1,
      insertions: 2,
      deletions: 0,
      uncommitted: 0,
    });
    expect(await changes(join(repository.root, 'gone'))).toEqual(await changes(null));
  });

  it('are those of the branch alone when the worktree is on another one', async () => {
    await put('a.txt', 'one\n');
    await repository.commit('Add', worktree);
    await repository.gitIn(worktree, 'checkout', '-q', '--detach', 'main');
    expect(await changes()).toMatchObject({ commits: 1, files: 1, insertions: 1, uncommitted: 0 });
  });

  it('are unknown without a branch, a base, or anything in common', async () => {
    expect(await changes(worktree, 'nope')).toBeNull();
    expect(
      await worktrees.changes({ projectPath: repository.path, worktreePath: null, branch: 'x', base: 'main' }),
    ).toBeNull();
    await repository.git('checkout', '-q', '--orphan', 'lonely');
    await repository.commit('Alone');
    expect(await changes(worktree, 'lonely')).toBeNull();
  });
});

describe('a branch', () => {
  it('counts as merged only when the base has its commits, and it had any', async () => {
    expect(await merged()).toBe(false);
    await repository.commit('Work', worktree);
    expect(await merged()).toBe(false);
    await repository.git('merge', '-q', '--no-ff', '--no-edit', branch);
    expect(await merged()).toBe(true);
    await repository.commit('More', worktree);
    expect(await merged()).toBe(false);
  });

  it('that was only brought up to date with its base is not merged', async () => {
    await repository.commit('On main');
    await repository.gitIn(worktree, 'merge', '-q', '--ff-only', 'main');
    // It stands on the base, but has nothing of its own.
    expect(
      await worktrees.mergedInto({ projectPath: repository.path, branch, base: 'main', baseCommit: 'nonsense' }),
    ).toBe(true);
    expect(
      await worktrees.mergedInto({
        projectPath: repository.path,
        branch,
        base: 'main',
        baseCommit: await repository.git('rev-parse', 'main'),
      }),
    ).toBe(false);
  });
});
