import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

import { Semaphore } from '#main/base/semaphore.ts';

const run = promisify(execFile);

/** Longer ones are cut: a program may call itself what it likes. */
const longestName = 40;

/** What the processes are called, by their numbers: their programs' names without folders. Those that have ended are left out. */
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
        const read = (file: string): Promise<string | null> =>
          readFile(`/proc/${String(pid)}/${file}`, 'utf8').catch(() => null);
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
  } catch {
    // It fails when every one of them has ended meanwhile.
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
  const [word = ''] = (visible.startsWith('/') ? basename(visible) : visible).replace(/^-/, '').split(/[\s:]/u);
  const name = word.includes('/') ? basename(word) : word;
  return name === '' ? 'a process' : Array.from(name).slice(0, longestName).join('');
}
