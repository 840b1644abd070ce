import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface FoundProcess {
  pid: number;
  command: string;
}

/**
 * The processes that belong to a world: whose environment or command names its folder. An agent's own children inherit
 * the world's HOME, so nothing that was started in it gets away.
 */
export async function processesNaming(folder: string): Promise<readonly FoundProcess[]> {
  return process.platform === 'linux' ? await readProc(folder) : await askPs(folder);
}

async function readProc(folder: string): Promise<readonly FoundProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (pid === process.pid) return null;
      const read = (name: string): Promise<string> => readFile(`/proc/${String(pid)}/${name}`, 'utf8').catch(() => '');
      const [environment, command, status] = await Promise.all([read('environ'), read('cmdline'), read('stat')]);
      // A zombie is gone, but for its parent's asking. Its environment is unreadable by then.
      if (/^\d+ \(.*\) Z /.test(status)) return null;
      return `${environment}\0${command}`.includes(folder)
        ? { pid, command: command.replaceAll('\0', ' ').trim() }
        : null;
    }),
  );
  return found.filter((each) => each !== null);
}

async function askPs(folder: string): Promise<readonly FoundProcess[]> {
  const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }))
    .filter(({ pid, command }) => pid !== process.pid && !command.includes('ps -axEww'));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks until it is so, or `patience` milliseconds are over; whether it is. */
export async function eventually(isSo: () => Promise<boolean> | boolean, patience: number): Promise<boolean> {
  const end = performance.now() + patience;
  while (!(await isSo())) {
    if (performance.now() > end) return false;
    await wait(50);
  }
  return true;
}
