import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the app keeps its own things, outside every repository. */
export interface AppFolders {
  /** Settings, recent projects, trust. Backed up with the person's configuration. */
  config: string;
  /** Logs, the pty host's socket and secret. 0700. */
  state: string;
}

/**
 * The platform's usual places, or one folder for all of it when `SWITCHYARD_HOME` names one (tests, trials).
 * The platform is passed in, so that each branch can be tested anywhere.
 */
export function appFolders(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = homedir()): AppFolders {
  const own = env['SWITCHYARD_HOME'];
  if (own) return { config: own, state: join(own, 'state') };
  if (platform === 'win32') {
    return {
      config: join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Switchyard'),
      state: join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Switchyard'),
    };
  }
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'Switchyard');
    return { config: support, state: join(support, 'state') };
  }
  return {
    config: join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'switchyard'),
    state: join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'switchyard'),
  };
}
