import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { WindowState } from '#main/services/settings/settings.ts';
import type { RunId } from '#shared/ids.ts';

import { nothingAsked } from './arguments.ts';
import { Windows } from './windows.ts';

/** What Electron was asked for, in its place: it is not to be had outside of a process of its own. */
const system = vi.hoisted(() => ({
  windows: [] as TestWindow[],
  asked: [] as string[],
  answer: 0,
  /** What pages were told. */
  posted: [] as unknown[],
  /** What all pages are zoomed by that are not told to be so each by itself. */
  zoom: 1,
}));

interface TestWindow extends EventEmitter {
  isInFront: boolean;
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
    isInFront = false;
    focus = () => {
      this.isInFront = true;
    };
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
    MessageChannelMain: class {
      readonly port1 = Object.assign(new Events(), {
        start: () => undefined,
        close: () => undefined,
        postMessage: (frame: unknown) => system.posted.push(frame),
      });
      readonly port2 = this.port1;
    },
    nativeTheme: { shouldUseDarkColors: true },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  };
});
const { app, ipcMain } = await import('electron');

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-windows-')));
  Object.assign(system, { windows: [], asked: [], posted: [], answer: 1, zoom: 1 });
  for (const emitter of [app, ipcMain]) (emitter as unknown as EventEmitter).removeAllListeners();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function make({
  recents = [] as readonly string[],
  last = [] as readonly string[],
  away = [] as readonly string[],
} = {}) {
  const states = new Map<string, WindowState>();
  const opened: string[] = [];
  const remembered: (readonly string[])[] = [];
  const feeds = { open: 0 };
  const windows = new Windows({
    api: {
      host: {
        onDidChangeSettings: () => {
          feeds.open++;
          return { dispose: () => void feeds.open-- };
        },
      },
      projects: {
        open: ({ path }: { path: string }) => {
          opened.push(path);
          if (path.startsWith('/srv/notes/')) {
            return Promise.resolve({ ok: false, error: { kind: 'inside-repository', path, rootPath: '/srv/notes' } });
          }
          if (path === '/srv/worktrees/a') {
            return Promise.resolve({ ok: false, error: { kind: 'linked-worktree', path, mainPath: '/srv/notes' } });
          }
          return Promise.resolve(
            away.includes(path) ? { ok: false, error: { kind: 'not-found', path } } : { ok: true, value: { path } },
          );
        },
      },
    } as never,
    preload: '',
    settings: {
      windowState: (name) => states.get(name) ?? null,
      rememberWindowState: (name, state) => void states.set(name, state),
      recents: () => recents.map((path) => ({ path, name: path, openedAt: 1 })),
      openWindows: () => last,
      rememberOpenWindows: (paths) => remembered.push(paths),
    },
    accent: { value: null, onDidChange: () => ({ dispose: () => undefined, [Symbol.dispose]: () => undefined }) },
    log: silentLog,
    reportFault: (_where, error) => {
      throw error;
    },
    expectScreens: () => undefined,
  });
  return { windows, opened, feeds, remembered };
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
    expect(Array.from(new Set(opened))).toEqual([known, other]);
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

describe('runs that the person is led to', () => {
  it('are in the window of their project, which is opened where there is none', async () => {
    const { windows, opened } = make();
    const [notes, tasks] = [join(folder, 'notes'), join(folder, 'tasks')];
    await windows.open({ ...nothingAsked, project: notes });
    windows.showRuns(notes, ['abcd' as RunId]);
    expect([windows.count, system.windows[0]?.isInFront]).toEqual([1, true]);
    windows.showRuns(tasks, ['efgh' as RunId]);
    expect([windows.count, opened]).toEqual([2, [notes, tasks]]);
    system.windows[1]?.emit('closed');
    windows.showRuns(tasks, ['efgh' as RunId]);
    expect([windows.count, opened]).toEqual([2, [notes, tasks, tasks]]);
  });
});

/** The page of a window connects to the host; what comes of it says frames to that. */
function connect(index: number): (frame: unknown) => void {
  const sender = system.windows[index]?.webContents;
  let port: EventEmitter | undefined;
  const senderFrame = {
    url: 'app://switchyard/index.html',
    parent: null,
    postMessage: (_channel: string, _message: unknown, [given]: [EventEmitter]) => {
      port = given;
    },
  };
  ipcMain.emit('host:connect', { sender, senderFrame });
  return (frame) => void port?.emit('message', { data: frame });
}

it('tells a page nothing more once its window is closed, or its next page has connected', async () => {
  const { windows, feeds } = make();
  await windows.open({ ...nothingAsked, project: join(folder, 'notes') });
  const open = { t: 'open', id: 1, path: 'host.onDidChangeSettings', key: {} };
  for (const _page of ['first', 'after a reload']) {
    connect(0)(open);
    expect(feeds.open).toBe(1);
  }
  system.windows[0]?.emit('closed');
  expect(feeds.open).toBe(0);
});

describe('a folder of a project', () => {
  it.each(['/srv/notes/src', '/srv/worktrees/a'])('brings the project’s window to the front (%s)', async (path) => {
    const { windows } = make();
    await windows.open({ ...nothingAsked, project: '/srv/notes' });
    await windows.open({ ...nothingAsked, project: path, run: 'abcd' as RunId });
    expect([windows.count, system.windows[0]?.isInFront]).toEqual([1, true]);
  });

  it('has a window of its own where its project has none: its page says what to do', async () => {
    const { windows } = make();
    await windows.open({ ...nothingAsked, project: '/srv/tasks' });
    await windows.open({ ...nothingAsked, project: '/srv/notes/src' });
    expect(windows.count).toBe(2);
  });
});

it('opens none any more once the app ends, whoever asks for one', async () => {
  const { windows } = make();
  const opening = windows.open({ ...nothingAsked, project: '/srv/notes' });
  windows.dispose();
  await opening;
  await windows.open({ ...nothingAsked, project: '/srv/tasks' });
  windows.showRuns('/srv/notes', ['abcd' as RunId]);
  windows.showAny();
  expect(system.windows).toEqual([]);
});

describe('the windows of the last time', () => {
  const openIn = (index: number, path: string) =>
    connect(index)({ t: 'call', id: 1, path: 'projects.open', input: { path } });

  it('are those of the next one as well where a project was away, or its page had not come so far', async () => {
    const { windows, remembered } = make({ last: ['/srv/notes', '/mnt/drive'], away: ['/mnt/drive'] });
    await windows.begin(nothingAsked);
    openIn(0, '/srv/notes');
    await vi.waitFor(() => {
      expect(remembered).toEqual([['/srv/notes', '/mnt/drive']]);
    });
    openIn(1, '/mnt/drive');
    await vi.waitFor(() => {
      expect(system.posted).toContainEqual(expect.objectContaining({ result: expect.objectContaining({ ok: false }) }));
    });
    openIn(0, '/srv/notes');
    await vi.waitFor(() => {
      expect(remembered.at(-1)).toEqual(['/srv/notes', '/mnt/drive']);
    });
  });

  it('are not once the person has closed one, or has opened another project in it', async () => {
    const { windows, remembered } = make({
      last: ['/srv/notes', '/mnt/drive', '/mnt/more'],
      away: ['/mnt/drive', '/mnt/more'],
    });
    await windows.begin(nothingAsked);
    openIn(0, '/srv/notes');
    openIn(2, '/srv/tasks');
    system.windows[1]?.emit('closed');
    await vi.waitFor(() => {
      expect(remembered.at(-1)).toEqual(['/srv/notes', '/srv/tasks']);
    });
  });

  it('have nothing of a folder that was asked for and could not be opened', async () => {
    const { windows, remembered } = make({ away: ['/srv/mistyped'] });
    await windows.open({ ...nothingAsked, project: '/srv/mistyped' });
    await windows.open({ ...nothingAsked, project: '/srv/notes' });
    openIn(1, '/srv/notes');
    await vi.waitFor(() => {
      expect(remembered.at(-1)).toEqual(['/srv/notes']);
    });
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
