import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { app, BrowserWindow, dialog, Menu, nativeTheme, protocol } from 'electron';
import ElectronStore from 'electron-store';

import { appVersion } from '#main/base/app-version.ts';
import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { appFolders } from '#main/base/folders.ts';
import { HostLock } from '#main/base/host-lock.ts';
import { DisposableStore } from '#main/base/lifecycle.ts';
import { programs } from '#main/base/programs.ts';
import { CommandListener } from '#main/command/command-listener.ts';
import { createServices } from '#main/services/services.ts';
import { confBacking } from '#main/services/settings/conf-backing.ts';
import { Settings } from '#main/services/settings/settings.ts';
import { ok } from '#shared/result.ts';

import { pageResponder, pageScheme } from './app-scheme.ts';
import { nothingAsked, parseStartRequest, startRequest, type StartRequest } from './arguments.ts';
import { AtWork } from './at-work.ts';
import { isDeepLink, linkScheme, parseDeepLink } from './deep-link.ts';
import { ExternalLinks } from './external-links.ts';
import { guardContents } from './guard-contents.ts';
import { adoptLoginPath } from './login-environment.ts';
import { menuTemplate, zoomedFactor } from './menu.ts';
import { NeedsYou } from './needs-you.ts';
import { showNotices } from './notices.ts';
import { limitPermissions } from './permissions.ts';
import { Quitting } from './quitting.ts';
import { recentItems, showRecents } from './recent-projects.ts';
import { StayAwake } from './stay-awake.ts';
import { showTrainProgress } from './train-progress.ts';
import { followScreens } from './window.ts';
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

const request = parseStartRequest({
  argv: process.argv.slice(1),
  currentFolder: process.cwd(),
  takesFolders: app.isPackaged,
});
// A Mac says such things by events, and may do so before the app is ready.
const earlyRequests: StartRequest[] = [];
let take = (asked: StartRequest): void => {
  earlyRequests.push(asked);
};
app.on('open-url', (event, url) => {
  event.preventDefault();
  const asked = isDeepLink(url) ? parseDeepLink(url) : null;
  if (asked) take(asked);
});
app.on('open-file', (event, path) => {
  event.preventDefault();
  take({ ...nothingAsked, project: path });
});
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
  // Not waited for: a start-up file may take seconds, and what uses PATH comes later than the first window.
  adoptLoginPath({ env: process.env, platform: process.platform, log }).catch((error: unknown) => {
    log.error('the login shell could not be asked for its PATH', error);
  });
  const backing = confBacking({
    folder: folders.config,
    log,
    open: ({ fileName: name, ...options }) => new ElectronStore<Record<string, unknown>>({ ...options, name }),
  });
  const { pageFolder, ...parts } = programs(join(import.meta.dirname, '..'), process.execPath, {
    ELECTRON_RUN_AS_NODE: '1',
  });
  const services = await createServices({
    folders,
    log,
    platform: process.platform,
    settings: backing,
    hostKind: 'desktop',
    version: appVersion,
    startProject: null, // each window has its own
    chooseFolder: null, // each window has its own
    ...parts,
  });
  const reportFault = (where: string, error: unknown): void => services.faults.report(where, error);
  process.on('unhandledRejection', (error) => {
    reportFault('host', error);
  });

  protocol.handle(pageScheme, await pageResponder(pageFolder));
  limitPermissions();
  guardContents(new ExternalLinks(log));
  followScreens();
  const settings = new Settings({ backing, log });
  const owned = new DisposableStore();
  owned.add(settings);
  const { api } = services;
  const atWork = owned.add(new AtWork(api));
  owned.add(new StayAwake(api, atWork));
  owned.add(
    api.host.onDidChangeSettings({}, ({ theme }) => {
      nativeTheme.themeSource = theme;
    }),
  );
  const perform = (doing: string, work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      reportFault(doing, error);
    });
  };
  const open = (asked: StartRequest): void => {
    perform('Open a window', () => windows.open(asked));
  };
  const needsYou = owned.add(
    new NeedsYou({
      api,
      atWork,
      platform: process.platform,
      show: () => {
        windows.showAny();
      },
    }),
  );
  const openPath = (path: string): void => {
    open({ ...nothingAsked, project: path });
  };
  // Before the windows: they want to know whether it is decided.
  new Quitting({ atWork, settings, platform: process.platform, log });
  let shownMenu = '';
  const showMenus = (): void => {
    const recents = settings.recents();
    const offered = windows.focusedShell?.commands ?? [];
    const text = JSON.stringify([recents.map(({ path }) => path), offered]);
    if (text === shownMenu) return;
    shownMenu = text;
    const template = menuTemplate({
      platform: process.platform,
      commands: offered,
      recents: recentItems(recents, openPath),
      isDeveloped: !app.isPackaged,
      newWindow: () => {
        open(nothingAsked);
      },
      openFolder: () => {
        perform('Choose a folder', () => windows.chooseFolder());
      },
      runCommand: (id) => {
        windows.focusedShell?.wish({ kind: 'command', id });
      },
      zoom: (window, steps) => {
        if (!(window instanceof BrowserWindow)) return;
        const { webContents } = window;
        webContents.setZoomFactor(zoomedFactor(webContents.getZoomFactor(), steps));
      },
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    showRecents(process.platform, recents, openPath);
  };
  const windows = new Windows({
    api,
    preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
    settings,
    log,
    reportFault,
    onDidChange: showMenus,
    follow: (window, project) => {
      const following = new DisposableStore();
      const { id: projectId, name } = project;
      atWork.follow(projectId);
      following.add(showNotices({ api, projectId, window, platform: process.platform, log }));
      following.add(needsYou.follow({ window, projectId, name }));
      following.add(showTrainProgress(api, projectId, window));
      return following;
    },
  });
  // While developing, the system would be told to start the bare Electron.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  const commands = await CommandListener.listen({
    stateFolder: folders.state,
    platform: process.platform,
    version: appVersion,
    api: {
      ...services.api,
      shell: {
        ...services.api.shell,
        open: ({ path }) => {
          openPath(path);
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
    if (asked.success && asked.data.project === null && !asked.data.demo) windows.showAny();
    else open(asked.success ? asked.data : nothingAsked);
  });
  app.on('activate', () => {
    if (windows.count === 0) windows.showAny();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    owned.dispose();
    commands.dispose();
    const ended = services.dispose().catch((error: unknown) => {
      log.error('the services did not end in order', error);
    });
    void Promise.race([ended, wait(patience)]).then(() => {
      lock.value.dispose();
      app.exit(0);
    });
  });
  showMenus();
  await windows.begin(request);
  take = open;
  for (const asked of earlyRequests) open(asked);
}

function failToStart(error: unknown): void {
  dialog.showErrorBox(
    'Switchyard could not start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  app.exit(1);
}
