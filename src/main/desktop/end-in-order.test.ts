import type { EventEmitter } from 'node:events';

import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { StartRequest } from './arguments.ts';
import { endInOrder } from './end-in-order.ts';
import { StartRequests } from './start-requests.ts';

/** The app, in place of Electron's. */
const system = vi.hoisted(() => ({ done: [] as unknown[] }));
vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  const app = Object.assign(new Events(), {
    isPackaged: true,
    relaunch: (options: unknown) => system.done.push(options),
    exit: (code: number) => system.done.push(`exit ${String(code)}`),
  });
  return { app };
});
const { app } = await import('electron');
const tell = (event: string, ...args: unknown[]): void => void (app as unknown as EventEmitter).emit(event, ...args);

beforeEach(() => {
  system.done.length = 0;
  (app as unknown as EventEmitter).removeAllListeners();
});

/** An app whose services take until `end` is called. */
function running(env: NodeJS.ProcessEnv = {}) {
  const ended = Promise.withResolvers<void>();
  const requests = new StartRequests();
  requests.takeWith(({ project }) => system.done.push(`window ${String(project)}`));
  endInOrder({
    host: {
      end: () => {
        system.done.push('end');
        return ended.promise;
      },
      release: () => system.done.push('release'),
    },
    shell: { dispose: () => system.done.push('shell') },
    requests,
    argv: ['--no-sandbox', '/srv/old'],
    env,
  });
  return {
    end: async () => {
      ended.resolve();
      await new Promise(setImmediate);
    },
  };
}

const prevented = { preventDefault: () => undefined };
const request: StartRequest = { project: '/srv/notes', demo: false, run: null, isFromLink: false };

describe('an app that quits', () => {
  it('ends its services once, then lets another host run, then goes', async () => {
    const { end } = running();
    tell('will-quit', prevented);
    tell('will-quit', prevented);
    await end();
    expect(system.done).toEqual(['shell', 'end', 'release', 'exit 0']);
  });

  it('is started again for who starts it while it ends: it would have taken that start along', async () => {
    const { end } = running();
    tell('second-instance', {}, [], '/', request);
    tell('will-quit', prevented);
    tell('second-instance', {}, [], '/', request);
    await end();
    expect(system.done).toEqual([
      'window /srv/notes',
      'shell',
      'end',
      'release',
      { args: ['--no-sandbox', '--project', '/srv/notes'] },
      'exit 0',
    ]);
  });

  it('is started again for a press in the dock while it ends, and for what was asked where something was', async () => {
    const { end } = running();
    tell('activate', {}, false);
    tell('will-quit', prevented);
    tell('activate', {}, false);
    await end();
    expect(system.done).toEqual(['shell', 'end', 'release', { args: ['--no-sandbox'] }, 'exit 0']);
    system.done.length = 0;
    (app as unknown as EventEmitter).removeAllListeners();
    const again = running();
    tell('will-quit', prevented);
    tell('second-instance', {}, [], '/', request);
    tell('activate', {}, false);
    await again.end();
    expect(system.done.at(-2)).toEqual({ args: ['--no-sandbox', '--project', '/srv/notes'] });
  });

  it('is started from the image that it came from, where it has come from one', async () => {
    const { end } = running({ APPIMAGE: '/opt/Switchyard.AppImage' });
    tell('will-quit', prevented);
    tell('open-url', prevented, 'switchyard://open?project=/srv/app');
    await end();
    expect(system.done.at(-2)).toEqual({
      args: ['--no-sandbox', 'switchyard://open?project=%2Fsrv%2Fapp'],
      execPath: '/opt/Switchyard.AppImage',
    });
  });
});
