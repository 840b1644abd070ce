import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

import { errorCode } from '#main/base/error-code.ts';
import { Semaphore } from '#main/base/semaphore.ts';

import { readIfThere } from './process-tree.ts';

const run = promisify(execFile);

/** Longer ones are cut: a program may call itself what it likes. */
const longestName = 40;

/**
 * What the processes are called, by their numbers: their programs' names without folders. Those that have ended are left out.
 * Rejects where the system cannot be asked, for want of files perhaps: that says nothing about any of them.
 */
export async function processNames(
  platform: NodeJS.Platform,
  pids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (pids.length === 0 || platform === 'win32') return new Map();
  const found = platform === 'linux' ? await namesByProc(pids) : parsePsNames(await psNames(pids));
  return new Map(found.map(([pid, command]) => [pid, plainName(command)]));
}

type Named = readonly [pid: number, command: string];

async function namesByProc(pids: readonly number[]): Promise<readonly Named[]> {
  // Each holds a file open, and files may be what the system is short of.
  const readers = new Semaphore(4);
  const named = await Promise.all(
    pids.map((pid) =>
      readers.run(async (): Promise<Named | null> => {
        const read = async (file: string): Promise<string | null> =>
          (await readIfThere(`/proc/${String(pid)}/${file}`))?.toString('utf8') ?? null;
        // Its threads' name is what the system keeps, which for some is "MainThread"; what it was started as says more.
        const [first = ''] = (await read('cmdline'))?.split('\0') ?? [];
        const command = first === '' ? await read('comm') : first;
        return command === null ? null : [pid, command];
      }),
    ),
  );
  return named.filter((each) => each !== null);
}

async function psNames(pids: readonly number[]): Promise<string> {
  try {
    const { stdout } = await run('ps', ['-o', 'pid=,comm=', '-p', pids.join(',')], {
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    });
    return stdout;
  } catch (error) {
    // It fails with an exit code when every one of them has ended meanwhile; what could not be started tells nothing.
    if (errorCode(error) !== null) throw error;
    return '';
  }
}

/** The output of `ps -o pid=,comm=`. */
export const parsePsNames = (stdout: string): readonly Named[] =>
  stdout.split('\n').flatMap((line): readonly Named[] => {
    const found = /^\s*(\d+)\s+(.+?)\s*$/.exec(line);
    return found ? [[Number(found[1]), found[2] ?? '']] : [];
  });

/** A program's title may be a whole sentence ("nginx: worker process"), and may hold what a screen acts on. */
export function plainName(command: string): string {
  const visible = command.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  // Some keep their options in the same text, and those may name files.
  const [program = ''] = visible.split(/\s-/u, 1);
  const [word = ''] = (program.startsWith('/') ? basename(program) : program).replace(/^-/, '').split(/[\s:]/u);
  const name = word.includes('/') ? basename(word) : word;
  return name === '' ? 'a process' : Array.from(name).slice(0, longestName).join('');
}
