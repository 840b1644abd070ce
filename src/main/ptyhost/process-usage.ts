import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { Semaphore } from '#main/base/semaphore.ts';

import { processesOfTerminals, type Marker } from './process-tree.ts';
import { parseStat, parseTime } from './processor-time.ts';

const run = promisify(execFile);

/** What the living processes of a terminal take of the machine. */
export interface ProcessUsage {
  processes: number;
  /** Memory that would be free without them: what several of them share is counted once, where the system tells. */
  memoryBytes: number;
  /** What those that live have used since each was started. */
  processorMilliseconds: number;
}

/**
 * What runs in each of these terminals takes, in their order; with one look at the system's list for all. Null: this
 * platform does not tell.
 */
export async function usageOfTerminals(
  platform: NodeJS.Platform,
  terminals: readonly { root: number | null; marker: Marker }[],
): Promise<readonly ProcessUsage[] | null> {
  if (platform === 'win32') return null;
  const members = await processesOfTerminals(platform, terminals);
  const all = Array.from(new Set(members.flat()));
  const measured = platform === 'linux' ? await measureByProc(all) : await measureByPs(all);
  return members.map((pids) => {
    const found = pids.flatMap((pid) => measured.get(pid) ?? []);
    return {
      processes: found.length,
      memoryBytes: found.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      processorMilliseconds: found.reduce((sum, each) => sum + each.processorMilliseconds, 0),
    };
  });
}

type Measured = Omit<ProcessUsage, 'processes'>;

async function measureByProc(pids: readonly number[]): Promise<ReadonlyMap<number, Measured>> {
  // Each holds a file open, and files may be what the system is short of.
  const readers = new Semaphore(4);
  const measured = await Promise.all(
    pids.map((pid) =>
      readers.run(async (): Promise<readonly [number, Measured] | null> => {
        const folder = `/proc/${String(pid)}`;
        const stat = await readFile(`${folder}/stat`, 'utf8').catch(() => null);
        if (stat === null) return null;
        const shares = await readFile(`${folder}/smaps_rollup`, 'utf8').catch(() => '');
        const memoryBytes =
          parseKilobytes(shares, 'Pss') ??
          parseKilobytes(await readFile(`${folder}/status`, 'utf8').catch(() => ''), 'VmRSS') ??
          0;
        return [pid, { memoryBytes, processorMilliseconds: parseStat(stat) }];
      }),
    ),
  );
  return new Map(measured.filter((each) => each !== null));
}

/** A line such as `Pss:   1234 kB`, in bytes; null: there is none. */
export function parseKilobytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text);
  return found ? Number(found[1]) * 1024 : null;
}

async function measureByPs(pids: readonly number[]): Promise<ReadonlyMap<number, Measured>> {
  if (pids.length === 0) return new Map();
  try {
    const { stdout } = await run('ps', ['-o', 'pid=,rss=,time=', '-p', pids.join(',')], {
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    });
    return parsePsUsage(stdout);
  } catch {
    // It fails when every one of them has ended meanwhile.
    return new Map();
  }
}

/** The output of `ps -o pid=,rss=,time=`; the memory there is in kilobytes. */
export function parsePsUsage(stdout: string): ReadonlyMap<number, Measured> {
  const lines = stdout.split('\n').flatMap((line): readonly (readonly [number, Measured])[] => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s*$/.exec(line);
    if (!found) return [];
    const [, pid, kilobytes, time = ''] = found;
    return [[Number(pid), { memoryBytes: Number(kilobytes) * 1024, processorMilliseconds: parseTime(time) }]];
  });
  return new Map(lines);
}
