import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

import { report, screenLink } from './screen.ts';
import { PreventableEvent, StandinWebContents } from './web-contents.ts';

const windows = new Map<number, StandinWindow>();
let last = 0;
let focused: StandinWindow | null = null;
const giveFocus = (window: StandinWindow): void => {
  focused = window;
};

export const windowOf = (id: number): StandinWindow | undefined => windows.get(id);

/** What the app tells of windows. */
export const windowNews = new EventEmitter<{ made: [StandinWebContents]; 'last-closed': [] }>();

export class StandinWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'id'
      | 'loadURL'
      | 'reload'
      | 'show'
      | 'hide'
      | 'focus'
      | 'isFocused'
      | 'isVisible'
      | 'isDestroyed'
      | 'minimize'
      | 'isMinimized'
      | 'restore'
      | 'maximize'
      | 'unmaximize'
      | 'isMaximized'
      | 'setFullScreen'
      | 'isFullScreen'
      | 'getBounds'
      | 'getNormalBounds'
      | 'setBounds'
      | 'setProgressBar'
      | 'setOverlayIcon'
      | 'flashFrame'
      | 'setTitle'
      | 'getTitle'
      | 'setBackgroundColor'
      | 'close'
      | 'destroy'
    >
{
  static getAllWindows(): StandinWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): StandinWindow | null {
    return focused;
  }

  static fromWebContents(contents: StandinWebContents): StandinWindow | null {
    return windows.get(contents.id) ?? null;
  }

  static fromId(id: number): StandinWindow | null {
    return windows.get(id) ?? null;
  }

  readonly id = ++last;
  readonly webContents: StandinWebContents;
  /** What was shown in the task bar last; a real window cannot be asked. */
  readonly taskBar: { progress: number; overlay: string | null } = { progress: -1, overlay: null };
  #bounds: Electron.Rectangle;
  #title: string;
  #state: 'normal' | 'minimised' | 'maximised' = 'normal';
  #isFullScreen = false;
  #isVisible: boolean;
  #isDestroyed = false;
  readonly #made: Promise<void>;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const { x = 120, y = 80, width = 800, height = 600, show = true, title = '', webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    this.#title = title;
    this.#isVisible = show;
    this.webContents = new StandinWebContents(this.id, webPreferences);
    windows.set(this.id, this);
    windowNews.emit('made', this.webContents);
    const preload = webPreferences.preload === undefined ? null : readFileSync(webPreferences.preload, 'utf8');
    this.#made = screenLink.makeWindow({ id: this.id, bounds: this.#bounds, preload });
    this.#made.catch(report('a window could not be made'));
    if (show) this.focus();
  }

  async loadURL(url: string): Promise<void> {
    await this.#made;
    this.webContents.url = url;
    await screenLink.load({ id: this.id, url });
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.#isVisible = true;
    this.emit('show');
    this.focus();
  }

  hide(): void {
    this.#isVisible = false;
    this.emit('hide');
  }

  focus(): void {
    if (focused === this) return;
    focused?.blur();
    giveFocus(this);
    this.emit('focus');
  }

  blur(): void {
    if (focused !== this) return;
    focused = null;
    this.emit('blur');
  }

  isFocused(): boolean {
    return focused === this;
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  minimize(): void {
    this.#state = 'minimised';
    this.blur();
    this.emit('minimize');
  }

  isMinimized(): boolean {
    return this.#state === 'minimised';
  }

  restore(): void {
    this.#state = 'normal';
    this.emit('restore');
  }

  maximize(): void {
    this.#state = 'maximised';
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#state = 'normal';
    this.emit('unmaximize');
  }

  isMaximized(): boolean {
    return this.#state === 'maximised';
  }

  setFullScreen(flag: boolean): void {
    this.#isFullScreen = flag;
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#isFullScreen;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { width, height } = this.#bounds;
    screenLink.setSize({ id: this.id, width, height }).catch(report('a window’s size'));
    this.emit('resize');
    this.emit('move');
  }

  setProgressBar(progress: number): void {
    this.taskBar.progress = progress;
  }

  setOverlayIcon(_overlay: Electron.NativeImage | null, description: string): void {
    this.taskBar.overlay = description;
  }

  flashFrame(): void {
    // nothing to be seen
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  setBackgroundColor(): void {
    // covered by the page at once
  }

  close(): void {
    if (this.#isDestroyed) return;
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) {
      this.emit('standin-stays');
      return;
    }
    screenLink.closeWindow({ id: this.id }).then((isClosed) => {
      if (isClosed) this.end();
      else this.emit('standin-stays');
    }, report('a window could not be closed'));
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    screenLink.destroyWindow({ id: this.id }).catch(report('a window could not be destroyed'));
    this.end();
  }

  /** It is gone. */
  end(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this.id);
    this.blur();
    this.webContents.end();
    this.emit('closed');
    if (windows.size === 0) windowNews.emit('last-closed');
  }
}
