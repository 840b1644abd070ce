import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The machine's memory, and what of it programs can still get: also what the system holds only to be quick. */
export interface Memory {
  totalBytes: number;
  availableBytes: number;
}

/** Null: this machine does not tell. */
export async function readMemory(platform: NodeJS.Platform): Promise<Memory | null> {
  if (platform === 'linux') return parseMeminfo(await readFile('/proc/meminfo', 'utf8').catch(() => ''));
  if (platform === 'darwin') {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C' };
    const { stdout } = await run('vm_stat', [], { env }).catch(() => ({ stdout: '' }));
    const availableBytes = parseVmStat(stdout);
    return availableBytes === null ? null : { totalBytes: totalmem(), availableBytes };
  }
  // Windows counts what it holds in reserve as free.
  return { totalBytes: totalmem(), availableBytes: freemem() };
}

export function parseMeminfo(text: string): Memory | null {
  const bytes = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text);
    return found ? Number(found[1]) * 1024 : null;
  };
  const totalBytes = bytes('MemTotal');
  const availableBytes = bytes('MemAvailable');
  return totalBytes === null || availableBytes === null ? null : { totalBytes, availableBytes };
}

/** What macOS gives away at once: what is free, what is held of files, and what programs said may be dropped. */
export function parseVmStat(text: string): number | null {
  const pageSize = /page size of (\d+) bytes/.exec(text)?.[1];
  if (pageSize === undefined) return null;
  const pages = ['free', 'inactive', 'speculative', 'purgeable'].map((name) =>
    Number(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.`, 'm').exec(text)?.[1] ?? 0),
  );
  return pages.reduce((sum, count) => sum + count, 0) * Number(pageSize);
}
