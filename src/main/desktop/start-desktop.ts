import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { app, dialog, protocol } from 'electron';

import { appFolders, type AppFolders } from '#main/base/folders.ts';

import { pageScheme } from './app-scheme.ts';
import { parseStartRequest } from './arguments.ts';
import { DesktopHost } from './desktop-host.ts';
import { openShell } from './desktop-shell.ts';
import { endInOrder } from './end-in-order.ts';
import { pageMemoryFlags } from './page-memory.ts';
import { StartRequests } from './start-requests.ts';

export interface DesktopStart {
  /** What it runs on: its folders, pipes, shells and processes. */
  platform: NodeJS.Platform;
  /** Whose menus, notices, dock, task bar and tray it has: the same, but where a test looks at another one's. */
  manners: NodeJS.Platform;
  /** Where all is built into: `out`. */
  builtFolder: string;
}

/**
 * Starts the desktop app, or hands what was asked to the one that runs. Not awaited: Electron becomes ready only after the
 * module that calls this has run to its end.
 */
export function startDesktop({ platform, manners, builtFolder }: DesktopStart): void {
  const folders = prepare(platform);
  const asked = parseStartRequest({
    argv: process.argv.slice(1),
    currentFolder: process.cwd(),
    takesFolders: app.isPackaged,
  });
  const requests = new StartRequests();
  if (!app.requestSingleInstanceLock(asked)) {
    app.quit(); // the first instance has been told what was asked
    return;
  }
  const start = async (): Promise<void> => {
    const host = await DesktopHost.start({ folders, platform, builtFolder });
    if (host === null) {
      dialog.showErrorBox(
        'Switchyard is running already',
        'It is open in a browser. Quit it there first, with Ctrl-C.',
      );
      app.exit(1);
      return;
    }
    const shell = await openShell({ host, manners });
    endInOrder({ host, shell, requests, argv: process.argv.slice(1), env: process.env });
    await shell.begin(asked, requests);
  };
  app.whenReady().then(start).catch(failToStart);
}

/** All that has to be said before Electron is ready. */
function prepare(platform: NodeJS.Platform): AppFolders {
  const folders = appFolders(platform, process.env);
  mkdirSync(folders.state, { recursive: true, mode: 0o700 });
  mkdirSync(folders.config, { recursive: true });
  app.setPath('userData', join(folders.state, 'electron'));
  app.enableSandbox();
  if (!app.commandLine.hasSwitch('js-flags')) app.commandLine.appendSwitch('js-flags', pageMemoryFlags);
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  return folders;
}

function failToStart(error: unknown): void {
  dialog.showErrorBox(
    'Switchyard could not start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  app.exit(1);
}
