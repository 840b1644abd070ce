import { createHash } from 'node:crypto';

import { fileModes } from '#main/services/git/file-modes.ts';
import { GitError } from '#main/services/git/git.ts';
import { logRecords } from '#main/services/git/parse.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import type { Review, ReviewFile } from '#shared/contract/review.ts';

import type { ContentIds } from './content-ids.ts';
import { contentKind } from './content-kind.ts';
import { objectSizes } from './objects.ts';
import { shownPath, type RawChange } from './raw-diff.ts';
import { readCommittedChanges, readWorktreeChanges, unknownHash } from './read-changes.ts';
import type { GitPort, ReviewedRun } from './review-ports.ts';
import { findRange, type NothingThere } from './review-range.ts';
import { lookAtFile } from './worktree-files.ts';

/** One side of a changed file. `hash` is null where the content is only in the worktree. */
export interface ReviewSide {
  mode: string;
  hash: string | null;
  bytes: number | null;
}

export interface ReviewEntry {
  file: Omit<ReviewFile, 'viewed'>;
  /** The path's bytes in latin1. */
  path: string;
  old: ReviewSide | null;
  new: ReviewSide | null;
  isBinary: boolean;
}

/** A review with what is needed to read its files. */
export interface ComputedReview {
  kind: 'review';
  review: Omit<Review, 'files'>;
  entries: readonly ReviewEntry[];
  projectPath: string;
  /** Where what is not committed lies; null when the worktree is gone. */
  worktreePath: string | null;
}

/** So many files are listed; of the others only the number is told. */
const listedFiles = 5000;
const listedCommits = 1000;
/** As many files are looked at at once. */
const lookedAtOnce = 32;

const commitFields = logRecords({ hash: '%H', subject: '%s', author: '%an', at: '%ct' });

/** Works out what a run changed, from the refs and files as they are now. */
export async function computeReview(
  git: GitPort,
  run: ReviewedRun,
  contentIds: ContentIds,
): Promise<ComputedReview | NothingThere> {
  const { projectPath } = run;
  const range = await findRange(git, run);
  if ('kind' in range) return range;
  const [worktrees, commits] = await Promise.all([
    listWorktrees(git, projectPath),
    readCommits(git, projectPath, range.from, range.tip),
  ]);
  const worktreePath = await findRunWorktree(git, worktrees, run);
  const { changes, uncommitted, omitted } =
    worktreePath === null
      ? await readCommittedChanges(git, projectPath, range)
      : await readWorktreeChanges(git, worktreePath, range, listedFiles);
  const listed = changes.slice(0, listedFiles);
  const entries = await describe({ git, projectPath, worktreePath, contentIds, listed, uncommitted, tip: range.tip });
  return {
    kind: 'review',
    review: {
      base: run.base,
      branch: run.branch,
      mergeBase: range.from,
      head: range.tip,
      commits,
      omittedFiles: omitted + changes.length - listed.length,
    },
    entries,
    projectPath,
    worktreePath,
  };
}

async function readCommits(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  from: string,
  tip: string,
): Promise<Review['commits']> {
  const { text } = await git.read({
    name: 'list the commits of the branch',
    cwd,
    args: [
      'log',
      `--max-count=${String(listedCommits)}`,
      '--encoding=UTF-8',
      `--format=${commitFields.format}`,
      tip,
      `^${from}`,
      '--',
    ],
  });
  return commitFields
    .parse(text)
    .map(({ hash, subject, author, at }) => ({ hash, subject, author, at: Number(at) * 1000 }));
}

interface Describing {
  git: Pick<GitPort, 'read'>;
  projectPath: string;
  worktreePath: string | null;
  contentIds: ContentIds;
  listed: readonly RawChange[];
  uncommitted: ReadonlySet<string>;
  tip: string;
}

/** The new side of a changed path as it is on disk, where it is not committed. */
interface OnDisk {
  id: string;
  bytes: number | null;
}

async function describe(from: Describing): Promise<readonly ReviewEntry[]> {
  const { git, projectPath, listed, uncommitted, contentIds } = from;
  const isUncommitted = (change: RawChange): boolean =>
    uncommitted.has(change.path) || (change.oldPath !== null && uncommitted.has(change.oldPath));
  // A file that was written again with what it had is not uncommitted, but Git has not told its hash either.
  const inWorktree = listed.filter(
    ({ path, newMode, newHash }) => newMode !== fileModes.none && (uncommitted.has(path) || isUntold(newHash)),
  );
  const onDisk = await lookAt(from, inWorktree);
  contentIds.keep(new Set(inWorktree.map((change) => change.path)));
  const sizes = await objectSizes(
    git,
    projectPath,
    listed.flatMap((change) => [
      ...(isContent(change.oldMode) ? [change.oldHash] : []),
      ...(isContent(change.newMode) && !onDisk.has(change.path) ? [change.newHash] : []),
    ]),
  );
  return listed.map((change) => {
    const disk = onDisk.get(change.path) ?? null;
    const old = change.oldMode === fileModes.none ? null : committedSide(change.oldMode, change.oldHash, sizes);
    let side: ReviewSide | null = null;
    if (change.newMode === fileModes.submodule)
      side = { mode: change.newMode, hash: disk?.id ?? change.newHash, bytes: null };
    else if (disk !== null) side = { mode: change.newMode, hash: null, bytes: disk.bytes };
    else if (change.newMode !== fileModes.none) side = committedSide(change.newMode, change.newHash, sizes);
    return entryOf(change, { old, new: side, newId: disk?.id ?? change.newHash, uncommitted: isUncommitted(change) });
  });
}

const isUntold = (hash: string): boolean => /^0+$/u.test(hash);

const isContent = (mode: string): boolean => mode !== fileModes.none && mode !== fileModes.submodule;

const committedSide = (mode: string, hash: string, sizes: ReadonlyMap<string, number>): ReviewSide => ({
  mode,
  hash,
  bytes: mode === fileModes.submodule ? null : (sizes.get(hash) ?? 0),
});

function entryOf(
  change: RawChange,
  sides: { old: ReviewSide | null; new: ReviewSide | null; newId: string; uncommitted: boolean },
): ReviewEntry {
  const path = shownPath(change.path);
  const isBinary = change.insertions === null;
  const oldBytes = sides.old?.bytes ?? null;
  const newBytes = sides.new?.bytes ?? null;
  const isSubmodule = change.oldMode === fileModes.submodule || change.newMode === fileModes.submodule;
  const version = createHash('sha256')
    .update([change.oldPath ?? '', change.oldMode, change.oldHash, change.newMode, sides.newId].join('\0'))
    .digest('hex')
    .slice(0, 20);
  const file: ReviewEntry['file'] = {
    path,
    oldPath: change.oldPath === null ? null : shownPath(change.oldPath),
    change: changeOf(change, sides.newId),
    content: contentKind({ path, oldMode: change.oldMode, newMode: change.newMode, isBinary, oldBytes, newBytes }),
    insertions: isSubmodule ? 0 : (change.insertions ?? 0),
    deletions: isSubmodule ? 0 : (change.deletions ?? 0),
    oldMode: change.oldMode === fileModes.none ? null : change.oldMode,
    newMode: change.newMode === fileModes.none ? null : change.newMode,
    uncommitted: sides.uncommitted,
    version,
  };
  return { file, path: change.path, old: sides.old, new: sides.new, isBinary };
}

function changeOf(change: RawChange, newId: string): ReviewFile['change'] {
  switch (change.status) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    case 'C':
      return 'copied';
    case 'T':
      return 'type-changed';
    default: {
      const isSameText = change.insertions === 0 && change.deletions === 0;
      const hasOtherMode = change.oldMode !== change.newMode;
      return hasOtherMode && (isSameText || newId === change.oldHash) ? 'mode-changed' : 'modified';
    }
  }
}

async function lookAt(from: Describing, changes: readonly RawChange[]): Promise<ReadonlyMap<string, OnDisk>> {
  const { git, worktreePath, contentIds, tip } = from;
  const found = new Map<string, OnDisk>();
  if (worktreePath === null) return found;
  for (let at = 0; at < changes.length; at += lookedAtOnce) {
    await Promise.all(
      changes.slice(at, at + lookedAtOnce).map(async ({ path, newMode, newHash }) => {
        if (newMode === fileModes.submodule) {
          found.set(path, { id: await submoduleCommit(git, worktreePath, path, newHash), bytes: null });
          return;
        }
        const file = await contentIds.of(worktreePath, path, tip.length);
        // Gone since Git looked: an empty side, until the next look.
        found.set(path, file ?? { id: 'gone', bytes: null });
      }),
    );
  }
  return found;
}

/** The commit that a repository inside the worktree is at; empty when it has none. */
async function submoduleCommit(
  git: Pick<GitPort, 'read'>,
  worktreePath: string,
  path: string,
  told: string,
): Promise<string> {
  if (!isUntold(told) && told !== unknownHash(told.length)) return told;
  const dotGit = await lookAtFile(worktreePath, `${path}/.git`);
  if (dotGit.kind !== 'file' && dotGit.kind !== 'folder') return '';
  try {
    const { text } = await git.read({
      name: 'find the commit of a submodule',
      cwd: `${worktreePath}/${shownPath(path)}`,
      args: ['rev-parse', '--verify', '--quiet', 'HEAD'],
      okExitCodes: [0, 1],
    });
    return text.trim();
  } catch (error) {
    if (error instanceof GitError) return '';
    throw error;
  }
}
