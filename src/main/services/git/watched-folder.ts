import { lstat, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { errorMessage } from '#shared/error-message.ts';

/** Time for a burst of new folders to be over before all is scanned anew. */
const rescanAfterMs = 500;

type State =
  | { kind: 'watched'; identity: string; unsubscribe: () => Promise<void> }
  /** It is not there, or the system refuses to watch it; then every look counts as a change. */
  | { kind: 'missing' }
  | { kind: 'unwatchable'; identity: string };

/**
 * A folder with everything in it, whether it is there or not. Never throws: a folder that vanishes is looked for, one that
 * the system refuses to watch (Linux limits how many there are) is reported as changed every few seconds instead.
 */
export class WatchedFolder implements Disposable {
  readonly #path: string;
  readonly #ignore: readonly string[];
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #lookEveryMs: number;
  readonly #log: Log;
  #state: State = { kind: 'missing' };
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  #isDisposed = false;
  #isFirstLook = true;
  #isRescanDue = false;

  constructor(options: {
    /** Canonical, because that is how the system names what has changed in it. */
    path: string;
    /** Globs relative to the path. */
    ignore: readonly string[];
    /** Absolute paths; empty when it is not known what has changed. */
    onChange: (paths: readonly string[]) => void;
    /** Between looks at whether it is there, is still the same one, and can be watched again. */
    lookEveryMs: number;
    log: Log;
  }) {
    this.#path = options.path;
    this.#ignore = options.ignore;
    this.#onChange = options.onChange;
    this.#lookEveryMs = options.lookEveryMs;
    this.#log = options.log;
  }

  start(): void {
    this.#timer = setInterval(() => this.#enqueue(() => this.#look()), this.#lookEveryMs);
    this.#timer.unref();
    this.#enqueue(() => this.#look());
  }

  /** Settles when what was begun so far is done. */
  settled(): Promise<void> {
    return this.#work;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#enqueue(() => this.#leave());
  }

  /** One step at a time: subscribing and unsubscribing at once would leave a subscription that nobody holds. */
  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#log.error('could not watch a folder', error, { path: this.#path });
    });
  }

  async #look(): Promise<void> {
    if (this.#isDisposed) return;
    const identity = await identityOf(this.#path);
    const before = this.#state;
    const isFirstLook = this.#isFirstLook;
    this.#isFirstLook = false;
    if (identity === null) {
      if (before.kind === 'missing') return;
      await this.#leave();
      this.#log.info('a watched folder is gone', { path: this.#path });
      this.#onChange([]);
      return;
    }
    if (before.kind === 'watched' && before.identity === identity) return;
    await this.#leave();
    await this.#enter(identity, before.kind === 'unwatchable');
    // The first look is no change; a folder that is there again, or another one, is. One that cannot be watched may be.
    if (!isFirstLook) this.#onChange([]);
  }

  async #enter(identity: string, wasReported: boolean): Promise<void> {
    try {
      // Loaded here, so that a system without its binary has a slower app and not none.
      const { subscribe } = await import('@parcel/watcher');
      const subscription = await subscribe(
        this.#path,
        (error, events) => {
          if (error) this.#onError(error);
          else this.#onEvents(events);
        },
        { ignore: [...this.#ignore] },
      );
      this.#state = { kind: 'watched', identity, unsubscribe: () => subscription.unsubscribe() };
    } catch (error) {
      this.#state = { kind: 'unwatchable', identity };
      if (!wasReported) {
        this.#log.warn('a folder cannot be watched and is looked at every few seconds instead', {
          path: this.#path,
          reason: errorMessage(error),
        });
      }
    }
  }

  async #leave(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'missing' };
    if (state.kind !== 'watched') return;
    try {
      await state.unsubscribe();
    } catch (error) {
      // The folder's own watch is gone with the folder.
      this.#log.info('could not stop watching a folder', { path: this.#path, reason: String(error) });
    }
  }

  #onError(error: Error): void {
    this.#log.warn('watching a folder failed', { path: this.#path, reason: error.message });
    this.#enqueue(() => this.#leave());
    this.#enqueue(() => this.#look());
  }

  #onEvents(events: readonly { type: string; path: string }[]): void {
    if (this.#isDisposed) return;
    this.#onChange(events.map(({ path }) => path));
    if (events.some(({ type, path }) => type === 'delete' && path === this.#path)) this.#enqueue(() => this.#look());
    const created = events.filter(({ type }) => type === 'create').map(({ path }) => path);
    if (created.length > 0) void this.#rescanIfNeeded(created);
  }

  /**
   * The watcher misses what is made in a new folder before it has begun to watch it, and so never sees a folder inside.
   * When there is such a one, everything is scanned anew.
   */
  async #rescanIfNeeded(created: readonly string[]): Promise<void> {
    if (this.#isRescanDue || !(await hasUnseenFolder(created))) return;
    this.#isRescanDue = true;
    await sleep(rescanAfterMs, undefined, { ref: false });
    this.#enqueue(async () => {
      this.#isRescanDue = false;
      const state = this.#state;
      if (this.#isDisposed || state.kind !== 'watched') return;
      await this.#leave();
      await this.#enter(state.identity, false);
      this.#onChange([]);
    });
  }
}

async function hasUnseenFolder(created: readonly string[]): Promise<boolean> {
  const seen = new Set(created);
  for (const path of created) {
    const inside = await readdir(path, { withFileTypes: true }).catch(() => []);
    if (inside.some((entry) => entry.isDirectory() && !seen.has(`${path}/${entry.name}`))) return true;
  }
  return false;
}

/** Null: there is no folder at the path. A link is not followed: what it leads to is somebody else's. */
async function identityOf(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isDirectory() === true ? `${String(stats.dev)}:${String(stats.ino)}` : null;
}
