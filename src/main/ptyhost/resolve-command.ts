import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, extname, join, resolve } from 'node:path';

import { fail, ok, type Result } from '#shared/result.ts';

import type { PtyRequest } from './pty.ts';

/** Linux takes no longer single argument or variable (MAX_ARG_STRLEN: 32 pages of 4 KB, with the closing NUL). */
const longestString = 131_071;
/** All arguments and variables together: a quarter of the usual 8 MB stack, with room for the pointers to them. */
const longestTotal = 1_900_000;

export interface Refusal {
  kind: 'spawn-failed';
  /** A sentence for the person. */
  message: string;
}

export interface Command {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/**
 * Finds the program and says why it could not be started. After the fork it is too late: the child can only print the
 * system's words on the terminal and exit, which looks as if the program itself had failed.
 */
export function resolveCommand(
  request: Command,
  platform: NodeJS.Platform,
): Result<Omit<PtyRequest, 'cols' | 'rows'>, Refusal> {
  const { command, args, cwd, env } = request;
  const refuse = (message: string) => fail<Refusal>({ kind: 'spawn-failed', message });

  const texts = [command, cwd, ...args, ...Object.entries(env).flat()];
  if (texts.some((text) => text.includes('\0'))) return refuse(`A NUL character cannot be passed to ${command}.`);
  if (command === '') return refuse('No command was given.');
  const folder = problemOfFolder(cwd);
  if (folder !== null) return refuse(folder);
  if (platform !== 'win32') {
    const tooLong = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    const lengths = tooLong.map((text) => Buffer.byteLength(text));
    if (lengths.some((length) => length > longestString)) {
      return refuse(`An argument of ${command} is longer than the system takes (${String(longestString)} bytes).`);
    }
    if (lengths.reduce((sum, length) => sum + length + 9, 0) > longestTotal) {
      return refuse(`The arguments and environment of ${command} are longer than the system takes together.`);
    }
  }

  const candidates = candidatePaths(command, cwd, env, platform);
  const present = candidates.filter((path) => isFile(path));
  const file = present.find((path) => isAllowed(path, constants.X_OK));
  if (file !== undefined) return ok({ file, args, cwd, env });
  if (present[0] !== undefined) return refuse(`${present[0]} is not executable.`);
  const where = isPath(command, platform) ? 'does not exist' : 'was not found on PATH';
  return refuse(`The command “${command}” ${where}.`);
}

function problemOfFolder(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return `The folder ${path} does not exist.`;
  if (!found.isDirectory()) return `${path} is not a folder.`;
  if (!isAllowed(path, constants.X_OK)) return `The folder ${path} may not be entered.`;
  return null;
}

function candidatePaths(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter);
  // An empty entry of PATH means the working folder: the repository's. A program is never taken from there unasked.
  const paths = isPath(command, platform)
    ? [resolve(cwd, command)]
    : folders.filter((folder) => folder !== '' && folder !== '.').map((folder) => join(resolve(cwd, folder), command));
  if (platform !== 'win32' || extname(command) !== '') return paths;
  const endings = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
  return paths.flatMap((path) => endings.map((ending) => path + ending));
}

function isPath(command: string, platform: NodeJS.Platform): boolean {
  return command.includes('/') || (platform === 'win32' && command.includes('\\'));
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // a folder on the way may not be entered
  }
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
