/** A tree that goes on starting processes faster than they are found would be looked at for ever. */
const mostLooks = 50;

/**
 * Stops every process that `find` finds, those that have started others before these, and looks again until no further one
 * is there: what was started meanwhile is stopped too. An interactive shell that is stopped first does not see its child
 * stop, and so does not take it for a job in the background.
 */
export async function stopProcesses(find: () => Promise<readonly number[]>): Promise<readonly number[]> {
  const stopped = new Set<number>();
  for (let look = 0; look < mostLooks; look++) {
    const fresh = (await find()).filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      stopped.add(pid);
      signal(pid, 'SIGSTOP');
    }
  }
  return Array.from(stopped);
}

/** Lets them go on, the last in the line first: a child that goes on before its parent was never seen to stop. */
export async function continueProcesses(find: () => Promise<readonly number[]>): Promise<void> {
  for (const pid of (await find()).toReversed()) signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, or is not ours to stop: the next look tells.
  }
}
