import { fileModes } from '#main/services/git/file-modes.ts';
import { pathInput, withPrivateIndex, type PrivateIndex } from '#main/services/git/private-index.ts';

import { uncountedBytes } from './content-kind.ts';
import { parseRawDiff, type RawChange } from './raw-diff.ts';
import type { GitPort } from './review-ports.ts';
import type { ReviewRange } from './review-range.ts';

export interface Changes {
  changes: readonly RawChange[];
  /** Latin1 paths whose content on disk is not that of the branch's tip. */
  uncommitted: ReadonlySet<string>;
  /** Untracked files beyond the limit: not looked at. */
  omitted: number;
}

/** Every flag stands against a setting that the repository's configuration could have. */
const diffFlags = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-relative',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '-O/dev/null',
];
/** Exact renames are found among any number of files, similar ones among so many. Git's own default. */
const countedRenames = ['--numstat', '--find-renames', '--find-copies', '-l1000'];
/** Counting the lines of larger files takes Git seconds each. */
const limits = ['-c', `core.bigFileThreshold=${String(uncountedBytes)}`];

/** What a branch changed, by its commits alone. */
export async function readCommittedChanges(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  range: ReviewRange,
): Promise<Changes> {
  const { stdout } = await git.read({
    name: 'compare the branch with its base',
    cwd,
    args: [...limits, 'diff-tree', '-r', ...diffFlags, ...countedRenames, range.from, range.tip, '--'],
  });
  return { changes: parseRawDiff(stdout), uncommitted: new Set(), omitted: 0 };
}

/**
 * What a run changed, with what its worktree has that is not committed, untracked files too: Git is asked about a copy of
 * the worktree's index that knows of them, so that a file moved with `mv` is a rename as well. The worktree itself, its
 * index and the object store are not written to.
 */
export function readWorktreeChanges(
  git: Pick<GitPort, 'read' | 'direct' | 'gitDir'>,
  worktree: string,
  range: ReviewRange,
  maxUntracked: number,
): Promise<Changes> {
  return withPrivateIndex(git, worktree, async (index) => {
    const untracked = await listUntracked(git, index);
    await announce(git, index, untracked.slice(0, maxUntracked), range.tip.length);
    const diff = async (name: string, flags: readonly string[], commit: string): Promise<readonly RawChange[]> => {
      const { stdout } = await git.read({
        name,
        cwd: worktree,
        args: [...limits, 'diff', '--ignore-submodules=dirty', ...diffFlags, ...flags, commit, '--'],
        env: index.env,
      });
      return parseRawDiff(stdout);
    };
    const changes = await diff('compare the worktree with the base', countedRenames, range.from);
    const sinceTip = await diff('compare the worktree with the branch', ['--no-renames'], range.tip);
    return {
      changes,
      uncommitted: new Set(sinceTip.map((change) => change.path)),
      omitted: Math.max(0, untracked.length - maxUntracked),
    };
  });
}

/** Latin1 paths. One that ends in `/` is a repository of its own. */
async function listUntracked(git: Pick<GitPort, 'read'>, index: PrivateIndex): Promise<readonly string[]> {
  const { stdout } = await git.read({
    name: 'list the untracked files',
    cwd: index.worktreePath,
    args: ['ls-files', '--others', '--exclude-standard', '-z'],
    env: index.env,
  });
  return stdout
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}

/** Enters files with a content that they do not have, so that Git looks at what they have. */
async function announce(
  git: Pick<GitPort, 'direct'>,
  index: PrivateIndex,
  paths: readonly string[],
  hashLength: number,
): Promise<void> {
  if (paths.length === 0) return;
  const hash = unknownHash(hashLength);
  const entries = paths.map((path) =>
    path.endsWith('/') ? `${fileModes.submodule} ${hash} 0\t${path.slice(0, -1)}` : `100644 ${hash} 0\t${path}`,
  );
  await git.direct({
    name: 'enter the untracked files',
    cwd: index.worktreePath,
    args: ['update-index', '-z', '--index-info'],
    input: pathInput(entries),
    env: index.env,
  });
}

/** Stands for a content that nobody has looked at: Git refuses all zeros in an index. */
export const unknownHash = (hashLength: number): string => '1'.repeat(hashLength);
