import { lstat } from 'node:fs/promises';

import { GitError } from '#main/services/git/git.ts';
import { withPrivateIndex, type PrivateIndex } from '#main/services/git/private-index.ts';
import { temporaryCommit } from '#main/services/merges/commits.ts';

import type { GitPort } from './radar-ports.ts';

/** A branch as it would be if everything in its worktree were committed now. */
export interface PresentCommit {
  commit: string;
  /** Its tree. */
  tree: string;
  /** Whether the commit holds work that is in no commit of the branch. */
  hasUncommitted: boolean;
  /** Why some of what is in the worktree is not in it; null when all is. */
  leftOut: string | null;
}

/** Larger files, and more of them, are hardly what agents write: a download, a database, a folder that nobody ignored. */
const largestFileBytes = 5_000_000;
const mostUntracked = 2000;

/**
 * Commits what is in a worktree to nowhere: through a copy of its index, with objects that go where `git` puts them. The
 * worktree, its index and its refs are not touched. The same state gives the same commit. Where Git cannot look into the
 * worktree, the branch's own commit is what there is.
 */
export async function presentCommit(
  git: GitPort,
  projectPath: string,
  worktreePath: string | null,
  tip: string,
): Promise<PresentCommit> {
  const committed = async (leftOut: string | null): Promise<PresentCommit> => {
    const cwd = worktreePath ?? projectPath;
    return { commit: tip, tree: await treeOf(git, cwd, tip), hasUncommitted: false, leftOut };
  };
  if (worktreePath === null) return committed(null);
  try {
    const { tree, leftOut } = await withPrivateIndex(git, worktreePath, (index) => writeTree(git, index));
    if (tree === (await treeOf(git, worktreePath, tip))) return await committed(leftOut);
    const commit = await temporaryCommit(git, worktreePath, { tree, parent: tip });
    return { commit, tree, hasUncommitted: true, leftOut };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return committed(`What is not committed could not be looked at: ${error.message}`);
  }
}

async function writeTree(git: GitPort, index: PrivateIndex): Promise<{ tree: string; leftOut: string | null }> {
  const call = { cwd: index.worktreePath, env: index.env };
  await git.direct({ ...call, name: 'take in what has changed', args: ['add', '--update', '--', ':/'] });
  const { text } = await git.read({
    ...call,
    name: 'find new files',
    args: ['ls-files', '--others', '--exclude-standard', '-z'],
  });
  const untracked = text.split('\0').filter((path) => path !== '');
  const added: string[] = [];
  for (const path of untracked.slice(0, mostUntracked)) {
    // A path with a slash at its end is a repository of its own.
    if (!path.endsWith('/') && (await isSmall(`${index.worktreePath}/${path}`))) added.push(path);
  }
  if (added.length > 0) {
    await git.direct({
      ...call,
      name: 'take in new files',
      args: ['--literal-pathspecs', 'add', '--pathspec-from-file=-', '--pathspec-file-nul'],
      input: added.map((path) => `${path}\0`).join(''),
    });
  }
  const written = await git.direct({ ...call, name: 'write a tree', args: ['write-tree'] });
  const missing = untracked.length - added.length;
  return {
    tree: written.text.trim(),
    leftOut: missing === 0 ? null : `${String(missing)} new files are too large or too many to be looked at.`,
  };
}

const isSmall = async (path: string): Promise<boolean> => {
  const stats = await lstat(path).catch(() => null);
  return stats !== null && (stats.isSymbolicLink() || (stats.isFile() && stats.size <= largestFileBytes));
};

async function treeOf(git: GitPort, cwd: string, commit: string): Promise<string> {
  const { text } = await git.read({
    name: 'find the tree of a commit',
    cwd,
    args: ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`],
  });
  return text.trim();
}
