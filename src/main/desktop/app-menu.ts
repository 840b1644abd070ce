import { app, BrowserWindow, Menu } from 'electron';

import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Settings } from '#main/services/settings/settings.ts';
import type { FaultReporter } from '#shared/rpc/serve.ts';

import { nothingAsked, type StartRequest } from './arguments.ts';
import { menuTemplate } from './menu.ts';
import { recentItems, showRecents } from './recent-projects.ts';
import type { Updates } from './updates.ts';
import type { Windows } from './windows.ts';

export interface AppMenuOptions {
  windows: Pick<Windows, 'onDidChange' | 'focusedShell' | 'chooseFolder' | 'zoom'>;
  settings: Pick<Settings, 'recents'>;
  /** Null: the app was packed without a feed. */
  updates: Pick<Updates, 'check'> | null;
  platform: NodeJS.Platform;
  open: (request: StartRequest) => void;
  openPath: (path: string) => void;
  reportFault: FaultReporter;
}

/** Keeps the application's menu, and recent projects in dock or jump list, as the focused window has them. */
export class AppMenu implements Disposable {
  readonly #options: AppMenuOptions;
  readonly #owned = new DisposableStore();
  /** What the menu is made of, as text: without what can be changed in it as it stands. */
  #shown = '';

  constructor(options: AppMenuOptions) {
    this.#options = options;
    this.#owned.add(
      options.windows.onDidChange(() => {
        this.#show();
      }),
    );
    this.#show();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(): void {
    const { windows, settings, updates, platform, open, openPath, reportFault } = this.#options;
    const recents = settings.recents();
    const commands = windows.focusedShell?.commands ?? [];
    const made = JSON.stringify([
      recents.map(({ path }) => path),
      commands.map(({ id, title, group, chord }) => [id, title, group, chord]),
    ]);
    if (made === this.#shown) {
      // A menu that is made anew would close under the hand of whoever has it open.
      const menu = Menu.getApplicationMenu();
      for (const { id, isEnabled } of commands) {
        const item = menu?.getMenuItemById(id);
        if (item) item.enabled = isEnabled;
      }
      return;
    }
    this.#shown = made;
    const template = menuTemplate({
      platform,
      commands,
      recents: recentItems(recents, openPath),
      isDeveloped: !app.isPackaged,
      newWindow: () => {
        open(nothingAsked);
      },
      openFolder: () => {
        windows.chooseFolder().catch((error: unknown) => {
          reportFault('Choose a folder', error);
        });
      },
      checkForUpdates: updates && (() => void updates.check()),
      runCommand: (id) => {
        windows.focusedShell?.wish({ kind: 'command', id });
      },
      zoom: (window, steps) => {
        if (window instanceof BrowserWindow) windows.zoom(window, steps);
      },
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    showRecents(platform, recents, openPath);
  }
}
