import { constants, copyFile, lstat, mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { nearestExisting } from '#main/base/canonical-path.ts';
import { errorCode } from '#main/base/error-code.ts';
import { isInside } from '#main/base/is-inside.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import type { Git } from '#main/services/git/git.ts';
import { recordCopied, type CopiedFile } from '#main/services/snapshots/copied-record.ts';

/** The file in which a project names what its worktrees need although Git does not have it, in gitignore's syntax. */
const includeFile = '.worktreeinclude';

export interface CopyOutcome {
  copied: number;
  /** Symbolic links, and files whose place in the worktree is taken or leads out of it. */
  leftOut: number;
}

/**
 * Copies the untracked and ignored files of the project's checkout that its `.worktreeinclude` or `patterns` name. Shares
 * their blocks where the file system can. No link is followed and no file is overwritten. Null: nothing is named.
 */
export async function copyIncluded(
  git: Pick<Git, 'read' | 'gitDir'>,
  request: { projectPath: string; worktreePath: string; patterns: readonly string[]; signal: AbortSignal },
): Promise<CopyOutcome | null> {
  const { projectPath, worktreePath, patterns, signal } = request;
  const named = [...(await readPatterns(projectPath)), ...patterns].filter((pattern) => pattern.trim() !== '');
  if (named.length === 0) return null;
  const { text } = await git.read({
    name: 'find the files to copy',
    cwd: projectPath,
    // Exactly the files that are not tracked and match; Git itself reads the syntax.
    args: ['ls-files', '--others', '--ignored', '-z', ...named.map((pattern) => `--exclude=${pattern}`)],
    signal,
  });
  // A path that ends in a slash is a repository of its own, such as another worktree.
  const paths = text.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
  const roots = { from: await realpath(projectPath), to: await realpath(worktreePath) };
  const copies = new Semaphore(filesAtOnce);
  const results = await Promise.all(
    paths.map((path) =>
      copies.run(() => {
        signal.throwIfAborted();
        return copyOne(roots, path);
      }),
    ),
  );
  const copied = results.filter((result) => result !== null);
  await recordCopied(await git.gitDir(worktreePath), copied);
  return { copied: copied.length, leftOut: results.length - copied.length };
}

const filesAtOnce = 8;

/** The patterns as they stand in the file, without comments. A link is not read: it could lead anywhere. */
async function readPatterns(projectPath: string): Promise<readonly string[]> {
  const file = join(projectPath, includeFile);
  const stats = await lstat(file).catch(() => null);
  if (stats?.isFile() !== true) return [];
  // Read as Git reads such a file: without the mark that some editors put first, and without blanks at a line's end.
  const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.filter((line) => !line.startsWith('#')).map((line) => line.replace(/(?<!\\) +$/, ''));
}

/** Null: left out. */
async function copyOne(roots: { from: string; to: string }, path: string): Promise<CopiedFile | null> {
  const from = join(roots.from, path);
  const to = join(roots.to, path);
  const stats = await lstat(from).catch(() => null);
  if (stats?.isFile() !== true) return null;
  // The base may have a link where the project's checkout has a folder; writing through it would leave the worktree.
  const existing = await nearestExisting(dirname(to));
  if (!isInside(existing, roots.to)) return null;
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
  const made = await lstat(to);
  return { path, size: made.size, modifiedAt: made.mtimeMs };
}

/** A file is there, or a file is where a folder would have to be. */
const isTaken = (error: unknown): boolean => ['EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '');
