import { posix, win32 } from 'node:path';

export interface Lookup {
  /** Folders, as in PATH. */
  path: string;
  platform: NodeJS.Platform;
  /** Windows: what a name may end in, as in PATHEXT. */
  pathExt: string;
  /** Whether there is a file at this path that may be run. */
  isProgram: (path: string) => Promise<boolean>;
}

/**
 * Where a command is; null when it is not there. A relative folder in PATH is passed over: what it means depends on where
 * one stands, and a program must not be taken from a repository unasked.
 */
export async function findCommand(command: string, lookup: Lookup): Promise<string | null> {
  for (const candidate of candidates(command, lookup)) {
    if (await lookup.isProgram(candidate)) return candidate;
  }
  return null;
}

function candidates(command: string, { path, platform, pathExt }: Lookup): readonly string[] {
  if (command === '' || command.includes('\0')) return [];
  const paths = platform === 'win32' ? win32 : posix;
  const isPath = platform === 'win32' ? /[/\\]/.test(command) : command.includes('/');
  const bases = isPath
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
