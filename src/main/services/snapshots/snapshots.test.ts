import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';

import { Snapshots } from './snapshots.ts';

let repository: TestRepository;
let snapshots: Snapshots;
let worktree: string;
const branch = 'feature/ai-höhe';

beforeEach(async () => {
  repository = await TestRepository.create('my project');
  const git = new Git({ log: silentLog, env: repository.env });
  snapshots = new Snapshots({ git, log: silentLog });
  worktree = join(repository.root, 'my project.worktrees', 'a "quoted"\nname');
  await repository.git('worktree', 'add', '-q', '-b', branch, worktree);
});
afterEach(() => repository.remove());

const inWorktree = (...args: string[]): Promise<string> => repository.gitIn(worktree, ...args);
const put = (path: string, text: string | Uint8Array): Promise<void> => repository.write(join(worktree, path), text);
const text = (path: string): Promise<string> => readFile(join(worktree, path), 'utf8');
const take = (reason = 'Delete run'): ReturnType<Snapshots['take']> =>
  snapshots.take({ projectPath: repository.path, branch, worktreePath: worktree, reason });

/** Deletes branch and worktree without mercy, as a removal does in the end. */
async function destroy(): Promise<void> {
  await repository.git('worktree', 'remove', '--force', worktree);
  await repository.git('update-ref', '-d', `refs/heads/${branch}`);
  // What no ref holds is gone.
  await repository.git('reflog', 'expire', '--expire=now', '--all');
  await repository.git('gc', '-q', '--prune=now');
}

const restore = async (): Promise<{ branch: string; worktreePath: string | null }> => {
  const [snapshot] = await snapshots.list(repository.path);
  const restored = await snapshots.restore(repository.path, snapshot!.ref);
  if (!restored.ok) throw new Error(JSON.stringify(restored.error));
  return restored.value;
};

describe('a snapshot', () => {
  it('brings back branch, worktree and everything that was not committed, after Git collected its garbage', async () => {
    await put('src/new.ts', 'committed\n');
    const tip = await repository.commit('Work', worktree);
    await put('readme.md', 'changed\n');
    await rm(join(worktree, 'src', 'app.ts'));
    await put('untracked/file with spaces.txt', 'untracked\n');
    await put('-dash', 'dash\n');
    await put('bytes.bin', Buffer.from([0, 255, 254, 13, 10]));
    await put('run.sh', '#!/bin/sh\n');
    await chmod(join(worktree, 'run.sh'), 0o755);
    await symlink('readme.md', join(worktree, 'link'));
    await put('staged.txt', 'staged\n');
    await inWorktree('add', 'staged.txt');
    await put('staged.txt', 'staged, then changed\n');
    const status = await inWorktree('status', '--porcelain');

    const snapshot = await take('Delete run\nwith two lines');
    expect(await inWorktree('status', '--porcelain')).toBe(status);
    await destroy();
    expect(await snapshots.find(repository.path, snapshot!.ref)).toMatchObject({
      branch,
      commit: tip,
      reason: 'Delete run\nwith two lines',
    });
    expect(await restore()).toEqual({ branch, worktreePath: worktree });

    expect(await repository.git('rev-parse', branch)).toBe(tip);
    expect(await inWorktree('symbolic-ref', '--short', 'HEAD')).toBe(branch);
    expect(await inWorktree('status', '--porcelain')).toBe(status);
    expect(await text('readme.md')).toBe('changed\n');
    expect(await text('untracked/file with spaces.txt')).toBe('untracked\n');
    expect(await text('-dash')).toBe('dash\n');
    expect(await readFile(join(worktree, 'bytes.bin'))).toEqual(Buffer.from([0, 255, 254, 13, 10]));
    expect((await lstat(join(worktree, 'run.sh'))).mode & 0o111).toBe(0o111);
    expect(await readlink(join(worktree, 'link'))).toBe('readme.md');
    expect(await text('staged.txt')).toBe('staged, then changed\n');
    expect(await inWorktree('show', ':staged.txt')).toBe('staged');
  });

  it('needs no identity, touches neither index nor status, and is no branch that the person sees', async () => {
    await repository.git('config', 'user.useConfigOnly', 'true');
    const nobody = { PATH: process.env['PATH'], HOME: repository.root, GIT_CONFIG_NOSYSTEM: '1' };
    const own = new Snapshots({ git: new Git({ log: silentLog, env: nobody }), log: silentLog });
    await put('readme.md', 'changed\n');
    const index = await inWorktree('rev-parse', '--path-format=absolute', '--git-path', 'index');
    const before = await readFile(index);
    await own.take({ projectPath: repository.path, branch, worktreePath: worktree, reason: 'x' });
    expect(await readFile(index)).toEqual(before);
    expect(await repository.git('branch', '--list', '--all')).not.toContain('switchyard');
  });

  it('of a clean worktree holds the branch, and no second commit', async () => {
    expect(await take()).toMatchObject({ dirtyCommit: null, branch });
    await destroy();
    await restore();
    expect(await inWorktree('status', '--porcelain')).toBe('');
  });

  it('holds commits of a HEAD that is on no branch', async () => {
    await inWorktree('checkout', '-q', '--detach');
    await put('loose.txt', 'loose\n');
    const loose = await repository.commit('On no branch', worktree);
    await put('loose.txt', 'looser\n');
    await take();
    await destroy();
    await restore();
    expect(await inWorktree('rev-parse', 'HEAD')).toBe(loose);
    expect(await text('loose.txt')).toBe('looser\n');
    expect(await repository.git('rev-parse', branch)).toBe(await repository.git('rev-parse', 'main'));
  });

  it('holds files that Git was told to take for unchanged', async () => {
    await inWorktree('update-index', '--assume-unchanged', 'readme.md');
    await inWorktree('update-index', '--skip-worktree', 'src/app.ts');
    await put('readme.md', 'hidden change\n');
    await put('src/app.ts', 'hidden too\n');
    expect(await inWorktree('status', '--porcelain')).toBe('');
    await take();
    await destroy();
    await restore();
    expect(await text('readme.md')).toBe('hidden change\n');
    expect(await text('src/app.ts')).toBe('hidden too\n');
  });

  it('holds a change of the same size within the same tick of the clock as the index', async () => {
    const tick = 1_700_000_000;
    const index = await inWorktree('rev-parse', '--path-format=absolute', '--git-path', 'index');
    await repository.git('config', 'core.trustctime', 'false');
    await put('racy.txt', 'before\n');
    await utimes(join(worktree, 'racy.txt'), tick, tick);
    await inWorktree('add', 'racy.txt');
    await inWorktree('commit', '-q', '-m', 'Racy');
    await put('racy.txt', 'after!\n');
    await utimes(join(worktree, 'racy.txt'), tick, tick);
    await utimes(index, tick, tick);
    const snapshot = await take();
    expect(await repository.git('show', `${snapshot!.dirtyCommit!}:racy.txt`)).toBe('after!');
  });

  it('holds the files of a merge that stopped at a conflict', async () => {
    await repository.write('readme.md', 'main\n');
    await repository.commit('Main');
    await put('readme.md', 'side\n');
    await repository.commit('Side', worktree);
    await inWorktree('merge', '-q', 'main').catch(() => undefined);
    const conflicted = await text('readme.md');
    expect(conflicted).toContain('<<<<<<<');
    await take();
    await destroy();
    await restore();
    expect(await text('readme.md')).toBe(conflicted);
  });

  it('holds a file that became a folder and a folder that became a link', async () => {
    await put('folder/inner.txt', 'inner\n');
    await repository.commit('Folder', worktree);
    await rm(join(worktree, 'readme.md'));
    await put('readme.md/now a folder.txt', 'yes\n');
    await rm(join(worktree, 'folder'), { recursive: true });
    await symlink('src', join(worktree, 'folder'));
    await take();
    await destroy();
    await restore();
    expect(await text('readme.md/now a folder.txt')).toBe('yes\n');
    expect(await readlink(join(worktree, 'folder'))).toBe('src');
  });

  it('holds a name that is not UTF-8', async () => {
    const name = Buffer.concat([Buffer.from(`${worktree}/`), Buffer.from([0x66, 0xff, 0xfe])]);
    await writeFile(name, 'odd name\n');
    await take();
    await destroy();
    await restore();
    expect(await readFile(name, 'utf8')).toBe('odd name\n');
  });

  it('holds the work when its branch was deleted under the worktree', async () => {
    await put('readme.md', 'changed\n');
    await repository.git('update-ref', '-d', `refs/heads/${branch}`);
    await take();
    await repository.git('worktree', 'remove', '--force', worktree);
    await restore();
    expect(await text('readme.md')).toBe('changed\n');
  });

  it('keeps a folder that stands in its way, and restores beside it', async () => {
    await put('readme.md', 'changed\n');
    await take();
    await destroy();
    await mkdir(worktree, { recursive: true });
    await writeFile(join(worktree, "somebody else's"), 'keep\n');
    expect(await restore()).toEqual({ branch, worktreePath: `${worktree}-restored` });
    expect(await text("somebody else's")).toBe('keep\n');
    expect(await readFile(join(`${worktree}-restored`, 'readme.md'), 'utf8')).toBe('changed\n');
  });

  it('is not restored over a branch that is there, and leaves nothing behind when it fails', async () => {
    await put('readme.md', 'changed\n');
    const snapshot = await take();
    expect(await snapshots.restore(repository.path, snapshot!.ref)).toEqual({
      ok: false,
      error: { kind: 'branch-exists', branch },
    });
    await destroy();
    const before = await repository.refs();
    // A file where the parent folder has to be.
    await rm(join(repository.root, 'my project.worktrees'), { recursive: true, force: true });
    await writeFile(join(repository.root, 'my project.worktrees'), '');
    expect(await snapshots.restore(repository.path, snapshot!.ref)).toMatchObject({
      ok: false,
      error: { kind: 'failed' },
    });
    expect(await repository.refs()).toBe(before);
    expect(await repository.git('worktree', 'list')).not.toContain('worktrees');
  });

  it('that is not there, or is no snapshot, is missing', async () => {
    await repository.git('update-ref', 'refs/switchyard/snapshots/forged', 'HEAD');
    for (const ref of ['refs/switchyard/snapshots/none', 'refs/switchyard/snapshots/forged', 'refs/heads/main']) {
      expect(await snapshots.restore(repository.path, ref)).toEqual({ ok: false, error: { kind: 'snapshot-missing' } });
    }
    expect(await snapshots.list(repository.path)).toEqual([]);
  });

  it('holds commits that were amended, reset away, or made on no branch', async () => {
    const commit = async (...options: string[]): Promise<string> => {
      await inWorktree('commit', '-q', '--allow-empty', ...options);
      return inWorktree('rev-parse', 'HEAD');
    };
    const amended = await commit('-m', 'To be amended');
    await commit('--amend', '-m', 'Amended');
    const reset = await commit('-m', 'To be reset away');
    await inWorktree('reset', '-q', '--hard', 'HEAD~1');
    await inWorktree('checkout', '-q', '--detach');
    const detached = await commit('-m', 'On no branch');
    await inWorktree('checkout', '-q', branch);
    await take();
    await destroy();
    for (const hash of [amended, reset, detached]) {
      expect(await repository.git('cat-file', '-t', hash)).toBe('commit');
    }
  });

  it('of one ref is listed with the others, the newest first', async () => {
    await take('first');
    const head = await repository.git('rev-parse', 'main');
    const base = await snapshots.takeRef({ projectPath: repository.path, ref: 'refs/heads/main', reason: 'Merge' });
    expect(base).toMatchObject({ branch: 'main', commit: head, dirtyCommit: null, reason: 'Merge' });
    const listed = await snapshots.list(repository.path);
    expect(listed.map(({ reason }) => reason)).toEqual(['Merge', 'first']);
    await expect(
      snapshots.takeRef({ projectPath: repository.path, ref: 'refs/heads/none', reason: 'x' }),
    ).rejects.toThrow('git could not find refs/heads/none');
  });

  it('holds what a rebase has set aside', async () => {
    await put('readme.md', 'theirs\n');
    await repository.commit('Theirs', worktree);
    await repository.write('readme.md', 'ours\n');
    await repository.commit('Ours');
    await put('src/app.ts', 'set aside\n');
    await inWorktree('rebase', '-q', '--autostash', 'main').catch(() => undefined);
    expect(await text('src/app.ts')).not.toBe('set aside\n');
    const snapshot = await take();
    const [stash] = snapshot!.work!.work.autostashes;
    await destroy();
    expect(await repository.git('show', `${stash!}:src/app.ts`)).toBe('set aside');
  });

  it('runs nothing that the repository or a nested one configures', async () => {
    const proof = join(repository.root, 'ran');
    const trap = `sh -c 'echo ran >> ${proof}; cat' --`;
    await put('.gitattributes', '*.txt filter=evil\n');
    await put('file.txt', 'text\n');
    await mkdir(join(worktree, 'inner'));
    await repository.gitIn(join(worktree, 'inner'), 'init', '-q');
    await put('inner/.gitattributes', '*.txt filter=evil\n');
    await put('inner/file.txt', 'text\n');
    await repository.commit('Inner', join(worktree, 'inner'));
    await repository.commit('With a nested repository', worktree);
    for (const where of [worktree, join(worktree, 'inner')]) {
      await repository.gitIn(where, 'config', 'filter.evil.clean', trap);
      await repository.gitIn(where, 'config', 'filter.evil.smudge', trap);
      await repository.gitIn(where, 'config', 'core.fsmonitor', `sh -c 'echo ran >> ${proof}'`);
    }
    await put('file.txt', 'TEXT\n');
    await put('inner/file.txt', 'TEXT\n');
    const snapshot = await take();
    await expect(lstat(proof)).rejects.toThrow('ENOENT');
    await repository.git('worktree', 'remove', '--force', worktree);
    await repository.git('update-ref', '-d', `refs/heads/${branch}`);
    await rm(proof, { force: true });
    expect(await snapshots.restore(repository.path, snapshot!.ref)).toMatchObject({ ok: true });
    expect(await text('file.txt')).toBe('TEXT\n');
    await expect(lstat(proof)).rejects.toThrow('ENOENT');
  });

  it('of a branch and worktree that are both gone is none', async () => {
    await destroy();
    expect(await take()).toBeNull();
  });
});
