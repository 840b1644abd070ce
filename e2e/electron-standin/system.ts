import { EventEmitter } from 'node:events';

import { report, screenLink } from './screen.ts';
import type { StandinMenu } from './menu.ts';
import { standinMachine } from './standin-machine.ts';

/** What belongs to the machine and has no window: recorded here, and looked at by tests through `evaluate`. */

export class StandinNativeTheme
  extends EventEmitter
  implements Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'>
{
  #source: 'system' | 'light' | 'dark' = 'system';
  /** What the system has; a test changes it. */
  systemIsDark = true;

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.tell();
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.systemIsDark : this.#source === 'dark';
  }

  tell(): void {
    const scheme = this.#source === 'system' ? (this.systemIsDark ? 'dark' : 'light') : this.#source;
    screenLink.setColours({ scheme }).catch(report('the colours'));
    this.emit('updated');
  }
}

export const nativeTheme = new StandinNativeTheme();

/** The colours that the person has chosen for their system. */
export class StandinSystemPreferences
  extends EventEmitter
  implements Pick<Electron.SystemPreferences, 'getAccentColor' | 'subscribeNotification' | 'unsubscribeNotification'>
{
  readonly #subscriptions = new Map<number, { event: string | null; tell: () => void }>();
  #accent = '';
  #last = 0;

  getAccentColor(): string {
    return this.#accent;
  }

  /** `RRGGBBAA`; empty: none. Told as the machine that is played tells it. */
  chooseAccent(accent: string): void {
    this.#accent = accent;
    if (standinMachine.platform !== 'darwin') {
      this.emit('accent-color-changed', {}, accent);
      return;
    }
    for (const { event, tell } of this.#subscriptions.values()) {
      if (event === 'AppleColorPreferencesChangedNotification') tell();
    }
  }

  subscribeNotification(
    event: string | null,
    callback: Parameters<Electron.SystemPreferences['subscribeNotification']>[1],
  ): number {
    const tell = (): void => {
      callback(event ?? '', {}, '');
    };
    this.#subscriptions.set(++this.#last, { event, tell });
    return this.#last;
  }

  unsubscribeNotification(id: number): void {
    this.#subscriptions.delete(id);
  }
}

export const systemPreferences = new StandinSystemPreferences();

const bigScreen = { x: 0, y: 0, width: 1920, height: 1080 };

type StandinDisplay = Pick<Electron.Display, 'id' | 'bounds' | 'workArea' | 'scaleFactor'>;

export class StandinScreen extends EventEmitter {
  displays: StandinDisplay[] = [
    { id: 1, bounds: bigScreen, workArea: { ...bigScreen, y: 25, height: 1055 }, scaleFactor: 1 },
  ];

  getAllDisplays(): StandinDisplay[] {
    return this.displays;
  }

  getPrimaryDisplay(): StandinDisplay {
    const [first] = this.displays;
    if (!first) throw new Error('there is no display');
    return first;
  }
}

export const screen = new StandinScreen();

/** Tells of the machine's own end; a test lets it. */
export const powerMonitor = new EventEmitter();

const sleepers = new Map<number, 'prevent-app-suspension' | 'prevent-display-sleep'>();
let lastSleeper = 0;
export const powerSaveBlocker = {
  start: (type) => {
    sleepers.set(++lastSleeper, type);
    return lastSleeper;
  },
  stop: (id) => sleepers.delete(id),
  isStarted: (id) => sleepers.has(id),
} satisfies Electron.PowerSaveBlocker;

export const shell = {
  openExternal: (url) => Promise.reject(new Error(`nobody was there to open ${url}`)),
  openPath: () => Promise.resolve(''),
  showItemInFolder: () => undefined,
  beep: () => undefined,
} satisfies Pick<Electron.Shell, 'openExternal' | 'openPath' | 'showItemInFolder' | 'beep'>;

const nobody = (): Promise<never> => new Promise(() => undefined); // a dialog stays until it is answered
/** Tests put their own answers in place of these, in a real Electron too. */
export const dialog = {
  showMessageBox: nobody,
  /** Nobody can be waited for here: it is as if the dialog were closed. */
  showMessageBoxSync: (...args: unknown[]): number => (args.at(-1) as Electron.MessageBoxSyncOptions).cancelId ?? 0,
  showOpenDialog: nobody,
  showErrorBox: (title, content) => {
    console.error(`${title}\n${content}`);
  },
} satisfies Pick<Electron.Dialog, 'showMessageBox' | 'showMessageBoxSync' | 'showOpenDialog' | 'showErrorBox'>;

export class StandinNotification
  extends EventEmitter
  implements Pick<Electron.Notification, 'title' | 'body' | 'silent' | 'hasReply' | 'show' | 'close'>
{
  static isSupported(): boolean {
    return true;
  }

  title: string;
  body: string;
  silent: boolean;
  hasReply: boolean;
  actions: Electron.NotificationAction[];

  constructor({
    title = '',
    body = '',
    silent = false,
    hasReply = false,
    actions = [],
  }: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = title;
    this.body = body;
    this.silent = silent;
    this.hasReply = hasReply;
    this.actions = actions;
  }

  show(): void {
    this.emit('show', {});
  }

  close(): void {
    this.emit('close', {});
  }
}

export class StandinTray
  extends EventEmitter
  implements Pick<Electron.Tray, 'setToolTip' | 'setTitle' | 'destroy' | 'isDestroyed'>
{
  toolTip = '';
  title = '';
  menu: StandinMenu | null = null;
  #isDestroyed = false;

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  setImage(): void {
    // nothing to be seen
  }

  setContextMenu(menu: StandinMenu | null): void {
    this.menu = menu;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}

export class StandinImage {
  readonly address: string;

  constructor(address = '') {
    this.address = address;
  }

  isEmpty(): boolean {
    return this.address === '';
  }

  setTemplateImage(): void {
    // only a Mac has such
  }

  resize(): StandinImage {
    return this;
  }
}

export const nativeImage = {
  createEmpty: () => new StandinImage(),
  createFromDataURL: (address: string) => new StandinImage(address),
  createFromPath: (path: string) => new StandinImage(path),
};
