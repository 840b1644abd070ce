import { lstat, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import type { FileBlock } from '#shared/spec/file-blocks.ts';

export interface WrittenBlock {
  path: string;
  change: 'created' | 'changed' | 'same';
  lines: number;
}

/**
 * Writes a quoted file inside the folder. Refused, with a reason that ends a sentence about the path: whatever would
 * land outside the folder, in a repository's own data, or in the place of something that is no file.
 */
export async function writeBlock(
  folder: string,
  block: FileBlock,
): Promise<Result<WrittenBlock, { kind: 'refused'; reason: string }>> {
  const refuse = (reason: string) => fail({ kind: 'refused' as const, reason });
  const name = refusePath(block.path);
  if (name !== null) return refuse(name);
  try {
    const target = join(folder, block.path);
    const place = await refusePlace(folder, target);
    if (place !== null) return refuse(place);
    const before = await readFile(target, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    const lines = block.text === '' ? 0 : block.text.split('\n').length - (block.text.endsWith('\n') ? 1 : 0);
    const change = before === null ? 'created' : before === block.text ? 'same' : 'changed';
    if (change !== 'same') {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, block.text);
    }
    return ok({ path: block.path, change, lines });
  } catch (error) {
    if (errorCode(error) !== null) return refuse(`cannot be written: ${errorMessage(error)}`);
    throw error;
  }
}

/** What is wrong with a path by its letters alone. Judged for every platform at once: the text goes to all of them. */
function refusePath(path: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (path === '' || /[\x00-\x1f\x7f]/.test(path)) return 'is no name for a file';
  if (isAbsolute(path) || /^(?:[/~]|[A-Za-z]:)/.test(path)) return 'is not relative to the worktree';
  if (path.includes('\\')) return 'has a backslash in it';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leads out of the worktree';
  if (parts.some((part) => part === '' || part === '.')) return 'is no name for a file';
  // NTFS knows `.git` by these names too.
  return parts.some((part) => /^(?:\.git|git~\d+)[. ]*$/i.test(part)) ? 'is in the data of a repository' : null;
}

/** What is wrong with where a path really leads, over the links that are there. */
async function refusePlace(folder: string, target: string): Promise<string | null> {
  const root = await realpath(folder);
  const parts = relative(folder, target).split(sep);
  for (let count = 1; count <= parts.length; count++) {
    const path = join(folder, ...parts.slice(0, count));
    const stats = await lstat(path).catch(() => null);
    if (stats === null) return null;
    if (stats.isSymbolicLink()) {
      const real = await realpath(path).catch(() => null);
      if (real === null) return 'is a symbolic link to nothing';
      if (real !== root && !real.startsWith(root + sep)) return 'is a symbolic link to outside the worktree';
      if (real.slice(root.length).split(sep).includes('.git')) return 'is in the data of a repository';
    }
    const isLast = count === parts.length;
    const found = stats.isSymbolicLink() ? await lstat(await realpath(path)) : stats;
    if (isLast && !found.isFile()) return 'is something else than a file already';
    if (!isLast && !found.isDirectory()) return 'has a file on its way where a folder is needed';
  }
  return null;
}
