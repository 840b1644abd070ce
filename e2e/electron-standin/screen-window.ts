import type { BrowserContext, CDPSession, Page } from '@playwright/test';

import { runPreload, takeBridges, type FromPreload, type ToPreload } from './preload-world.ts';

const preloadWorld = 'Electron Isolated Context';
const binding = 'standinTell';

interface Listeners {
  /** The preload of a document says something. `port`s belong to the document. */
  said: (message: FromPreload, frame: { url: string; isTop: boolean }) => void;
  /** A document is gone, and its ports with it. */
  lost: (ports: readonly number[]) => void;
  wantsWindow: (url: string) => void;
}

interface Frame {
  id: string;
  ports: Set<number>;
}

/** A page with a preload in a world of its own, and the way there and back. */
export class ScreenWindow {
  readonly page: Page;
  isCrashed = false;
  /** Resolved with false when the page stays. */
  closing: PromiseWithResolvers<boolean> | null = null;
  isEnding = false;
  readonly #cdp: CDPSession;
  readonly #listeners: Listeners;
  /** The worlds of preloads by their execution contexts. */
  readonly #worlds = new Map<number, Frame>();
  #queue: ToPreload[] = [];
  #isDelivering = false;
  /** The document that is on its way. */
  #loading: Promise<unknown> = Promise.resolve();

  private constructor(page: Page, cdp: CDPSession, listeners: Listeners) {
    this.page = page;
    this.#cdp = cdp;
    this.#listeners = listeners;
  }

  static async make(
    context: BrowserContext,
    { width, height }: { width: number; height: number },
    preload: string | null,
    listeners: Listeners,
  ): Promise<ScreenWindow> {
    const page = await newPage(context, { width, height });
    const cdp = await context.newCDPSession(page);
    const window = new ScreenWindow(page, cdp, listeners);
    await window.#prepare(preload);
    return window;
  }

  async load(url: string): Promise<void> {
    const loading = this.page.goto(url);
    this.#loading = loading;
    await loading;
  }

  async reload(): Promise<void> {
    const loading = this.page.reload();
    this.#loading = loading;
    await loading;
  }

  /** Asks the page to close, which it may decline. Chromium forgets that it was asked when a document comes that was on its way. */
  async close(): Promise<void> {
    if (!this.isCrashed) await this.#loading.catch(() => undefined);
    await this.page.close({ runBeforeUnload: !this.isCrashed });
  }

  /** Something for the preload of the document that is there now; lost when there is none, as in Electron. */
  deliver(message: ToPreload): void {
    this.#queue.push(message);
    void this.#flush();
  }

  async crash(): Promise<void> {
    // The answer to this never comes.
    this.#cdp.send('Page.crash').catch(() => undefined);
    if (!this.isCrashed) await this.page.waitForEvent('crash');
  }

  async #prepare(preload: string | null): Promise<void> {
    const cdp = this.#cdp;
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== preloadWorld) return;
      const frame = (context.auxData as { frameId?: string } | undefined)?.frameId;
      this.#worlds.set(context.id, { id: frame ?? '', ports: new Set() });
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.#lose(executionContextId);
    });
    cdp.on('Runtime.executionContextsCleared', () => {
      for (const id of this.#worlds.keys()) this.#lose(id);
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const world = this.#worlds.get(executionContextId);
      if (name !== binding || !world) return;
      // The top frame's identity is its page's.
      this.#listeners.said(JSON.parse(payload) as FromPreload, { url: this.page.url(), isTop: true });
    });
    cdp.on('Page.windowOpen', ({ url }) => {
      this.#listeners.wantsWindow(url);
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    if (preload === null) return;
    await cdp.send('Runtime.addBinding', { name: binding, executionContextName: preloadWorld });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${takeBridges.toString()})();` });
    const program = `function (require, module, exports) {\n${preload}\n}`;
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${runPreload.toString()})(${JSON.stringify(binding)}, ${program});`,
      worldName: preloadWorld,
    });
  }

  async #flush(): Promise<void> {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        await this.#deliverNow(batch);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  async #deliverNow(batch: readonly ToPreload[]): Promise<void> {
    // A reload makes a new world before the old one is gone: the last one is that of the document on screen.
    const [contextId, world] = [...this.#worlds].at(-1) ?? [];
    const ports = batch.flatMap((message) => (message.kind === 'message' ? message.ports : []));
    if (contextId === undefined || !world) {
      this.#listeners.lost(ports);
      return;
    }
    for (const port of ports) world.ports.add(port);
    try {
      await this.#cdp.send('Runtime.evaluate', {
        contextId,
        expression: `standinTake(${JSON.stringify(batch)})`,
        silent: true,
      });
    } catch {
      this.#lose(contextId); // it went away meanwhile
    }
  }

  #lose(contextId: number): void {
    const world = this.#worlds.get(contextId);
    if (!world) return;
    this.#worlds.delete(contextId);
    this.#listeners.lost([...world.ports]);
  }
}

/** Once in many hundred times Chromium closes a page as it is made; nobody else knows of it then. */
async function newPage(context: BrowserContext, size: { width: number; height: number }, tries = 2): Promise<Page> {
  const page = await context.newPage();
  try {
    await page.setViewportSize(size);
    return page;
  } catch (error) {
    if (tries > 1 && page.isClosed()) return await newPage(context, size, tries - 1);
    throw error;
  }
}
