import { watch, type FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { AsyncSubscription } from '@parcel/watcher';

import { errorCode } from './error-code.ts';
import type { Disposable } from './lifecycle.ts';
import type { Log } from './log.ts';
import { refusePlace } from './project-file.ts';

/** Tells that something in a folder of a project has changed, and also when the folder itself comes or goes. */
export type WatchFolder = (place: { projectPath: string; folder: string }, onDidChange: () => void) => Disposable;

/**
 * Watches a folder directly below a project's top, with everything in it, whether it is there yet or not. Nothing is
 * polled. Where the system refuses to watch, that is logged and changes are not noticed.
 */
export const watchFolderWith =
  (log: Log): WatchFolder =>
  (place, onDidChange) => {
    const watched = new FolderWatch(place, onDidChange, log);
    watched.start();
    return watched;
  };

class FolderWatch implements Disposable {
  readonly #place: { projectPath: string; folder: string };
  readonly #onDidChange: () => void;
  readonly #log: Log;
  #parent: FSWatcher | null = null;
  /** The folder that is watched now, by what it is and not by its name: another can take its place. */
  #inside: { identity: string; subscription: AsyncSubscription } | null = null;
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #disposed = false;

  constructor(place: { projectPath: string; folder: string }, onDidChange: () => void, log: Log) {
    this.#place = place;
    this.#onDidChange = onDidChange;
    this.#log = log;
  }

  start(): void {
    try {
      // Only the top folder itself: all of a project would be far too much to watch for one folder's coming and going.
      this.#parent = watch(this.#place.projectPath, (_event, name) => {
        if (name === null || name === this.#place.folder) this.#look();
      });
      this.#parent.on('error', (error) => {
        this.#log.warn('a project folder is no longer watched', { reason: error.message });
      });
    } catch (error) {
      this.#log.warn('a project folder cannot be watched', { reason: errorCode(error) ?? String(error) });
    }
    this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    this.#parent?.close();
    this.#leave();
  }

  /** Makes what is watched match what is there. Runs once at a time; what happens meanwhile makes it run again. */
  #look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#follow()
      .catch((error: unknown) => {
        this.#log.warn('a folder cannot be watched', {
          folder: this.#place.folder,
          reason: errorCode(error) ?? String(error),
        });
      })
      .finally(() => {
        this.#looking = null;
        if (!this.#lookAgain || this.#disposed) return;
        this.#lookAgain = false;
        this.#look();
      });
  }

  async #follow(): Promise<void> {
    const found = await this.#find();
    if (this.#disposed || found?.identity === this.#inside?.identity) return;
    this.#leave();
    if (found !== null) {
      // Loaded here, so that a system without its binary has an app that does not notice and not none.
      const { subscribe } = await import('@parcel/watcher');
      const subscription = await subscribe(found.path, (error) => {
        if (error) this.#log.warn('watching a folder failed', { folder: this.#place.folder, reason: error.message });
        this.#tell();
      });
      this.#inside = { identity: found.identity, subscription };
      if (this.#disposed) this.#leave();
    }
    // What is in it was there, or went, before the watching began.
    this.#tell();
  }

  async #find(): Promise<{ path: string; identity: string } | null> {
    const { projectPath, folder } = this.#place;
    try {
      const path = await realpath(join(projectPath, folder));
      if (refusePlace(path, await realpath(projectPath)) !== null) return null;
      const stats = await stat(path, { bigint: true });
      return stats.isDirectory() ? { path, identity: `${path}:${stats.dev}:${stats.ino}` } : null;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  }

  #leave(): void {
    const left = this.#inside;
    this.#inside = null;
    left?.subscription.unsubscribe().catch((error: unknown) => {
      this.#log.warn('a folder is still watched', { reason: String(error) });
    });
  }

  #tell(): void {
    if (!this.#disposed) this.#onDidChange();
  }
}
