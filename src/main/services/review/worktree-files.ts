import { constants } from 'node:fs';
import { lstat, open, readlink, type FileHandle } from 'node:fs/promises';

/** What is at a path of a worktree, without following any symbolic link. */
export type PathEntry =
  | { kind: 'file'; bytes: number; identity: string }
  | { kind: 'symlink'; target: Buffer }
  | { kind: 'folder' }
  /** Not there, not to be reached without a symbolic link, or neither file, link nor folder. */
  | { kind: 'nothing' };

/**
 * Looks at a path of a worktree. Paths are bytes in latin1, relative, with `/`. An agent can write there, so a path may
 * have a symbolic link in its middle, or `..`: those lead nowhere here.
 */
export async function lookAtFile(worktree: string, path: string): Promise<PathEntry> {
  const found = await walk(worktree, path);
  if (found === null) return { kind: 'nothing' };
  if (found.isDirectory) return { kind: 'folder' };
  if (found.isSymlink) {
    const target = await readlink(absolute(worktree, path), { encoding: 'buffer' }).catch(() => null);
    return target === null ? { kind: 'nothing' } : { kind: 'symlink', target };
  }
  return found.isFile ? { kind: 'file', bytes: found.bytes, identity: found.identity } : { kind: 'nothing' };
}

/**
 * Reads a regular file of a worktree, at most so many bytes; null when it is none, or larger. What was opened is held
 * against what is at the path before and after, so that a folder which is swapped for a link meanwhile gains nothing.
 */
export async function readFileInside(worktree: string, path: string, maxBytes: number): Promise<Buffer | null> {
  const before = await walk(worktree, path);
  if (before === null || !before.isFile || before.bytes > maxBytes) return null;
  let handle: FileHandle | null = null;
  try {
    // Windows knows neither flag. A pipe put in the file's place would otherwise block for ever.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    handle = await open(absolute(worktree, path), flags);
    const opened = await handle.stat({ bigint: true });
    const after = await walk(worktree, path);
    if (!opened.isFile() || opened.size > BigInt(maxBytes)) return null;
    if (after === null || after.place !== `${String(opened.dev)}:${String(opened.ino)}`) return null;
    const content = Buffer.alloc(Number(opened.size));
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await handle.read(content, length, content.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}

interface Found {
  isFile: boolean;
  isDirectory: boolean;
  isSymlink: boolean;
  bytes: number;
  place: string;
  identity: string;
}

async function walk(worktree: string, path: string): Promise<Found | null> {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) return null;
  for (let count = 1; count <= parts.length; count++) {
    const stats = await lstat(absolute(worktree, parts.slice(0, count).join('/')), { bigint: true }).catch(() => null);
    if (stats === null) return null;
    if (count < parts.length) {
      if (!stats.isDirectory()) return null;
      continue;
    }
    const place = `${String(stats.dev)}:${String(stats.ino)}`;
    return {
      isFile: stats.isFile(),
      isDirectory: stats.isDirectory(),
      isSymlink: stats.isSymbolicLink(),
      bytes: Number(stats.size),
      place,
      identity: `${place}:${String(stats.size)}:${String(stats.mtimeNs)}:${String(stats.ctimeNs)}`,
    };
  }
  return null;
}

const absolute = (worktree: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${worktree}/`, 'utf8'), Buffer.from(path, 'latin1')]);
