import { isDeepStrictEqual } from 'node:util';

import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Project } from '#shared/contract/projects.ts';

import type { ProjectConfig } from './config.ts';
import type { FoundProject } from './inspect-folder.ts';

export interface ProjectReading {
  project: Project;
  config: ProjectConfig;
}

/** Gathers the many events of one `git checkout` or one save into one look. */
const quietMs = 100;

/** A project that is open: what was last read of it, read again when something has changed. */
export class LiveProject implements Disposable {
  readonly found: FoundProject;
  readonly #read: () => Promise<ProjectReading>;
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new Emitter<Project>());
  #last: ProjectReading;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #lastTookMs = 0;

  constructor(options: {
    found: FoundProject;
    first: ProjectReading;
    read: () => Promise<ProjectReading>;
    changed: (projectPath: string, listener: () => void) => Disposable;
    log: Log;
  }) {
    this.found = options.found;
    this.#last = options.first;
    this.#read = options.read;
    this.#log = options.log;
    this.#owned.add(options.changed(options.found.path, () => this.#refreshSoon()));
    this.#owned.add(toDisposable(() => clearTimeout(this.#timer ?? undefined)));
  }

  readonly onDidChange = this.#changed.event;

  get last(): ProjectReading {
    return this.#last;
  }

  /** Resolves when a look that started after this call has ended. Looks never overlap; there is none once this is disposed. */
  refresh(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#look().finally(() => {
        this.#reading = null;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading.then(() => {
      this.#next = null;
      return this.refresh();
    });
    return this.#next;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #refreshSoon(): void {
    if (this.#timer || this.#owned.isDisposed) return;
    // In a large repository a look takes long, and an agent that writes all the time must not make it permanent.
    const wait = Math.max(quietMs, 2 * this.#lastTookMs);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.refresh();
    }, wait);
  }

  async #look(): Promise<void> {
    if (this.#owned.isDisposed) return;
    const startedAt = performance.now();
    try {
      const reading = await this.#read();
      if (this.#owned.isDisposed) return;
      const isNew = !isDeepStrictEqual(reading.project, this.#last.project);
      this.#last = reading;
      if (isNew) this.#changed.fire(reading.project);
    } catch (error) {
      // The folder may be on its way elsewhere, or Git busy: what was last seen stays until the next look.
      this.#log.error('could not look at the project again', error, { path: this.found.path });
    } finally {
      this.#lastTookMs = performance.now() - startedAt;
    }
  }
}
