import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileModes } from '#main/services/git/file-modes.ts';
import { shownPath, type RawChange } from '#main/services/review/raw-diff.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { findClashes } from './path-clashes.ts';
import type { GitPort } from './variant-ports.ts';

/** A file, by where it was, with what is to become of it. Paths as bytes, in latin1. */
export interface TreePick {
  key: string;
  change: RawChange;
}

export interface TreeClash {
  kind: 'clash';
  paths: readonly string[];
  reason: string;
}

/** More paths than these are not named. */
const namedPaths = 20;

/**
 * Writes the tree of a commit with some files as the picks have them. Through an index of its own, which is thrown away: no
 * worktree, no index and no ref is touched. All objects have to be in the repository.
 */
export async function composeTree(
  git: GitPort,
  cwd: string,
  from: string,
  picks: readonly TreePick[],
): Promise<Result<string, TreeClash>> {
  const { stdout } = await git.read({
    name: 'list the files of a commit',
    cwd,
    args: ['ls-tree', '-r', '-z', '--full-tree', '--name-only', from],
  });
  const planned = planTree(new Set(stdout.toString('latin1').split('\0').filter(Boolean)), picks);
  if (!planned.ok) return planned;
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await git.direct({ name: 'read the tree that the variants began from', cwd, args: ['read-tree', from], env });
    await git.direct({
      name: 'put the chosen files in',
      cwd,
      args: ['update-index', '-z', '--index-info'],
      input: indexInput(planned.value, from.length),
      env,
    });
    const { text } = await git.direct({ name: 'write the tree of the chosen files', cwd, args: ['write-tree'], env });
    return ok(text.trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface TreePlan {
  removed: ReadonlySet<string>;
  put: ReadonlyMap<string, { mode: string; hash: string }>;
}

/** What goes and what comes, or why that cannot be one tree. `present`: the paths that are there. */
export function planTree(present: ReadonlySet<string>, picks: readonly TreePick[]): Result<TreePlan, TreeClash> {
  const removed = new Set<string>();
  const put = new Map<string, { mode: string; hash: string }>();
  const twice = new Set<string>();
  for (const { key, change } of picks) {
    removed.add(key);
    if (change.newMode === fileModes.none) continue;
    const file = { mode: change.newMode, hash: change.newHash };
    const other = put.get(change.path);
    if (other && (other.mode !== file.mode || other.hash !== file.hash)) twice.add(change.path);
    put.set(change.path, file);
  }
  if (twice.size > 0) {
    const reason = 'Two of the chosen variants put different files in the same place.';
    return fail({ kind: 'clash', paths: named(twice), reason });
  }
  const paths = new Set([...present].filter((path) => !removed.has(path)));
  for (const path of put.keys()) paths.add(path);
  const clashes = findClashes(paths, new Set(put.keys()));
  if (clashes.length === 0) return ok({ removed, put });
  return fail({
    kind: 'clash',
    paths: named(clashes.flatMap(({ file, inside }) => [file, inside])),
    reason: 'A file of one choice is a folder of another one.',
  });
}

const named = (paths: Iterable<string>): readonly string[] => [...new Set(paths)].slice(0, namedPaths).map(shownPath);

/** What goes first, because a file that goes may be the folder of one that comes. */
function indexInput({ removed, put }: TreePlan, hashLength: number): Buffer {
  const lines = [
    ...Array.from(removed, (path) => `0 ${'0'.repeat(hashLength)}\t${path}\0`),
    ...Array.from(put, ([path, { mode, hash }]) => `${mode} ${hash}\t${path}\0`),
  ];
  return Buffer.from(lines.join(''), 'latin1');
}
