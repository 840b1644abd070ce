import { app, Menu, nativeImage, Tray, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';

import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import { reasonWords } from '#shared/attention/reason-words.ts';
import type { AttentionItem } from '#shared/contract/attention.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { AtWork } from './at-work.ts';
import { bringToFront } from './bring-to-front.ts';
import { trayIcon } from './tray-icon.ts';

/** What a menu can be read through. */
const mostItems = 15;

export interface NeedsYouOptions {
  api: Pick<HostApi, 'attention' | 'host'>;
  atWork: Pick<AtWork, 'find'>;
  platform: NodeJS.Platform;
  /** Shows a window, any. */
  show: () => void;
}

interface ShownProject {
  window: BrowserWindow;
  projectId: ProjectId;
  name: string;
  items: readonly AttentionItem[];
}

/** The number and the list of what needs the person, in the system's own places: dock or task bar, and tray. */
export class NeedsYou implements Disposable {
  readonly #options: NeedsYouOptions;
  readonly #owned = new DisposableStore();
  readonly #projects = new Set<ShownProject>();
  #tray: Tray | null = null;

  constructor(options: NeedsYouOptions) {
    this.#options = options;
    this.#owned.add(
      options.api.host.onDidChangeSettings({}, ({ tray }) => {
        if (tray && !this.#tray) this.#tray = this.#makeTray();
        else if (!tray) this.#removeTray();
        this.#tell();
      }),
    );
  }

  /** Counts what needs the person in a project, until it is disposed. */
  follow(project: Omit<ShownProject, 'items'>): Disposable {
    const shown: ShownProject = { ...project, items: [] };
    this.#projects.add(shown);
    const subscription = this.#options.api.attention.onDidChange(project.projectId, ({ items }) => {
      shown.items = items;
      this.#tell();
    });
    return toDisposable(() => {
      subscription.dispose();
      this.#projects.delete(shown);
      this.#tell();
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#removeTray();
  }

  #tell(): void {
    const projects = [...this.#projects];
    const count = projects.reduce((total, { items }) => total + items.length, 0);
    const words = count === 0 ? '' : count === 1 ? '1 run needs you' : `${String(count)} runs need you`;
    if (this.#options.platform === 'win32') {
      // Windows has no number there; the icon says that there is something, and a screen reader how much.
      const overlay = count === 0 ? null : nativeImage.createFromDataURL(trayIcon);
      for (const { window } of projects) if (!window.isDestroyed()) window.setOverlayIcon(overlay, words);
    } else app.setBadgeCount(count);
    if (!this.#tray) return;
    this.#tray.setToolTip(words === '' ? 'Switchyard' : `Switchyard: ${words}`);
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#trayMenu(projects)));
  }

  #trayMenu(projects: readonly ShownProject[]): MenuItemConstructorOptions[] {
    const all = projects.flatMap((project) => project.items.map((item) => ({ project, item })));
    const items = all.slice(0, mostItems).map(({ project, item }): MenuItemConstructorOptions => ({
      label: `${this.#titleOf(item.runId)} – ${reasonWords[item.reason]}`,
      ...(projects.length > 1 && { sublabel: project.name }),
      click: () => {
        bringToFront(project.window);
        void this.#options.api.attention.goTo({ projectId: project.projectId, runIds: [item.runId] });
      },
    }));
    const more = all.length - items.length;
    return [
      ...(items.length > 0 ? items : [{ label: 'Nothing needs you', enabled: false }]),
      ...(more > 0 ? [{ label: `and ${String(more)} more`, enabled: false }] : []),
      { type: 'separator' },
      { label: 'Open Switchyard', click: this.#options.show },
      {
        label: 'Quit',
        click: () => {
          app.quit();
        },
      },
    ];
  }

  /** A menu's line, without the sign that would make a letter of it the key. */
  #titleOf(id: RunId): string {
    return (this.#options.atWork.find(id)?.spec.title ?? 'A run').replaceAll('&', '&&').slice(0, 60);
  }

  #makeTray(): Tray {
    const tray = new Tray(nativeImage.createFromDataURL(trayIcon));
    tray.on('click', this.#options.show);
    return tray;
  }

  #removeTray(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }
}
