import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

/**
 * Which files were copied into a worktree although Git ignores them, and how they looked then. Kept in the worktree's
 * own Git directory, so that it goes when the worktree goes. Without it, a copied `.env` that an agent has changed
 * would be deleted with the worktree and be in no snapshot, because Git never shows it.
 */
const recordFile = 'switchyard-copied.json';
const recordSchema = z.array(z.object({ path: z.string(), size: z.number(), modifiedAt: z.number() }));
export type CopiedFile = z.output<typeof recordSchema>[number];

export const recordCopied = (gitDir: string, copied: readonly CopiedFile[]): Promise<void> =>
  writeFile(join(gitDir, recordFile), JSON.stringify(copied));

/** Folders of what can be made again from the rest. What is changed in them is not anybody's work. */
const madeAgain = new Set([
  'node_modules',
  'vendor',
  'target',
  'dist',
  'build',
  'out',
  'coverage',
  '.venv',
  'venv',
  '__pycache__',
  '.gradle',
  '.next',
  '.nuxt',
  '.cache',
  '.turbo',
]);

/** The copied files that are no longer as they were copied, relative to the worktree. */
export async function changedCopies(gitDir: string, worktreePath: string): Promise<readonly string[]> {
  const text = await readFile(join(gitDir, recordFile), 'utf8').catch(() => '[]');
  const record = recordSchema.safeParse(parseJson(text));
  if (!record.success) return [];
  const worthKeeping = record.data.filter(({ path }) => !path.split('/').some((part) => madeAgain.has(part)));
  const changed = await Promise.all(
    worthKeeping.map(async ({ path, size, modifiedAt }) => {
      const stats = await lstat(join(worktreePath, path)).catch(() => null);
      const isChanged = stats?.isFile() === true && (stats.size !== size || stats.mtimeMs !== modifiedAt);
      return isChanged ? path : null;
    }),
  );
  return changed.filter((path) => path !== null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
