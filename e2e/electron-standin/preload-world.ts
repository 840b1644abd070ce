/*
 * What runs in the page besides the page: both functions go there as text, before any script of the page's, and so refer to
 * nothing around them. The preload runs in a world of its own (Chromium's isolated world), as in Electron: it shares the
 * document with the page, and no variable.
 */

/** From the preload's world to the screen. */
export type FromPreload =
  { kind: 'send'; channel: string; args: readonly unknown[] } | { kind: 'port'; id: number; data: unknown };

/** From the screen to the preload's world. */
export type ToPreload =
  | { kind: 'message'; channel: string; args: readonly unknown[]; ports: readonly number[] }
  | { kind: 'port'; id: number; data: unknown }
  | { kind: 'close'; id: number }
  | { kind: 'on-disk'; name: string; path: string };

/** In the page's own world: puts there what the preload exposes. */
export function takeBridges(): void {
  // Electron runs a preload in the top frame only, unless it is told otherwise.
  if (window !== window.top) return;
  document.addEventListener('standin:expose', (event) => {
    const { key, functions } = JSON.parse((event as CustomEvent<string>).detail) as {
      key: string;
      functions: string[];
    };
    const bridge = Object.fromEntries(
      functions.map((name) => [
        name,
        (...args: unknown[]): unknown => {
          let result: unknown;
          const take = (answer: Event): void => {
            result = (answer as CustomEvent<unknown>).detail;
          };
          document.addEventListener('standin:result', take, { once: true });
          document.dispatchEvent(new CustomEvent('standin:call', { detail: { key, name, args } }));
          document.removeEventListener('standin:result', take);
          return result;
        },
      ]),
    );
    Object.defineProperty(window, key, { value: Object.freeze(bridge), enumerable: true });
  });
}

/** In the preload's world: runs the preload with what a sandboxed one can ask for. */
export function runPreload(
  binding: string,
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
): void {
  if (window !== window.top) return;
  const faithful = (_key: string, value: unknown): unknown => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (typeof value === 'bigint' || (isObject && Object.getPrototypeOf(value) !== Object.prototype)) {
      throw new Error('this would not come through as it is: the stand-in carries messages as JSON');
    }
    return value;
  };
  const tell = (message: FromPreload): void => {
    (Reflect.get(globalThis, binding) as (text: string) => void)(JSON.stringify(message, faithful));
  };
  type Listener = (event: Electron.IpcRendererEvent, ...args: unknown[]) => void;
  const listeners = new Map<string, Set<Listener>>();
  const ports = new Map<number, MessagePort>();
  const paths = new Map<string, string>();

  const ipcRenderer: Pick<Electron.IpcRenderer, 'send'> & { on(channel: string, listener: Listener): void } = {
    on: (channel, listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
    },
    send: (channel, ...args) => {
      tell({ kind: 'send', channel, args });
    },
  };
  const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
  const contextBridge: Pick<Electron.ContextBridge, 'exposeInMainWorld'> = {
    exposeInMainWorld: (key, api) => {
      const functions = api as Record<string, (...args: unknown[]) => unknown>;
      exposed.set(key, functions);
      const detail = JSON.stringify({ key, functions: Object.keys(functions) });
      document.dispatchEvent(new CustomEvent('standin:expose', { detail }));
    },
  };
  document.addEventListener('standin:call', (event) => {
    const { key, name, args } = (event as CustomEvent<{ key: string; name: string; args: unknown[] }>).detail;
    const detail = exposed.get(key)?.[name]?.(...args);
    document.dispatchEvent(new CustomEvent('standin:result', { detail }));
  });
  const webUtils: Electron.WebUtils = { getPathForFile: (file) => paths.get(file.name) ?? '' };

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.addEventListener('message', ({ data }) => {
      tell({ kind: 'port', id, data });
    });
    port1.start();
    return port2;
  };
  const take = (message: ToPreload): void => {
    switch (message.kind) {
      case 'message': {
        const event = {
          ports: message.ports.map(openPort),
          sender: ipcRenderer,
        } as unknown as Electron.IpcRendererEvent;
        for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
        return;
      }
      case 'port':
        ports.get(message.id)?.postMessage(message.data);
        return;
      case 'close':
        // Chromium tells the page's end.
        ports.get(message.id)?.close();
        ports.delete(message.id);
        return;
      case 'on-disk':
        paths.set(message.name, message.path);
    }
  };
  Object.assign(globalThis, {
    standinTake: (batch: readonly ToPreload[]) => {
      for (const message of batch) take(message);
    },
  });

  const module = { exports: {} };
  const require = (name: string): unknown => {
    if (name === 'electron') return { contextBridge, ipcRenderer, webUtils };
    throw new Error(`a sandboxed preload cannot load ${name}`);
  };
  preload(require, module, module.exports);
}
