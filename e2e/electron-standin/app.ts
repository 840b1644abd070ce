import { EventEmitter } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockFile } from '#main/base/file-lock.ts';

import { StandinWindow, windowNews } from './browser-window.ts';
import type { StandinMenu } from './menu.ts';
import { report } from './screen.ts';
import { standinMachine } from './standin-machine.ts';
import { PreventableEvent } from './web-contents.ts';

interface SecondStart {
  argv: string[];
  folder: string;
  data: unknown;
}

/** A Mac's, with its menu to be looked at. */
class StandinDock implements Record<keyof Pick<Electron.Dock, 'setMenu' | 'getMenu'>, unknown> {
  #menu: StandinMenu | null = null;

  setMenu(menu: StandinMenu): void {
    this.#menu = menu;
  }

  getMenu(): StandinMenu | null {
    return this.#menu;
  }
}

/** Kept, and asked for by tests: the browser of a test has started before. */
class StandinCommandLine implements Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch' | 'getSwitchValue'> {
  readonly #switches = new Map<string, string>();

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value);
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }
}

export class StandinApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'whenReady'
      | 'isReady'
      | 'quit'
      | 'exit'
      | 'relaunch'
      | 'setPath'
      | 'getPath'
      | 'getName'
      | 'getVersion'
      | 'isPackaged'
      | 'enableSandbox'
      | 'requestSingleInstanceLock'
      | 'releaseSingleInstanceLock'
      | 'setAsDefaultProtocolClient'
      | 'setBadgeCount'
      | 'getBadgeCount'
      | 'setJumpList'
      | 'addRecentDocument'
      | 'setAppUserModelId'
      | 'focus'
    >
{
  readonly isPackaged = standinMachine.isPackaged;
  /** What a real app could not be asked again: kept for tests. */
  readonly recorded: {
    protocols: string[];
    jumpList: Electron.JumpListCategory[] | null;
    recents: string[];
    isSandboxed: boolean;
    relaunch: Electron.RelaunchOptions | null;
  } = { protocols: [], jumpList: null, recents: [], isSandboxed: false, relaunch: null };
  readonly commandLine = new StandinCommandLine();
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #isQuitting = false;
  #badge = 0;
  #lock: { dispose(): void } | null = null;
  /** A second start goes only once the first has its message. */
  #delivery: Promise<void> = Promise.resolve();
  readonly dock = standinMachine.platform === 'darwin' ? new StandinDock() : undefined;

  constructor() {
    super();
    windowNews.on('made', (contents) => this.emit('web-contents-created', {}, contents));
    windowNews.on('last-closed', () => {
      if (this.#isQuitting) return;
      if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
      else this.quit();
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        // As in Electron, whoever listens to a signal has it.
        if (process.listenerCount(signal) === 1) this.quit();
      });
    }
  }

  becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve();
    this.emit('ready');
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  quit(): void {
    if (this.#isQuitting) return;
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.#isQuitting = true;
    const open = StandinWindow.getAllWindows();
    let left = open.length;
    const finish = (): void => {
      if (left > 0 || !this.#isQuitting) return;
      const last = new PreventableEvent();
      this.emit('will-quit', last);
      if (!last.defaultPrevented) this.exit(0);
    };
    for (const window of open) {
      window.once('closed', () => {
        left--;
        finish();
      });
      window.once('standin-stays', () => {
        this.#isQuitting = false;
      });
      window.close();
    }
    finish();
  }

  exit(code = 0): void {
    for (const window of StandinWindow.getAllWindows()) window.destroy();
    this.emit('quit', {}, code);
    this.#delivery
      .finally(() => {
        this.releaseSingleInstanceLock();
        process.exit(code);
      })
      .catch(report('the end'));
  }

  relaunch(options: Electron.RelaunchOptions = {}): void {
    this.recorded.relaunch = options;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? (name === 'home' ? homedir() : join(tmpdir(), 'electron-standin', name));
  }

  getName(): string {
    return 'switchyard';
  }

  getVersion(): string {
    return '0.0.0';
  }

  enableSandbox(): void {
    this.recorded.isSandboxed = true;
  }

  /** A lock and a socket in the folder of the user data, where Electron has them too. */
  requestSingleInstanceLock(data?: unknown): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const socket = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/\W/g, '-')}` : join(folder, 'one');
    this.#lock = lockFile(join(folder, 'one.lock'), 0);
    if (this.#lock) {
      rmSync(socket, { force: true });
      createServer((stream) => {
        let text = '';
        stream.setEncoding('utf8').on('data', (chunk) => {
          text += String(chunk);
        });
        stream.on('end', () => {
          const started = JSON.parse(text) as SecondStart;
          this.#ready.promise
            .then(() => this.emit('second-instance', {}, started.argv, started.folder, started.data))
            .catch(report('a second start'));
        });
      })
        .listen(socket)
        .unref();
      return true;
    }
    const started: SecondStart = { argv: process.argv, folder: process.cwd(), data };
    this.#delivery = new Promise((resolve) => {
      const stream = createConnection(socket, () => {
        stream.end(JSON.stringify(started));
      });
      stream.on('close', () => {
        resolve();
      });
      stream.on('error', report('the first instance does not answer'));
    });
    return false;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.dispose();
    this.#lock = null;
  }

  setAsDefaultProtocolClient(protocol: string): boolean {
    this.recorded.protocols.push(protocol);
    return true;
  }

  setBadgeCount(count = 0): boolean {
    this.#badge = count;
    return true;
  }

  getBadgeCount(): number {
    return this.#badge;
  }

  setJumpList(categories: Electron.JumpListCategory[] | null): 'ok' {
    this.recorded.jumpList = categories;
    return 'ok';
  }

  addRecentDocument(path: string): void {
    this.recorded.recents.push(path);
  }

  setAppUserModelId(): void {
    // only Windows has one
  }

  focus(): void {
    StandinWindow.getAllWindows()[0]?.focus();
  }
}

export const app = new StandinApp();
