import { copyFile, lstat, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Git } from './git.ts';

/** A copy of a worktree's index: what is done to it, the worktree and its own index never see. */
export interface PrivateIndex {
  worktreePath: string;
  gitDir: string;
  /** What a call needs to work on the copy. */
  env: Readonly<Record<string, string>>;
}

/** Runs a task on a copy of a worktree's index and throws the copy away. */
export async function withPrivateIndex<T>(
  git: Pick<Git, 'direct' | 'gitDir'>,
  worktreePath: string,
  task: (index: PrivateIndex) => Promise<T>,
): Promise<T> {
  const gitDir = await git.gitDir(worktreePath);
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-index-'));
  try {
    const file = join(folder, 'index');
    // Reading it may write what was learnt back into the copy.
    const index = { worktreePath, gitDir, env: { GIT_INDEX_FILE: file, GIT_OPTIONAL_LOCKS: '1' } };
    if (!(await copyIndex(join(gitDir, 'index'), file))) {
      await git.direct({
        name: 'fill an index',
        cwd: worktreePath,
        args: ['read-tree', 'HEAD'],
        env: index.env,
        // There is no commit either: an empty index is right.
        okExitCodes: [0, 128],
      });
    }
    return await task(index);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Older than the original by this much, in milliseconds: more than the tick of any clock that stamps files. */
const marginMs = 20;

async function copyIndex(from: string, to: string): Promise<boolean> {
  const stats = await stat(from).catch(() => null);
  if (stats === null) return false;
  await copyFile(from, to);
  // Git distrusts files that are as young as the index. A copy that looks younger than the original would take a file
  // that was changed within the same tick of the clock for unchanged, so it is made to look a little older.
  const seconds = (stats.mtimeMs - marginMs) / 1000;
  await utimes(to, seconds, seconds);
  return true;
}

/** A line of the index: `tag mode object stage TAB path`. Paths as bytes in latin1, because they need not be UTF-8. */
export interface IndexEntry {
  /** `h`, `s`: assumed unchanged; `S`: not wanted in the worktree. Git looks at neither in the worktree. */
  tag: string;
  mode: string;
  path: string;
}

export async function readIndex(git: Pick<Git, 'read'>, index: PrivateIndex): Promise<readonly IndexEntry[]> {
  const { stdout } = await git.read({
    name: 'read the index',
    cwd: index.worktreePath,
    args: ['ls-files', '--stage', '-v', '-z'],
    env: index.env,
  });
  return stdout
    .toString('latin1')
    .split('\0')
    .flatMap((line) => {
      const tab = line.indexOf('\t');
      const [tag = '', mode = ''] = line.slice(0, tab).split(' ');
      return tab === -1 ? [] : [{ tag, mode, path: line.slice(tab + 1) }];
    });
}

/** Makes Git look at every file that is there, also those which it was told to take for unchanged. */
export async function lookAtEverything(
  git: Pick<Git, 'direct'>,
  index: PrivateIndex,
  entries: readonly IndexEntry[],
): Promise<void> {
  const hidden = entries.filter(({ tag }) => tag === 'S' || tag !== tag.toUpperCase());
  const there = await Promise.all(hidden.map(({ path }) => isThere(index.worktreePath, path)));
  const paths = hidden.filter((_, at) => there[at] === true).map(({ path }) => path);
  if (paths.length === 0) return;
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    await git.direct({
      name: 'look at every file',
      cwd: index.worktreePath,
      args: ['update-index', flag, '-z', '--stdin'],
      input: pathInput(paths),
      env: index.env,
    });
  }
}

/** Latin1 paths as Git's input, NUL terminated. */
export const pathInput = (paths: readonly string[]): Buffer =>
  Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');

const isThere = async (worktreePath: string, path: string): Promise<boolean> =>
  (await lstat(Buffer.concat([Buffer.from(`${worktreePath}/`), Buffer.from(path, 'latin1')])).catch(() => null)) !==
  null;
