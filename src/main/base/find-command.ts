import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

import { errorCode } from './error-code.ts';

export interface Lookup {
  /** Folders, as in PATH. */
  path: string;
  platform: NodeJS.Platform;
  /** Windows: what a name may end in, as in PATHEXT. */
  pathExt: string;
  /** Whether there is a file at this path that may be run. */
  isProgram: (path: string) => Promise<boolean>;
}

/** What Windows starts by itself where its PATHEXT says nothing. */
export const usualEndings = '.COM;.EXE;.BAT;.CMD';

/**
 * Where a command is; null when it is not there. A relative folder in PATH is passed over: what it means depends on where
 * one stands, and a program must not be taken from a repository unasked.
 */
export async function findCommand(command: string, lookup: Lookup): Promise<string | null> {
  for (const candidate of candidatePaths(command, lookup)) {
    if (await lookup.isProgram(candidate)) return candidate;
  }
  return null;
}

/** Where a command may be, in the order in which it is looked for. A path is taken only when it is absolute. */
export function candidatePaths(
  command: string,
  { path, platform, pathExt }: Omit<Lookup, 'isProgram'>,
): readonly string[] {
  if (command === '' || command.includes('\0')) return [];
  const paths = platform === 'win32' ? win32 : posix;
  const bases = isCommandPath(command, platform)
    ? [command].filter((each) => paths.isAbsolute(each))
    : path
        .split(paths.delimiter)
        .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
        .filter((folder) => paths.isAbsolute(folder))
        .map((folder) => paths.join(folder, command));
  if (platform !== 'win32') return bases;
  const endings = pathExt.split(';').filter((ending) => ending !== '');
  const hasEnding = endings.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase()));
  // npm puts a Unix script without an ending beside the one for Windows; Windows cannot start it.
  return hasEnding ? bases : bases.flatMap((base) => endings.map((ending) => base + ending.toLowerCase()));
}

/** Whether a command names a place, and so is not looked for in PATH. */
export const isCommandPath = (command: string, platform: NodeJS.Platform): boolean =>
  platform === 'win32' ? /[/\\]|^[a-z]:/i.test(command) : command.includes('/');

/** Whether there is a file that may be run. Windows goes by the ending, which whoever looks has put there. */
export async function isProgramFile(path: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (platform !== 'win32' || errorCode(error) === 'ENOENT') return false;
    // A program of Microsoft's store (`wt.exe`) is a link that Windows follows when it starts it, and nobody else can.
    return lstat(path).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
  }
}

/** A variable of an environment, whose name Windows writes as it likes: `Path`, `PATHEXT`, `ComSpec`. */
export const variableOf = (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  env[name] ?? Object.entries(env).find(([each]) => each.toUpperCase() === name.toUpperCase())?.[1];
