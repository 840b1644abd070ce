import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { fail, ok, type Result } from '#shared/result.ts';

import { errorCode } from './error-code.ts';
import { isInside } from './is-inside.ts';

/** A text file of a repository, read without being led out of it. */
export interface ProjectFile {
  text: string;
  /** SHA-256 of the bytes, in hex. */
  version: string;
  /** Where the bytes really are: a symbolic link inside the project is followed. */
  realPath: string;
  stats: Stats;
}

/** Why a file was not read. Each but `missing` comes with a reason, as the end of a sentence about the file. */
export type UnreadFile = { kind: 'missing' } | { kind: 'refused'; reason: string };

/** Nobody writes more by hand, and a page cannot show it. */
const maxProjectFileBytes = 2_000_000;

/**
 * Reads a file of a project as text. Refused, so that a repository cannot make the app show or overwrite what is not
 * its own: what a symbolic link leads out of the project or into `.git`, and what is no regular file, is too large,
 * cannot be read, or is not UTF-8 (writing that back would damage it).
 */
export async function readProjectFile(root: string, path: string): Promise<Result<ProjectFile, UnreadFile>> {
  try {
    const [realRoot, realPath] = await Promise.all([realpath(root), realpath(join(root, path))]);
    const refusal = refusePlace(realPath, realRoot);
    if (refusal !== null) return refuse(refusal);
    // Opening a pipe would wait for a writer, for ever.
    const handle = await open(realPath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return refuse('is not a file');
      if (stats.size > maxProjectFileBytes) return refuse('is larger than 2 MB');
      const bytes = await handle.readFile();
      const text = decode(bytes);
      if (text === null) return refuse('is not UTF-8 text');
      return ok({ text, version: versionOf(bytes), realPath, stats });
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return fail({ kind: 'missing' });
    return refuse(`cannot be read: ${code ?? String(error)}`);
  }
}

/** Why what is at this real path must be left alone, as the end of a sentence; null when it is the project's own. */
export function refusePlace(realPath: string, realRoot: string): string | null {
  if (!isInside(realPath, realRoot)) return 'is a symbolic link to outside the project';
  if (isInside(realPath, join(realRoot, '.git'))) return "is a symbolic link into the repository's own data";
  return null;
}

export const versionOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const refuse = (reason: string): { ok: false; error: UnreadFile } => fail({ kind: 'refused', reason });

function decode(bytes: Uint8Array): string | null {
  try {
    // The mark is kept: a text must go back to the file as it came.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
