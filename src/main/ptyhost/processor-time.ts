import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { processesOfTerminal, type Marker } from './process-tree.ts';

const run = promisify(execFile);

/** Linux counts in hundredths of a second, on every machine that it runs on. */
const tickMilliseconds = 10;

/** What the living processes of a terminal have used so far, in milliseconds; null when none could be asked. */
export async function processorTime(platform: NodeJS.Platform, root: number, marker: Marker): Promise<number | null> {
  const pids = await processesOfTerminal(platform, root, marker);
  if (pids.length === 0) return null;
  if (platform === 'linux') {
    const times = await Promise.all(
      pids.map((pid) => readFile(`/proc/${String(pid)}/stat`, 'utf8').then(parseStat, () => 0)),
    );
    return times.reduce((sum, time) => sum + time, 0);
  }
  try {
    const { stdout } = await run('ps', ['-o', 'time=', '-p', pids.join(',')], {
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    });
    return stdout.split('\n').reduce((sum, line) => sum + parseTime(line), 0);
  } catch {
    return null;
  }
}

/** User and system time of a line of `/proc/PID/stat`. The name before them may hold anything. */
export function parseStat(text: string): number {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMilliseconds;
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as ps prints it. */
export function parseTime(text: string): number {
  const found = /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return 0;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
