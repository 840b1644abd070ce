import { join } from 'node:path';

import ElectronStore from 'electron-store';

import { appVersion } from '#main/base/app-version.ts';
import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import type { AppFolders } from '#main/base/folders.ts';
import { HostLock } from '#main/base/host-lock.ts';
import type { Log } from '#main/base/log.ts';
import { programs } from '#main/base/programs.ts';
import { CommandListener } from '#main/command/command-listener.ts';
import { firstScreensPatience } from '#main/services/projects/first-screens.ts';
import { createServices, type Services } from '#main/services/services.ts';
import { confBacking } from '#main/services/settings/conf-backing.ts';
import { Settings } from '#main/services/settings/settings.ts';
import type { HostApi } from '#shared/contract/index.ts';
import { ok } from '#shared/result.ts';
import type { FaultReporter } from '#shared/rpc/serve.ts';

import { adoptLoginPath } from './login-environment.ts';

export interface DesktopHostOptions {
  folders: AppFolders;
  platform: NodeJS.Platform;
  builtFolder: string;
}

interface Parts extends DesktopHostOptions {
  lock: HostLock;
  log: Log;
  settings: Settings;
  pageFolder: string;
  resourcesFolder: string;
  services: Services;
}

/** The services in the app's own process, and what there is once beside them: the lock, the log, the settings, the door. */
export class DesktopHost {
  readonly #parts: Parts;
  #commands: CommandListener | null = null;

  private constructor(parts: Parts) {
    this.#parts = parts;
    process.on('unhandledRejection', (error) => {
      this.reportFault('host', error);
    });
  }

  /** Null: the headless host runs in these folders. */
  static async start(options: DesktopHostOptions): Promise<DesktopHost | null> {
    const { folders, platform, builtFolder } = options;
    const lock = HostLock.acquire(folders.state, 'desktop');
    if (!lock.ok) return null;
    const log = fileLog(new RotatingFile(join(folders.state, 'host.log')));
    // No window waits for it: a start-up file may take seconds.
    const adopted = adoptLoginPath({ env: process.env, platform, log }).catch((error: unknown) => {
      log.error('the login shell could not be asked for its PATH', error);
    });
    const backing = confBacking({
      folder: folders.config,
      log,
      open: ({ fileName: name, ...options }) => new ElectronStore<Record<string, unknown>>({ ...options, name }),
    });
    const { pageFolder, ...programsAndFolders } = programs(builtFolder, process.execPath, {
      ELECTRON_RUN_AS_NODE: '1',
    });
    const services = await createServices({
      folders,
      log,
      platform,
      settings: backing,
      hostKind: 'desktop',
      version: appVersion,
      startProject: null, // each window has its own
      firstScreensPatience,
      chooseFolder: null, // each window has its own
      ...programsAndFolders,
    });
    // But runs do that were queued when the app was quit: what sets them up is looked for in that PATH.
    const held = services.holdQueue('Waits until your shell has said where its programs are.');
    void adopted.then(() => {
      held.dispose();
    });
    const settings = new Settings({ backing, log });
    const { resourcesFolder } = programsAndFolders;
    return new DesktopHost({ ...options, lock: lock.value, log, settings, pageFolder, resourcesFolder, services });
  }

  get api(): HostApi {
    return this.#parts.services.api;
  }

  get settings(): Settings {
    return this.#parts.settings;
  }

  get log(): Log {
    return this.#parts.log;
  }

  get pageFolder(): string {
    return this.#parts.pageFolder;
  }

  get resourcesFolder(): string {
    return this.#parts.resourcesFolder;
  }

  get preload(): string {
    return join(this.#parts.builtFolder, 'preload', 'preload.cjs');
  }

  readonly expectScreens = (): void => {
    this.#parts.services.firstScreens.expect();
  };

  /** A project was opened: by a window's page, ahead of one, or for the command. */
  get onDidOpenProject(): Services['onDidOpenProject'] {
    return this.#parts.services.onDidOpenProject;
  }

  readonly runningTerminals: Services['runningTerminals'] = () => this.#parts.services.runningTerminals();

  readonly holdQueue: Services['holdQueue'] = (reason) => this.#parts.services.holdQueue(reason);

  readonly reportFault: FaultReporter = (where, error) => {
    this.#parts.services.faults.report(where, error);
  };

  /** Lets the command in, and says where. `open` shows the folder that it names. */
  async acceptCommands(open: (path: string) => void): Promise<void> {
    const { folders, platform, lock, log, services } = this.#parts;
    const { api } = services;
    this.#commands = await CommandListener.listen({
      stateFolder: folders.state,
      platform,
      version: appVersion,
      api: {
        ...api,
        shell: {
          ...api.shell,
          open: ({ path }) => {
            open(path);
            return Promise.resolve(ok({ address: null }));
          },
        },
      },
      log,
      onFault: this.reportFault,
    });
    lock.announce({ address: null, door: this.#commands.door });
  }

  /** Ends the services. Never fails: what matters is on disk, and the rest is written down. */
  async end(): Promise<void> {
    const { settings, services, log } = this.#parts;
    settings.dispose();
    this.#commands?.dispose();
    try {
      await services.dispose();
    } catch (error) {
      log.error('the services did not end in order', error);
    }
  }

  /** Another host may run from now on. */
  release(): void {
    this.#parts.lock.dispose();
  }
}
