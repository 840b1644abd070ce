import { app, Menu, nativeImage, Tray, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';

import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import { reasonWords } from '#shared/attention/reason-words.ts';
import type { AttentionItem } from '#shared/contract/attention.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { ProjectId } from '#shared/ids.ts';

import type { AtWork } from './at-work.ts';
import { bringToFront } from './bring-to-front.ts';
import { trayIcon } from './tray-icon.ts';

/** What a menu can be read through. */
const mostItems = 15;

export interface NeedsYouOptions {
  api: Pick<HostApi, 'attention' | 'host'>;
  atWork: Pick<AtWork, 'find' | 'onDidChange'>;
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

interface ShownItem {
  project: ShownProject;
  item: AttentionItem;
  label: string;
}

/** The number and the list of what needs the person, in the system's own places: dock or task bar, and tray. */
export class NeedsYou implements Disposable {
  readonly #options: NeedsYouOptions;
  readonly #owned = new DisposableStore();
  readonly #projects = new Set<ShownProject>();
  #tray: Tray | null = null;
  /** What is shown, as text: a menu that is made anew closes under the hand of whoever has it open. */
  #told = '';

  constructor(options: NeedsYouOptions) {
    this.#options = options;
    this.#owned.add(
      options.api.host.onDidChangeSettings({}, ({ tray }) => {
        if (tray && !this.#tray) this.#tray = this.#makeTray();
        else if (!tray) this.#removeTray();
        this.#tell();
      }),
    );
    // A run may come to be known, or be called otherwise, after it has come to need the person.
    this.#owned.add(
      options.atWork.onDidChange(() => {
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
      const { window } = shown;
      // It may go on without the project.
      if (this.#options.platform === 'win32' && !window.isDestroyed()) window.setOverlayIcon(null, '');
      this.#tell();
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.#removeTray();
  }

  #tell(): void {
    const projects = [...this.#projects];
    const all = projects.flatMap((project) =>
      project.items.map((item) => ({ project, item, label: this.#labelOf(item) })),
    );
    const told = JSON.stringify([
      all.map(({ project, item, label }) => [project.projectId, item.runId, label]),
      projects.map(({ window, name }) => [window.id, name]),
      this.#tray !== null,
    ]);
    if (told === this.#told) return;
    this.#told = told;
    const count = all.length;
    const words = count === 0 ? '' : count === 1 ? '1 run needs you' : `${String(count)} runs need you`;
    if (this.#options.platform === 'win32') {
      // Windows has no number there; the icon says that there is something, and a screen reader how much.
      const overlay = count === 0 ? null : nativeImage.createFromDataURL(trayIcon);
      for (const { window } of projects) if (!window.isDestroyed()) window.setOverlayIcon(overlay, words);
    } else app.setBadgeCount(count);
    if (!this.#tray) return;
    this.#tray.setToolTip(words === '' ? 'Switchyard' : `Switchyard: ${words}`);
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#trayMenu(all, projects.length > 1)));
  }

  #trayMenu(all: readonly ShownItem[], areSeveral: boolean): MenuItemConstructorOptions[] {
    const items = all.slice(0, mostItems).map(({ project, item, label }): MenuItemConstructorOptions => ({
      label,
      ...(areSeveral && { sublabel: project.name }),
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
  #labelOf({ runId, reason }: AttentionItem): string {
    const title = this.#options.atWork.find(runId)?.spec.title ?? 'A run';
    return `${title.slice(0, 60).replaceAll('&', '&&')} – ${reasonWords[reason]}`;
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
