import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { fileModes } from '#main/services/git/file-modes.ts';
import { parseStatus, type WorktreeEntry } from '#main/services/git/parse.ts';
import { isCheckout } from '#main/services/git/run-worktree.ts';

import { disabledFilterObstacle } from './disabled-filters.ts';
import { filesInTheWay } from './files-in-the-way.ts';
import type { GitPort } from './merge-ports.ts';
import { branchRef } from './refs.ts';
import { treeChanges, type TreeChange } from './tree-changes.ts';

/** A checkout, main or linked, whose HEAD is on a branch, or that is rebasing that branch. */
export interface Checkout {
  path: string;
  gitDir: string;
  /** What is under way in it, such as `rebase`; null when nothing is. */
  operation: string | null;
}

/** Why a checkout cannot follow its branch. `files`: what would be lost or mixed up. */
export interface CheckoutObstacle {
  path: string;
  files: readonly string[];
  /** A sentence, when it is not only about changes that are not committed. */
  obstacle?: string;
}

/** The checkouts that a move of the branch concerns. A worktree whose folder is gone has nothing to lose. */
export async function checkoutsOf(
  git: Pick<GitPort, 'gitDir' | 'commonDir'>,
  worktrees: readonly WorktreeEntry[],
  branch: string,
): Promise<readonly Checkout[]> {
  const ref = branchRef(branch);
  const checkouts: Checkout[] = [];
  for (const { path, branch: current } of worktrees) {
    if (!(await isCheckout(git, worktrees, path))) continue;
    const gitDir = await git.gitDir(path);
    const isRebasing = (await rebasedRef(gitDir)) === ref;
    if (current !== ref && !isRebasing) continue;
    checkouts.push({ path, gitDir, operation: isRebasing ? 'rebase' : await operationIn(gitDir) });
  }
  return checkouts;
}

/**
 * What stops these checkouts from following their branch from one tree to another; null when nothing does. A file that
 * is changed, staged or not, stops it wherever it is; one that Git does not track only where the move would write.
 */
export async function obstacleTo(
  git: Pick<GitPort, 'read'>,
  checkouts: readonly Checkout[],
  move: { branch: string; from: string; to: string | null },
): Promise<CheckoutObstacle | null> {
  const [checkout, second] = checkouts;
  if (!checkout) return null;
  const { path } = checkout;
  if (second) {
    const obstacle = `${move.branch} is checked out a second time, in ${second.path}. Both cannot follow at once.`;
    return { path, files: [], obstacle };
  }
  const changed = await changedFiles(git, path);
  if (checkout.operation !== null) {
    return {
      path,
      files: changed,
      obstacle: `A ${checkout.operation} is under way in ${path}. Finish or abort it first.`,
    };
  }
  if (changed.length > 0) return { path, files: changed };
  if (move.to === null) return null;
  const changes = await treeChanges(git, path, move.from, move.to);
  const inTheWay = await filesInTheWay(path, changes);
  if (inTheWay.length > 0) {
    const obstacle = `Files that Git does not track are where ${move.branch} would get files of its own.`;
    return { path, files: inTheWay, obstacle };
  }
  const submodules = await checkedOutSubmodules(path, changes);
  if (submodules.length > 0) {
    const obstacle = `These submodules are checked out, and would stay as they are when ${move.branch} moves. Merge this branch with Git itself and update them.`;
    return { path, files: submodules, obstacle };
  }
  const filtered = await disabledFilterObstacle(git, path, changes);
  return filtered === null ? null : { path, ...filtered };
}

/** Git moves a submodule's commit without its files: the checkout would then show the old commit as a change back. */
async function checkedOutSubmodules(path: string, changes: readonly TreeChange[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const change of changes) {
    if (change.old?.mode !== fileModes.submodule && change.new?.mode !== fileModes.submodule) continue;
    if ((await lstat(join(path, change.path, '.git')).catch(() => null)) !== null) found.push(change.path);
  }
  return found;
}

/** Tracked files that differ from HEAD in the index or on disk, with those that are unmerged. */
export async function changedFiles(git: Pick<GitPort, 'read'>, path: string): Promise<readonly string[]> {
  const { text } = await git.read({
    name: 'look for changes that are not committed',
    cwd: path,
    args: ['status', '--porcelain=v2', '-z', '--untracked-files=no', '--no-renames'],
  });
  return parseStatus(text).entries.map((entry) => entry.path);
}

/** The full name of the ref that a rebase in this checkout will move when it ends. */
async function rebasedRef(gitDir: string): Promise<string | null> {
  for (const folder of ['rebase-merge', 'rebase-apply']) {
    const name = await readFile(join(gitDir, folder, 'head-name'), 'utf8').catch(() => null);
    if (name !== null) return name.trim();
  }
  return null;
}

async function operationIn(gitDir: string): Promise<string | null> {
  const signs = {
    MERGE_HEAD: 'merge',
    CHERRY_PICK_HEAD: 'cherry-pick',
    REVERT_HEAD: 'revert',
    'rebase-apply': 'git am',
  };
  for (const [file, operation] of Object.entries(signs)) {
    if ((await stat(join(gitDir, file)).catch(() => null)) !== null) return operation;
  }
  return null;
}
