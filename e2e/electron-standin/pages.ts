import { EventEmitter } from 'node:events';

import { windowOf } from './browser-window.ts';
import type { StandinPort } from './message-ports.ts';
import { PreventableEvent } from './web-contents.ts';

/** What pages are answered, allowed and heard with: `protocol`, `session`, `ipcMain`. */

type Handler = (request: Request) => Response | Promise<Response>;
const handlers = new Map<string, Handler>();
const privileges = new Map<string, Electron.Privileges>();

export const protocol = {
  handle: (scheme, handler) => {
    handlers.set(scheme, handler as Handler);
  },
  unhandle: (scheme) => {
    handlers.delete(scheme);
  },
  isProtocolHandled: (scheme) => handlers.has(scheme),
  registerSchemesAsPrivileged: (schemes) => {
    for (const { scheme, privileges: given } of schemes) privileges.set(scheme, given ?? {});
  },
} satisfies Pick<Electron.Protocol, 'handle' | 'unhandle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged'>;

export async function answerRequest(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const scheme = new URL(url).protocol.slice(0, -1);
  const handler = handlers.get(scheme);
  if (!handler || privileges.get(scheme)?.standard !== true)
    throw new Error(`no page can be at ${url}: its scheme is not ours`);
  return await handler(new Request(url, { method, headers }));
}

type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type DeviceHandler = Parameters<Electron.Session['setDevicePermissionHandler']>[0];
type Permission = Parameters<NonNullable<CheckHandler>>[1];

export class StandinSession implements Pick<
  Electron.Session,
  'setPermissionCheckHandler' | 'setPermissionRequestHandler' | 'setDevicePermissionHandler'
> {
  #check: CheckHandler = null;
  #request: RequestHandler = null;
  #device: DeviceHandler = null;

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#check = handler;
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#request = handler;
  }

  setDevicePermissionHandler(handler: DeviceHandler): void {
    this.#device = handler;
  }

  get hasDeviceHandler(): boolean {
    return this.#device !== null;
  }

  /** Whether a page at this address has a permission. As in Electron, what nobody decides is granted. */
  async isPermitted(permission: string, address: string): Promise<boolean> {
    const name = permission as Permission;
    const contents = windowOf(1)?.webContents as never;
    const details = { requestingUrl: address, isMainFrame: true } as never;
    if (this.#check && !this.#check(contents, name, address, details)) return false;
    const request = this.#request;
    if (!request) return true;
    return await new Promise((resolve) => {
      request(contents, name, resolve, details);
    });
  }
}

export const defaultSession = new StandinSession();
export const session = { defaultSession };

export class StandinIpcMain extends EventEmitter implements Pick<Electron.IpcMain, 'handle' | 'removeHandler'> {
  handle(): void {
    throw new Error('the shell answers pages over their ports, and handles nothing here');
  }

  removeHandler(): void {
    // there is none
  }
}
export const ipcMain = new StandinIpcMain();

/** What a page says, with who said it. */
export function hearPage(
  window: number,
  channel: string,
  args: readonly unknown[],
  frame: { url: string; isTop: boolean },
): void {
  const sender = windowOf(window)?.webContents;
  if (!sender) return;
  const senderFrame = {
    url: frame.url,
    parent: frame.isTop ? null : {},
    top: null,
    postMessage: (name: string, message: unknown, transfer?: readonly StandinPort[]): void => {
      sender.postMessage(name, message, transfer);
    },
  };
  ipcMain.emit(channel, { sender, senderFrame, ports: [], type: 'frame' }, ...args);
}

/** Asks the listeners of a page's events whether it may. */
export function mayNavigate(window: number, url: string, isTop: boolean): boolean {
  const contents = windowOf(window)?.webContents;
  if (!contents) return false;
  const names = isTop ? ['will-frame-navigate', 'will-navigate'] : ['will-frame-navigate'];
  return names.every((name) => {
    const event = Object.assign(new PreventableEvent(), { url, isMainFrame: isTop, isSameDocument: false });
    contents.emit(name, event, url);
    return !event.defaultPrevented;
  });
}
