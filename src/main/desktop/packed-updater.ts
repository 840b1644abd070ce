import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Log } from '#main/base/log.ts';

import type { Updater } from './updates.ts';

/**
 * electron-updater, where the app was packed with a feed (`app-update.yml` among its resources); null: it was not, and nothing of it is
 * even loaded. It does nothing by itself: neither fetch nor install when the app quits.
 */
export function packedUpdater(resourcesFolder: string, log: Log): Updater | null {
  if (!existsSync(join(resourcesFolder, 'app-update.yml'))) return null;
  const load = async (): Promise<(typeof import('electron-updater'))['autoUpdater']> => {
    const { default: electronUpdater } = await import('electron-updater');
    const updater = electronUpdater.autoUpdater;
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = false;
    updater.logger = {
      info: (message: unknown) => {
        log.info(`update: ${String(message)}`);
      },
      warn: (message: unknown) => {
        log.warn(`update: ${String(message)}`);
      },
      error: (message: unknown) => {
        log.error('update', message);
      },
    };
    return updater;
  };
  return {
    look: async () => {
      const found = await (await load()).checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    fetch: async () => {
      await (await load()).downloadUpdate();
    },
    install: async () => {
      (await load()).quitAndInstall();
    },
  };
}
