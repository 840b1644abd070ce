import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { GitOutput } from '#main/services/git/git.ts';

/**
 * The tracked files that Git shows as other than in a commit, each with how it is on disk. There are some even in a fresh
 * checkout where line ends were committed that the attributes forbid; so states are compared, and not whether there are any.
 */
export type TrackedState = ReadonlyMap<string, string>;

/** `git` asks about the worktree at `path`. */
export async function readTrackedState(
  git: (args: readonly string[]) => Promise<Pick<GitOutput, 'text'>>,
  path: string,
  commit: string,
): Promise<TrackedState> {
  const { text } = await git([
    'diff',
    '--raw',
    '-z',
    '--no-renames',
    // What a build writes into a submodule is as little tracked as elsewhere.
    '--ignore-submodules=untracked',
    commit,
    '--',
  ]);
  // `:mode mode hash hash status NUL path NUL`
  const fields = text.split('\0');
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index + 1] ?? '';
    found.set(name, `${fields[index] ?? ''} ${await onDisk(join(path, name))}`);
  }
  return found;
}

/** The paths that two states of one worktree tell apart, sorted. */
export async function movedPaths(before: TrackedState, after: TrackedState, path: string): Promise<readonly string[]> {
  const moved = new Set<string>();
  for (const [name, state] of after) if (before.get(name) !== state) moved.add(name);
  for (const [name, state] of before) {
    // Git may come to see a file as it is committed without anybody having written to it.
    if (!after.has(name) && !state.endsWith(await onDisk(join(path, name)))) moved.add(name);
  }
  return [...moved].toSorted();
}

async function onDisk(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return 'gone';
  if (stats.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!stats.isFile()) return 'no file';
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `${String(stats.mode & 0o111)} ${hash.digest('hex')}`;
}
