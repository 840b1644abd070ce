import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { app, dialog, Menu, protocol } from 'electron';
import ElectronStore from 'electron-store';

import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { appFolders } from '#main/base/folders.ts';
import { HostLock } from '#main/base/host-lock.ts';
import { programs } from '#main/base/programs.ts';
import { CommandListener } from '#main/command/command-listener.ts';
import { createServices } from '#main/services/services.ts';
import { confBacking } from '#main/services/settings/conf-backing.ts';
import { Settings } from '#main/services/settings/settings.ts';
import { ok } from '#shared/result.ts';

import { pageResponder, pageScheme } from './app-scheme.ts';
import { parseStartRequest, startRequest } from './arguments.ts';
import { menuTemplate } from './menu.ts';
import { limitPermissions } from './window.ts';
import { Windows } from './windows.ts';

/** The longest that quitting waits for the services, in milliseconds. What matters is on disk by then. */
const patience = 8000;

const folders = appFolders(process.platform, process.env);
mkdirSync(folders.state, { recursive: true, mode: 0o700 });
mkdirSync(folders.config, { recursive: true });
// All of this has to be said before Electron is ready.
app.setPath('userData', join(folders.state, 'electron'));
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);

const request = parseStartRequest(process.argv.slice(1), process.cwd());
// Not awaited at the top level: Electron becomes ready only after this module has run to its end.
if (app.requestSingleInstanceLock(request)) app.whenReady().then(start).catch(failToStart);
else app.quit(); // the first instance has been told what was asked

async function start(): Promise<void> {
  const lock = HostLock.acquire(folders.state, 'desktop');
  if (!lock.ok) {
    dialog.showErrorBox('Switchyard is running already', 'It is open in a browser. Quit it there first, with Ctrl-C.');
    app.exit(1);
    return;
  }
  const log = fileLog(new RotatingFile(join(folders.state, 'host.log')));
  const backing = confBacking({
    folder: folders.config,
    log,
    open: ({ fileName: name, ...options }) => new ElectronStore<Record<string, unknown>>({ ...options, name }),
  });
  const { programFolder, pageFolder, ptyHost, scribe, patternWorker, symbolWorker, reporter, version } = programs(
    import.meta.dirname,
    process.execPath,
    {
      ELECTRON_RUN_AS_NODE: '1',
    },
  );
  const services = await createServices({
    folders,
    log,
    platform: process.platform,
    settings: backing,
    hostKind: 'desktop',
    version,
    startProject: null, // each window has its own
    chooseFolder: null, // each window has its own
    ptyHost,
    scribe,
    patternWorker,
    symbolWorker,
    reporter,
    resourcesFolder: programFolder,
  });
  const reportFault = (where: string, error: unknown): void => services.faults.report(where, error);
  process.on('unhandledRejection', (error) => {
    reportFault('host', error);
  });

  protocol.handle(pageScheme, await pageResponder(pageFolder));
  limitPermissions();
  const settings = new Settings({ backing, log });
  const windows = new Windows({
    api: services.api,
    preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
    settings,
    log,
    reportFault,
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(process.platform, {
        newWindow: () => {
          windows.open({ project: null, demo: false });
        },
      }),
    ),
  );
  const commands = await CommandListener.listen({
    stateFolder: folders.state,
    platform: process.platform,
    version,
    api: {
      ...services.api,
      shell: {
        open: ({ path }) => {
          windows.open({ project: path, demo: false });
          return Promise.resolve(ok({ address: null }));
        },
      },
    },
    log,
    onFault: reportFault,
  });
  lock.value.announce({ address: null, door: commands.door });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const asked = startRequest.safeParse(data);
    windows.open(asked.success ? asked.data : { project: null, demo: false });
  });
  app.on('activate', () => {
    if (windows.count === 0) windows.open({ project: null, demo: false });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    settings.dispose();
    commands.dispose();
    const ended = services.dispose().catch((error: unknown) => {
      log.error('the services did not end in order', error);
    });
    void Promise.race([ended, wait(patience)]).then(() => {
      lock.value.dispose();
      app.exit(0);
    });
  });
  windows.open(request);
}

function failToStart(error: unknown): void {
  dialog.showErrorBox(
    'Switchyard could not start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  app.exit(1);
}
