import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { win32 } from 'node:path';

import { beforeEach, describe, expect, it, vi } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import type { AttentionState, NoticePush } from '#shared/contract/attention.ts';
import { testItem } from '#shared/contract/test-item.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { Train, TrainCar } from '#shared/contract/train.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import { NeedsYou } from './needs-you.ts';
import { showNotices } from './notices.ts';
import { jumpList, recentItems } from './recent-projects.ts';
import { StartRequests } from './start-requests.ts';
import { SystemAccent } from './system-accent.ts';
import { showTrainProgress } from './train-progress.ts';

/** What the system shows, in place of Electron, which is not to be had outside of a process of its own. */
const system = vi.hoisted(() => ({
  badge: 0,
  /** The lines of the tray's menu, as it was set last, what chooses the first of them, and how often it was. */
  tray: [] as string[],
  chooseFirst: () => undefined as void,
  trayCount: 0,
  accent: '',
  /** What a Mac is asked to tell. */
  subscriptions: new Map<number, () => void>(),
  notices: [] as EventEmitter[],
}));

vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  class Notification extends Events {
    static isSupported = (): boolean => true;
    readonly options: unknown;
    constructor(options: unknown) {
      super();
      this.options = options;
    }
    show(): void {
      system.notices.push(this);
    }
  }
  class Tray extends Events {
    setToolTip(): void {
      // read by nobody here
    }
    setContextMenu(menu: { label?: string; click?: () => void }[]): void {
      system.tray = menu.flatMap(({ label }) => label ?? []);
      system.chooseFirst = () => menu[0]?.click?.();
      system.trayCount++;
    }
    destroy(): void {
      system.tray = [];
    }
  }
  const app = Object.assign(new Events(), {
    setBadgeCount: (count: number) => {
      system.badge = count;
    },
  });
  const systemPreferences = Object.assign(new Events(), {
    getAccentColor: () => {
      if (system.accent === 'throws') throw new Error('only on macOS 10.14');
      return system.accent;
    },
    subscribeNotification: (_event: string, tell: () => void) => {
      system.subscriptions.set(1, tell);
      return 1;
    },
    unsubscribeNotification: (id: number) => system.subscriptions.delete(id),
  });
  return {
    app,
    systemPreferences,
    Notification,
    Tray,
    Menu: { buildFromTemplate: (template: unknown) => template },
    nativeImage: { createFromDataURL: (address: string) => address },
  };
});
const { app, systemPreferences } = await import('electron');

const projectId = 'p' as ProjectId;
const project = { id: projectId, path: '/srv/notes', name: 'notes' };

/** A window of which it is recorded what was done to it. */
function testWindow(id = 1) {
  const shown = { overlay: [] as string[], progress: [] as number[], isDestroyed: false };
  const window = {
    id,
    isDestroyed: () => shown.isDestroyed,
    setOverlayIcon: (_icon: unknown, words: string) => shown.overlay.push(words),
    setProgressBar: (progress: number) => shown.progress.push(progress),
  };
  return { shown, window: window as unknown as Electron.BrowserWindow };
}

beforeEach(() => {
  Object.assign(system, { badge: 0, tray: [], trayCount: 0, accent: '', notices: [] });
  system.subscriptions.clear();
  for (const emitter of [app, systemPreferences]) (emitter as unknown as EventEmitter).removeAllListeners();
});

describe('what needs the person, outside of the windows', () => {
  function follow(platform: NodeJS.Platform) {
    const attention = new Emitter<AttentionState>();
    const runs = new Map<RunId, ReturnType<typeof testRun>>();
    const didChangeRuns = new Emitter<void>();
    const api = {
      attention: {
        onDidChange: (_id: ProjectId, listener: (state: AttentionState) => void) => attention.event(listener),
      },
      host: {
        onDidChangeSettings: (_key: object, listener: (settings: { tray: boolean }) => void) => {
          listener({ tray: true });
          return { dispose: () => undefined };
        },
      },
    };
    const atWork = { find: (id: RunId) => runs.get(id) ?? null, onDidChange: didChangeRuns.event };
    const all: Electron.BrowserWindow[] = [];
    const didChangeWindows = new Emitter<void>();
    const wentTo: unknown[] = [];
    const windows = {
      all,
      onDidChange: didChangeWindows.event,
      showAny: () => undefined,
      showRuns: (...runs: unknown[]) => void wentTo.push(runs),
    };
    const needsYou = new NeedsYou({ api: api as never, atWork, platform, windows });
    const following = needsYou.follow(project);
    return {
      wentTo,
      openWindow: (id: number) => {
        const { shown, window } = testWindow(id);
        all.push(window);
        didChangeWindows.fire();
        return shown;
      },
      following,
      need: (...ids: string[]) => {
        attention.fire({ items: ids.map((id) => testItem(id)), snoozed: [] });
      },
      call: (id: string, title: string) => {
        runs.set(id as RunId, testRun(id, { spec: { ...testRun(id).spec, title } }));
        didChangeRuns.fire();
      },
    };
  }

  it('is counted on dock or task bar, and listed in the tray', () => {
    const { need, call } = follow('linux');
    expect(system.tray[0]).toBe('Nothing needs you');
    call('a', 'Save & load');
    need('a', 'b');
    expect(system.badge).toBe(2);
    expect(system.tray.slice(0, 2)).toEqual(['Save && load – asked a question', 'A run – asked a question']);
  });

  it('is called by its title as soon as that is known, and by the new one when it changes', () => {
    const { need, call } = follow('linux');
    need('a');
    expect(system.tray[0]).toBe('A run – asked a question');
    call('a', 'First');
    expect(system.tray[0]).toBe('First – asked a question');
    call('a', 'Second');
    expect(system.tray[0]).toBe('Second – asked a question');
  });

  it('is not listed anew while nothing that is shown has changed: the menu may be open', () => {
    const { need, call } = follow('linux');
    call('a', 'First');
    need('a');
    const before = system.trayCount;
    call('b', 'Of no interest');
    need('a');
    expect(system.trayCount).toBe(before);
  });

  it('is counted and listed without a window, and its line in the tray leads to the run', () => {
    const { need, call, wentTo } = follow('darwin');
    call('a', 'First');
    need('a');
    expect([system.badge, system.tray[0]]).toEqual([1, 'First – asked a question']);
    system.chooseFirst();
    expect(wentTo).toEqual([['/srv/notes', ['a']]]);
  });

  it('is a sign on the icon of each window on Windows, which goes when nobody needs the person any more', () => {
    const { need, openWindow, following } = follow('win32');
    const first = openWindow(1);
    need('a');
    expect(first.overlay.at(-1)).toBe('1 run needs you');
    expect(system.badge).toBe(0);
    const later = openWindow(2);
    expect(later.overlay.at(-1)).toBe('1 run needs you');
    following.dispose();
    expect([first.overlay.at(-1), later.overlay.at(-1)]).toEqual(['', '']);
  });
});

describe('a notice', () => {
  function show(platform: NodeJS.Platform, sent: 'sent' | 'refused' | 'fault' = 'sent') {
    const pushes = new Emitter<NoticePush>();
    const said: { to: string; text: string }[] = [];
    const wentTo: unknown[] = [];
    const api = {
      attention: {
        onDidNotify: (_key: object, listener: (push: NoticePush) => void) => pushes.event(listener),
      },
      runs: {
        send: ({ id, text }: { id: string; text: string }) => {
          said.push({ to: id, text });
          if (sent === 'fault') return Promise.reject(new Error('the terminal host has gone'));
          return Promise.resolve(sent === 'sent' ? { ok: true } : { ok: false, error: { kind: 'not-running' } });
        },
      },
    };
    const windows = { showRuns: (...runs: unknown[]) => void wentTo.push(runs) };
    showNotices({ api: api as never, project, windows, platform, log: silentLog });
    const tell = (replyTo: string | null): void => {
      const runIds = ['a' as RunId];
      const notice = { id: '1', title: 'A', body: 'Which?', runIds, sound: false, replyTo: replyTo as RunId | null };
      pushes.fire({ kind: 'notice', notice });
    };
    return { said, wentTo, tell };
  }
  const last = () => system.notices.at(-1) as EventEmitter & { options: { hasReply: boolean } };

  it.each([
    ['darwin', true],
    ['win32', true],
    ['linux', false],
  ] as const)('has a field for an answer where the platform (%s) has one, and only for a question', (platform, has) => {
    const { tell } = show(platform);
    tell('a');
    expect(last().options.hasReply).toBe(has);
    tell(null);
    expect(last().options.hasReply).toBe(false);
  });

  it('sends the answer to the run, without coming to the front', async () => {
    const { tell, said, wentTo } = show('darwin');
    tell('a');
    last().emit('reply', {}, 'The second');
    await vi.waitFor(() => {
      expect(said).toEqual([{ to: 'a', text: 'The second' }]);
    });
    expect(wentTo).toEqual([]);
  });

  it('leads to its run when it is pressed', () => {
    const { tell, wentTo } = show('linux');
    tell(null);
    last().emit('click', {});
    expect(wentTo).toEqual([['/srv/notes', ['a']]]);
  });

  it('sends no empty answer', () => {
    const { tell, said } = show('darwin');
    tell('a');
    last().emit('reply', {}, '  ');
    expect(said).toEqual([]);
  });

  it.each(['refused', 'fault'] as const)('leads to the run where the answer is %s', async (sent) => {
    const { tell, wentTo } = show('win32', sent);
    tell('a');
    last().emit('reply', {}, 'The second');
    await vi.waitFor(() => {
      expect(wentTo).toEqual([['/srv/notes', ['a']]]);
    });
  });
});

describe('the system’s accent', () => {
  it.each([
    ['0078d7ff', '#0078d7'],
    ['#0078D7', '#0078d7'],
    ['00000000', null],
    ['', null],
    ['blue', null],
    ['throws', null],
  ])('is read from %j as %j', (accent, value) => {
    system.accent = accent;
    expect(new SystemAccent('win32', silentLog).value).toBe(value);
  });

  it('is told when it becomes another one, as each platform tells it, and no longer once nobody wants to know', () => {
    const tellings: Partial<Record<NodeJS.Platform, () => void>> = {
      darwin: () => system.subscriptions.get(1)?.(),
      win32: () => systemPreferences.emit('accent-color-changed', {}, ''),
      linux: () => systemPreferences.emit('accent-color-changed', {}, ''),
    };
    for (const [platform, tell] of Object.entries(tellings)) {
      system.accent = '111111ff';
      const accent = new SystemAccent(platform as NodeJS.Platform, silentLog);
      const heard: unknown[] = [];
      accent.onDidChange((value) => heard.push(value));
      tell();
      expect(heard).toEqual([]);
      system.accent = '222222ff';
      tell();
      expect(heard).toEqual(['#222222']);
      accent.dispose();
      system.accent = '333333ff';
      tell();
      expect(heard).toEqual(['#222222']);
      expect(system.subscriptions.size + systemPreferences.listenerCount('accent-color-changed')).toBe(0);
    }
  });
});

describe('what is asked by events', () => {
  const prevented: string[] = [];
  const event = (name: string) => ({ preventDefault: () => prevented.push(name) });

  it('waits until somebody can do it, and is done at once from then on', () => {
    const requests = new StartRequests();
    app.emit('open-file', event('open-file'), '/srv/notes');
    app.emit('open-url', event('open-url'), 'switchyard://open?project=/srv/app');
    app.emit('open-url', event('open-url'), 'https://elsewhere.test/');
    expect(requests.takeFirst()?.project).toBe('/srv/notes');
    const done: unknown[] = [];
    requests.takeWith(({ project, isFromLink }) => done.push([project, isFromLink]));
    expect(done).toEqual([['/srv/app', true]]);
    app.emit('second-instance', {}, [], '/', { project: '/srv/more', demo: false, run: null, isFromLink: false });
    app.emit('second-instance', {}, [], '/', 'nonsense');
    expect(done).toEqual([
      ['/srv/app', true],
      ['/srv/more', false],
      [null, false],
    ]);
    expect(requests.takeFirst()).toBe(null);
    expect(new Set(prevented)).toEqual(new Set(['open-file', 'open-url']));
  });
});

it('shows recent projects by name, and where they are when that is not enough', () => {
  const recents = ['/a/notes', '/b/notes', '/c/R&D'].map((path) => ({
    path,
    name: path.slice(3),
    openedAt: 1,
  }));
  const opened: string[] = [];
  const items = recentItems(recents, (path) => opened.push(path));
  expect(items.map(({ label }) => label)).toEqual(['notes (/a/notes)', 'notes (/b/notes)', 'R&&D']);
  items[1]?.click?.({} as never, undefined, {} as never);
  expect(opened).toEqual(['/b/notes']);
});

it('makes each line of Windows’ jump list a start of the app, whatever the path', () => {
  const of = (path: string) => jumpList([{ path, name: 'notes', openedAt: 1 }], 'C:\\app.exe')[0]?.items?.[0];
  expect(of('C:\\my notes')).toEqual({
    type: 'task',
    title: 'notes',
    description: 'C:\\my notes',
    program: 'C:\\app.exe',
    args: '--project "C:\\my notes"',
  });
  for (const path of ['C:\\my notes', 'C:\\', '\\\\server\\share\\']) {
    const [, named = ''] = argumentsOnWindows(`app.exe ${of(path)?.args ?? ''}`).slice(1);
    expect(win32.resolve(named)).toBe(path);
  }
});

it('is started for a folder by Windows’ own menus, also for a whole drive', async () => {
  const script = await readFile(new URL('../../../packaging/installer.nsh', import.meta.url), 'utf8');
  const commands = Array.from(script.matchAll(/command" "" '(.*)'$/gm), ([, command]) => command ?? '');
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    for (const path of ['C:\\my notes', 'C:\\']) {
      const [, named = ''] = argumentsOnWindows(command.replace('%V', () => path));
      expect(win32.resolve(named)).toBe(path);
    }
  }
});

/** A command line as Windows' programs take it apart: a backslash counts only before a quote. */
function argumentsOnWindows(line: string): string[] {
  const found: string[] = [];
  let [word, isOpen, isQuoted] = ['', false, false];
  for (const [part] of line.matchAll(/\\*"|[^"]/g)) {
    const slashes = part.length - 1;
    if (part.endsWith('"')) {
      word += '\\'.repeat(Math.floor(slashes / 2)) + (slashes % 2 === 1 ? '"' : '');
      isOpen = true;
      if (slashes % 2 === 0) isQuoted = !isQuoted;
    } else if (part === ' ' && !isQuoted) {
      if (isOpen) found.push(word);
      [word, isOpen] = ['', false];
    } else [word, isOpen] = [word + part, true];
  }
  return isOpen ? [...found, word] : found;
}

it('shows in the task bar how far a train is, until it is over, or the project is left', () => {
  const trains = new Emitter<Train | null>();
  const api = {
    train: { onDidChange: (_id: ProjectId, listener: (train: Train | null) => void) => trains.event(listener) },
  };
  const { shown, window } = testWindow();
  const following = showTrainProgress(api as never, projectId, window);
  const run = (state: Train['state'], ...cars: TrainCar['state'][]): void => {
    trains.fire({ state, cars: cars.map((car) => ({ state: car })) } as unknown as Train);
  };
  run('running', 'under-way', 'waiting');
  run('running', 'merged', 'under-way');
  run('done', 'merged', 'merged');
  expect(shown.progress).toEqual([0, 0.5, -1]);
  run('running', 'under-way');
  following.dispose();
  expect(shown.progress.at(-1)).toBe(-1);
  shown.isDestroyed = true;
  const before = shown.progress.length;
  run('running', 'merged', 'under-way');
  expect(shown.progress).toHaveLength(before);
});
