import { readFile } from 'node:fs/promises';

import { fail, ok, type Result } from '#shared/result.ts';

import { findCommand, isProgramFile, usualEndings, variableOf } from './find-command.ts';
import { isBatchFile, programStart, scriptSentence, type NoProgram, type ProgramStart } from './program-start.ts';
import { readShim, type Resolved } from './windows-shim.ts';

export interface ProgramSystem {
  platform: NodeJS.Platform;
  /** Its PATH is looked through. */
  env: Readonly<Record<string, string | undefined>>;
  /** Whether there is a file that may be run. For tests of platforms that are not there. */
  isProgram?: (path: string) => Promise<boolean>;
  readText?: (path: string) => Promise<string>;
}

export type ProgramMissing = { kind: 'missing' } | NoProgram;

/** Where a person's command is on this machine. */
export function findProgram(command: string, system: ProgramSystem): Promise<string | null> {
  return findCommand(command, {
    path: variableOf(system.env, 'PATH') ?? '',
    platform: system.platform,
    pathExt: startableEndings(system.env),
    isProgram: system.isProgram ?? ((path) => isProgramFile(path, system.platform)),
  });
}

/** The same, and what is really started: behind a batch file that only starts something, that. */
export async function resolveProgram(
  command: string,
  system: ProgramSystem,
): Promise<Result<Resolved & { path: string }, ProgramMissing>> {
  const path = await findProgram(command, system);
  if (path !== null) return ok({ path, ...(await behind(path, system)) });
  const script = system.platform === 'win32' ? await findScript(command, system) : null;
  return fail(script === null ? { kind: 'missing' } : { kind: 'no-program', message: scriptSentence(script) });
}

/** What is really started by a program at a path. */
export async function behind(path: string, system: ProgramSystem): Promise<Resolved> {
  const itself = { command: path, args: [], env: {} };
  if (system.platform !== 'win32' || !isBatchFile(path)) return itself;
  const text = await (system.readText ?? readUtf8)(path).catch(() => null);
  const node = (await findProgram('node', system)) ?? process.execPath;
  return (text === null ? null : readShim(text, path, node)) ?? itself;
}

/** How it is started with these arguments, or why it is not. */
export const startOf = (
  resolved: Resolved,
  args: readonly string[],
  system: ProgramSystem,
): Result<ProgramStart, NoProgram> =>
  programStart(resolved.command, [...resolved.args, ...args], {
    platform: system.platform,
    systemRoot: variableOf(system.env, 'SystemRoot'),
  });

/** PATHEXT may name what only a shell can start (`.JS`, `.PY`): that is passed over, as if it were not there. */
export function startableEndings(env: ProgramSystem['env']): string {
  const startable = usualEndings.split(';');
  const endings = (variableOf(env, 'PATHEXT') ?? usualEndings).toUpperCase().split(';');
  const kept = endings.filter((ending) => startable.includes(ending));
  return (kept.length > 0 ? kept : startable).join(';');
}

const findScript = (command: string, system: ProgramSystem): Promise<string | null> =>
  findCommand(command, {
    path: variableOf(system.env, 'PATH') ?? '',
    platform: system.platform,
    pathExt: '.PS1',
    isProgram: system.isProgram ?? ((path) => isProgramFile(path, system.platform)),
  });

const readUtf8 = (path: string): Promise<string> => readFile(path, 'utf8');
