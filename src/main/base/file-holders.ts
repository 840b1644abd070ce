import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { posix } from 'node:path';

import { isInside } from './is-inside.ts';
import { Semaphore } from './semaphore.ts';

/** A process that keeps something of a folder open, or works in it. */
export interface FileHolder {
  pid: number;
  /** The program's name, as the system has it. */
  name: string;
  /** What it has open, absolute; the folder it works in where that is all. */
  path: string;
  /** Whether it was started in a terminal of ours, by an agent perhaps. */
  isOurs: boolean;
}

export type FileHolders =
  | { kind: 'known'; holders: readonly FileHolder[] }
  /** This system does not tell; `advice` says in a sentence how the person finds it out. */
  | { kind: 'unknown'; advice: string };

export interface HolderPorts {
  /** What lsof prints. For tests of macOS elsewhere. */
  lsof?: (args: readonly string[]) => Promise<string>;
}

/** Named at most. */
const mostHolders = 20;
const limitMilliseconds = 10_000;

/**
 * Which processes keep something below a folder open, as far as the system tells this user. Linux tells of the person's own
 * processes in /proc, macOS through lsof. Windows tells nobody without native code; what the person can do is said instead.
 */
export async function findHolders(
  folder: string,
  { platform, marker }: { platform: NodeJS.Platform; marker: string },
  ports: HolderPorts = {},
): Promise<FileHolders> {
  if (platform === 'win32') {
    return {
      kind: 'unknown',
      advice:
        'Windows does not tell other programs which one that is: in its Resource Monitor (resmon), under CPU, search the ' +
        'associated handles for the name of the folder.',
    };
  }
  const found = platform === 'linux' ? await readProc(folder, marker) : await askLsof(folder, ports.lsof ?? runLsof);
  if (found === null) return { kind: 'unknown', advice: 'The system did not tell which program that is.' };
  return { kind: 'known', holders: found.filter(({ pid }) => pid !== process.pid).slice(0, mostHolders) };
}

async function readProc(folder: string, marker: string): Promise<readonly FileHolder[] | null> {
  const pids = await readdir('/proc').catch(() => null);
  if (pids === null) return null;
  const readers = new Semaphore(4);
  const found = await Promise.all(
    pids.filter((name) => /^\d+$/.test(name)).map((pid) => readers.run(() => holderInProc(pid, folder, marker))),
  );
  return found.filter((each) => each !== null);
}

/** The first thing that it holds: files before the folder that it works in. Null: nothing, or it is another person's. */
async function holderInProc(pid: string, folder: string, marker: string): Promise<FileHolder | null> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const link of [...files.map((fd) => `fd/${fd}`), 'cwd', 'exe']) {
    const path = (await readlink(`/proc/${pid}/${link}`).catch(() => null))?.replace(/ \(deleted\)$/, '') ?? null;
    if (path === null || !posix.isAbsolute(path) || !isInside(path, folder)) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    return { pid: Number(pid), name: name || 'a program', path, isOurs: `\0${environment}`.includes(`\0${marker}=`) };
  }
  return null;
}

async function askLsof(folder: string, lsof: NonNullable<HolderPorts['lsof']>): Promise<readonly FileHolder[] | null> {
  // Not `+D folder`: that walks all of it. -w: no warnings; -n and -P: no names are asked of the network.
  const text = await lsof(['-nPw', '-F', 'pcn']).catch(() => null);
  return text === null ? null : parseLsof(text, folder);
}

/** lsof's fields, one a line: `p` begins a process, `c` is its name, `n` a file of it. */
export function parseLsof(text: string, folder: string): readonly FileHolder[] {
  const holders = new Map<number, FileHolder>();
  let process = { pid: 0, name: '' };
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) process = { pid: Number(value), name: '' };
    else if (line.startsWith('c')) process.name = value;
    else if (line.startsWith('n') && value.startsWith('/') && !holders.has(process.pid) && isInside(value, folder)) {
      holders.set(process.pid, { ...process, path: value, isOurs: false });
    }
  }
  return Array.from(holders.values());
}

function runLsof(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: limitMilliseconds, maxBuffer: 64 * 1024 * 1024 };
    // It ends with 1 also when there was something that it could not look at.
    execFile('/usr/sbin/lsof', [...args], options, (error, stdout) => {
      if (error && stdout === '') reject(error);
      else resolve(stdout);
    });
  });
}
