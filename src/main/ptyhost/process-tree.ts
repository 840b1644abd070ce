import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { errorCode } from '#main/base/error-code.ts';
import { Semaphore } from '#main/base/semaphore.ts';

const run = promisify(execFile);

/** What of a system's process list is needed to find everything that a terminal has started. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  /** The process that leads the session; on the platforms without sessions, itself. */
  session: number;
  /** Ended, and only waiting for its parent to notice. */
  isZombie: boolean;
  /** Whether its environment has the marker. */
  isMarked: boolean;
}

export interface Marker {
  name: string;
  value: string;
}

/**
 * The living processes of a terminal: what descends from its first process, what is in that one's session, what carries
 * the marker in its environment, and what descends from those. A daemon that has left parent and session is among them.
 * `root` is null when the first process has ended. Never ourselves.
 */
export async function processesOfTerminal(
  platform: NodeJS.Platform,
  root: number | null,
  marker: Marker,
): Promise<number[]> {
  const entries = markedWith(marker, await listProcesses(platform));
  return parentsFirst(entries, membersOf(entries, root, process.pid));
}

/** The same for several terminals, in their order, with one look at the system's list. */
export async function processesOfTerminals(
  platform: NodeJS.Platform,
  terminals: readonly { root: number | null; marker: Marker }[],
): Promise<readonly number[][]> {
  const listed = await listProcesses(platform);
  return terminals.map(({ root, marker }) => membersOf(markedWith(marker, listed), root, process.pid));
}

/**
 * Of the living processes of a terminal those that are still in the session of its first one, which has ended or not. A
 * daemon has a session of its own, and is not among them.
 */
export async function processesOfSession(
  platform: NodeJS.Platform,
  session: number,
  marker: Marker,
): Promise<number[]> {
  const entries = markedWith(marker, await listProcesses(platform));
  // A session's number may by now be another's, so the marker has to be there too.
  const found = entries.filter((entry) => entry.session === session && entry.isMarked && !entry.isZombie);
  return found.map(({ pid }) => pid).filter((pid) => pid !== process.pid);
}

/** The pure part: who belongs. */
export function membersOf(entries: readonly ProcessEntry[], root: number | null, self: number): number[] {
  const living = entries.filter((entry) => !entry.isZombie && entry.pid !== self);
  const belongs = new Set<number>();
  for (const entry of living) {
    if (entry.isMarked || (root !== null && (entry.pid === root || entry.session === root))) belongs.add(entry.pid);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const entry of living) {
      if (belongs.has(entry.pid) || !belongs.has(entry.parent)) continue;
      belongs.add(entry.pid);
      grew = true;
    }
  }
  return Array.from(belongs);
}

/** Those that have started others before these: who is stopped first does not see its children stop. */
export function parentsFirst(entries: readonly ProcessEntry[], pids: readonly number[]): number[] {
  const parents = new Map(entries.map(({ pid, parent }) => [pid, parent]));
  const among = new Set(pids);
  const depth = (pid: number): number => {
    let steps = 0;
    // Bounded by their number: the list was not read in one moment, so that it could hold a circle.
    for (let at = parents.get(pid); at !== undefined && among.has(at) && steps < pids.length; at = parents.get(at)) {
      steps++;
    }
    return steps;
  };
  return pids
    .map((pid) => ({ pid, depth: depth(pid) }))
    .toSorted((a, b) => a.depth - b.depth)
    .map(({ pid }) => pid);
}

/** A process as the system lists it, of which can be asked whether it carries a marker. */
type ListedProcess = Omit<ProcessEntry, 'isMarked'> & { carries: (marker: Marker) => boolean };

const listProcesses = (platform: NodeJS.Platform): Promise<ListedProcess[]> =>
  platform === 'linux' ? readProc() : readPs();

const markedWith = (marker: Marker, listed: readonly ListedProcess[]): ProcessEntry[] =>
  listed.map(({ carries, ...entry }) => ({ ...entry, isMarked: carries(marker) }));

async function readProc(): Promise<ListedProcess[]> {
  const pids = (await whenFilesAreLeft(() => readdir('/proc'))).filter((name) => /^\d+$/.test(name));
  // Each read holds a file open, and files may be what the system is short of.
  const readers = new Semaphore(4);
  const entries = await Promise.all(pids.map((pid) => readers.run(() => readEntry(pid))));
  return entries.filter((entry) => entry !== null);
}

async function readEntry(pid: string): Promise<ListedProcess | null> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const text = stat.toString('utf8');
  // The second field is the program's name in parentheses, and may hold anything, parentheses too.
  const [state, parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const environment = await readIfThere(`/proc/${pid}/environ`);
  const bounded = environment === null ? null : Buffer.concat([nul, environment, nul]);
  return {
    pid: Number(pid),
    parent: Number(parent),
    session: Number(session),
    isZombie: state === 'Z' || state === 'X',
    carries: ({ name, value }) => bounded?.includes(Buffer.from(`\0${name}=${value}\0`)) ?? false,
  };
}

const nul = Buffer.from('\0');

/** A file of a process in `/proc`. Null: the process has ended since it was listed, or is another person's. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await whenFilesAreLeft(() => readFile(path));
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

/** The readers take files from one another when few are left: then each waits for its turn, but not for ever. */
async function whenFilesAreLeft<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await read();
    } catch (error) {
      const code = errorCode(error);
      if ((code !== 'EMFILE' && code !== 'ENFILE') || tries === mostTries) throw error;
      await sleep(retryMilliseconds);
    }
  }
}

const mostTries = 40;
const retryMilliseconds = 5;

/** macOS and the BSDs: `-E` adds a process's environment to its command, for one's own processes. */
async function readPs(): Promise<ListedProcess[]> {
  const { stdout } = await run('ps', ['-axwwE', '-o', 'pid=,ppid=,sess=,stat=,command='], {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
  });
  return listedByPs(stdout);
}

export const parsePs = (stdout: string, marker: Marker): ProcessEntry[] => markedWith(marker, listedByPs(stdout));

function listedByPs(stdout: string): ListedProcess[] {
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!found) return [];
    const [, pid = '', parent = '', session = '', state = '', command = ''] = found;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        // macOS prints the session as an address, or 0; then parents and the marker have to do.
        session: /^\d+$/.test(session) && session !== '0' ? Number(session) : Number(pid),
        isZombie: state.startsWith('Z'),
        carries: ({ name, value }) => `${command} `.includes(` ${name}=${value} `),
      },
    ];
  });
}
