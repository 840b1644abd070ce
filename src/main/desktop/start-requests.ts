import { app } from 'electron';

import { nothingAsked, startRequest, type StartRequest } from './arguments.ts';
import { isDeepLink, parseDeepLink } from './deep-link.ts';

/**
 * What is asked of the app while it runs: by a second start, which hands it over, and on a Mac by events (a link that was
 * followed, a folder that was dropped on the dock). Those may come before anybody can do it; they wait until somebody can.
 */
export class StartRequests {
  #waiting: StartRequest[] = [];
  #take: ((asked: StartRequest) => void) | null = null;

  constructor() {
    app.on('open-url', (event, url) => {
      event.preventDefault();
      const asked = isDeepLink(url) ? parseDeepLink(url) : null;
      if (asked) this.#asked(asked);
    });
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.#asked({ ...nothingAsked, project: path });
    });
    app.on('second-instance', (_event, _argv, _folder, data) => {
      const asked = startRequest.safeParse(data);
      this.#asked(asked.success ? asked.data : nothingAsked);
    });
  }

  /** The first one that waits, in place of what the start itself asks for; null: none waits. */
  takeFirst(): StartRequest | null {
    return this.#waiting.shift() ?? null;
  }

  /** From now on they are done at once, those that wait first. */
  takeWith(take: (asked: StartRequest) => void): void {
    this.#take = take;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const asked of waiting) take(asked);
  }

  #asked(asked: StartRequest): void {
    if (this.#take) this.#take(asked);
    else this.#waiting.push(asked);
  }
}
