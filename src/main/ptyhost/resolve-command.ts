import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

import { candidatePaths, isCommandPath, variableOf } from '#main/base/find-command.ts';
import { programStart, scriptSentence, type NoProgram } from '#main/base/program-start.ts';
import { startableEndings } from '#main/base/resolve-program.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { PtyRequest } from './pty.ts';

/** Linux takes no longer single argument or variable (MAX_ARG_STRLEN: 32 pages of 4 KB, with the closing NUL). */
const longestString = 131_071;
/** All arguments and variables together: a quarter of the usual 8 MB stack, with room for the pointers to them. */
const longestTotal = 1_900_000;
/** Windows takes 32,767 characters in a command line, and its command processor 8,191. */
const longestWindowsLine = { program: 32_000, batchFile: 8000 };

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
  isFile = isFileThere,
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

  const look = (endings: string): readonly string[] =>
    placesOf(request, platform, endings).filter((path) => isFile(path));
  const present = look(startableEndings(env));
  // Windows goes by the ending alone.
  const file = present.find((path) => platform === 'win32' || isAllowed(path, constants.X_OK));
  if (file !== undefined) {
    const start = platform === 'win32' ? startOnWindows(file, request) : ok({ file, args });
    return start.ok ? ok({ ...start.value, cwd, env }) : refuse(start.error.message);
  }
  if (present[0] !== undefined) return refuse(`${present[0]} is not executable.`);
  const [script] = platform === 'win32' ? look('.PS1') : [];
  if (script !== undefined) return refuse(scriptSentence(script));
  const where = isCommandPath(command, platform) ? 'does not exist' : 'was not found on PATH';
  return refuse(`The command “${command}” ${where}.`);
}

function startOnWindows(
  file: string,
  { command, args, env }: Command,
): Result<Pick<PtyRequest, 'file' | 'args' | 'commandLine'>, NoProgram> {
  const asked = args.at(-2)?.toLowerCase() === '/c' ? args.at(-1) : undefined;
  if (asked !== undefined && /\\cmd\.exe$/i.test(file)) {
    // A command of the person's for the command processor: it takes all between the outer quotes as it is.
    return ok({ file, args, commandLine: `${args.slice(0, -1).join(' ')} "${asked}"` });
  }
  const start = programStart(file, args, { platform: 'win32', systemRoot: variableOf(env, 'SystemRoot') });
  if (!start.ok) return start;
  const { windowsVerbatimArguments: isBatchFile } = start.value;
  const line = start.value.args.join(' ');
  const length = isBatchFile ? line.length : file.length + args.reduce((sum, arg) => sum + arg.length + 3, 0);
  const longest = isBatchFile ? longestWindowsLine.batchFile : longestWindowsLine.program;
  if (length > longest) {
    const message = `The arguments of ${command} are longer than Windows takes (${String(longest)} characters).`;
    return fail({ kind: 'no-program', message });
  }
  return ok({ file: start.value.command, args: start.value.args, ...(isBatchFile && { commandLine: line }) });
}

function problemOfFolder(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return `The folder ${path} does not exist.`;
  if (!found.isDirectory()) return `${path} is not a folder.`;
  if (!isAllowed(path, constants.X_OK)) return `The folder ${path} may not be entered.`;
  return null;
}

/** A relative path begins in the working folder. A program is never taken from there because PATH says so. */
function placesOf({ command, cwd, env }: Command, platform: NodeJS.Platform, pathExt: string): readonly string[] {
  const paths = platform === 'win32' ? win32 : posix;
  const named = isCommandPath(command, platform) ? paths.resolve(cwd, command) : command;
  return candidatePaths(named, { path: variableOf(env, 'PATH') ?? '', platform, pathExt });
}

function isFileThere(path: string): boolean {
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
