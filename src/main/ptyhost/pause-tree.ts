import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A tree that goes on starting processes faster than they are found would be looked at for ever. */
const mostLooks = 50;
/** One in the middle of a system call stops when that is over. */
const stopMilliseconds = 200;

/**
 * Stops every process that `find` finds, those that have started others before these, and looks again until no further one
 * is there: what was started meanwhile is stopped too. Each stands still before the next is stopped: an interactive shell
 * that sees its child stop takes it for a job in the background, and goes on without it.
 */
export async function stopProcesses(
  platform: NodeJS.Platform,
  find: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const stopped = new Set<number>();
  for (let look = 0; look < mostLooks; look++) {
    const fresh = (await find()).filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      stopped.add(pid);
      signal(pid, 'SIGSTOP');
      await untilStopped(platform, pid);
    }
  }
  return Array.from(stopped);
}

/** Lets them go on, the last in the line first: a child that goes on before its parent was never seen to stop. */
export async function continueProcesses(find: () => Promise<readonly number[]>): Promise<void> {
  for (const pid of (await find()).toReversed()) signal(pid, 'SIGCONT');
}

async function untilStopped(platform: NodeJS.Platform, pid: number): Promise<void> {
  if (platform !== 'linux') {
    // To ask takes a process of its own, which takes longer than the stop.
    await sleep(5);
    return;
  }
  for (const end = performance.now() + stopMilliseconds; performance.now() < end;) {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
    const state = stat?.charAt(stat.lastIndexOf(')') + 2);
    if (state === undefined || 'TtZX'.includes(state)) return;
    await sleep(1);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, or is not ours to stop: the next look tells.
  }
}
