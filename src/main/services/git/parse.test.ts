import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { Git } from './git.ts';
import { logRecords, parseNumstat, parseStatus, parseWorktreeList, refRecords } from './parse.ts';
import { TestRepository } from './test-repository.ts';

describe('the parsers, on what Git really prints', () => {
  let repository: TestRepository;
  let git: Git;
  beforeEach(async () => {
    repository = await TestRepository.create();
    git = new Git({ log: silentLog, env: repository.env });
  });
  afterEach(() => repository.remove());

  const ask = async (...args: string[]): Promise<string> =>
    (await git.read({ name: 'ask', cwd: repository.path, args })).text;

  it('read worktrees of every kind, also one whose path has a line end', async () => {
    const odd = join(repository.root, 'two\nlines "quoted"');
    const gone = join(repository.root, 'gone');
    await repository.git('worktree', 'add', '-q', '-b', 'feature/ümlaut', odd);
    await repository.git('worktree', 'add', '-q', '--detach', join(repository.root, 'detached'));
    await repository.git('worktree', 'add', '-q', '-b', 'gone', gone);
    await repository.git('worktree', 'lock', '--reason', 'in use\nby a run', odd);
    await rm(gone, { recursive: true });
    const head = await repository.git('rev-parse', 'HEAD');
    const entries = parseWorktreeList(await ask('worktree', 'list', '--porcelain', '-z'));
    const common = { head, isBare: false, locked: null, prunable: null };
    expect(entries).toHaveLength(4);
    expect(entries[0]).toEqual({ ...common, path: repository.path, branch: 'refs/heads/main' });
    expect(entries).toContainEqual({
      ...common,
      path: odd,
      branch: 'refs/heads/feature/ümlaut',
      locked: 'in use\nby a run',
    });
    expect(entries).toContainEqual({ ...common, path: join(repository.root, 'detached'), branch: null });
    expect(entries.find(({ path }) => path === gone)?.prunable).toContain('non-existent');
  });

  it('read a status with renames, odd names, untracked and ignored files', async () => {
    await repository.write('old name.txt', 'a file that is long enough to be found again\n');
    await repository.write('-dash.txt', 'x\n');
    await repository.commit('Odd names');
    await rename(join(repository.path, 'old name.txt'), join(repository.path, 'new\nname.txt'));
    await repository.git('add', '-A');
    await repository.write('-dash.txt', 'y\n');
    await repository.write('un tracked.txt', '');
    await repository.write('secret.env', '');
    await symlink('/nowhere', join(repository.path, 'link'));
    const status = parseStatus(
      await ask('status', '--porcelain=v2', '-z', '--branch', '--untracked-files=all', '--ignored'),
    );
    expect(status).toMatchObject({ branch: 'main', head: await repository.git('rev-parse', 'HEAD') });
    const plain = { oldPath: null, codes: '', isSubmodule: false };
    expect(status.entries).toEqual([
      { kind: 'changed', path: '-dash.txt', oldPath: null, codes: '.M', isSubmodule: false },
      { kind: 'renamed', path: 'new\nname.txt', oldPath: 'old name.txt', codes: 'R.', isSubmodule: false },
      { ...plain, kind: 'untracked', path: 'link' },
      { ...plain, kind: 'untracked', path: 'un tracked.txt' },
      { ...plain, kind: 'ignored', path: 'secret.env' },
    ]);
  });

  it('read a status with a conflict, and one before the first commit', async () => {
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.write('readme.md', 'side\n');
    await repository.commit('Side');
    await repository.git('checkout', '-q', 'main');
    await repository.write('readme.md', 'main\n');
    await repository.commit('Main');
    await repository.git('merge', 'side').catch(() => undefined);
    const { entries } = parseStatus(await ask('status', '--porcelain=v2', '-z'));
    expect(entries).toEqual([{ kind: 'unmerged', path: 'readme.md', oldPath: null, codes: 'UU', isSubmodule: false }]);
    expect(parseStatus('# branch.oid (initial)\0# branch.head main\0')).toEqual({
      head: null,
      branch: 'main',
      entries: [],
    });
  });

  it('read counted lines with renames and binary files', async () => {
    await repository.write('a.txt', 'one\ntwo\nthree\nfour\nfive\n');
    await repository.write('image.bin', Buffer.from([0, 1]));
    await repository.commit('Before');
    await rename(join(repository.path, 'a.txt'), join(repository.path, 'b.txt'));
    await repository.write('b.txt', 'one\ntwo\nthree\nfour\nfive\nsix\n');
    await repository.write('image.bin', Buffer.from([0, 2]));
    await repository.commit('After');
    expect(parseNumstat(await ask('diff', '--numstat', '-z', '-M', 'HEAD^', 'HEAD'))).toEqual([
      { path: 'b.txt', oldPath: 'a.txt', insertions: 1, deletions: 0 },
      { path: 'image.bin', oldPath: null, insertions: null, deletions: null },
    ]);
    expect(parseNumstat('')).toEqual([]);
  });

  it('read refs and commits with several lines in a field', async () => {
    await repository.git('commit', '-q', '--allow-empty', '-m', 'Subject\n\nBody\nof two lines');
    const refs = refRecords({ name: '%(refname)', body: '%(contents:body)' });
    await repository.git('branch', 'other');
    expect(refs.parse(await ask('for-each-ref', `--format=${refs.format}`, 'refs/heads'))).toEqual([
      { name: 'refs/heads/main', body: 'Body\nof two lines\n' },
      { name: 'refs/heads/other', body: 'Body\nof two lines\n' },
    ]);
    const commits = logRecords({ subject: '%s', author: '%an' });
    expect(commits.parse(await ask('log', `--format=${commits.format}`))).toEqual([
      { subject: 'Subject', author: 'Ann Author' },
      { subject: 'Begin', author: 'Ann Author' },
    ]);
  });
});
