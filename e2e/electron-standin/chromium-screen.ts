import type { BrowserContext, Page, Route } from '@playwright/test';

import type { AppProcess, Screen } from './protocol.ts';
import { ScreenWindow } from './screen-window.ts';

/*
 * Chromium knows no scheme of ours: to it the page is at an https address, whose requests never reach a network. Towards the
 * app every address is that of its own scheme.
 */
const inChromium = 'https://switchyard.test/';
const inApp = 'app://switchyard/';
export const toChromium = (url: string): string => (url.startsWith(inApp) ? inChromium + url.slice(inApp.length) : url);
export const toApp = (url: string): string => (url.startsWith(inChromium) ? inApp + url.slice(inChromium.length) : url);

/** What Chromium can be asked to permit, and what Electron calls it. */
const permissions = [
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-write', 'clipboard-sanitized-write'],
  ['notifications', 'notifications'],
  ['geolocation', 'geolocation'],
  ['camera', 'media'],
  ['microphone', 'media'],
  ['midi', 'midi'],
] as const;

/** Shows the windows of an app's process as pages of one browser context. */
export class ChromiumScreen implements Screen {
  readonly #context: BrowserContext;
  readonly #app: AppProcess;
  readonly #windows = new Map<number, ScreenWindow>();
  #making = 0;
  #hasPermissions = false;
  #isOver = false;
  readonly #answer = (route: Route): Promise<void> => this.#route(route).catch(() => undefined); // its page has gone
  readonly #closeStray = (page: Page): void => {
    // Electron would not even have made it: it asks first, see `wantsWindow`.
    if (this.#making === 0) page.close().catch(() => undefined);
  };

  constructor(context: BrowserContext, app: AppProcess) {
    this.#context = context;
    this.#app = app;
  }

  async begin(): Promise<void> {
    await this.#context.route('**/*', this.#answer);
    this.#context.on('page', this.#closeStray);
  }

  /** The app's process has ended, and its windows with it. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#context.off('page', this.#closeStray);
    for (const window of this.#windows.values()) {
      window.closing?.resolve(true);
      window.isEnding = true;
    }
    const pages = [...this.#windows.values()].map(({ page }) => page);
    this.#windows.clear();
    await Promise.all(pages.map((page) => page.close().catch(() => undefined)));
    await this.#context.unroute('**/*', this.#answer).catch(() => undefined);
  }

  /** The pages of the windows, in the order in which these were opened. */
  pages(): readonly Page[] {
    return [...this.#windows.entries()].toSorted(([a], [b]) => a - b).map(([, { page }]) => page);
  }

  async crash(page: Page): Promise<void> {
    await [...this.#windows.values()].find((window) => window.page === page)?.crash();
  }

  /** Says where a file or folder is that is dropped on a page. */
  putOnDisk(page: Page, name: string, path: string): void {
    const window = [...this.#windows.values()].find((each) => each.page === page);
    window?.deliver({ kind: 'on-disk', name, path });
  }

  async makeWindow({ id, bounds, preload }: Parameters<Screen['makeWindow']>[0]): Promise<void> {
    this.#preloads.set(id, { preload, size: bounds });
    await this.#make(id);
  }

  async load({ id, url }: Parameters<Screen['load']>[0]): Promise<void> {
    await this.#grantPermissions();
    await this.#windows.get(id)?.load(toChromium(url));
  }

  async reload({ id }: Parameters<Screen['reload']>[0]): Promise<void> {
    const window = this.#windows.get(id);
    if (!window) return;
    if (!window.isCrashed) {
      await window.reload();
      return;
    }
    // Electron gives the same window a new process; Playwright's page does not come back to life, so there is a new one.
    const url = window.page.url();
    window.isEnding = true;
    await this.#make(id);
    await window.page.close().catch(() => undefined);
    await this.#windows.get(id)?.load(url);
  }

  async closeWindow({ id }: Parameters<Screen['closeWindow']>[0]): Promise<boolean> {
    const window = this.#windows.get(id);
    if (!window) return true;
    const closing = Promise.withResolvers<boolean>();
    window.closing = closing;
    await window.close();
    const isClosed = await closing.promise;
    window.closing = null;
    return isClosed;
  }

  async destroyWindow({ id }: Parameters<Screen['destroyWindow']>[0]): Promise<void> {
    const window = this.#windows.get(id);
    if (!window) return;
    window.isEnding = true;
    this.#windows.delete(id);
    await window.page.close().catch(() => undefined);
  }

  async setSize({ id, width, height }: Parameters<Screen['setSize']>[0]): Promise<void> {
    await this.#windows.get(id)?.page.setViewportSize({ width, height });
  }

  async setColours({ scheme }: Parameters<Screen['setColours']>[0]): Promise<void> {
    await Promise.all(this.pages().map((page) => page.emulateMedia({ colorScheme: scheme })));
  }

  toPage({ id, channel, args, ports }: Parameters<Screen['toPage']>[0]): Promise<void> {
    const window = this.#windows.get(id);
    if (window) window.deliver({ kind: 'message', channel, args, ports });
    else this.#lose(ports);
    for (const port of ports) this.#portWindows.set(port, id);
    return Promise.resolve();
  }

  portMessage({ id, data }: Parameters<Screen['portMessage']>[0]): Promise<void> {
    this.#windows.get(this.#portWindows.get(id) ?? 0)?.deliver({ kind: 'port', id, data });
    return Promise.resolve();
  }

  closePort({ id }: Parameters<Screen['closePort']>[0]): Promise<void> {
    this.#windows.get(this.#portWindows.get(id) ?? 0)?.deliver({ kind: 'close', id });
    this.#portWindows.delete(id);
    return Promise.resolve();
  }

  /** What each window was made with, to make its page again. */
  readonly #preloads = new Map<number, { preload: string | null; size: { width: number; height: number } }>();
  /** In which window's page a port is. */
  readonly #portWindows = new Map<number, number>();

  async #make(id: number): Promise<void> {
    const { preload, size } = this.#preloads.get(id) ?? { preload: null, size: { width: 800, height: 600 } };
    this.#making++;
    try {
      const window = await ScreenWindow.make(this.#context, size, preload, {
        said: (message, { url, isTop }) => {
          if (message.kind === 'port') this.#tell(this.#app.portMessage({ id: message.id, data: message.data }));
          else {
            const { channel, args } = message;
            this.#tell(this.#app.fromPage({ window: id, frameUrl: toApp(url), isTop, channel, args }));
          }
        },
        lost: (ports) => {
          this.#lose(ports);
        },
        wantsWindow: (url) => {
          this.#tell(this.#app.wantsWindow({ window: id, url: toApp(url) }));
        },
      });
      this.#windows.set(id, window);
      this.#listen(id, window);
    } finally {
      this.#making--;
    }
  }

  #listen(id: number, window: ScreenWindow): void {
    const { page } = window;
    page.on('domcontentloaded', () => {
      page
        .title()
        .then((title) => this.#app.isShown({ window: id, title }))
        .catch(() => undefined); // it is gone again
    });
    page.on('crash', () => {
      window.isCrashed = true;
      this.#tell(this.#app.crashed({ window: id }));
    });
    page.on('close', () => {
      if (this.#windows.get(id) === window) {
        this.#windows.delete(id);
        this.#lose(Array.from(this.#portWindows).flatMap(([port, owner]) => (owner === id ? [port] : [])));
      }
      if (window.closing) window.closing.resolve(true);
      else if (!window.isEnding) this.#tell(this.#app.gone({ window: id }));
    });
    page.on('dialog', (dialog) => {
      const answer = async (): Promise<void> => {
        if (dialog.type() !== 'beforeunload') return await dialog.dismiss();
        if (await this.#app.mayUnload({ window: id })) return await dialog.accept();
        await dialog.dismiss();
        window.closing?.resolve(false);
      };
      this.#tell(answer());
    });
  }

  async #route(route: Route): Promise<void> {
    const request = route.request();
    const url = request.url();
    const isNavigation = request.isNavigationRequest();
    if (isNavigation) {
      const frame = request.frame();
      const id = [...this.#windows].find(([, { page }]) => page === frame.page())?.[0];
      const isTop = frame.parentFrame() === null;
      const may = id !== undefined && (await this.#app.mayNavigate({ window: id, url: toApp(url), isTop }));
      if (!may) {
        await route.abort('aborted');
        return;
      }
    }
    if (!url.startsWith(inChromium)) {
      await route.continue();
      return;
    }
    const headers = request.headers();
    const {
      status,
      headers: given,
      body,
    } = await this.#app.request({ url: toApp(url), method: request.method(), headers });
    await route.fulfill({ status, headers: { ...given }, body: Buffer.from(body) });
  }

  async #grantPermissions(): Promise<void> {
    if (this.#hasPermissions) return;
    this.#hasPermissions = true;
    const granted: string[] = [];
    for (const [permission, name] of permissions) {
      if (await this.#app.isPermitted({ permission: name, origin: inApp })) granted.push(permission);
    }
    await this.#context.clearPermissions();
    await this.#context.grantPermissions(granted, { origin: inChromium });
  }

  #lose(ports: readonly number[]): void {
    for (const id of ports) {
      this.#portWindows.delete(id);
      this.#tell(this.#app.portClosed({ id }));
    }
  }

  /** What is said to a process that has just ended is lost with it. */
  #tell(saying: Promise<unknown>): void {
    saying.catch((error: unknown) => {
      if (!this.#isOver) console.error('stand-in:', error);
    });
  }
}
