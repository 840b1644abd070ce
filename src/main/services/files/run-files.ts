import { isUtf8 } from 'node:buffer';
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

import { looksBinary } from '#main/services/review/content-kind.ts';
import { languageOf } from '#main/services/review/language.ts';
import { lookAtFile, readFileInside } from '#main/services/review/worktree-files.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import { fileLimitBytes, type files as contract } from '#shared/contract/files.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = ReturnType<Api[M]>;

export interface RunFilesOptions {
  /** Where a run's worktree is; null when there is no such run. */
  worktreeOf: (id: RunId) => string | null;
  isChanged: (id: RunId, path: string) => Promise<boolean>;
}

/**
 * Files of runs' worktrees, to be looked at. The names come from what agents print, so each is followed to what it really
 * is, and what is not inside the worktree does not exist here.
 */
export class RunFiles implements Api {
  readonly #options: RunFilesOptions;

  constructor(options: RunFilesOptions) {
    this.#options = options;
  }

  async find({ id, names }: { id: RunId; names: readonly string[] }): Answer<'find'> {
    const worktree = this.#options.worktreeOf(id);
    if (worktree === null) return fail({ kind: 'run-missing' });
    const top = await realpath(worktree).catch(() => null);
    if (top === null) return ok(names.map(() => null));
    return ok(await Promise.all(names.map((name) => fileInside(top, worktree, name))));
  }

  async isChanged({ id, path }: { id: RunId; path: string }): Answer<'isChanged'> {
    if (this.#options.worktreeOf(id) === null) return fail({ kind: 'run-missing' });
    return ok(await this.#options.isChanged(id, path));
  }

  async read({ id, path }: { id: RunId; path: string }): Answer<'read'> {
    const worktree = this.#options.worktreeOf(id);
    if (worktree === null) return fail({ kind: 'run-missing' });
    const top = await realpath(worktree).catch(() => null);
    const found = top === null ? null : await fileInside(top, worktree, path);
    if (top === null || found === null) return fail({ kind: 'not-there' });
    const entry = await lookAtFile(top, bytesOf(found));
    if (entry.kind !== 'file') return fail({ kind: 'not-there' });
    if (entry.bytes > fileLimitBytes) return ok({ kind: 'huge', bytes: entry.bytes });
    const content = await readFileInside(top, bytesOf(found), fileLimitBytes);
    if (content === null) return fail({ kind: 'not-there' });
    if (looksBinary(content)) return ok({ kind: 'binary', bytes: content.length });
    const text = content.toString(isUtf8(content) ? 'utf8' : 'latin1');
    return ok({ kind: 'text', text, language: languageOf(found), bytes: content.length });
  }
}

/** The path from the worktree's top of a regular file in it; null for anything else, and for anything outside. */
async function fileInside(top: string, worktree: string, name: string): Promise<string | null> {
  if (name.includes('\0')) return null;
  const from = isAbsolute(name) ? (pathBelow(top, name) ?? pathBelow(worktree, name)) : name;
  if (from === null || from.split(/[\\/]/).includes('..')) return null;
  const real = await realpath(join(top, from)).catch(() => null);
  const path = real === null ? null : pathBelow(top, real);
  if (path === null || path === '') return null;
  const portable = sep === '/' ? path : path.replaceAll(sep, '/');
  return (await lookAtFile(top, bytesOf(portable))).kind === 'file' ? portable : null;
}

/** The way from a folder down to a path; null when it does not go down. */
function pathBelow(folder: string, path: string): string | null {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way;
}

/** Names are bytes to the system; one that is no Unicode cannot be printed and named again anyway. */
const bytesOf = (path: string): string => Buffer.from(path, 'utf8').toString('latin1');
