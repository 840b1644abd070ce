import { parseRawDiff, shownPath, type RawChange } from '#main/services/review/raw-diff.ts';

import type { GitPort } from './radar-ports.ts';

/** One path that a branch changes, as it is against where the branch began. Paths as UTF-8. */
export interface BranchChange {
  path: string;
  /** What it was called before, where it was renamed. */
  oldPath: string | null;
  kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  /** Git's modes and hashes; zeros on a side where there is no file. */
  oldMode: string;
  newMode: string;
  oldHash: string;
  newHash: string;
  /** Null where Git counts no lines: binary, or larger than `largestComparedBytes`. */
  insertions: number | null;
  deletions: number | null;
}

/** Git compares larger files as if they were binary. */
export const largestComparedBytes = 2_000_000;

/** Every flag stands against a setting that the repository's configuration could have. */
export const diffFlags = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-relative', '-O/dev/null'];
export const compareLimits = ['-c', `core.bigFileThreshold=${String(largestComparedBytes)}`];
/** In this order Git tells of them, in the list as in the patch. */
export const renameFlags = ['--find-renames', '-l1000'];

const kinds: Readonly<Record<string, BranchChange['kind']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

/** What has changed from a commit to a tree, in Git's order. */
export async function readBranchChanges(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  range: { from: string; tree: string },
  signal?: AbortSignal,
): Promise<readonly BranchChange[]> {
  const changes = await readRawChanges(git, cwd, range, signal ? { signal } : {});
  return changes.map(({ path, oldPath, status, ...rest }) => ({
    ...rest,
    path: shownPath(path),
    oldPath: oldPath === null ? null : shownPath(oldPath),
    kind: kinds[status] ?? 'modified',
  }));
}

/** The same with paths as their bytes, one character a byte. */
export async function readRawChanges(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  range: { from: string; tree: string },
  limits: { signal?: AbortSignal; maxBytes?: number } = {},
): Promise<readonly RawChange[]> {
  const { stdout } = await git.read({
    name: 'find what a branch changes',
    cwd,
    args: [
      ...compareLimits,
      'diff-tree',
      '-r',
      '--raw',
      '--numstat',
      '-z',
      '--no-abbrev',
      ...renameFlags,
      ...diffFlags,
      range.from,
      range.tree,
      '--',
    ],
    ...limits,
  });
  return parseRawDiff(stdout);
}
