import { app, Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';

import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import { reasonWords } from '#shared/attention/reason-words.ts';
import type { AttentionItem } from '#shared/contract/attention.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { AtWork } from './at-work.ts';
import type { FollowedProject } from './followed-projects.ts';
import { trayIcon } from './tray-icon.ts';
import type { Windows } from './windows.ts';

/** What a menu can be read through. */
const mostItems = 15;

export interface NeedsYouOptions {
  api: Pick<HostApi, 'attention' | 'host'>;
  atWork: Pick<AtWork, 'find' | 'onDidChange'>;
  windows: Pick<Windows, 'all' | 'onDidChange' | 'showAny' | 'showRuns'>;
  platform: NodeJS.Platform;
}

interface ShownProject extends FollowedProject {
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
    if (options.platform === 'win32') {
      this.#owned.add(
        options.windows.onDidChange(() => {
          this.#tell();
        }),
      );
    }
  }

  /** Counts what needs the person in a project, with or without a window, until it is disposed. */
  follow(project: FollowedProject): Disposable {
    const shown: ShownProject = { ...project, items: [] };
    this.#projects.add(shown);
    const subscription = this.#options.api.attention.onDidChange(project.id, ({ items }) => {
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
    const { platform, windows } = this.#options;
    // Windows alone has the number at each window.
    const marked = platform === 'win32' ? windows.all : [];
    const all = projects.flatMap((project) =>
      project.items.map((item) => ({ project, item, label: this.#labelOf(item) })),
    );
    const told = JSON.stringify([
      all.map(({ project, item, label }) => [project.id, item.runId, label]),
      projects.map(({ name }) => name),
      marked.map(({ id }) => id),
      this.#tray !== null,
    ]);
    if (told === this.#told) return;
    this.#told = told;
    const count = all.length;
    const words = count === 0 ? '' : count === 1 ? '1 run needs you' : `${String(count)} runs need you`;
    if (platform === 'win32') {
      // Windows has no number there; the icon says that there is something, and a screen reader how much.
      const overlay = count === 0 ? null : nativeImage.createFromDataURL(trayIcon);
      for (const window of marked) if (!window.isDestroyed()) window.setOverlayIcon(overlay, words);
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
        this.#options.windows.showRuns(project.path, [item.runId]);
      },
    }));
    const more = all.length - items.length;
    return [
      ...(items.length > 0 ? items : [{ label: 'Nothing needs you', enabled: false }]),
      ...(more > 0 ? [{ label: `and ${String(more)} more`, enabled: false }] : []),
      { type: 'separator' },
      { label: 'Open Switchyard', click: this.#show },
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

  readonly #show = (): void => {
    this.#options.windows.showAny();
  };

  #makeTray(): Tray {
    const tray = new Tray(nativeImage.createFromDataURL(trayIcon));
    tray.on('click', this.#show);
    return tray;
  }

  #removeTray(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }
}
