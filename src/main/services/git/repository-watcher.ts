import { dirname, join, sep } from 'node:path';

import { canonicalPath } from '#main/base/canonical-path.ts';
import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';

import { WatchedFolder } from './watched-folder.ts';
import { checkoutOf } from './worktree-checkout.ts';

export type RepositoryChange =
  /** A branch, a tag, HEAD of some checkout, or the list of worktrees. */
  | { kind: 'refs' }
  /** Files or the index of one checkout. The path is as it was given. */
  | { kind: 'files'; worktreePath: string };

/** After the last change of a burst; a person does not notice it, and Git is asked once and not for each file. */
const quietMs = 150;
/** While it does not become quiet, as when an agent writes without a pause. */
const atLeastEveryMs = 1000;

/** What in Git's common directory says nothing about refs and checkouts, or is our own. */
const ignoredInGit = ['objects', 'logs', 'hooks', 'info', 'lfs', 'modules', 'switchyard', 'worktrees/*/logs'];
/** Dependencies and caches: thousands of folders whose changes are nobody's work. */
const ignoredInCheckout = ['**/.git', '**/node_modules', '**/.venv', '**/__pycache__', '**/.gradle', '**/.turbo'];

/** Tells when something in a repository or its checkouts may have changed, so that nobody has to ask in vain. */
export class RepositoryWatcher implements Disposable {
  readonly #log: Log;
  readonly #lookEveryMs: number;
  readonly #changes = new Emitter<RepositoryChange>();
  readonly #bursts = new Map<string, { first: number; timer: NodeJS.Timeout }>();
  readonly #checkouts = new Map<string, WatchedFolder>();
  /** Canonical paths of the checkouts that are watched, to the paths as they were given. */
  #given = new Map<string, string>();
  #common: { path: string; folder: WatchedFolder } | null = null;
  #work: Promise<void> = Promise.resolve();
  #isDisposed = false;

  /** What changed may be told too often, never too seldom. Bursts are told once. */
  readonly onDidChange = this.#changes.event;

  /** `lookEveryMs`: how often folders that cannot be watched, or are not there, are looked at. */
  constructor(options: { log: Log; lookEveryMs?: number }) {
    this.#log = options.log;
    this.#lookEveryMs = options.lookEveryMs ?? 5000;
  }

  /**
   * From now on watches these and no others; call it again when worktrees come and go. Folders need not be there yet.
   * Settles when they are watched.
   */
  watch(paths: { commonDir: string; worktreePaths: readonly string[] }): Promise<void> {
    this.#work = this.#work.then(() => this.#watch(paths));
    return this.#work;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#common?.folder.dispose();
    for (const folder of this.#checkouts.values()) folder.dispose();
    this.#checkouts.clear();
    for (const { timer } of this.#bursts.values()) clearTimeout(timer);
    this.#bursts.clear();
    this.#changes.dispose();
  }

  async #watch({ commonDir, worktreePaths }: { commonDir: string; worktreePaths: readonly string[] }): Promise<void> {
    const given = new Map<string, string>();
    for (const path of worktreePaths) given.set(await canonicalPath(path), path);
    const common = await canonicalPath(commonDir);
    if (this.#isDisposed) return;
    this.#given = given;
    if (this.#common?.path !== common) {
      this.#common?.folder.dispose();
      const folder = this.#start(common, ignoredInGit, (changed) => this.#onGitChange(common, changed));
      this.#common = { path: common, folder };
    }
    for (const [path, folder] of this.#checkouts) {
      if (given.has(path)) continue;
      folder.dispose();
      this.#checkouts.delete(path);
    }
    for (const path of given.keys()) {
      if (this.#checkouts.has(path)) continue;
      const onChange = (changed: readonly string[]): void => this.#onFileChange(path, changed);
      this.#checkouts.set(path, this.#start(path, ignoredInCheckout, onChange));
    }
    await Promise.all([this.#common.folder, ...this.#checkouts.values()].map((folder) => folder.settled()));
  }

  #start(path: string, ignore: readonly string[], onChange: (changed: readonly string[]) => void): WatchedFolder {
    const folder = new WatchedFolder({ path, ignore, onChange, lookEveryMs: this.#lookEveryMs, log: this.#log });
    folder.start();
    return folder;
  }

  #onFileChange(checkout: string, changed: readonly string[]): void {
    if (changed.length === 0) this.#touched(checkout);
    for (const path of changed) {
      const owner = this.#ownerOf(path, checkout);
      if (owner === checkout) {
        this.#touched(checkout);
        return;
      }
    }
  }

  /** The innermost checkout: a worktree can lie inside the main checkout, and tells of its own changes itself. */
  #ownerOf(path: string, checkout: string): string {
    let owner = checkout;
    for (const other of this.#given.keys()) {
      if (other.length > owner.length && (path === other || path.startsWith(other + sep))) owner = other;
    }
    return owner;
  }

  #onGitChange(commonDir: string, changed: readonly string[]): void {
    if (changed.length === 0) this.#announce('refs', { kind: 'refs' });
    for (const path of changed) {
      const what = classifyGitPath(path.slice(commonDir.length + 1).split(sep));
      if (what === 'refs') this.#announce('refs', { kind: 'refs' });
      else if (what !== null) void this.#onIndexChange(commonDir, what.worktreeId);
    }
  }

  async #onIndexChange(commonDir: string, worktreeId: string | null): Promise<void> {
    if (worktreeId === null) {
      this.#touched(dirname(commonDir));
      return;
    }
    const checkout = await checkoutOf(join(commonDir, 'worktrees', worktreeId));
    if (checkout !== null) this.#touched(await canonicalPath(checkout));
  }

  #touched(checkout: string): void {
    const worktreePath = this.#given.get(checkout);
    if (worktreePath !== undefined) this.#announce(`files ${checkout}`, { kind: 'files', worktreePath });
  }

  #announce(key: string, change: RepositoryChange): void {
    if (this.#isDisposed) return;
    const now = performance.now();
    const burst = this.#bursts.get(key);
    if (burst !== undefined) clearTimeout(burst.timer);
    const first = burst?.first ?? now;
    const wait = Math.max(0, Math.min(quietMs, first + atLeastEveryMs - now));
    const timer = setTimeout(() => {
      this.#bursts.delete(key);
      this.#changes.fire(change);
    }, wait);
    this.#bursts.set(key, { first, timer });
  }
}

/** What a path below the common Git directory tells of; null: of nothing that anybody asks about. */
export function classifyGitPath(parts: readonly string[]): 'refs' | { worktreeId: string | null } | null {
  const [top = '', id, ...rest] = parts;
  // Locks come and go with every write; what they guard is renamed into place and told of by its own name.
  if (parts.at(-1)?.endsWith('.lock') === true) return null;
  if (top === 'index' && id === undefined) return { worktreeId: null };
  if (top === 'HEAD' || top === 'packed-refs' || top === 'refs' || top === 'reftable') return 'refs';
  if (top !== 'worktrees') return null;
  if (id === undefined || rest.length === 0) return 'refs';
  if (rest[0] === 'index') return { worktreeId: id };
  return rest[0] === 'HEAD' || rest[0] === 'refs' || rest[0] === 'gitdir' || rest[0] === 'locked' ? 'refs' : null;
}
