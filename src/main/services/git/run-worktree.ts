import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { GitError, type Git } from './git.ts';
import type { WorktreeEntry } from './parse.ts';

/**
 * Where a run's files are now: the checkout that has its branch, wherever that is, else its own folder with a detached
 * HEAD, as in the middle of a rebase. Null: neither is there, or the folder has another branch.
 */
export async function findRunWorktree(
  git: Pick<Git, 'commonDir'>,
  worktrees: readonly WorktreeEntry[],
  run: { branch: string; worktreePath: string },
): Promise<string | null> {
  const candidates = [
    ...worktrees.filter(({ branch }) => branch === `refs/heads/${run.branch}`),
    ...worktrees.filter(({ branch, path }) => branch === null && path === run.worktreePath),
  ];
  for (const { path } of candidates) if (await isCheckout(git, worktrees, path)) return path;
  return null;
}

/** Git's list is of what it noted once. In that folder there may be nothing now, or a checkout of something else. */
export async function isCheckout(
  git: Pick<Git, 'commonDir'>,
  worktrees: readonly WorktreeEntry[],
  path: string,
): Promise<boolean> {
  const [main] = worktrees;
  // Without a `.git` of its own, Git would answer for a repository around it.
  if (main === undefined || (await stat(join(path, '.git')).catch(() => null)) === null) return false;
  try {
    return (await git.commonDir(path)) === (await git.commonDir(main.path));
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}
