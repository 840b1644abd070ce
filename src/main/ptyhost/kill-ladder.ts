import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { endTree } from '#main/base/process-group.ts';

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
 *
 * Windows has no signals, and a console program cannot be asked there: the tree is ended at once. It is found by who has started
 * whom, so what outlived its own parent stays, and cannot be told.
 */
export async function killTerminal(
  platform: NodeJS.Platform,
  root: () => number | null,
  marker: Marker,
  grace: KillGrace,
  windows: WindowsPorts = realWindows,
): Promise<number[]> {
  if (platform === 'win32') return killWindowsTree(root, grace, windows);
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

/** What a tree is ended with on Windows. For tests, which run elsewhere. */
export interface WindowsPorts {
  run: (command: string, args: readonly string[]) => Promise<unknown>;
  isAlive: (pid: number) => boolean;
}

const realWindows: WindowsPorts = {
  run: (command, args) => promisify(execFile)(command, args, { windowsHide: true }),
  isAlive: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  },
};

async function killWindowsTree(
  root: () => number | null,
  { killMilliseconds }: KillGrace,
  { run, isAlive }: WindowsPorts,
): Promise<number[]> {
  const pid = root();
  if (pid === null) return [];
  const [command, args] = endTree(pid, process.env);
  try {
    await run(command, args);
  } catch {
    // It has ended meanwhile, or some of it may not be ended by us; the next looks tell.
  }
  for (const end = performance.now() + killMilliseconds; ; await sleep(lookMilliseconds)) {
    // Once its end was told, its number says nothing any more.
    if (root() !== pid || !isAlive(pid)) return [];
    if (performance.now() >= end) return [pid];
  }
}
