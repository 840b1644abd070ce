import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { ProjectChange } from '#main/services/git/project-watches.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { review as contract, ReviewState } from '#shared/contract/review.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { computeReview, type ComputedReview } from './compute-review.ts';
import { ContentIds } from './content-ids.ts';
import { readContent } from './read-content.ts';
import { readSides, type FileSides } from './read-sides.ts';
import { Recomputer, type Pace } from './recomputer.ts';
import type { ChangesPort, GitPort, ReviewedRun, RunsPort, ViewedPort } from './review-ports.ts';
import type { NothingThere } from './review-range.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** One working out is about ten Git processes; so while an agent writes without a pause, its review costs two a second. */
const defaultPace: Pace = { settle: 300, rest: 5000 };

interface Watch {
  listeners: Set<{ call: (state: ReviewState) => void }>;
  recomputer: Recomputer;
  /** What was worked out last; null before the first time. */
  found: ComputedReview | NothingThere | null;
  /** The run as it was then. */
  place: string;
  /** What was pushed last, to push only what is new. */
  pushed: string;
  owned: DisposableStore;
}

interface ReviewsOptions {
  git: GitPort;
  runs: RunsPort;
  viewed: ViewedPort;
  changed: ChangesPort;
  log: Log;
  pace?: Pace;
}

/** What runs changed, file by file. Worked out only while somebody looks, and then again whenever something moves. */
export class Reviews implements Api, Disposable {
  readonly #options: ReviewsOptions;
  readonly #watches = new Map<RunId, Watch>();
  readonly #contentIds = new Map<RunId, ContentIds>();
  /** One working out at a time for each run, whoever asked for it. */
  readonly #queue = new SerialQueue();

  constructor(options: ReviewsOptions) {
    this.#options = options;
  }

  dispose(): void {
    for (const watch of this.#watches.values()) watch.owned.dispose();
    this.#watches.clear();
  }

  onDidChange({ id }: { id: RunId }, listener: (state: ReviewState) => void): Disposable {
    const watch = this.#watches.get(id) ?? this.#watch(id);
    const entry = { call: listener };
    watch.listeners.add(entry);
    if (watch.found !== null) listener(this.#stateOf(id, watch.found));
    return toDisposable(() => {
      watch.listeners.delete(entry);
      if (watch.listeners.size > 0 || this.#watches.get(id) !== watch) return;
      watch.owned.dispose();
      this.#watches.delete(id);
      this.#contentIds.delete(id);
    });
  }

  async content(input: { id: RunId; path: string; showHuge: boolean }): Answer<'content'> {
    const found = this.#watches.get(input.id)?.found ?? (await this.#compute(input.id));
    if (found.kind !== 'review') return fail({ kind: 'not-in-review' });
    const entry = found.entries.find(({ file }) => file.path === input.path);
    if (!entry) return fail({ kind: 'not-in-review' });
    return ok(await readContent(this.#options.git, found, entry, input.showHuge));
  }

  /** Whether a run changed this file. */
  async holds(id: RunId, path: string): Promise<boolean> {
    const found = this.#watches.get(id)?.found ?? (await this.#compute(id));
    return found.kind === 'review' && found.entries.some(({ file }) => file.path === path);
  }

  /**
   * Both sides of a file as text, also of one that the run left as it was; null for a side that is not there or is no text,
   * and for all of it when there is nothing to review. A renamed file is found by its old name, too.
   */
  async sides(id: RunId, path: string): Promise<FileSides | null> {
    const found = this.#watches.get(id)?.found ?? (await this.#compute(id));
    return found.kind === 'review' ? readSides(this.#options.git, found, path) : null;
  }

  /** Where a run's files are, and what a file was called before; null when there is nothing to review. */
  async filesOf(
    id: RunId,
    path: string,
  ): Promise<{
    projectPath: string;
    worktreePath: string | null;
    head: string;
    mergeBase: string;
    oldPath: string;
  } | null> {
    const found = this.#watches.get(id)?.found ?? (await this.#compute(id));
    if (found.kind !== 'review') return null;
    const { projectPath, worktreePath, review, entries } = found;
    const oldPath = entries.find(({ file }) => file.path === path)?.file.oldPath ?? path;
    return { projectPath, worktreePath, head: review.head, mergeBase: review.mergeBase, oldPath };
  }

  setViewed(input: { id: RunId; path: string; version: string; viewed: boolean }): Answer<'setViewed'> {
    if (this.#options.runs.find(input.id) === null) return Promise.resolve(fail({ kind: 'run-missing' }));
    this.#options.viewed.set(input.id, input.path, input.viewed ? input.version : null);
    const watch = this.#watches.get(input.id);
    if (watch) this.#push(input.id, watch);
    return Promise.resolve(ok(undefined));
  }

  #watch(id: RunId): Watch {
    const { runs, changed, log, pace } = this.#options;
    const owned = new DisposableStore();
    const recomputer = owned.add(
      new Recomputer({
        task: async () => {
          const place = placeOf(runs.find(id));
          const found = await this.#compute(id);
          if (owned.isDisposed) return;
          watch.place = place;
          watch.found = found;
          this.#push(id, watch);
        },
        onFailure: (error) => log.error('could not work a review out', error, { run: id }),
        pace: pace ?? defaultPace,
      }),
    );
    const watch: Watch = { listeners: new Set(), recomputer, found: null, place: '', pushed: '', owned };
    this.#watches.set(id, watch);
    owned.add(
      runs.onDidChange((other) => {
        // Most of what changes about a run, such as its status, is nothing to its review.
        if (other === id && placeOf(runs.find(id)) !== watch.place) recomputer.ask();
      }),
    );
    owned.add(
      changed((event) => {
        if (concerns(event, runs.find(id), watch.found)) recomputer.ask();
      }),
    );
    recomputer.start();
    return watch;
  }

  #compute(id: RunId): Promise<ComputedReview | NothingThere> {
    return this.#queue.run(id, () => {
      const run = this.#options.runs.find(id);
      if (run === null) return Promise.resolve<NothingThere>({ kind: 'nothing-there', reason: 'run-missing' });
      const contentIds = this.#contentIds.get(id) ?? new ContentIds();
      if (this.#watches.has(id)) this.#contentIds.set(id, contentIds);
      return computeReview(this.#options.git, run, contentIds);
    });
  }

  #stateOf(id: RunId, found: ComputedReview | NothingThere): ReviewState {
    if (found.kind === 'nothing-there') return found;
    const viewed = this.#options.viewed.get(id);
    const files = found.entries.map(({ file }) => ({ ...file, viewed: viewed.get(file.path) === file.version }));
    return { kind: 'review', review: { ...found.review, files } };
  }

  #push(id: RunId, watch: Watch): void {
    if (watch.found === null) return;
    const state = this.#stateOf(id, watch.found);
    const text = JSON.stringify(state);
    if (text === watch.pushed) return;
    watch.pushed = text;
    for (const { call } of Array.from(watch.listeners)) call(state);
  }
}

const placeOf = (run: ReviewedRun | null): string =>
  run === null ? '' : JSON.stringify([run.branch, run.base, run.baseCommit, run.worktreePath]);

function concerns(event: ProjectChange, run: ReviewedRun | null, found: ComputedReview | NothingThere | null): boolean {
  if (run === null || event.projectPath !== run.projectPath) return false;
  if (event.worktreePath === null || event.worktreePath === run.worktreePath) return true;
  return found?.kind === 'review' && event.worktreePath === found.worktreePath;
}
