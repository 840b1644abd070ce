import { type BrowserWindow, dialog, type WebContents } from 'electron';

import { demoProject } from '#main/base/demo-project.ts';
import type { Log } from '#main/base/log.ts';
import { pageApi } from '#main/base/page-api.ts';
import type { Settings } from '#main/services/settings/settings.ts';
import { contract, type HostApi } from '#shared/contract/index.ts';
import { serve, type FaultReporter } from '#shared/rpc/serve.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { acceptWindows } from './accept-windows.ts';
import type { StartRequest } from './arguments.ts';
import { showNotices } from './notices.ts';
import { openWindow } from './window.ts';

export interface WindowsOptions {
  api: HostApi;
  preload: string;
  settings: Pick<Settings, 'windowState' | 'rememberWindowState'>;
  log: Log;
  reportFault: FaultReporter;
}

interface ProjectWindow {
  window: BrowserWindow;
  asked: StartRequest;
  /** The project that its page has opened; null while it shows the start screen. */
  projectPath: string | null;
  /** The notices of that project. */
  notices: Disposable | null;
}

/** The open windows, one a project. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #windows = new Map<WebContents, ProjectWindow>();

  constructor(options: WindowsOptions) {
    this.#options = options;
    acceptWindows((contents, wire) => {
      const entry = this.#windows.get(contents);
      if (entry) this.#serve(entry, wire);
    });
  }

  get count(): number {
    return this.#windows.size;
  }

  /** Shows the window of the project that is asked for, or opens one. */
  open(asked: StartRequest): void {
    const present = Array.from(this.#windows.values()).find(
      ({ projectPath }) => asked.project !== null && projectPath === asked.project,
    );
    if (present) {
      if (present.window.isMinimized()) present.window.restore();
      present.window.focus();
      return;
    }
    const { preload, settings, log } = this.#options;
    let entry: ProjectWindow | null = null;
    const name = (): string => entry?.projectPath ?? asked.project ?? 'start';
    const window = openWindow({ name, preload, settings, log });
    entry = { window, asked, projectPath: null, notices: null };
    const opened = entry;
    const { webContents } = window;
    this.#windows.set(webContents, entry);
    window.on('closed', () => {
      this.#windows.delete(webContents);
      opened.notices?.dispose();
    });
  }

  #serve(entry: ProjectWindow, wire: Wire): void {
    const { api, reportFault } = this.#options;
    const page = pageApi(api, {
      // After a reload the window shows what it showed.
      startProject: async () => {
        const { project, demo } = entry.asked;
        return entry.projectPath ?? project ?? (demo ? await demoProject(api.projects, reportFault) : null);
      },
      chooseFolder: async (title) => {
        const chosen = await dialog.showOpenDialog(entry.window, {
          title,
          properties: ['openDirectory', 'createDirectory'],
        });
        return chosen.filePaths[0] ?? null;
      },
      onDidOpen: ({ id, path }) => {
        entry.projectPath = path;
        entry.notices?.dispose();
        entry.notices = showNotices(api, id, entry.window);
      },
    });
    serve(contract, page, wire, reportFault);
  }
}
