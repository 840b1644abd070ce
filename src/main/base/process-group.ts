import { execFile, type ChildProcess } from 'node:child_process';
import { win32 } from 'node:path';

/** For `spawn`: a process that can be ended with all that it has started. Windows has no groups; there its tree is found. */
export const groupOptions = (platform: NodeJS.Platform): { detached: boolean; windowsHide: true } => ({
  // On Windows it would only give it a console window of its own.
  detached: platform !== 'win32',
  windowsHide: true,
});

/** What a process is ended with. For tests of the platforms that are not there. */
export interface GroupPorts {
  signal: (pid: number, signal: NodeJS.Signals) => void;
  run: (command: string, args: readonly string[]) => void;
}

/**
 * Ends a process that was started with `groupOptions`, with all that it has started. One that has ended by itself meanwhile is
 * no failure. Windows knows no signals: there the tree is ended at once whichever is asked for.
 */
export function endProcessGroup(
  child: Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode'>,
  platform: NodeJS.Platform,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL',
  ports: GroupPorts = realPorts,
): void {
  if (child.pid === undefined) return; // it could not be started
  if (platform === 'win32') {
    // Once its end is known its number may be a stranger's. What it has left behind can no longer be found.
    if (child.exitCode !== null || child.signalCode !== null) return;
    const [command, args] = endTree(child.pid, process.env);
    ports.run(command, args);
    return;
  }
  try {
    ports.signal(-child.pid, signal);
  } catch {
    // Ended already.
  }
}

/** Windows' own program that ends a process and all that descends from it; by its path, so that no other is taken for it. */
export const endTree = (pid: number, env: NodeJS.ProcessEnv): [command: string, args: readonly string[]] => [
  win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe'),
  ['/PID', String(pid), '/T', '/F'],
];

const realPorts: GroupPorts = {
  signal: (pid, signal) => {
    process.kill(pid, signal);
  },
  run: (command, args) => {
    // Its answer says nothing that we would do something about: what has ended is not found.
    execFile(command, args, { windowsHide: true }, () => undefined);
  },
};
