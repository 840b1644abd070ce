import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TestRepository } from '#main/services/git/test-repository.ts';
import type { WorkElsewhere } from '#shared/contract/runs.ts';

import { testWorktrees } from './test-worktrees.ts';
import type { Worktrees } from './worktrees.ts';

let repository: TestRepository;
let worktrees: Worktrees;
let worktree: string;
const branch = 'feature/one';

beforeEach(async () => {
  repository = await TestRepository.create();
  ({ worktrees } = testWorktrees(repository));
  worktree = join(repository.root, 'one');
  await repository.git('worktree', 'add', '-q', '-b', branch, worktree);
});
afterEach(() => repository.remove());

const inWorktree = (...args: string[]): Promise<string> => repository.gitIn(worktree, ...args);
const commit = async (name: string): Promise<string> => {
  await repository.write(join(worktree, name), `${name}\n`);
  return repository.commit(`Add ${name}`, worktree);
};
const elsewhere = async (): Promise<WorkElsewhere | undefined> =>
  (await worktrees.presence({ projectPath: repository.path, worktreePath: worktree, branch, base: 'main' })).elsewhere;

describe('work of a run that is not on its branch', () => {
  it('is nothing as long as its worktree has its branch', async () => {
    expect(await elsewhere()).toBe(undefined);
    await commit('a.txt');
    expect(await elsewhere()).toBe(undefined);
  });

  it('is what an agent has committed to another branch that it made', async () => {
    await inWorktree('switch', '-q', '-c', 'other');
    expect(await elsewhere()).toMatchObject({ branch: 'other', commits: 0 });
    const tip = await commit('a.txt');
    expect(await elsewhere()).toEqual({ branch: 'other', commit: tip, commits: 1 });
    // As it is told to do.
    await inWorktree('switch', '-q', branch);
    await inWorktree('merge', '-q', 'other');
    expect(await elsewhere()).toBe(undefined);
  });

  it('is what it has committed on no branch, and nothing where that is what its branch or base has', async () => {
    await inWorktree('switch', '-q', '--detach', 'main');
    expect(await elsewhere()).toBe(undefined);
    const tip = await commit('a.txt');
    expect(await elsewhere()).toEqual({ branch: null, commit: tip, commits: 1 });
  });

  it('is not what a rebase has replayed so far', async () => {
    await commit('a.txt');
    await commit('b.txt');
    await repository.write('b.txt', 'another\n');
    await repository.commit('On main');
    await expect(inWorktree('rebase', 'main')).rejects.toThrow('rebase');
    expect(await inWorktree('rev-list', '--count', 'main..HEAD')).toBe('1');
    expect(await elsewhere()).toBe(undefined);
  });
});
