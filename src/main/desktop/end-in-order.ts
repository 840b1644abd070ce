import { setTimeout as wait } from 'node:timers/promises';

import { app } from 'electron';

import type { Disposable } from '#main/base/lifecycle.ts';

import { argumentsFor, nothingAsked, type StartRequest } from './arguments.ts';
import type { DesktopHost } from './desktop-host.ts';
import type { StartRequests } from './start-requests.ts';

/** The longest that quitting waits for the services, in milliseconds. What matters is on disk by then. */
const patience = 8000;

export interface EndInOrderOptions {
  host: Pick<DesktopHost, 'end' | 'release'>;
  shell: Disposable;
  requests: Pick<StartRequests, 'takeWith'>;
  /** What this app was started with, without the program itself. */
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
}

/**
 * Ends the services before the app's process, once its windows are closed. Until then this app is the one that a second start
 * hands over to, and goes: whoever has closed the last window and starts the app again gets another start of it.
 */
export function endInOrder({ host, shell, requests, argv, env }: EndInOrderOptions): void {
  let isEnding = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    const missed: { last: StartRequest | null } = { last: null };
    requests.takeWith((asked) => {
      missed.last = asked;
    });
    // A press in the dock, which is as much as a start.
    app.on('activate', () => {
      missed.last ??= nothingAsked;
    });
    shell.dispose();
    void Promise.race([host.end(), wait(patience)]).then(() => {
      host.release();
      if (missed.last) {
        const { APPIMAGE: image } = env;
        app.relaunch({
          args: argumentsFor(missed.last, { argv, takesFolders: app.isPackaged }),
          // What runs lies in a mount of the image that goes with this process.
          ...(image !== undefined && { execPath: image }),
        });
      }
      app.exit(0);
    });
  });
}
