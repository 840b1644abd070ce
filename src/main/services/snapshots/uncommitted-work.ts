import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileModes } from '#main/services/git/file-modes.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { parseStatus } from '#main/services/git/parse.ts';
import {
  lookAtEverything,
  pathInput,
  readIndex,
  withPrivateIndex,
  type IndexEntry,
  type PrivateIndex,
} from '#main/services/git/private-index.ts';

import { changedCopies } from './copied-record.ts';
import { storeFiles } from './raw-files.ts';

/** What is in a worktree and in no commit. Paths are relative to it, with `/`. */
export interface UncommittedWork {
  /** The commit that is checked out; null before the first one, or when the branch was deleted under the worktree. */
  head: string | null;
  /** Short name; null when HEAD is detached. */
  headBranch: string | null;
  /** Tracked files that differ, untracked files, and copied files that were changed. A snapshot holds all of these. */
  files: readonly string[];
  /** Commits with changes that a rebase or merge in progress has set aside; the snapshot holds them. */
  autostashes: readonly string[];
  /** What no snapshot of this repository can hold: work inside submodules and in repositories of their own. */
  beyondSnapshot: readonly string[];
}

type Asks = Pick<Git, 'read' | 'direct' | 'gitDir'>;

/** Looks at every file. Takes no lock of the worktree and changes nothing in it. */
export const findUncommittedWork = (git: Asks, worktreePath: string): Promise<UncommittedWork> =>
  withPrivateIndex(git, worktreePath, async (index) => (await examine(git, index)).work);

/** A worktree's state as trees in the object database. */
export interface WorktreeTrees {
  work: UncommittedWork;
  /** What a commit of everything would hold. */
  everything: string;
  /** What is staged; null where it cannot be said because of unmerged files. */
  staged: string | null;
}

export const writeWorktreeTrees = (git: Asks, worktreePath: string): Promise<WorktreeTrees> =>
  withPrivateIndex(git, worktreePath, async (index) => {
    const { work, deleted, present } = await examine(git, index);
    const staged = await writeTree(git, index, [0, 128]);
    const store = { name: 'store what is not committed', cwd: worktreePath, env: index.env };
    // First and by force: Git asks the worktree about each path otherwise, and refuses one whose folder is a link now.
    await git.direct({
      ...store,
      args: ['update-index', '--force-remove', '-z', '--stdin'],
      input: pathInput(deleted),
    });
    await storeFiles(git, index, present);
    const everything = await writeTree(git, index, [0]);
    if (everything === null) throw new Error('git wrote no tree');
    return { work, everything, staged };
  });

async function writeTree(git: Asks, index: PrivateIndex, okExitCodes: readonly number[]): Promise<string | null> {
  const call = { name: 'write a tree', cwd: index.worktreePath, args: ['write-tree'], env: index.env, okExitCodes };
  const { exitCode, text } = await git.direct(call);
  return exitCode === 0 ? text.trim() : null;
}

interface Examined {
  work: UncommittedWork;
  /** Paths as bytes in latin1. A path can be in both: deleted in the index, and there again. */
  deleted: readonly string[];
  present: readonly string[];
}

async function examine(git: Asks, index: PrivateIndex): Promise<Examined> {
  const { worktreePath } = index;
  const entries = await readIndex(git, index);
  await lookAtEverything(git, index, entries);
  const { stdout } = await git.read({
    name: 'find what is not committed',
    cwd: worktreePath,
    args: ['status', '--porcelain=v2', '-z', '--branch', '--no-ahead-behind', '--untracked-files=all', '--no-renames'],
    env: index.env,
  });
  const status = parseStatus(stdout.toString('latin1'));
  const copies = (await changedCopies(index.gitDir, worktreePath)).map((path) => asLatin1(path));
  // A folder in this list is a repository of its own: Git looks into every other folder.
  const nested = status.entries.filter(({ path }) => path.endsWith('/')).map(({ path }) => path);
  const files = status.entries.filter(({ path }) => !path.endsWith('/'));
  const deleted = files.filter(({ kind, codes }) => kind === 'changed' && codes.includes('D')).map(({ path }) => path);
  const isDeleted = new Set(deleted);
  const present = files.filter(({ kind, path }) => kind !== 'changed' || !isDeleted.has(path)).map(({ path }) => path);
  const all = [...new Set([...files.map(({ path }) => path), ...copies])];
  const inSubmodules = await findWorkInSubmodules(git, worktreePath, entries);
  return {
    work: {
      head: status.head,
      headBranch: status.branch === null ? null : asUtf8(status.branch),
      files: all.map(asUtf8),
      autostashes: await findAutostashes(index.gitDir),
      beyondSnapshot: [...nested.map(asUtf8), ...inSubmodules],
    },
    deleted,
    present: [...present, ...copies],
  };
}

/** `--autostash` keeps changes in a commit that only a file in the worktree's Git directory names. */
async function findAutostashes(gitDir: string): Promise<readonly string[]> {
  const files = ['rebase-merge/autostash', 'rebase-apply/autostash', 'MERGE_AUTOSTASH'];
  const texts = await Promise.all(files.map((file) => readFile(join(gitDir, file), 'utf8').catch(() => '')));
  return texts.map((text) => text.trim()).filter((text) => /^[0-9a-f]{40,64}$/.test(text));
}

/**
 * Work inside the submodules that are checked out: files that are not committed, and commits that no remote has. A
 * linked worktree's submodules have their repositories in the worktree's Git directory, which goes with it.
 */
async function findWorkInSubmodules(
  git: Asks,
  worktreePath: string,
  entries: readonly IndexEntry[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path } of entries.filter(({ mode }) => mode === fileModes.submodule)) {
    const folder = join(worktreePath, asUtf8(path));
    if ((await lstat(join(folder, '.git')).catch(() => null)) === null) continue;
    const name = asUtf8(path);
    try {
      const inside = await findUncommittedWork(git, folder);
      found.push(...[...inside.files, ...inside.beyondSnapshot].map((file) => `${name}/${file}`));
      if (await hasUnpushedCommits(git, folder)) found.push(`${name}/ (commits that were not pushed)`);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      found.push(`${name}/ (cannot be looked into: ${error.message})`);
    }
  }
  return found;
}

async function hasUnpushedCommits(git: Asks, folder: string): Promise<boolean> {
  const { text } = await git.read({
    name: "find a submodule's own commits",
    cwd: folder,
    args: ['rev-list', '--max-count=1', 'HEAD', '--branches', '--tags', '--not', '--remotes'],
    // 128: it has no commit yet.
    okExitCodes: [0, 128],
  });
  return text.trim() !== '';
}

const asUtf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const asLatin1 = (utf8: string): string => Buffer.from(utf8, 'utf8').toString('latin1');
