import { win32 } from 'node:path';

/** What is really started by a command. */
export interface Resolved {
  command: string;
  /** Before all other arguments. */
  args: readonly string[];
}

/**
 * What one of npm's `.cmd` files starts: a script with Node, or a program. Started through the file itself, every
 * argument would be read again by cmd.exe, which takes neither line ends nor `%`, and executes what stands behind `&`.
 * Null when the file is none of npm's.
 */
export function readShim(text: string, shimPath: string, nodePath: string): Resolved | null {
  const folder = win32.dirname(shimPath);
  const target = /"%(?:~dp0|dp0%)\\?([^"%]+)"\s+%\*\s*$/m.exec(text)?.[1];
  if (target === undefined) return null;
  const path = win32.join(folder, target);
  if (/\.exe$/i.test(path)) return { command: path, args: [] };
  return /\.[cm]?js$/i.test(path) ? { command: nodePath, args: [path] } : null;
}
