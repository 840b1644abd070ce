import type { ChildProcess } from 'node:child_process';

/**
 * Ends a process with all that it has started in its group, or with this process alone on Windows, which has no groups.
 * It must have been started with `detached` elsewhere. One that has ended by itself meanwhile is no failure.
 */
export function endProcessGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): void {
  if (child.pid === undefined) return; // it could not be started
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // Ended already.
  }
}
