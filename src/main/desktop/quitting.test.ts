import { EventEmitter } from 'node:events';

import { beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { RunFeed } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import { AtWork } from './at-work.ts';
import { Quitting } from './quitting.ts';

/** The app and its dialogs, in place of Electron, which is not to be had outside of a process of its own. */
const system = vi.hoisted(() => ({
  /** How often the app has come so far that nothing stops it but a window. */
  quits: 0,
  windows: 0,
  asked: [] as { message: string; press: (button: string) => void }[],
}));

vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  const app: EventEmitter & { quit?: () => void } = new Events();
  app.quit = () => {
    const event = {
      defaultPrevented: false,
      preventDefault: () => {
        event.defaultPrevented = true;
      },
    };
    app.emit('before-quit', event);
    if (!event.defaultPrevented) system.quits++;
  };
  return {
    app,
    powerMonitor: new Events(),
    BrowserWindow: { getAllWindows: () => Array.from({ length: system.windows }) },
    dialog: {
      showMessageBox: ({ message, buttons }: { message: string; buttons: readonly string[] }) =>
        new Promise((resolve) => {
          system.asked.push({
            message,
            press: (button) => {
              resolve({ response: buttons.indexOf(button) });
            },
          });
        }),
    },
  };
});
const { app, powerMonitor } = await import('electron');

const projectId = 'p' as ProjectId;
const asked = (): readonly string[] => system.asked.map(({ message }) => message);

/** Presses a button of the dialog that is open, and lets what follows at once be done. */
async function answer(button: string): Promise<void> {
  system.asked.at(-1)?.press(button);
  await new Promise(setImmediate);
}

/** Agents at work, which end when they are stopped; each that ends lets `next` begin, unless the queue is held. */
function start({ platform = 'linux' as NodeJS.Platform, next = 0, fails = [] as string[] } = {}) {
  let tell: (event: RunFeed) => void = () => undefined;
  let waiting = next;
  const holds = new Set<string>();
  const run = (id: string, kind: 'working' | 'exited') => {
    const made = testRun(id);
    tell({ kind: 'changed', run: { ...made, status: { ...made.status, kind } } });
  };
  const api = {
    runs: {
      onDidChange: (_id: ProjectId, listener: (event: RunFeed) => void) => {
        tell = listener;
        return { dispose: () => undefined };
      },
      stop: ({ id }: { id: RunId }) => {
        if (fails.includes(id)) return Promise.reject(new Error('the terminal host has gone'));
        run(id, 'exited');
        if (waiting > 0 && holds.size === 0) run(`next-${String(waiting--)}`, 'working');
        return Promise.resolve({ ok: true, value: undefined });
      },
    },
  };
  const told = new Set<string>();
  const atWork = new AtWork({ api: api as never, log: silentLog });
  atWork.follow(projectId);
  const quitting = new Quitting({
    atWork,
    holdQueue: (reason) => {
      holds.add(reason);
      return { dispose: () => void holds.delete(reason) };
    },
    settings: { wasTold: (what) => told.has(what), rememberTold: (what) => void told.add(what) },
    platform,
    log: silentLog,
  });
  run('a', 'working');
  run('b', 'working');
  return { quitting, alive: () => atWork.alive().map(({ id }) => id), holds };
}

const listeners = new Map<string, readonly ((...args: never[]) => void)[]>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
beforeEach(() => {
  Object.assign(system, { quits: 0, windows: 0, asked: [] });
  (app as unknown as EventEmitter).removeAllListeners();
  (powerMonitor as unknown as EventEmitter).removeAllListeners();
  for (const signal of signals) listeners.set(signal, process.listeners(signal as NodeJS.Signals) as never);
  return () => {
    for (const signal of signals) {
      for (const each of process.listeners(signal as NodeJS.Signals)) {
        if (!listeners.get(signal)?.includes(each as never)) process.off(signal, each);
      }
    }
  };
});

describe('quitting with agents at work', () => {
  it('stops all, and none that waited for a place begins in the place of one that is stopped', async () => {
    const { alive, holds } = start({ next: 2 });
    app.quit();
    await answer('Stop all');
    expect(system.quits).toBe(1);
    expect(alive()).toEqual([]);
    expect(holds.size).toBe(1);
  });

  it('says what could not be stopped, also where the terminals cannot be reached, and lets the queue go on when the person stays', async () => {
    const { alive, holds } = start({ fails: ['b'] });
    app.quit();
    await answer('Stop all');
    expect(asked().at(-1)).toBe('1 agent could not be stopped');
    await answer('Stay');
    expect(holds.size).toBe(0);
    expect(alive()).toEqual(['b']);
    expect(system.quits).toBe(0);
  });

  it('asks again after a window has stayed for what is not saved in it, and lets the queue go on', async () => {
    const { quitting, holds } = start();
    app.quit();
    await answer('Leave running');
    expect(system.quits).toBe(1);
    quitting.stay();
    app.quit();
    expect(asked()).toEqual(['2 agents at work', '2 agents at work']);
    await answer('Stop all');
    expect(system.quits).toBe(2);
    quitting.stay();
    expect(holds.size).toBe(0);
  });

  it('asks nothing when the system ends the app', () => {
    start({ platform: 'darwin' });
    powerMonitor.emit('shutdown', { preventDefault: () => undefined });
    app.quit();
    expect([asked(), system.quits]).toEqual([[], 1]);
  });

  it('asks again when another app has stopped that', async () => {
    start({ platform: 'darwin' });
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      powerMonitor.emit('shutdown', { preventDefault: () => undefined });
      vi.advanceTimersByTime(60_000);
      app.quit();
      expect([asked(), system.quits]).toEqual([[], 1]);
      vi.advanceTimersByTime(120_000);
      app.quit();
      expect([asked(), system.quits]).toEqual([['2 agents at work'], 1]);
    } finally {
      vi.useRealTimers();
    }
    await answer('Cancel');
  });
});

describe('after the last window was closed', () => {
  it('the app quits once it has said that agents go on', async () => {
    start();
    app.emit('window-all-closed');
    await answer('OK');
    expect(system.quits).toBe(1);
  });

  it('the app stays for a window that was opened while that was read', async () => {
    start();
    app.emit('window-all-closed');
    system.windows = 1;
    await answer('OK');
    expect(system.quits).toBe(0);
    app.quit();
    expect(asked()).toEqual(['2 agents at work go on', '2 agents at work']);
  });
});
