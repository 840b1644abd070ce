import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { processesOfTerminal, type Marker } from './process-tree.ts';

/** How long a tree is given after each step. A shell ends at once on a hangup; an agent may save its session first. */
export interface KillGrace {
  hangupMilliseconds: number;
  terminateMilliseconds: number;
  killMilliseconds: number;
}

export const killGrace: KillGrace = {
  hangupMilliseconds: 1500,
  terminateMilliseconds: 2000,
  killMilliseconds: 3000,
};

const lookMilliseconds = 40;

/**
 * Ends everything that a terminal has started: asks (SIGHUP), insists (SIGTERM), then kills (SIGKILL). The tree is read
 * anew before each look, so that what was started meanwhile is found. Returns those that are still there after all that.
 * `root` says the first process, or null once its end is known: its number may by then belong to a stranger.
 */
export async function killTerminal(
  platform: NodeJS.Platform,
  root: () => number | null,
  marker: Marker,
  grace: KillGrace,
): Promise<number[]> {
  if (platform === 'win32') {
    const pid = root();
    return pid === null ? [] : killWindowsTree(pid);
  }
  return endProcesses(() => treeOrRoot(platform, root, marker), grace);
}

/** The same for whatever `find` finds; it is asked anew before each look. */
export async function endProcesses(find: () => Promise<number[]>, grace: KillGrace): Promise<number[]> {
  const steps = [
    ['SIGHUP', grace.hangupMilliseconds],
    ['SIGTERM', grace.terminateMilliseconds],
    ['SIGKILL', grace.killMilliseconds],
  ] as const;
  for (const [signal, milliseconds] of steps) {
    const asked = new Set<number>();
    const end = performance.now() + milliseconds;
    do {
      const left = await find();
      if (left.length === 0) return [];
      for (const pid of left) {
        if (asked.has(pid)) continue;
        asked.add(pid);
        signalQuietly(pid, signal);
        // One that is stopped would hear it only when it is continued.
        signalQuietly(pid, 'SIGCONT');
      }
      await sleep(lookMilliseconds);
    } while (performance.now() < end);
  }
  return find();
}

/** The tree; or the first process alone while the list cannot be read, for want of files perhaps: its end frees some. */
async function treeOrRoot(platform: NodeJS.Platform, root: () => number | null, marker: Marker): Promise<number[]> {
  try {
    return await processesOfTerminal(platform, root(), marker);
  } catch (error) {
    const pid = root();
    if (pid === null) throw error;
    return [pid];
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended, which is what was wanted, or it is not ours to end; the next look tells.
  }
}

async function killWindowsTree(root: number): Promise<number[]> {
  try {
    await promisify(execFile)('taskkill', ['/PID', String(root), '/T', '/F']);
  } catch {
    // Not found: ended already. Otherwise the terminal's own exit will not come, and says so.
  }
  return [];
}
