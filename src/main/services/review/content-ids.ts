import { createHash } from 'node:crypto';

import { lookAtFile, readFileInside, type PathEntry } from './worktree-files.ts';

/** Larger files are known by their times and size instead: reading them again and again would cost more than it tells. */
const hashedBytes = 10_000_000;

/** The id that Git would give these bytes as they are, with the repository's hash function, told by its length. */
function blobId(content: Buffer, hashLength: number): string {
  return createHash(hashLength === 64 ? 'sha256' : 'sha1')
    .update(`blob ${String(content.length)}\0`)
    .update(content)
    .digest('hex');
}

export interface FileId {
  id: string;
  bytes: number;
}

/** Names the contents of a worktree's files, and reads a file again only when its times, size or place have changed. */
export class ContentIds {
  readonly #known = new Map<string, { identity: string; id: string }>();

  /** `path`: latin1. Null where there is no file or link. */
  async of(worktree: string, path: string, hashLength: number): Promise<FileId | null> {
    const entry = await lookAtFile(worktree, path);
    if (entry.kind === 'symlink') return { id: blobId(entry.target, hashLength), bytes: entry.target.length };
    if (entry.kind !== 'file') return null;
    return { id: await this.#idOf(worktree, path, entry, hashLength), bytes: entry.bytes };
  }

  /** Forgets the files that are not among these any more. */
  keep(paths: ReadonlySet<string>): void {
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
  }

  async #idOf(
    worktree: string,
    path: string,
    { identity, bytes }: Extract<PathEntry, { kind: 'file' }>,
    hashLength: number,
  ): Promise<string> {
    if (bytes > hashedBytes) return identity;
    const known = this.#known.get(path);
    if (known?.identity === identity) return known.id;
    const content = await readFileInside(worktree, path, hashedBytes);
    if (content === null) return identity;
    const id = blobId(content, hashLength);
    this.#known.set(path, { identity, id });
    return id;
  }
}
