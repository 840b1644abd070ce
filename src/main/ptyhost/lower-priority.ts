import { readFile, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** As `nice` has it, from 0 to 19: at 5 a process gets a third of what one at 0 gets, where both want a whole processor. */
const niceness = 5;
/** A process that was just forked begins its session in its first moments. */
const sessionMilliseconds = 1000;
const lookMilliseconds = 10;

/**
 * Lets what is started in a terminal give way to the app, its host and what else the person works with. It costs an agent
 * nothing while a processor is free. Returns when it has been done, or cannot be: then the process runs as it is.
 */
export async function lowerPriority(platform: NodeJS.Platform, pid: number): Promise<void> {
  try {
    setPriority(pid, platform === 'win32' ? constants.priority.PRIORITY_BELOW_NORMAL : niceness);
  } catch {
    return; // It has ended already, or the system forbids it.
  }
  if (platform !== 'linux') return;
  // Linux can share the processors out among sessions first; within its session a process is nice to nobody else.
  const path = `/proc/${String(pid)}/autogroup`;
  for (const end = performance.now() + sessionMilliseconds; performance.now() < end; await sleep(lookMilliseconds)) {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
    if (stat === null) return;
    // Before it leads a session of its own, this would be our own session.
    if (sessionIn(stat) !== pid) continue;
    await writeFile(path, String(niceness)).catch(() => undefined); // Not every kernel has it.
    return;
  }
}

/** Behind the name, which may hold anything, stand state, parent, group and session. */
const sessionIn = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
