import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { TreeChange } from './tree-changes.ts';

/**
 * Files of the person's that Git does not track and that a move between two trees would write over, ignored ones too:
 * Git itself replaces an ignored file without a word. The checkout is otherwise clean.
 */
export async function filesInTheWay(path: string, changes: readonly TreeChange[]): Promise<readonly string[]> {
  const removed = new Set(changes.filter((change) => change.new === null).map((change) => change.path));
  const found = new Set<string>();
  const known = new Map<string, boolean>();

  /** Whether nothing but a folder is at `folder` and at all that it lies in. */
  const isFree = async (folder: string): Promise<boolean> => {
    if (folder === '.') return true;
    const before = known.get(folder);
    if (before !== undefined) return before;
    let free = await isFree(dirname(folder));
    if (free && !removed.has(folder)) {
      const stats = await lstat(join(path, folder)).catch(() => null);
      if (stats !== null && !stats.isDirectory()) {
        found.add(folder);
        free = false;
      }
    }
    known.set(folder, free);
    return free;
  };

  for (const change of changes) {
    if (change.old !== null) continue;
    if (!(await isFree(dirname(change.path)))) continue;
    const stats = await lstat(join(path, change.path)).catch(() => null);
    if (stats === null) continue;
    if (stats.isDirectory()) {
      for (const file of await filesBelow(path, change.path)) if (!removed.has(file)) found.add(file);
    } else if (!(await isSameFileUnderAnotherCase(path, change.path, stats.ino, removed))) found.add(change.path);
  }
  return [...found].toSorted();
}

async function filesBelow(path: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(path, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(path, '/').length))
    .map((file) => file.replaceAll('\\', '/'));
}

/** Where the file system does not tell `A` from `a`, a file that is renamed so is found under its new name already. */
async function isSameFileUnderAnotherCase(
  path: string,
  file: string,
  ino: number,
  removed: ReadonlySet<string>,
): Promise<boolean> {
  const folded = file.toLowerCase();
  for (const other of removed) {
    if (other.toLowerCase() !== folded) continue;
    const stats = await lstat(join(path, other)).catch(() => null);
    if (stats?.ino === ino) return true;
  }
  return false;
}
