import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

import type { Git } from './git.ts';
import { parseWorktreeList, type WorktreeEntry } from './parse.ts';

/** Why our worktrees are locked: Git then neither prunes nor removes them by itself. Another reason is somebody else's lock. */
export const lockReason = 'Switchyard: a run lives here';

/** Every checkout of the repository, the main one first. */
export async function listWorktrees(git: Pick<Git, 'read'>, cwd: string): Promise<readonly WorktreeEntry[]> {
  const { text } = await git.read({ name: 'list the worktrees', cwd, args: ['worktree', 'list', '--porcelain', '-z'] });
  return parseWorktreeList(text);
}

/**
 * Whether a folder is the checkout that Git's records say it is. `replaced`: something else is there now (a file, a
 * symbolic link, another repository, a folder whose `.git` is gone), and nothing of it may be taken for the checkout.
 */
export async function checkoutState(
  git: Pick<Git, 'gitDir' | 'commonDir'>,
  projectPath: string,
  path: string,
): Promise<'present' | 'gone' | 'replaced'> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return 'gone';
  const link = await lstat(join(path, '.git')).catch(() => null);
  if (!stats.isDirectory() || link?.isFile() !== true) return 'replaced';
  try {
    const gitDir = await git.gitDir(path);
    const commonDir = await git.commonDir(projectPath);
    if (!gitDir.startsWith(join(commonDir, 'worktrees') + sep)) return 'replaced';
    // Git's side of the link has to lead back here: a copied folder has a `.git` that leads to the original's records.
    const [there, here] = await Promise.all([realpath((await checkoutOf(gitDir)) ?? gitDir), realpath(path)]);
    return there === here ? 'present' : 'replaced';
  } catch {
    return 'replaced';
  }
}

/** Git's own folder about the worktree at a path; null: it has none. */
export async function recordFolder(
  git: Pick<Git, 'commonDir'>,
  projectPath: string,
  path: string,
): Promise<string | null> {
  const records = join(await git.commonDir(projectPath), 'worktrees');
  for (const name of await readdir(records).catch(() => [])) {
    if ((await checkoutOf(join(records, name))) === path) return join(records, name);
  }
  return null;
}

/** The folder that one of Git's records of a worktree leads to; null: it is no such record. */
export async function checkoutOf(record: string): Promise<string | null> {
  const link = await readFile(join(record, 'gitdir'), 'utf8').catch(() => null);
  // Relative to the record where `worktree.useRelativePaths` is set (Git 2.48).
  return link === null ? null : dirname(resolve(record, link.replace(/\r?\n$/, '')));
}

/**
 * Records a new worktree, locked, without files. Inside a turn of the repository's write queue.
 * `replaceRecord`: Git has a record of a worktree at this path whose folder is gone.
 */
export async function registerWorktree(
  git: Pick<Git, 'direct'>,
  request: {
    projectPath: string;
    worktreePath: string;
    head: { branch: string } | { commit: string };
    replaceRecord: boolean;
    signal?: AbortSignal;
  },
): Promise<void> {
  const { projectPath, worktreePath, head, signal } = request;
  await git.direct({
    name: 'add the worktree',
    cwd: projectPath,
    args: [
      'worktree',
      'add',
      '--quiet',
      '--no-checkout',
      '--lock',
      '--reason',
      lockReason,
      // Once for a record whose folder is gone, twice where that record is locked.
      ...(request.replaceRecord ? ['--force', '--force'] : []),
      ...('branch' in head ? ['--', worktreePath, head.branch] : ['--detach', '--', worktreePath, head.commit]),
    ],
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Has a worktree that was just registered get the files of these folders only, besides those at the top; Git keeps that in
 * the worktree's own configuration. Inside a turn of the repository's write queue.
 */
export async function limitCheckout(
  git: Pick<Git, 'direct'>,
  worktreePath: string,
  folders: readonly string[],
): Promise<void> {
  await git.direct({
    name: 'limit the files of the worktree',
    cwd: worktreePath,
    args: ['sparse-checkout', 'set', '--cone', '--stdin'],
    input: folders.map((folder) => `${folder}\n`).join(''),
  });
}

/** Below this many files a second worker costs more than it brings. */
const filesWorthWorkers = 1000;
/** More than eight were slower on two of three file systems. */
const mostWorkers = 8;

/** Writes the files of a worktree that was just registered, and leaves an index that a later status need not distrust. */
export async function checkOutFiles(
  git: Pick<Git, 'direct'>,
  worktreePath: string,
  signal?: AbortSignal,
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  const workers = Math.min(mostWorkers, availableParallelism());
  await git.direct({
    name: 'write the files of the worktree',
    cwd: worktreePath,
    args: [
      '-c',
      `checkout.workers=${String(workers)}`,
      '-c',
      `checkout.thresholdForParallelism=${String(filesWorthWorkers)}`,
      'reset',
      '--hard',
      '--quiet',
      '--no-recurse-submodules',
    ],
    ...cancel,
  });
  await refreshIndex(git, worktreePath, cancel);
}

/** Without it every status of a fresh worktree that takes no locks reads all files again: four times slower. */
export async function refreshIndex(
  git: Pick<Git, 'direct'>,
  worktreePath: string,
  cancel: { signal?: AbortSignal } = {},
): Promise<void> {
  await git.direct({
    name: 'refresh the index',
    cwd: worktreePath,
    args: ['update-index', '-q', '--refresh'],
    // 1: some file differs from the index, which is no failure.
    okExitCodes: [0, 1],
    ...cancel,
  });
}
