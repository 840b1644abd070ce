import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { classifyGitPath, RepositoryWatcher, type RepositoryChange } from './repository-watcher.ts';
import { TestRepository } from './test-repository.ts';

let repository: TestRepository;
let watcher: RepositoryWatcher;
let seen: RepositoryChange[];
let worktree: string;

function begin(): void {
  watcher = new RepositoryWatcher({ log: silentLog, lookEveryMs: 300 });
  seen = [];
  watcher.onDidChange((change) => seen.push(change));
}
const watch = (worktreePaths: readonly string[]): Promise<void> =>
  watcher.watch({ commonDir: join(repository.path, '.git'), worktreePaths });
const refs: RepositoryChange = { kind: 'refs' };
const files = (worktreePath: string): RepositoryChange => ({ kind: 'files', worktreePath });
/** Forgets what is still on its way from the test's own preparations. */
const settle = async (): Promise<void> => {
  let count = -1;
  while (count !== seen.length) {
    count = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  seen.length = 0;
};
const events = (): readonly RepositoryChange[] => seen;
const soon = { timeout: 15_000 };

describe('a repository watcher', () => {
  beforeEach(async () => {
    repository = await TestRepository.create();
    worktree = join(repository.root, 'ein Ärger');
    await repository.git('worktree', 'add', '-q', '-b', 'one', worktree);
    begin();
    await watch([repository.path, worktree]);
  });
  afterEach(async () => {
    watcher.dispose();
    await repository.remove();
  });

  it('tells of files, refs and the index, and of the checkout that they belong to', async () => {
    await settle();
    await writeFile(join(worktree, 'new.txt'), 'x');
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await settle();
    await repository.gitIn(worktree, 'add', 'new.txt');
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await settle();
    await repository.gitIn(worktree, 'commit', '-q', '-m', 'New');
    await expect.poll(events, soon).toContainEqual(refs);
    await settle();
    await repository.git('branch', 'deep/down/below');
    await expect.poll(events, soon).toContainEqual(refs);
    expect(seen).not.toContainEqual(files(worktree));
  });

  it('tells of a branch in a new folder of branches every time it moves', async () => {
    await repository.git('branch', 'deep/down/below');
    await settle();
    await repository.git('update-ref', 'refs/heads/deep/down/below', await repository.commit('Next'));
    await expect.poll(events, soon).toContainEqual(refs);
  });

  it('tells of files in folders that were made all at once, also later', async () => {
    await settle();
    await mkdir(join(worktree, 'a', 'b', 'c', 'd'), { recursive: true });
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await settle();
    await writeFile(join(worktree, 'a', 'b', 'c', 'd', 'file.txt'), 'x');
    await expect.poll(events, soon).toContainEqual(files(worktree));
  });

  it('is silent about dependencies, objects and our own database', async () => {
    await mkdir(join(worktree, 'node_modules', 'x'), { recursive: true });
    await mkdir(join(repository.path, '.git', 'switchyard'));
    await settle();
    await writeFile(join(worktree, 'node_modules', 'x', 'index.js'), 'x');
    await writeFile(join(repository.path, '.git', 'switchyard', 'state.db'), 'x');
    await repository.gitIn(worktree, 'hash-object', '-w', 'readme.md');
    // Something that is told of comes after what is not.
    await writeFile(join(repository.path, 'readme.md'), 'x');
    await expect.poll(events, soon).toContainEqual(files(repository.path));
    expect(seen).toEqual([files(repository.path)]);
  });

  it('tells a burst once', async () => {
    await settle();
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => writeFile(join(worktree, `${String(index)}.txt`), 'x')),
    );
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  it('takes a worktree inside the main checkout for itself', async () => {
    const inside = join(repository.path, 'ignored', 'two');
    watcher.dispose();
    await repository.git('worktree', 'add', '-q', '-b', 'two', inside);
    begin();
    await watch([repository.path, inside]);
    await settle();
    await writeFile(join(inside, 'new.txt'), 'x');
    await expect.poll(events, soon).toContainEqual(files(inside));
    expect(seen).not.toContainEqual(files(repository.path));
  });

  it('survives a folder that vanishes, and sees it when it is there again', async () => {
    await settle();
    await rm(worktree, { recursive: true });
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await settle();
    await mkdir(worktree);
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await settle();
    await writeFile(join(worktree, 'again.txt'), 'x');
    await expect.poll(events, soon).toContainEqual(files(worktree));
  });

  it('survives a folder that is moved away, replaced by a file or a link, or never there', async () => {
    const never = join(repository.root, 'never');
    await watch([repository.path, worktree, never]);
    await settle();
    await rename(worktree, join(repository.root, 'elsewhere'));
    await writeFile(worktree, 'a file');
    await expect.poll(events, soon).toContainEqual(files(worktree));
    await rm(worktree);
    await symlink(repository.path, worktree);
    await settle();
    await writeFile(join(repository.path, 'readme.md'), 'still watched');
    await expect.poll(events, soon).toContainEqual(files(repository.path));
    await mkdir(never);
    await expect.poll(events, soon).toContainEqual(files(never));
  });

  it('forgets a worktree that it is no longer to watch, and takes on a new one', async () => {
    const two = join(repository.root, 'two');
    await mkdir(two);
    await watch([repository.path, two]);
    await settle();
    await writeFile(join(worktree, 'new.txt'), 'x');
    await writeFile(join(two, 'new.txt'), 'x');
    await expect.poll(events, soon).toContainEqual(files(two));
    expect(seen).toEqual([files(two)]);
  });

  it('is silent after it was disposed', async () => {
    await settle();
    await writeFile(join(worktree, 'new.txt'), 'x');
    watcher.dispose();
    await settle();
    expect(seen).toEqual([]);
  });
});

describe("a path in Git's directory", () => {
  it.each([
    ['HEAD', 'refs'],
    ['packed-refs', 'refs'],
    ['refs/heads/a/b', 'refs'],
    ['worktrees/one', 'refs'],
    ['worktrees/one/HEAD', 'refs'],
    ['worktrees/one/index', { worktreeId: 'one' }],
    ['index', { worktreeId: null }],
    ['index.lock', null],
    ['refs/heads/a.lock', null],
    ['config', null],
    ['FETCH_HEAD', null],
    ['worktrees/one/ORIG_HEAD', null],
  ])('%s', (path, expected) => {
    expect(classifyGitPath(path.split('/'))).toEqual(expected);
  });
});
