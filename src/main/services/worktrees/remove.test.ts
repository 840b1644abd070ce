import { chmod, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { checkoutOf } from '#main/services/git/worktree-checkout.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { RemovalPlan } from '#shared/contract/runs.ts';

import { realFolders, type FolderPorts } from './held-files.ts';
import { fingerprintOf, isCovered } from './removal-plan.ts';
import { testWorktrees } from './test-worktrees.ts';
import { Worktrees } from './worktrees.ts';

let repository: TestRepository;
let snapshots: Snapshots;
let worktrees: Worktrees;
let worktree: string;
const branch = 'feature/one';

beforeEach(async () => {
  repository = await TestRepository.create();
  ({ worktrees, snapshots } = testWorktrees(repository));
  worktree = join(repository.root, 'trees', 'one');
  await repository.write('shared.env', 'ORIGINAL=1\n');
  const made = await worktrees.create(
    { projectPath: repository.path, branch, base: 'main', worktreePath: worktree, copy: ['*.env'] },
    () => undefined,
    new AbortController().signal,
  );
  if (!made.ok) throw new Error(JSON.stringify(made.error));
});
afterEach(() => repository.remove());

const request = (): Parameters<Worktrees['planRemoval']>[0] => ({
  projectPath: repository.path,
  worktreePath: worktree,
  branch,
  base: 'main',
  processIsRunning: false,
});
const plan = (): Promise<RemovalPlan> => worktrees.planRemoval(request());
const remove = async (shown?: RemovalPlan): ReturnType<Worktrees['remove']> =>
  worktrees.remove({ ...request(), reason: 'Delete run', fingerprint: (shown ?? (await plan())).fingerprint });
const restore = async (ref: string | null): Promise<unknown> => snapshots.restore(repository.path, ref ?? '');
const put = (path: string, text: string): Promise<void> => repository.write(join(worktree, path), text);
const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;
const branches = (): Promise<string> => repository.git('branch', '--format=%(refname:short)');

/** Removes, and expects that it is done; returns the snapshot. */
async function removed(): Promise<string | null> {
  const result = await remove();
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  expect(await branches()).not.toContain(branch);
  expect((await worktrees.list(repository.path)).map(({ branch: name }) => name)).not.toContain(branch);
  return result.value.snapshot;
}

describe('the plan of a removal', () => {
  it('lists what would be lost: files and commits, but not what is ignored or kept elsewhere', async () => {
    await put('kept.txt', 'kept\n');
    await repository.commit('Kept by another branch', worktree);
    await repository.gitIn(worktree, 'branch', 'other');
    await put('mine.txt', 'mine\n');
    const mine = await repository.commit('Only here', worktree);
    await put('readme.md', 'changed\n');
    await put('new/file.txt', 'new\n');
    await put('node_modules/x/index.js', '');
    await put('ignored/build.log', '');
    expect(await plan()).toMatchObject({
      uncommittedFiles: ['readme.md', 'new/file.txt'],
      unmergedCommits: [{ hash: mine.slice(0, 10), subject: 'Only here' }],
      worktreePath: worktree,
      branch,
      processIsRunning: false,
    });
    await repository.git('tag', 'kept', branch);
    expect((await plan()).unmergedCommits).toEqual([]);
  });

  it('lists an ignored file that was copied in and then changed', async () => {
    expect((await plan()).uncommittedFiles).toEqual([]);
    await put('shared.env', 'ORIGINAL=1\nBY_AGENT=2\n');
    expect((await plan()).uncommittedFiles).toEqual(['shared.env']);
    const snapshot = await removed();
    expect(await restore(snapshot)).toMatchObject({ ok: true });
    expect(await readFile(join(worktree, 'shared.env'), 'utf8')).toBe('ORIGINAL=1\nBY_AGENT=2\n');
  });

  it('lists commits of a HEAD on no branch', async () => {
    await repository.gitIn(worktree, 'checkout', '-q', '--detach');
    await repository.commit('On no branch', worktree);
    expect((await plan()).unmergedCommits.map(({ subject }) => subject)).toEqual(['On no branch']);
    const snapshot = await removed();
    expect(await repository.git('log', '--format=%s', snapshot!)).toContain('On no branch');
  });
});

describe('a removal', () => {
  it('takes worktree and branch away, and its snapshot brings both back', async () => {
    await put('work.txt', 'work\n');
    const tip = await repository.commit('Work', worktree);
    await put('readme.md', 'not committed\n');
    await repository.git('config', `branch.${branch}.description`, 'x');
    const snapshot = await removed();
    expect(await isThere(worktree)).toBe(false);
    expect(await repository.git('config', '--get-regexp', '^branch').catch(() => 'none')).toBe('none');
    expect(await worktrees.presence(request())).toMatchObject({ branch: false, worktree: false });
    expect(await restore(snapshot)).toEqual({ ok: true, value: { branch, worktreePath: worktree } });
    expect(await repository.git('rev-parse', branch)).toBe(tip);
    expect(await readFile(join(worktree, 'readme.md'), 'utf8')).toBe('not committed\n');
    expect(await worktrees.presence(request())).toMatchObject({ branch: true, worktree: true });
  });

  it('is refused, with nothing deleted, when more would be lost than was shown', async () => {
    await put('seen.txt', 'seen\n');
    const shown = await plan();
    await put('unseen.txt', 'unseen\n');
    const result = await remove(shown);
    expect(result).toMatchObject({ ok: false, error: { kind: 'more-would-be-lost' } });
    expect(JSON.stringify(result)).toContain('unseen.txt');
    expect(await readFile(join(worktree, 'unseen.txt'), 'utf8')).toBe('unseen\n');
    expect(await snapshots.list(repository.path)).toEqual([]);
  });

  it('goes on when less would be lost than was shown, or the shown file was changed again', async () => {
    await put('a.txt', 'a\n');
    await put('b.txt', 'b\n');
    const shown = await plan();
    await rm(join(worktree, 'a.txt'));
    await put('b.txt', 'b, newer\n');
    const result = await worktrees.remove({
      ...request(),
      processIsRunning: true,
      reason: 'Delete run',
      fingerprint: shown.fingerprint,
    });
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    await restore(result.value.snapshot);
    expect(await readFile(join(worktree, 'b.txt'), 'utf8')).toBe('b, newer\n');
  });

  it('refuses the main checkout, also by another name for it', async () => {
    const link = join(repository.root, 'link');
    await symlink(repository.path, link);
    for (const worktreePath of [repository.path, link, `${repository.path}/`, join(repository.path, '..', 'project')]) {
      const main = { ...request(), worktreePath, branch: 'main' };
      const { fingerprint } = await worktrees.planRemoval(main);
      expect(await worktrees.remove({ ...main, reason: 'x', fingerprint })).toEqual({
        ok: false,
        error: { kind: 'main-checkout' },
      });
    }
    expect(await isThere(join(repository.path, 'readme.md'))).toBe(true);
  });

  it('of a worktree whose folder was deleted by hand removes the record and the branch', async () => {
    await repository.commit('Work', worktree);
    await rm(worktree, { recursive: true });
    expect(await worktrees.presence(request())).toMatchObject({ branch: true, worktree: false });
    // The person took the folder away; what comes back is what was there to be deleted.
    expect(await restore(await removed())).toEqual({ ok: true, value: { branch, worktreePath: null } });
    expect(await repository.git('log', '-1', '--format=%s', branch)).toBe('Work');
  });

  it('keeps a commit on no branch of a worktree whose folder was deleted by hand', async () => {
    await repository.gitIn(worktree, 'checkout', '-q', '--detach');
    const loose = await repository.commit('On no branch', worktree);
    await rm(worktree, { recursive: true });
    expect((await plan()).unmergedCommits).toHaveLength(1);
    const snapshot = await removed();
    expect(await repository.git('merge-base', '--is-ancestor', loose, snapshot!)).toBe('');
  });

  it('follows a worktree that was moved with Git', async () => {
    const moved = join(repository.root, 'moved here');
    await repository.git('worktree', 'move', '--force', '--force', worktree, moved);
    await put(join('..', '..', 'moved here', 'new.txt'), 'new\n');
    expect(await worktrees.presence(request())).toMatchObject({ branch: true, worktree: true });
    expect(await plan()).toMatchObject({ worktreePath: moved, uncommittedFiles: ['new.txt'] });
    await removed();
    expect(await isThere(moved)).toBe(false);
  });

  it('knows a worktree that Git has linked by relative paths', async () => {
    const record = await repository.gitIn(worktree, 'rev-parse', '--absolute-git-dir');
    await writeFile(join(record, 'gitdir'), `${relative(record, join(worktree, '.git'))}\n`);
    expect(await checkoutOf(record)).toBe(worktree);
  });

  it('leaves a folder that was moved by hand, and everything in it', async () => {
    const moved = join(repository.root, 'moved by hand');
    await put('new.txt', 'new\n');
    await rename(worktree, moved);
    await removed();
    expect(await readFile(join(moved, 'new.txt'), 'utf8')).toBe('new\n');
  });

  it.each<[string, () => Promise<void>, string]>([
    ['a file', () => writeFile(worktree, 'a file'), ''],
    ['a link to another folder', () => symlink(repository.path, worktree), 'readme.md'],
    ['a link to nowhere', () => symlink('/nowhere', worktree), ''],
    [
      'another repository',
      async () => {
        await mkdir(worktree);
        await repository.gitIn(worktree, 'init', '-q');
        await writeFile(join(worktree, 'theirs.txt'), 'theirs');
      },
      'theirs.txt',
    ],
  ])('does not touch %s in the place of the worktree', async (_, replace, inside) => {
    await rm(worktree, { recursive: true });
    await replace();
    expect(await worktrees.presence(request())).toMatchObject({ branch: true, worktree: false });
    await removed();
    expect(await isThere(join(worktree, inside))).toBe(true);
  });

  it('does not take a folder inside the project whose .git was deleted for the project itself', async () => {
    const inside = join(repository.path, 'ignored', 'two');
    const inner = { ...request(), branch: 'two', worktreePath: inside };
    await worktrees.create({ ...inner, copy: [] }, () => undefined, new AbortController().signal);
    await rm(join(inside, '.git'));
    await writeFile(join(inside, 'work.txt'), 'work');
    const { fingerprint } = await worktrees.planRemoval(inner);
    expect(await worktrees.remove({ ...inner, reason: 'x', fingerprint })).toMatchObject({ ok: true });
    expect(await readFile(join(inside, 'work.txt'), 'utf8')).toBe('work');
    expect(await isThere(join(repository.path, 'readme.md'))).toBe(true);
    expect(await branches()).not.toContain('two');
  });

  it('stops before anything is deleted when the branch is checked out elsewhere', async () => {
    await repository.gitIn(worktree, 'checkout', '-q', '--detach');
    await repository.git('checkout', '-q', branch);
    const result = await remove();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(JSON.stringify(result)).toContain(`checked out in ${repository.path}`);
    expect(await isThere(worktree)).toBe(true);
    expect(await branches()).toContain(branch);
  });

  it('leaves the worktree that the person made for the branch when ours is gone', async () => {
    const own = join(repository.root, 'my own');
    await repository.git('worktree', 'remove', '--force', '--force', worktree);
    await repository.git('worktree', 'add', '-q', own, branch);
    expect(await remove()).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(await isThere(own)).toBe(true);
  });

  it('keeps the other branch that an agent switched the worktree to', async () => {
    await repository.gitIn(worktree, 'checkout', '-q', '-b', 'other');
    const tip = await repository.commit('On the other', worktree);
    await removed();
    expect(await repository.git('rev-parse', 'other')).toBe(tip);
  });

  it('respects a lock that is not ours', async () => {
    await repository.git('worktree', 'unlock', worktree);
    await repository.git('worktree', 'lock', '--reason', 'on a stick', worktree);
    const result = await remove();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(JSON.stringify(result)).toContain('on a stick');
    expect(await isThere(worktree)).toBe(true);
  });

  it('stops at work in a repository of its own inside the worktree, which no snapshot can hold', async () => {
    await mkdir(join(worktree, 'cloned'));
    await repository.gitIn(join(worktree, 'cloned'), 'init', '-q');
    await put('cloned/inner.txt', 'inner\n');
    expect((await plan()).uncommittedFiles).toEqual(['cloned/']);
    const result = await remove();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(JSON.stringify(result)).toContain('cloned/');
    expect(await readFile(join(worktree, 'cloned', 'inner.txt'), 'utf8')).toBe('inner\n');
  });

  it('stops at a submodule with work in it, and goes on with one that is clean', async () => {
    const library = await TestRepository.create('library');
    const allow = ['-c', 'protocol.file.allow=always'];
    await repository.gitIn(worktree, ...allow, 'submodule', '--quiet', 'add', library.path, 'lib');
    await repository.commit('With a submodule', worktree);
    await put('lib/readme.md', 'changed inside\n');
    expect((await plan()).uncommittedFiles).toEqual(['lib/readme.md']);
    expect(await remove()).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    await repository.commit('Inside', join(worktree, 'lib'));
    expect((await plan()).uncommittedFiles).toEqual(['lib', 'lib/ (commits that were not pushed)']);
    expect(await remove()).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    await repository.gitIn(join(worktree, 'lib'), 'reset', '-q', '--hard', 'HEAD^');
    expect(await remove()).toMatchObject({ ok: true });
    await library.remove();
  });

  it('stops when the work cannot be stored, and deletes nothing', async () => {
    await put('readme.md', 'changed\n');
    // As on a full disk: there is a file where the object's folder would have to be.
    const hash = await repository.git('hash-object', join(worktree, 'readme.md'));
    await repository.write(`.git/objects/${hash.slice(0, 2)}`, '');
    const result = await remove();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', step: 'snapshot' } });
    expect(await readFile(join(worktree, 'readme.md'), 'utf8')).toBe('changed\n');
  });

  it('says so when the worktree cannot be examined, and deletes nothing', async () => {
    const index = await repository.gitIn(worktree, 'rev-parse', '--path-format=absolute', '--git-path', 'index');
    await writeFile(index, 'garbage');
    const result = await remove();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', step: 'check' } });
    expect(JSON.stringify(result)).toContain('cannot be seen what would be lost');
    expect(await isThere(worktree)).toBe(true);
  });

  it('deletes the rest of the folder when Git gave up in the middle of it', async () => {
    const tools = join(repository.root, 'tools');
    const record = await repository.gitIn(worktree, 'rev-parse', '--absolute-git-dir');
    const script = `case "$*" in "worktree remove"*) rm -rf '${record}'; echo 'failed to delete' >&2; exit 255;; esac`;
    await mkdir(tools);
    await writeFile(join(tools, 'git'), `#!/bin/sh\n${script}\nPATH="\${PATH#*:}" exec git "$@"\n`);
    await chmod(join(tools, 'git'), 0o755);
    const env = { ...repository.env, PATH: `${tools}:${repository.env['PATH'] ?? ''}` };
    worktrees = new Worktrees({ git: new Git({ log: silentLog, env }), snapshots, log: silentLog });
    await removed();
    expect(await isThere(worktree)).toBe(false);
  });

  describe('where something is open in the worktree', () => {
    const busy = (code: string): Error => Object.assign(new Error(`${code}: resource busy or locked`), { code });
    const withFolders = (platform: NodeJS.Platform, folders: Partial<FolderPorts>): void => {
      const git = new Git({ log: silentLog, env: repository.env });
      worktrees = new Worktrees({ git, snapshots, log: silentLog, platform, folders: { ...realFolders, ...folders } });
    };

    it('on Windows deletes nothing, says so, and can be tried again', async () => {
      let isOpen = true;
      let tries = 0;
      const move: FolderPorts['move'] = (from, to) => {
        tries++;
        return isOpen ? Promise.reject(busy('EBUSY')) : realFolders.move(from, to);
      };
      withFolders('win32', { move });
      await put('new.txt', 'work\n');
      const refused = await remove();
      expect(refused).toMatchObject({
        ok: false,
        error: {
          kind: 'failed',
          step: 'worktree',
          message: expect.stringMatching(
            /Some program has it open.*Resource Monitor.*Nothing was deleted. Close it/,
          ) as string,
          held: { kind: 'held', holders: { kind: 'unknown' } },
        },
      });
      expect(tries).toBeGreaterThan(2);
      expect(await readFile(join(worktree, 'new.txt'), 'utf8')).toBe('work\n');
      expect(await branches()).toContain(branch);
      isOpen = false;
      const snapshot = await removed();
      expect(await isThere(worktree)).toBe(false);
      expect(await repository.git('show', `${snapshot!}^{tree}`)).toContain('new.txt');
    });

    it('on Windows waits for what lets go in a moment', async () => {
      let tries = 0;
      withFolders('win32', {
        move: (from, to) => (++tries < 3 ? Promise.reject(busy('EPERM')) : realFolders.move(from, to)),
      });
      await removed();
      expect([tries, await isThere(worktree)]).toEqual([3, false]);
    });

    it('says which files are left and who holds them, and deletes the rest when it is asked again', async () => {
      let isOpen = true;
      withFolders('linux', {
        remove: async (path) => {
          if (!isOpen) return realFolders.remove(path);
          await rm(join(path, 'readme.md'));
          throw busy('ENOTEMPTY');
        },
      });
      const result = await remove();
      const error = result.ok ? null : result.error;
      expect(error).toMatchObject({ kind: 'failed', step: 'worktree', held: { kind: 'held' } });
      const held = error?.kind === 'failed' ? error.held : undefined;
      expect(held?.files).toContain(join('src', 'app.ts'));
      const aside = /not all of (\S+) could be deleted/.exec(error?.kind === 'failed' ? error.message : '')?.[1] ?? '';
      expect(await isThere(join(aside, 'src', 'app.ts'))).toBe(true);
      expect(await branches()).not.toContain(branch);
      isOpen = false;
      expect(await remove()).toMatchObject({ ok: true });
      expect(await isThere(aside)).toBe(false);
    });

    it('does not take for the rest of it what somebody has put in its place', async () => {
      let isOpen = true;
      withFolders('linux', {
        remove: (path) => (isOpen ? Promise.reject(busy('ENOTEMPTY')) : realFolders.remove(path)),
      });
      const result = await remove();
      const error = result.ok ? null : result.error;
      const aside = /not all of (\S+) could be deleted/.exec(error?.kind === 'failed' ? error.message : '')?.[1] ?? '';
      await rm(aside, { recursive: true });
      await mkdir(aside);
      await writeFile(join(aside, 'mine.txt'), 'mine\n');
      isOpen = false;
      expect(await remove()).toMatchObject({ ok: true });
      expect(await readFile(join(aside, 'mine.txt'), 'utf8')).toBe('mine\n');
    });
  });

  it('of what is all gone already has nothing to do', async () => {
    await repository.git('worktree', 'remove', '--force', '--force', worktree);
    await repository.git('branch', '-q', '-D', branch);
    expect(await remove()).toEqual({ ok: true, value: { snapshot: null } });
  });
});

describe('a fingerprint', () => {
  it('covers the same and less, but not more', () => {
    const shown = fingerprintOf(['file a', 'file b']);
    expect(isCovered(fingerprintOf(['file b', 'file a']), shown)).toBe(true);
    expect(isCovered(fingerprintOf(['file a']), shown)).toBe(true);
    expect(isCovered(fingerprintOf([]), shown)).toBe(true);
    expect(isCovered(fingerprintOf(['file a', 'file c']), shown)).toBe(false);
    expect(isCovered(fingerprintOf([]), 'made up')).toBe(false);
  });
});
