import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { WindowState } from '#main/services/settings/settings.ts';

import { nothingAsked } from './arguments.ts';
import { Windows } from './windows.ts';

/** What Electron was asked for, in its place: it is not to be had outside of a process of its own. */
const system = vi.hoisted(() => ({
  windows: [] as TestWindow[],
  asked: [] as string[],
  answer: 0,
  /** What all pages are zoomed by that are not told to be so each by itself. */
  zoom: 1,
}));

interface TestWindow extends EventEmitter {
  webContents: EventEmitter & { getZoomFactor: () => number };
}

vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  class Contents extends Events {
    #zoom: number | null = null;
    setZoomMode(mode: string): void {
      this.#zoom = mode === 'isolated' ? system.zoom : null;
    }
    setZoomFactor(factor: number): void {
      if (this.#zoom === null) system.zoom = factor;
      else this.#zoom = factor;
    }
    getZoomFactor(): number {
      return this.#zoom ?? system.zoom;
    }
  }
  class BrowserWindow extends Events {
    static getAllWindows = () => system.windows;
    static getFocusedWindow = () => null;
    readonly webContents = new Contents();
    constructor() {
      super();
      system.windows.push(this);
    }
    loadURL = () => Promise.resolve();
    isFocused = () => false;
    isDestroyed = () => false;
    isMinimized = () => false;
    isVisible = () => true;
    focus = () => undefined;
    getNormalBounds = () => ({ x: 0, y: 0, width: 1000, height: 700 });
    isMaximized = () => false;
  }
  return {
    app: Object.assign(new Events(), { isPackaged: true }),
    BrowserWindow,
    dialog: {
      showMessageBox: ({ message }: { message: string }) => {
        system.asked.push(message);
        return Promise.resolve({ response: system.answer });
      },
      showMessageBoxSync: () => 0,
    },
    ipcMain: new Events(),
    nativeTheme: { shouldUseDarkColors: true },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  };
});
const { app } = await import('electron');

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-windows-')));
  Object.assign(system, { windows: [], asked: [], answer: 1, zoom: 1 });
  (app as unknown as EventEmitter).removeAllListeners();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function make({ recents = [] as readonly string[] } = {}) {
  const states = new Map<string, WindowState>();
  const opened: string[] = [];
  const windows = new Windows({
    api: {
      projects: {
        open: ({ path }: { path: string }) => {
          opened.push(path);
          return Promise.resolve({ ok: true });
        },
      },
    } as never,
    preload: '',
    settings: {
      windowState: (name) => states.get(name) ?? null,
      rememberWindowState: (name, state) => void states.set(name, state),
      recents: () => recents.map((path) => ({ path, name: path, openedAt: 1 })),
      openWindows: () => [],
      rememberOpenWindows: () => undefined,
    },
    accent: { value: null, onDidChange: () => ({ dispose: () => undefined, [Symbol.dispose]: () => undefined }) },
    log: silentLog,
    reportFault: (_where, error) => {
      throw error;
    },
    expectScreens: () => undefined,
  });
  return { windows, opened };
}

describe('a link', () => {
  const link = (project: string) => ({ ...nothingAsked, project, isFromLink: true });

  it('opens what was opened before, and asks about anything else', async () => {
    const [known, other] = [join(folder, 'known'), join(folder, 'other')];
    const { windows, opened } = make({ recents: [known] });
    await windows.open(link(known));
    await windows.open(link(other));
    expect([opened, system.asked]).toEqual([[known], ['A link wants to open a folder']]);
    system.answer = 0;
    await windows.open(link(other));
    expect(opened).toEqual([known, other]);
  });

  it('is asked about before anything on its way is looked at, which may be another machine’s', async () => {
    const known = join(folder, 'known');
    await mkdir(known);
    await symlink(known, join(folder, 'elsewhere'));
    const { windows, opened } = make({ recents: [known] });
    await windows.open(link(join(folder, 'elsewhere')));
    expect([opened, system.asked]).toEqual([[], ['A link wants to open a folder']]);
    system.answer = 0;
    await windows.open(link(join(folder, 'elsewhere')));
    expect(opened).toEqual([known]);
  });
});

describe('zoom', () => {
  const zooms = () => system.windows.map(({ webContents }) => webContents.getZoomFactor());
  const load = (index: number): void => void system.windows[index]?.webContents.emit('did-finish-load');

  it('is each window’s own, and comes back with its page after a reload', async () => {
    const { windows } = make();
    for (const name of ['notes', 'tasks']) await windows.open({ ...nothingAsked, project: join(folder, name) });
    load(0);
    windows.zoom(system.windows[0] as never, 2);
    load(1);
    expect(zooms()).toEqual([1.21, 1]);
    load(0);
    expect(zooms()).toEqual([1.21, 1]);
  });
});
