import { EventEmitter } from 'node:events';

import type { StandinPort } from './message-ports.ts';
import { report, screenLink } from './screen.ts';

type Denial = ReturnType<Parameters<Electron.WebContents['setWindowOpenHandler']>[0]>;
type OpenHandler = (details: Electron.HandlerDetails) => Denial;

/** What an event carries that a listener can prevent. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Chromium zooms by origin, and all our pages have one: each window has what was set last in any of them. */
const sharedZoom = { factor: 1 };

/** The page of a window. */
export class StandinWebContents
  extends EventEmitter
  implements
    Pick<
      Electron.WebContents,
      | 'id'
      | 'send'
      | 'setZoomFactor'
      | 'getZoomFactor'
      | 'setZoomMode'
      | 'getZoomMode'
      | 'getURL'
      | 'isDestroyed'
      | 'isDevToolsOpened'
      | 'openDevTools'
      | 'closeDevTools'
      | 'toggleDevTools'
      | 'setWindowOpenHandler'
      | 'reload'
    >
{
  readonly id: number;
  /** What `new BrowserWindow` was given, for tests of its values. */
  readonly preferences: Electron.WebPreferences;
  openHandler: OpenHandler | null = null;
  url = '';
  #zoom = 1;
  #zoomMode: ReturnType<Electron.WebContents['getZoomMode']> = 'default';
  #isDestroyed = false;
  #hasDevTools = false;

  constructor(id: number, preferences: Electron.WebPreferences) {
    super();
    this.id = id;
    this.preferences = preferences;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#toPage(channel, args, []);
  }

  postMessage(channel: string, message: unknown, transfer: readonly StandinPort[] = []): void {
    this.#toPage(channel, [message], transfer);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  /** Recorded, not shown: Playwright has no zoom of a window's. */
  setZoomFactor(factor: number): void {
    if (this.#zoomMode === 'isolated') this.#zoom = factor;
    else sharedZoom.factor = factor;
  }

  getZoomFactor(): number {
    return this.#zoomMode === 'isolated' ? this.#zoom : sharedZoom.factor;
  }

  setZoomMode(mode: ReturnType<Electron.WebContents['getZoomMode']>): void {
    this.#zoomMode = mode;
  }

  getZoomMode(): ReturnType<Electron.WebContents['getZoomMode']> {
    return this.#zoomMode;
  }

  getURL(): string {
    return this.url;
  }

  /** Electron has it, too, and does not declare it. */
  getLastWebPreferences(): Electron.WebPreferences {
    return this.preferences;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isDevToolsOpened(): boolean {
    return this.#hasDevTools;
  }

  openDevTools(): void {
    // As Electron does it where `devTools` is off.
    if (this.preferences.devTools !== false) this.#hasDevTools = true;
  }

  closeDevTools(): void {
    this.#hasDevTools = false;
  }

  toggleDevTools(): void {
    if (this.#hasDevTools) this.closeDevTools();
    else this.openDevTools();
  }

  reload(): void {
    screenLink.reload({ id: this.id }).catch(report('a reload'));
  }

  end(): void {
    this.#isDestroyed = true;
    this.emit('destroyed');
  }

  #toPage(channel: string, args: readonly unknown[], transfer: readonly StandinPort[]): void {
    const ports = transfer.map((port) => port.handOver());
    screenLink.toPage({ id: this.id, channel, args, ports }).catch(report(`a message to a page (${channel})`));
  }
}
