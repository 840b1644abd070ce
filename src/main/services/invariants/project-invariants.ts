import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { WatchFolder } from '#main/base/watch-folder.ts';
import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import { promptsRoot } from '#main/services/prompts/prompt-sources.ts';
import { readBranchChanges, type BranchChange } from '#main/services/radar/branch-changes.ts';
import type { LookedAt } from '#main/services/radar/project-radar.ts';
import { Recomputer, type Pace } from '#main/services/review/recomputer.ts';
import type { ChangedInvariant, RunInvariants } from '#shared/contract/invariants.ts';
import { isInFootprint } from '#shared/footprint/footprint.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import { checkInvariants, type CheckedRules } from './check-invariants.ts';
import type { CheckedRun, FollowFootprints, RadarPort } from './invariant-ports.ts';
import { readInvariants, type Invariant } from './read-invariants.ts';
import type { ToldInvariants } from './told-invariants.ts';

export interface ProjectInvariantsOptions {
  id: ProjectId;
  path: string;
  runs: () => readonly CheckedRun[];
  radar: Pick<RadarPort, 'gitOf'>;
  told: ToldInvariants;
  footprints: FollowFootprints;
  watch: WatchFolder;
  log: Log;
  pace?: Pace;
}

const defaultPace: Pace = { settle: 150, rest: 1000 };
const mostStrays = 100;

/** One branch at one state, compared and held against rules; kept until it is another state or other rules hold. */
interface Checked {
  base: string;
  commit: string;
  from: string;
  tree: string;
  changes: readonly BranchChange[];
  rules: string | null;
  result: CheckedRules;
  /** What lies outside of a footprint, while that is this very list. */
  outside: { of: readonly string[]; paths: readonly string[] } | null;
}

const noFootprint: readonly string[] = [];

/** The branches of one project held against its rules, again whenever either changes, while somebody listens. */
export class ProjectInvariants implements Disposable {
  readonly #options: ProjectInvariantsOptions;
  readonly #owned = new DisposableStore();
  readonly #recomputer: Recomputer;
  readonly #turns = new SerialQueue();
  readonly #didCompute = this.#owned.add(new Emitter<void>());
  readonly #seen = new Map<RunId, LookedAt>();
  readonly #checked = new Map<RunId, Checked>();
  #states: ReadonlyMap<RunId, RunInvariants> = new Map();
  #invariants: readonly Invariant[] | null = null;
  #footprints: ReadonlyMap<string, readonly string[]> = new Map();
  #isWatching = false;

  /** What is known of the runs may have changed. */
  readonly onDidCompute = this.#didCompute.event;

  constructor(options: ProjectInvariantsOptions) {
    this.#options = options;
    this.#recomputer = this.#owned.add(
      new Recomputer({
        task: () => this.#inTurn(),
        onFailure: (error) => options.log.error('the invariants could not be checked', error, { path: options.path }),
        pace: options.pace ?? defaultPace,
      }),
    );
  }

  get states(): ReadonlyMap<RunId, RunInvariants> {
    return this.#states;
  }

  /** Follows the rules and the footprints from now on. */
  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { id, path, watch, footprints } = this.#options;
    this.#owned.add(
      watch({ projectPath: path, folder: promptsRoot }, () => {
        this.#invariants = null;
        this.ask();
      }),
    );
    this.#owned.add(
      footprints(id, (present) => {
        this.#footprints = present;
        this.ask();
      }),
    );
    this.#recomputer.start();
  }

  /** A run's worktree was looked at. */
  seen(looked: LookedAt): void {
    this.#seen.set(looked.runId, looked);
    this.ask();
  }

  ask(): void {
    if (this.#isWatching) this.#recomputer.ask();
  }

  /** The rules as they are on disk now. */
  async present(): Promise<readonly Invariant[]> {
    this.#invariants = await readInvariants(this.#options.path);
    return this.#invariants;
  }

  /** Looks at everything again now, not when its time comes. */
  async computeNow(): Promise<void> {
    this.#invariants = null;
    await this.#inTurn();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** One after the other, so that no older answer overwrites a newer one. */
  #inTurn(): Promise<void> {
    return this.#turns.run('compute', () => this.#compute());
  }

  async #compute(): Promise<void> {
    const invariants = (this.#invariants ??= await readInvariants(this.#options.path));
    const rules = invariants.map(({ id, version }) => `${id} ${version}`).join('\n');
    const runs = this.#options.runs();
    const states = new Map<RunId, RunInvariants>();
    for (const run of runs) states.set(run.id, await this.#stateOf(run, invariants, rules));
    for (const known of [this.#seen, this.#checked]) {
      for (const id of known.keys()) if (!states.has(id)) known.delete(id);
    }
    if (this.#owned.isDisposed) return;
    this.#states = states;
    this.#didCompute.fire();
  }

  async #stateOf(run: CheckedRun, invariants: readonly Invariant[], rules: string): Promise<RunInvariants> {
    const checked = await this.#check(run, invariants, rules);
    const footprint = run.isSplitting ? noFootprint : (this.#footprints.get(run.spec) ?? noFootprint);
    const strays = checked === null ? [] : outsideOf(checked, footprint);
    return {
      runId: run.id,
      tree: checked?.tree ?? null,
      checked: invariants.filter((invariant) => invariant.hasRules).length,
      findings: checked?.result.findings ?? [],
      omitted: checked?.result.omitted ?? 0,
      unchecked: checked?.result.unchecked ?? [],
      strays: { count: strays.length, paths: strays.slice(0, mostStrays) },
      behind: this.#behind(run, invariants),
    };
  }

  /** Null: it has not been looked at yet, or shares no history with its base. */
  async #check(run: CheckedRun, invariants: readonly Invariant[], rules: string): Promise<Checked | null> {
    const seen = this.#seen.get(run.id);
    const port = this.#options.radar.gitOf(this.#options.id);
    if (!seen || !port || seen.base === null) return null;
    const { git, cwd } = port;
    const { tree, base, commit } = seen;
    const known = this.#checked.get(run.id);
    const from =
      known?.base === base && known.commit === commit ? known.from : await mergeBaseOf(git, cwd, base, commit);
    if (from === null) return null;
    const isSame = known?.from === from && known.tree === tree;
    if (isSame && known.rules === rules) return known;
    const changes = isSame ? known.changes : await readBranchChanges(git, cwd, { from, tree });
    const result = await checkInvariants(git, { cwd, from, tree, changes }, invariants);
    const checked: Checked = { base, commit, from, tree, changes, rules, result, outside: null };
    this.#checked.set(run.id, checked);
    return checked;
  }

  #behind({ id, given }: CheckedRun, invariants: readonly Invariant[]): readonly ChangedInvariant[] {
    if (given === null) return [];
    const known = new Map([...given, ...this.#options.told.of(id)]);
    const present = new Map(invariants.map((invariant) => [invariant.id, invariant]));
    const changed = invariants.flatMap(({ id: invariant, title, version }): readonly ChangedInvariant[] => {
      const before = known.get(invariant) ?? '';
      if (before === version) return [];
      return [
        { id: invariant, title, change: before === '' ? 'added' : 'changed', given: before || null, now: version },
      ];
    });
    const removed = [...known].flatMap(([invariant, version]): readonly ChangedInvariant[] =>
      version === '' || present.has(invariant)
        ? []
        : [{ id: invariant, title: invariant, change: 'removed', given: version, now: null }],
    );
    return [...changed, ...removed];
  }
}

/** Thousands of paths are not held against the globs with every word of an agent, only when either has changed. */
function outsideOf(checked: Checked, footprint: readonly string[]): readonly string[] {
  if (checked.outside?.of === footprint) return checked.outside.paths;
  const paths = checked.changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
  const outside = [...new Set(paths)].filter((path) => !isInFootprint(path, footprint));
  checked.outside = { of: footprint, paths: outside };
  return outside;
}
