import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { StatusRow } from '#main/services/figures/spans.ts';
import { GitError } from '#main/services/git/git.ts';
import { Recomputer, type Pace } from '#main/services/review/recomputer.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { Variant, VariantsState } from '#shared/contract/variants.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import type { ComparedRun, Comparison, RunComparer } from './compare-runs.ts';
import type { VariantProject } from './variant-ports.ts';
import { workTime } from './work-time.ts';

export interface SpecVariantsOptions {
  project: VariantProject;
  slug: SpecSlug;
  comparer: RunComparer;
  runs: () => readonly Run[];
  proposeBranch: () => string;
  history: (ids: readonly RunId[]) => ReadonlyMap<RunId, readonly StatusRow[]>;
  log: Log;
  pace: Pace;
  now: () => number;
}

/** So many files are listed; of the others only the number is told. */
const listedFiles = 5000;

/** The runs of one spec beside each other, kept up to date while somebody listens. */
export class SpecVariants implements Disposable {
  readonly #options: SpecVariantsOptions;
  readonly #owned = new DisposableStore();
  readonly #recomputer: Recomputer;
  readonly #listeners = new Set<{ call: (state: VariantsState) => void }>();
  #comparison: Comparison | null = null;
  #state: VariantsState | null = null;
  #pushed = '';
  #places = '';

  constructor(options: SpecVariantsOptions) {
    this.#options = options;
    const { log, project, slug, pace } = options;
    this.#recomputer = this.#owned.add(
      new Recomputer({
        task: () => this.#compute(),
        onFailure: (error) => {
          log.error('could not compare the variants', error, { project: project.path, spec: slug });
          const why = error instanceof GitError ? error.message : 'Something went wrong; the log has it.';
          this.#push({ ...this.#empty(), at: options.now(), unavailable: `They could not be compared: ${why}` });
        },
        pace,
      }),
    );
  }

  get isListenedTo(): boolean {
    return this.#listeners.size > 0;
  }

  /** The comparison that was pushed last; null: there is none yet. */
  get comparison(): Comparison | null {
    return this.#comparison;
  }

  listen(listener: (state: VariantsState) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    if (this.#state) listener(this.#state);
    if (this.#listeners.size === 1) this.#recomputer.start();
    return toDisposable(() => {
      this.#listeners.delete(entry);
    });
  }

  /** The runs of the project have changed: most of what changes about a run is nothing to this. */
  runsChanged(): void {
    if (this.#placesOf(this.#options.runs()) !== this.#places) this.#recomputer.ask();
  }

  /** A worktree was looked at. */
  seen(runId: RunId, tree: string, commit: string): void {
    const known = this.#comparison?.runs.find(({ run }) => run.id === runId);
    if (!known) return;
    const node = known.work?.node;
    if (node?.tree !== tree || node.commit !== commit) this.#recomputer.ask();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#listeners.clear();
  }

  async #compute(): Promise<void> {
    const { runs: allRuns, comparer } = this.#options;
    const all = allRuns();
    this.#places = this.#placesOf(all);
    const runs = all.filter(({ decision }) => decision.kind !== 'discard');
    const comparison = await comparer.compare(runs);
    if (this.#owned.isDisposed) return;
    this.#comparison = comparison;
    this.#push(this.#stateOf(comparison, all.length - runs.length));
  }

  #stateOf({ runs, from, haveSameStart, files }: Comparison, discarded: number): VariantsState {
    const { now, history: historyOf } = this.#options;
    const at = now();
    const history = historyOf(runs.map(({ run }) => run.id));
    return {
      ...this.#empty(),
      at,
      variants: runs.map((each) => variantOf(each, history.get(each.run.id) ?? [], at)),
      discarded,
      from,
      haveSameStart,
      files: files.slice(0, listedFiles).map(({ file }) => file),
      omittedFiles: Math.max(0, files.length - listedFiles),
    };
  }

  #empty(): VariantsState {
    return {
      at: null,
      variants: [],
      discarded: 0,
      from: null,
      haveSameStart: true,
      files: [],
      omittedFiles: 0,
      proposedBranch: this.#options.proposeBranch(),
      unavailable: null,
    };
  }

  /** What of the runs the comparison depends on, besides their worktrees. */
  #placesOf(runs: readonly Run[]): string {
    return JSON.stringify(
      runs.map(({ id, branch, base, baseCommit, worktreePath, presence, decision, status }) => [
        id,
        branch,
        base,
        baseCommit,
        worktreePath,
        presence,
        decision.kind === 'discard',
        status.kind === 'working',
      ]),
    );
  }

  #push(state: VariantsState): void {
    this.#state = state;
    const text = JSON.stringify({ ...state, at: null, variants: state.variants.map((each) => ({ ...each, at: 0 })) });
    if (text === this.#pushed) return;
    this.#pushed = text;
    for (const { call } of Array.from(this.#listeners)) call(state);
  }
}

function variantOf({ run, work, obstacle }: ComparedRun, history: readonly StatusRow[], at: number): Variant {
  const sum = (of: 'insertions' | 'deletions'): number =>
    (work?.changes ?? []).reduce((total, change) => total + (change[of] ?? 0), 0);
  return {
    runId: run.id,
    tree: work?.node.tree ?? null,
    obstacle,
    hasUncommitted: work?.node.hasUncommitted ?? false,
    leftOut: work?.node.leftOut ?? null,
    files: work?.changes.length ?? 0,
    insertions: sum('insertions'),
    deletions: sum('deletions'),
    subject: work?.subject ?? null,
    ...workTime(history, run.status.kind === 'working', at),
    at,
  };
}
