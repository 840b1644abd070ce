import { lstat, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { fileModes } from '#main/services/git/file-modes.ts';
import { GitError } from '#main/services/git/git.ts';

import type { GitPort } from './merge-ports.ts';
import { treeChanges, type TreeChange } from './tree-changes.ts';

/**
 * Puts a checkout back to the commit that its branch is at, after a move to another commit failed half way. Only files
 * with exactly the content of that other commit, or that are missing, are written; any other content is somebody's and
 * stays. Returns the files that could not be put back.
 */
export async function putBack(
  git: Pick<GitPort, 'read' | 'direct'>,
  path: string,
  state: { at: string; partly: string },
): Promise<readonly string[]> {
  const { at, partly } = state;
  try {
    if (await indexIs(git, path, partly)) {
      // The files were all written, and only the ref could not be moved. This refuses to touch a file changed since.
      await git.direct({
        name: 'put the checkout back',
        cwd: path,
        args: ['read-tree', '-m', '-u', '--no-recurse-submodules', partly, at],
      });
      return [];
    }
    const changes = (await treeChanges(git, path, at, partly)).filter(
      (change) => change.old?.mode !== fileModes.submodule && change.new?.mode !== fileModes.submodule,
    );
    await restore(git, path, changes, await lookAt(git, path, changes));
    return await stillDiffering(git, path, changes);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [error.message];
  }
}

/** Whether the index of a checkout has exactly the files of a commit. */
export async function indexIs(git: Pick<GitPort, 'read'>, path: string, commit: string): Promise<boolean> {
  const { exitCode } = await git.read({
    name: 'compare the index',
    cwd: path,
    args: ['diff-index', '--cached', '--quiet', commit, '--'],
    okExitCodes: [0, 1],
  });
  return exitCode === 0;
}

/** How a file of the half-done move is on disk, against what the move was to make of it. */
type OnDisk = 'as-written' | 'missing' | 'other';

async function lookAt(
  git: Pick<GitPort, 'read' | 'direct'>,
  path: string,
  changes: readonly TreeChange[],
): Promise<ReadonlyMap<string, OnDisk>> {
  const found = new Map<string, OnDisk>();
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-'));
  try {
    // An index of nothing but these files as they were to be: comparing with it goes through the same filters.
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    const entries: string[] = [];
    for (const change of changes) {
      if (change.new !== null) {
        entries.push(`${change.new.mode} ${change.new.hash} 0\t${change.path}\0`);
        found.set(change.path, 'as-written');
      } else {
        const stats = await lstat(join(path, change.path)).catch(() => null);
        found.set(change.path, stats === null ? 'missing' : 'other');
      }
    }
    await git.direct({
      name: 'list what was to be written',
      cwd: path,
      args: ['update-index', '-z', '--index-info'],
      input: entries.join(''),
      env,
    });
    const { text } = await git.read({
      name: 'compare the files',
      cwd: path,
      args: ['diff', '--name-status', '-z', '--no-renames'],
      env,
    });
    const fields = text.split('\0');
    for (let at = 0; at + 1 < fields.length; at += 2) {
      found.set(fields[at + 1] ?? '', fields[at] === 'D' ? 'missing' : 'other');
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function restore(
  git: Pick<GitPort, 'direct'>,
  path: string,
  changes: readonly TreeChange[],
  onDisk: ReadonlyMap<string, OnDisk>,
): Promise<void> {
  for (const change of changes) {
    if (change.old !== null || onDisk.get(change.path) !== 'as-written') continue;
    await rm(join(path, change.path), { force: true });
    await removeEmptyFolders(path, dirname(change.path));
  }
  const paths = changes
    .filter((change) => change.old !== null && onDisk.get(change.path) !== 'other')
    .map((change) => change.path);
  if (paths.length === 0) return;
  await git.direct({
    name: 'put files back',
    cwd: path,
    args: ['checkout-index', '--force', '-u', '-z', '--stdin'],
    input: paths.map((file) => `${file}\0`).join(''),
  });
}

async function removeEmptyFolders(path: string, folder: string): Promise<void> {
  for (let each = folder; each !== '.'; each = dirname(each)) {
    // Not empty, or gone already: nothing to do above it either.
    const removed = await rmdir(join(path, each)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function stillDiffering(
  git: Pick<GitPort, 'read'>,
  path: string,
  changes: readonly TreeChange[],
): Promise<readonly string[]> {
  const { text } = await git.read({
    name: 'see what was put back',
    cwd: path,
    args: ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'],
  });
  const concerned = new Set(changes.map((change) => change.path));
  return text
    .split('\0')
    .map((line) => line.slice(3))
    .filter((file) => concerned.has(file));
}
