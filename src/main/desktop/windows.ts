import { app, BrowserWindow, dialog, Menu, type WebContents } from 'electron';

import { canonicalPath } from '#main/base/canonical-path.ts';
import { demoProject } from '#main/base/demo-project.ts';
import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { pageApi } from '#main/base/page-api.ts';
import type { Settings } from '#main/services/settings/settings.ts';
import { contract, type HostApi } from '#shared/contract/index.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { RunId } from '#shared/ids.ts';
import { serve, type FaultReporter } from '#shared/rpc/serve.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { acceptWindows } from './accept-windows.ts';
import { nothingAsked, type StartRequest } from './arguments.ts';
import { bringToFront } from './bring-to-front.ts';
import { textMenu, zoomedFactor } from './menu.ts';
import type { SystemAccent } from './system-accent.ts';
import { openWindow, stateOf } from './window.ts';
import { WindowShell } from './window-shell.ts';

export interface WindowsOptions {
  api: HostApi;
  preload: string;
  settings: Pick<Settings, 'windowState' | 'rememberWindowState' | 'recents' | 'openWindows' | 'rememberOpenWindows'>;
  accent: Pick<SystemAccent, 'value' | 'onDidChange'>;
  log: Log;
  reportFault: FaultReporter;
  /** A page is about to show a project. */
  expectScreens: () => void;
}

/** A window shows this project from now on. What is put into `following` is disposed when it no longer does. */
export interface OpenedProject {
  window: BrowserWindow;
  project: Project;
  following: DisposableStore;
}

interface ProjectWindow {
  window: BrowserWindow;
  shell: WindowShell;
  asked: StartRequest;
  /** It had a window the last time: it has one the next time too, though its folder may be away now. */
  isFromLastTime: boolean;
  /** The project that its page has opened; null while it shows the start screen. */
  projectPath: string | null;
  /** What follows that project. */
  following: DisposableStore;
  /** What its page is answered by; null: it has not connected yet. */
  serving: Disposable | null;
}

/** Under which name its place and zoom are remembered. */
const nameOf = ({ projectPath, asked }: Pick<ProjectWindow, 'projectPath' | 'asked'>): string =>
  projectPath ?? asked.project ?? 'start';

/** The open windows, one a project. */
export class Windows implements Disposable {
  readonly #options: WindowsOptions;
  readonly #windows = new Map<WebContents, ProjectWindow>();
  readonly #didOpenProject = new Emitter<OpenedProject>();
  readonly #didChange = new Emitter<void>();
  readonly #didStay = new Emitter<void>();
  #isQuitting = false;
  #hasEnded = false;

  constructor(options: WindowsOptions) {
    this.#options = options;
    acceptWindows((contents, wire) => {
      const entry = this.#windows.get(contents);
      if (entry) this.#serve(entry, wire);
      return entry !== undefined;
    });
    app.on('before-quit', (event) => {
      this.#isQuitting = !event.defaultPrevented;
    });
  }

  readonly onDidOpenProject = this.#didOpenProject.event;
  /** What menus show may be another: focus, commands, recent projects. */
  readonly onDidChange = this.#didChange.event;

  /** A window was to close and does not: there are changes in it that are not saved. The app does not quit either. */
  readonly onDidStay = this.#didStay.event;

  get count(): number {
    return this.#windows.size;
  }

  get all(): readonly BrowserWindow[] {
    return Array.from(this.#windows.values(), ({ window }) => window);
  }

  /** Whether a window shows the project with this canonical path, or is about to. */
  has(project: string): boolean {
    return this.#find(project) !== undefined;
  }

  /** What the page of the focused window offers. */
  get focusedShell(): WindowShell | null {
    return this.#focused()?.shell ?? null;
  }

  /** Opens what the first start asks for; where it asks for nothing, the windows of the last time. */
  async begin(asked: StartRequest): Promise<void> {
    if (asked.project !== null || asked.demo) {
      await this.open(asked);
      // A link may have been refused: an app without a window could not be seen to run.
      if (this.count === 0) this.#show(nothingAsked);
      return;
    }
    for (const project of this.#options.settings.openWindows()) this.#show({ ...nothingAsked, project }, true);
    if (this.count === 0) this.#show(nothingAsked);
  }

  /** Shows the window of the project that is asked for, or opens one. */
  async open(asked: StartRequest): Promise<void> {
    // Before anything on the way to it is looked at: that alone would tell another machine who the person is.
    if (asked.isFromLink && asked.project !== null && !(await this.#mayFollow(asked.project))) return;
    const project = asked.project === null ? null : await this.#projectOf(asked.project);
    const present = project === null ? null : this.#find(project);
    if (this.#hasEnded) return;
    const entry = present ?? this.#show({ ...asked, project });
    if (present) bringToFront(present.window);
    if (asked.run !== null) entry.shell.wish({ kind: 'show-runs', runIds: [asked.run] });
  }

  /** Leads to runs of the project with this canonical path: in its window, which is opened where there is none. */
  showRuns(project: string, runIds: readonly RunId[]): void {
    if (this.#hasEnded) return;
    const present = this.#find(project);
    const entry = present ?? this.#show({ ...nothingAsked, project });
    if (present) bringToFront(present.window);
    entry.shell.wish({ kind: 'show-runs', runIds });
  }

  /** Brings some window to the front, or opens one. */
  showAny(): void {
    if (this.#hasEnded) return;
    const entry = this.#focused() ?? Array.from(this.#windows.values()).at(-1);
    if (entry) bringToFront(entry.window);
    else this.#show(nothingAsked);
  }

  /** Enlarges a window's page by so many steps, 0 for its own size; it comes back so after a reload, a crash and a restart. */
  zoom(window: BrowserWindow, steps: number): void {
    const entry = this.#windows.get(window.webContents);
    if (!entry) return;
    window.webContents.setZoomFactor(zoomedFactor(window.webContents.getZoomFactor(), steps));
    this.#options.settings.rememberWindowState(nameOf(entry), stateOf(window));
  }

  /** Asks for a folder, and opens it. */
  async chooseFolder(): Promise<void> {
    const path = await this.#askForFolder(this.#focused()?.window ?? null, 'Open a repository');
    if (path !== null) await this.open({ ...nothingAsked, project: path });
  }

  /** From now on none is opened, whoever asks: the services end that its page would need. */
  dispose(): void {
    this.#hasEnded = true;
  }

  /**
   * The canonical path of a folder that is asked for. For one inside of a project that has a window, or a worktree of it, that of
   * the project: a window for the folder could only say that it is open in another one.
   */
  async #projectOf(path: string): Promise<string> {
    const folder = await canonicalPath(path);
    if (this.count === 0 || this.#find(folder)) return folder;
    const opened = await this.#options.api.projects.open({ path: folder }).catch((error: unknown) => {
      this.#options.log.error('a folder could not be looked at before its window', error);
      return null;
    });
    if (!opened || opened.ok) return folder;
    const { error } = opened;
    const project =
      error.kind === 'inside-repository' ? error.rootPath : error.kind === 'linked-worktree' ? error.mainPath : folder;
    return this.#find(project) ? project : folder;
  }

  #focused(): ProjectWindow | undefined {
    const focused = BrowserWindow.getFocusedWindow();
    return focused ? this.#windows.get(focused.webContents) : undefined;
  }

  #find(project: string): ProjectWindow | undefined {
    return Array.from(this.#windows.values()).find(
      ({ projectPath, asked }) => (projectPath ?? asked.project) === project,
    );
  }

  #show(asked: StartRequest, isFromLastTime = false): ProjectWindow {
    const { preload, settings, accent, log, expectScreens } = this.#options;
    expectScreens();
    if (asked.project !== null) this.#openAhead(asked.project);
    const changed = (): void => {
      this.#didChange.fire();
    };
    let entry: ProjectWindow | null = null;
    const name = (): string => nameOf(entry ?? { projectPath: null, asked });
    const window = openWindow({
      name,
      preload,
      settings,
      log,
      onDidStay: () => {
        this.#isQuitting = false;
        // Others may have been closed on the way.
        this.#rememberOpen();
        this.#didStay.fire();
      },
    });
    const shell = new WindowShell({
      accent,
      onDidOffer: () => {
        if (window.isFocused()) changed();
      },
      onDidLeave: () => {
        if (entry) this.#leave(entry);
      },
    });
    const opened: ProjectWindow = {
      window,
      shell,
      asked,
      isFromLastTime,
      projectPath: null,
      following: new DisposableStore(),
      serving: null,
    };
    entry = opened;
    const { webContents } = window;
    this.#windows.set(webContents, opened);
    window.on('focus', changed);
    window.on('closed', () => {
      this.#windows.delete(webContents);
      // Whatever becomes of its port: nobody looks at anything in a window that is closed.
      opened.serving?.dispose();
      opened.following.dispose();
      this.#rememberOpen();
      changed();
    });
    webContents.on('context-menu', (_event, params) => {
      const items = textMenu(params);
      if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
    });
    return opened;
  }

  /** While the window loads its page, so that the page finds its project open. */
  #openAhead(path: string): void {
    const { api, reportFault } = this.#options;
    api.projects.open({ path }).catch((error: unknown) => {
      reportFault('Open the project', error);
    });
  }

  #serve(entry: ProjectWindow, wire: Wire): void {
    const { api, reportFault, expectScreens } = this.#options;
    expectScreens();
    const page = pageApi(api, {
      // After a reload the window shows what it showed.
      startProject: async () => {
        const { project, demo } = entry.asked;
        return entry.projectPath ?? project ?? (demo ? await demoProject(api.projects, reportFault) : null);
      },
      chooseFolder: (title) => this.#askForFolder(entry.window, title),
      showOther: (path) => {
        const other = this.#find(path);
        if (!other || other === entry) return false;
        bringToFront(other.window);
        return true;
      },
      onDidOpen: (project) => {
        this.#didOpen(entry, project);
      },
      shell: entry.shell.api,
    });
    entry.serving?.dispose();
    entry.serving = serve(contract, page, wire, reportFault);
  }

  #didOpen(entry: ProjectWindow, project: Project): void {
    const isAnother = nameOf(entry) !== project.path;
    entry.projectPath = project.path;
    const remembered = isAnother ? this.#options.settings.windowState(project.path) : null;
    if (remembered) entry.window.webContents.setZoomFactor(remembered.zoom);
    entry.following.dispose();
    const following = new DisposableStore();
    entry.following = following;
    this.#didOpenProject.fire({ window: entry.window, project, following });
    this.#rememberOpen();
    this.#didChange.fire();
  }

  /** The page is back at the start screen: another window may have the project. */
  #leave(entry: ProjectWindow): void {
    const { settings } = this.#options;
    if (entry.projectPath !== null) settings.rememberWindowState(entry.projectPath, stateOf(entry.window));
    entry.projectPath = null;
    entry.asked = nothingAsked;
    entry.isFromLastTime = false;
    entry.following.dispose();
    this.#rememberOpen();
  }

  /** So that the next start shows the same. Whoever closes the last window wants that one again. */
  #rememberOpen(): void {
    const paths = Array.from(this.#windows.values()).flatMap(
      ({ projectPath, asked, isFromLastTime }) => projectPath ?? (isFromLastTime ? asked.project : null) ?? [],
    );
    if (!this.#isQuitting && this.count > 0) this.#options.settings.rememberOpenWindows(paths);
  }

  /**
   * A link opens what was open before, by the path that it was opened under. For anything else the person has to say so: it
   * may be somebody else's idea.
   */
  async #mayFollow(project: string): Promise<boolean> {
    const isKnown =
      this.#find(project) !== undefined || this.#options.settings.recents().some(({ path }) => path === project);
    if (isKnown) return true;
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: 'A link wants to open a folder',
      detail: `${project}\n\nIt was not opened here before. Open it only if you know where the link comes from.`,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    return response === 0;
  }

  async #askForFolder(window: BrowserWindow | null, title: string): Promise<string | null> {
    const options: Electron.OpenDialogOptions = { title, properties: ['openDirectory', 'createDirectory'] };
    const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    return chosen.filePaths[0] ?? null;
  }
}
