import { readdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { findHolders, type FileHolders } from '#main/base/file-holders.ts';
import { isHeld, moveOver } from '#main/base/move-over.ts';
import { markerName } from '#main/ptyhost/child-environment.ts';
import { counted } from '#shared/counted.ts';
import { fail, ok, type Result } from '#shared/result.ts';

/** What could not be taken away, because some program has it open. */
export interface HeldFiles {
  kind: 'held';
  /** Relative to the folder; the first few. Empty where the system does not say. */
  files: readonly string[];
  holders: FileHolders;
}

/** The file system, for tests of what another one does. */
export interface FolderPorts {
  move: (from: string, to: string) => Promise<void>;
  remove: (path: string) => Promise<void>;
}

export const realFolders: FolderPorts = {
  move: rename,
  // It tries again by itself, five times in one and a half seconds.
  remove: (path) => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
};

/** What programs do that look at a new file (virus scanners, indexers) takes a moment; who works in a folder stays. 3 s in all. */
const patience: readonly number[] = [50, 100, 200, 400, 800, 1500];
const mostNamed = 5;
const heldCodes = ['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY', 'ETXTBSY'];

/** Gives a folder another name; refused where something is open in it, which only Windows minds. Throws what else goes wrong. */
export async function moveFolder(
  from: string,
  to: string,
  platform: NodeJS.Platform,
  { move }: FolderPorts = realFolders,
): Promise<Result<void, HeldFiles>> {
  try {
    await moveOver(from, to, platform, move, patience);
    return ok(undefined);
  } catch (error) {
    if (!isHeld(error, platform)) throw error;
    return fail(await heldIn(from, [], platform));
  }
}

/** Deletes a folder with all that is in it. Refused where some of it is held, or made anew while it is being deleted. */
export async function removeFolder(
  path: string,
  platform: NodeJS.Platform,
  { remove }: FolderPorts = realFolders,
): Promise<Result<void, HeldFiles>> {
  try {
    await remove(path);
    return ok(undefined);
  } catch (error) {
    if (!heldCodes.includes(errorCode(error) ?? '')) throw error;
    return fail(await heldIn(path, await someFiles(path), platform));
  }
}

async function heldIn(folder: string, files: readonly string[], platform: NodeJS.Platform): Promise<HeldFiles> {
  const holders = await findHolders(folder, { platform, marker: markerName });
  const open = holders.kind === 'known' ? holders.holders.map(({ path }) => relative(folder, path) || '.') : [];
  return { kind: 'held', files: [...new Set([...open, ...files])].slice(0, mostNamed), holders };
}

/** Some of what is left in a folder, the deepest first: those are what the rest stays for. */
async function someFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory());
  return (files.length > 0 ? files : entries)
    .slice(0, mostNamed)
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Who holds what, in one or two sentences, and what to do about it. */
export function heldInWords({ files, holders }: HeldFiles): string {
  const which = files.length === 0 ? '' : ` (${files.join(', ')})`;
  if (holders.kind === 'unknown') return `Some program has it open${which}. ${holders.advice}`;
  const named = holders.holders.map(
    ({ pid, name, isOurs }) => `${name} (process ${String(pid)}${isOurs ? ', started in a terminal of this app' : ''})`,
  );
  if (named.length === 0) return `Some program has it open${which}; no process of yours says so.`;
  return `${counted(named.length, 'program')} ${named.length === 1 ? 'has' : 'have'} it open${which}: ${named.join(', ')}.`;
}
