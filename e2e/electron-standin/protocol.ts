import type { Rectangle } from 'electron';

/**
 * What the process of the app and the screen (the test, which has the browser) ask of each other. The process holds what
 * Electron's main process holds; the screen shows each window as a page of Chromium's.
 */

/** The screen, as the app's process calls it. */
export interface Screen {
  makeWindow(window: { id: number; bounds: Rectangle; preload: string | null }): Promise<void>;
  /** Resolves when the document is there. */
  load(window: { id: number; url: string }): Promise<void>;
  reload(window: { id: number }): Promise<void>;
  /** Asks the page, too. False: it stays. */
  closeWindow(window: { id: number }): Promise<boolean>;
  destroyWindow(window: { id: number }): Promise<void>;
  setSize(window: { id: number; width: number; height: number }): Promise<void>;
  setColours(colours: { scheme: 'dark' | 'light' | null }): Promise<void>;
  toPage(window: { id: number; channel: string; args: readonly unknown[]; ports: readonly number[] }): Promise<void>;
  portMessage(port: { id: number; data: unknown }): Promise<void>;
  closePort(port: { id: number }): Promise<void>;
}

export interface PageAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** The app's process, as the screen calls it. */
export interface AppProcess {
  /** What Electron's `ready` says. */
  ready(): Promise<void>;
  request(request: { url: string; method: string; headers: Readonly<Record<string, string>> }): Promise<PageAnswer>;
  fromPage(message: {
    window: number;
    frameUrl: string;
    isTop: boolean;
    channel: string;
    args: readonly unknown[];
  }): Promise<void>;
  portMessage(port: { id: number; data: unknown }): Promise<void>;
  portClosed(port: { id: number }): Promise<void>;
  /** A page wants to go somewhere by itself. False: it may not. */
  mayNavigate(wish: { window: number; url: string; isTop: boolean }): Promise<boolean>;
  /** A page wants a window. The stand-in knows only the answer that denies it. */
  wantsWindow(wish: { window: number; url: string }): Promise<void>;
  /** The page asks to stay. True: it is closed all the same. */
  mayUnload(wish: { window: number }): Promise<boolean>;
  isPermitted(wish: { permission: string; origin: string }): Promise<boolean>;
  isShown(window: { window: number; title: string }): Promise<void>;
  crashed(window: { window: number }): Promise<void>;
  /** The page is gone because the window was closed from outside. */
  gone(window: { window: number }): Promise<void>;
  /** Runs a function's text with what `electron` exports, as Playwright does in a real Electron. */
  evaluate(code: { source: string; argument: unknown }): Promise<unknown>;
}
