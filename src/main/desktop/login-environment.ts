import { delimiter } from 'node:path';

import type { Log } from '#main/base/log.ts';
import { readLoginPath } from '#main/services/agents/login-path.ts';

/** What a start-up file may take before it is not waited for any more, milliseconds. */
const patience = 3000;

export interface LoginEnvironmentOptions {
  /** This process's own variables. PATH is changed in them. */
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  log: Log;
  limitMilliseconds?: number;
}

/**
 * Gives an app that was started by the desktop, and not in a terminal, the PATH that the person's terminals have: gates, set-up
 * commands and agents' tools are looked for there. The login shell says it, within a limit of time and whatever else its
 * start-up files print; where it does not, PATH stays as it is. Windows gives every process the same.
 */
export async function adoptLoginPath({
  env,
  platform,
  log,
  limitMilliseconds = patience,
}: LoginEnvironmentOptions): Promise<void> {
  const shell = env['SHELL'];
  // Whoever typed the command has said with it which PATH is meant.
  if (platform === 'win32' || env['TERM'] !== undefined || shell === undefined) return;
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const path = await readLoginPath({ shell, env: given, limitMilliseconds });
  if (path === null) {
    log.warn('the login shell did not tell its PATH; the desktop’s is used', { shell });
    return;
  }
  env['PATH'] = joined(path, env['PATH'] ?? '');
}

/** The first one's folders, then those of the second that it does not have. */
function joined(first: string, second: string): string {
  const folders = [...first.split(delimiter), ...second.split(delimiter)].filter((folder) => folder !== '');
  return [...new Set(folders)].join(delimiter);
}
