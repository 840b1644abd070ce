import { app, nativeTheme, protocol } from 'electron';

import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';

import { AppMenu } from './app-menu.ts';
import { pageResponder, pageScheme } from './app-scheme.ts';
import { nothingAsked, type StartRequest } from './arguments.ts';
import { AtWork } from './at-work.ts';
import { linkScheme } from './deep-link.ts';
import type { DesktopHost } from './desktop-host.ts';
import { ExternalLinks } from './external-links.ts';
import { FollowedProjects } from './followed-projects.ts';
import { guardContents } from './guard-contents.ts';
import { NeedsYou } from './needs-you.ts';
import { showNotices } from './notices.ts';
import { packedUpdater } from './packed-updater.ts';
import { limitPermissions } from './permissions.ts';
import { Quitting } from './quitting.ts';
import type { StartRequests } from './start-requests.ts';
import { StayAwake } from './stay-awake.ts';
import { SystemAccent } from './system-accent.ts';
import { showTrainProgress } from './train-progress.ts';
import { Updates } from './updates.ts';
import { followScreens } from './window.ts';
import { Windows } from './windows.ts';

export interface ShellOptions {
  host: DesktopHost;
  manners: NodeJS.Platform;
}

export interface Shell extends Disposable {
  /** Opens what this start asks for, and from then on what is asked while it runs. */
  begin(asked: StartRequest, requests: StartRequests): Promise<void>;
}

/**
 * Puts the shell around the services: windows, and what the system shows outside of them. Each part knows only what was made
 * before it; what happens later comes to it as an event.
 */
export async function openShell({ host, manners }: ShellOptions): Promise<Shell> {
  const { api, settings, log, reportFault, expectScreens } = host;
  protocol.handle(pageScheme, await pageResponder(host.pageFolder));
  limitPermissions();
  guardContents(new ExternalLinks(log));
  followScreens();

  const owned = new DisposableStore();
  const atWork = owned.add(new AtWork({ api, log }));
  owned.add(new StayAwake(api, atWork));
  owned.add(
    api.host.onDidChangeSettings({}, ({ theme }) => {
      nativeTheme.themeSource = theme;
    }),
  );
  const accent = owned.add(new SystemAccent(manners, log));
  // Before the windows: they want to know whether it is decided.
  const quitting = new Quitting({ atWork, holdQueue: host.holdQueue, settings, platform: manners, log });
  const windows = owned.add(
    new Windows({ api, preload: host.preload, settings, accent, log, reportFault, expectScreens }),
  );
  windows.onDidStay(() => {
    quitting.stay();
  });
  const open = (request: StartRequest): void => {
    windows.open(request).catch((error: unknown) => {
      reportFault('Open a window', error);
    });
  };
  const openPath = (path: string): void => {
    open({ ...nothingAsked, project: path });
  };
  const needsYou = owned.add(new NeedsYou({ api, atWork, windows, platform: manners }));
  const followed = owned.add(
    new FollowedProjects({
      atWork,
      hasWindow: (path) => windows.has(path),
      tell: (project) => {
        const telling = new DisposableStore();
        telling.add(showNotices({ api, project, windows, platform: manners, log }));
        telling.add(needsYou.follow(project));
        return telling;
      },
    }),
  );
  owned.add(
    // Also for the command, which needs no window.
    host.onDidOpenProject((project) => {
      followed.add(project);
      atWork.follow(project.id);
    }),
  );
  owned.add(
    windows.onDidOpenProject(({ window, project: { id, path, name }, following }) => {
      following.add(followed.show({ id, path, name }));
      following.add(showTrainProgress(api, id, window));
    }),
  );
  const updater = packedUpdater(host.resourcesFolder, log);
  const updates =
    updater &&
    new Updates({ updater, atWork, runningTerminals: host.runningTerminals, quitting, platform: manners, log });
  owned.add(new AppMenu({ windows, settings, updates, platform: manners, open, openPath, reportFault }));
  // While developing, the system would be told to start the bare Electron.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  await host.acceptCommands(openPath);
  const activate = (): void => {
    if (windows.count === 0) windows.showAny();
  };
  app.on('activate', activate);
  owned.add(toDisposable(() => app.off('activate', activate)));
  return {
    begin: async (asked, requests) => {
      // A Mac that starts the app for a link or a folder says so by an event, and nothing on the command line.
      const isForNothing = asked.project === null && !asked.demo;
      await windows.begin((isForNothing ? requests.takeFirst() : null) ?? asked);
      requests.takeWith((request) => {
        if (request.project === null && !request.demo) windows.showAny();
        else open(request);
      });
    },
    dispose: () => {
      owned.dispose();
    },
  };
}
