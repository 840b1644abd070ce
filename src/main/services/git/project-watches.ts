import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';

import { RepositoryWatcher } from './repository-watcher.ts';

/** Something in an open project may have changed. `worktreePath` null: refs, which concern all of it. */
export interface ProjectChange {
  projectPath: string;
  worktreePath: string | null;
}

interface Watched {
  commonDir: string;
  watcher: RepositoryWatcher;
  worktreePaths: readonly string[];
  owned: DisposableStore;
}

/** One watcher for each open project, on its main checkout and on the worktrees of its runs; everyone listens here. */
export class ProjectWatches implements Disposable {
  readonly #log: Log;
  readonly #watched = new Map<string, Watched>();
  readonly #didChange = new Emitter<ProjectChange>();

  readonly onDidChange = this.#didChange.event;

  constructor(options: { log: Log }) {
    this.#log = options.log;
  }

  /** Begins to watch a project, or does nothing when it is watched already. */
  add(projectPath: string, commonDir: string): void {
    if (this.#watched.has(projectPath)) return;
    const owned = new DisposableStore();
    const watcher = owned.add(new RepositoryWatcher({ log: this.#log }));
    owned.add(
      watcher.onDidChange((change) => {
        this.#didChange.fire({ projectPath, worktreePath: change.kind === 'files' ? change.worktreePath : null });
      }),
    );
    this.#watched.set(projectPath, { commonDir, watcher, worktreePaths: [], owned });
    this.#apply(projectPath);
  }

  /** The worktrees of a project that are worth watching now, besides its main checkout. */
  setWorktrees(projectPath: string, worktreePaths: readonly string[]): void {
    const watched = this.#watched.get(projectPath);
    if (!watched || sameList(watched.worktreePaths, worktreePaths)) return;
    this.#watched.set(projectPath, { ...watched, worktreePaths });
    this.#apply(projectPath);
  }

  /** Refs, or files of this checkout, of a project. */
  follow(projectPath: string, listener: () => void): Disposable {
    const heard = this.onDidChange((change) => {
      const concerns = change.worktreePath === null || change.worktreePath === projectPath;
      if (change.projectPath === projectPath && concerns) listener();
    });
    return toDisposable(() => {
      heard.dispose();
    });
  }

  dispose(): void {
    for (const { owned } of this.#watched.values()) owned.dispose();
    this.#watched.clear();
    this.#didChange.dispose();
  }

  #apply(projectPath: string): void {
    const watched = this.#watched.get(projectPath);
    if (!watched) return;
    const { commonDir, watcher, worktreePaths } = watched;
    watcher.watch({ commonDir, worktreePaths: [projectPath, ...worktreePaths] }).catch((error: unknown) => {
      this.#log.error('a project could not be watched', error, { projectPath });
    });
  }
}

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
