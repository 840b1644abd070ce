import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** An absolute path with its links resolved as far as it exists: that is how Git and the system name what is there. */
export async function canonicalPath(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null);
  if (found !== null || dirname(path) === path) return found ?? path;
  return join(await canonicalPath(dirname(path)), basename(path));
}

/** The canonical path of the innermost folder on the way to an absolute path, or at it, that is there. */
export async function nearestExisting(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null);
  return found !== null || dirname(path) === path ? (found ?? path) : nearestExisting(dirname(path));
}
