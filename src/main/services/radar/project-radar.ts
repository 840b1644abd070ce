import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { unfitGit } from '#main/services/git/needed-git.ts';
import { resolveBase, resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { Recomputer, type Pace } from '#main/services/review/recomputer.ts';
import type { RadarBranch, RadarOutcome, RadarPair, RadarSignal, RadarState } from '#shared/contract/radar.ts';
import type { RunId } from '#shared/ids.ts';

import { mergeBatch, type MergeAnswer, type MergeQuestion } from './merge-batch.ts';
import { pairKey } from './pair-key.ts';
import { presentCommit, type PresentCommit } from './present-commit.ts';
import type { GitPort, RadarProject, RadarRun } from './radar-ports.ts';
import { SideObjects } from './side-objects.ts';

/** A run with the commits that are compared. */
export interface RadarNode extends PresentCommit {
  run: RadarRun;
  /** The branch's own commit, without what is not committed. */
  tip: string;
  /** The base's commit; null where there is no such branch. */
  base: string | null;
  /** Where its files are; null: nowhere. */
  worktreePath: string | null;
}

/** A run's worktree as it was found: the tree of everything in it, as a commit, and the base that it is to be merged into. */
export interface LookedAt {
  runId: RunId;
  tree: string;
  commit: string;
  base: string | null;
}

/** What two branches come to beyond text; see `signals/`. */
export type FindSignals = (
  ports: { git: GitPort; cwd: string },
  nodes: readonly RadarNode[],
  pairs: readonly RadarPair[],
) => Promise<ReadonlyMap<string, readonly RadarSignal[]>>;

export interface ProjectRadarOptions {
  git: GitPort;
  log: Log;
  project: RadarProject;
  runs: () => readonly RadarRun[];
  findSignals: FindSignals | null;
  pace?: Pace;
  /** Milliseconds from any beginning; default: a clock that only goes forward. */
  now?: () => number;
}

/**
 * An agent writes without a pause. A look at one changed branch takes about eight Git processes, and the merges of all its
 * pairs one more: at this pace fewer than sixty a minute.
 */
const defaultPace: Pace = { settle: 1000, rest: 8000 };
/** A merge of so many changed files takes up to a second, and there may be many of them. */
const hugeMilliseconds = 400;
/** Pairs that were slow are merged again no sooner than this. */
const hugeRestMilliseconds = 30_000;
/** Into so many groups those are divided among which slow ones are looked for: a process each. */
const suspectGroups = 4;

/** What the active branches of one project collide in, kept up to date while somebody listens. */
export class ProjectRadar implements Disposable {
  readonly #options: ProjectRadarOptions;
  readonly #side: SideObjects;
  readonly #owned = new DisposableStore();
  #later: NodeJS.Timeout | null = null;
  readonly #recomputer: Recomputer;
  readonly #listeners = new Set<{ call: (state: RadarState) => void }>();
  /** By the two commits. What was merged once is not merged again. */
  readonly #answers = new Map<string, MergeAnswer>();
  /** Pairs, by their runs, whose merge was slow, and when it was last made. */
  readonly #slow = new Map<string, number>();
  /** Pairs, by their runs, of which one or more were slow when they were merged together. */
  readonly #suspects = new Set<string>();
  readonly #now: () => number;
  readonly #nodes = new Map<RunId, RadarNode>();
  /** Worktrees that may have changed since they were looked at; null: all of them. */
  #changed: Set<string> | null = null;
  #looked = new Map<string, PresentCommit>();
  #state: RadarState = { at: null, branches: [], pairs: [], unavailable: null };
  #pushed = '';
  readonly #didLook = this.#owned.add(new Emitter<LookedAt>());

  /** A run's worktree was looked at. */
  readonly onDidLook = this.#didLook.event;

  constructor(options: ProjectRadarOptions) {
    this.#options = options;
    const { git, project, log, pace = defaultPace, now = () => performance.now() } = options;
    this.#now = now;
    this.#side = new SideObjects({ git, commonDir: project.commonDir, name: 'radar-objects' });
    this.#recomputer = this.#owned.add(
      new Recomputer({
        task: () => this.#compute(),
        onFailure: (error) => log.error('could not work the radar out', error, { project: project.path }),
        pace,
      }),
    );
  }

  get isListenedTo(): boolean {
    return this.#listeners.size > 0;
  }

  /** Git, with objects that go beside the repository. */
  get git(): GitPort {
    return this.#side.git;
  }

  get state(): RadarState {
    return this.#state;
  }

  listen(listener: (state: RadarState) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    listener(this.#state);
    if (this.#listeners.size === 1) {
      this.#changed = null;
      this.#recomputer.start();
    }
    return toDisposable(() => {
      this.#listeners.delete(entry);
    });
  }

  /** Files of this checkout may have changed; null: refs, which concern all. */
  changed(worktreePath: string | null): void {
    if (worktreePath === null) this.#changed = null;
    else this.#changed?.add(worktreePath);
    if (this.isListenedTo) this.#recomputer.ask();
  }

  /** Runs have come, gone, or changed. */
  runsChanged(): void {
    if (this.isListenedTo) this.#recomputer.ask();
  }

  /** The branches as they are now, whether or not somebody listens. */
  async look(runs: readonly RadarRun[]): Promise<readonly RadarNode[]> {
    const { project } = this.#options;
    const { git } = this;
    const cwd = project.path;
    const [worktrees, tips, bases] = await Promise.all([
      listWorktrees(git, cwd),
      resolveCommits(
        git,
        cwd,
        runs.map(({ branch }) => `refs/heads/${branch}`),
      ),
      this.#bases(runs),
    ]);
    const nodes: RadarNode[] = [];
    for (const [index, run] of runs.entries()) {
      const tip = tips[index];
      if (!tip) continue;
      const worktreePath = await findRunWorktree(git, worktrees, run);
      const key = `${worktreePath ?? ''}\0${tip}`;
      const isKnown = worktreePath === null || (this.#changed !== null && !this.#changed.has(worktreePath));
      const known = isKnown ? this.#looked.get(key) : undefined;
      const present = known ?? (await presentCommit(git, cwd, worktreePath, tip));
      this.#looked.set(key, present);
      nodes.push({ ...present, run, tip, worktreePath, base: bases.get(run.base) ?? null });
      if (known === undefined) {
        const { tree, commit } = present;
        this.#didLook.fire({ runId: run.id, tree, commit, base: bases.get(run.base) ?? null });
      }
    }
    return nodes;
  }

  /** Merges pairs; those that were merged before are not merged again. */
  async merge(questions: readonly MergeQuestion[]): Promise<readonly MergeAnswer[]> {
    const asked = questions.filter((question) => !this.#answers.has(keyOf(question)));
    const answers = await mergeBatch(this.git, this.#options.project.path, asked);
    for (const [index, question] of asked.entries()) {
      const answer = answers[index];
      if (answer) this.#answers.set(keyOf(question), answer);
    }
    return questions.map((question) => this.#answers.get(keyOf(question)) ?? { kind: 'unrelated' });
  }

  /** Throws away what was written to compare with. */
  async end(): Promise<void> {
    this.dispose();
    await this.#side.clear();
  }

  dispose(): void {
    clearTimeout(this.#later ?? undefined);
    this.#owned.dispose();
    this.#listeners.clear();
  }

  async #compute(): Promise<void> {
    const unfit = await unfitGit(this.#options.git);
    if (unfit !== null) {
      const unavailable =
        unfit.kind === 'git-missing'
          ? 'There is no Git to be found.'
          : `Merges are tried with Git ${unfit.needed} or newer; this is ${unfit.found}.`;
      this.#push({ at: Date.now(), branches: [], pairs: [], unavailable });
      return;
    }
    if (this.#answers.size > mostAnswers) this.#answers.clear();
    const changed = this.#changed;
    const runs = this.#options.runs();
    const nodes = await this.look(runs);
    // What changed while we looked is looked at next time.
    if (this.#changed === changed) this.#changed = new Set();
    this.#forget(nodes);
    this.#nodes.clear();
    for (const node of nodes) this.#nodes.set(node.run.id, node);
    const pairs = await this.#pairs(nodes);
    const { findSignals } = this.#options;
    const push = (signals: ReadonlyMap<string, readonly RadarSignal[]>): void => {
      this.#push({
        at: Date.now(),
        branches: nodes.map(branchOf),
        pairs: pairs.map((pair) => ({ ...pair, signals: signals.get(pairKey(pair)) ?? [] })),
        unavailable: null,
      });
    };
    // What collides is not to wait for sources to be read; until they are, what was found in them before stands.
    push(new Map(this.#state.pairs.map((pair) => [pairKey(pair), pair.signals])));
    if (findSignals) push(await findSignals({ git: this.git, cwd: this.#options.project.path }, nodes, pairs));
  }

  async #pairs(nodes: readonly RadarNode[]): Promise<readonly RadarPair[]> {
    const asked: { pair: Omit<RadarPair, 'outcome' | 'signals'>; question: MergeQuestion }[] = [];
    for (const [index, one] of nodes.entries()) {
      if (one.base !== null && one.base !== one.commit) {
        const sides = { ours: one.run.base, theirs: one.run.title };
        asked.push({
          pair: { a: one.run.id, b: null, areVariants: false },
          question: { ours: one.base, theirs: one.commit, sides },
        });
      }
      for (const other of nodes.slice(index + 1)) {
        const sides = { ours: one.run.title, theirs: other.run.title };
        asked.push({
          pair: { a: one.run.id, b: other.run.id, areVariants: one.run.spec === other.run.spec },
          question: { ours: one.commit, theirs: other.commit, sides },
        });
      }
    }
    const isDue = ({ pair }: (typeof asked)[number]): boolean => {
      const at = this.#slow.get(pairKey(pair));
      return at === undefined || this.#now() - at > hugeRestMilliseconds;
    };
    const now = asked.filter((each) => this.#answers.has(keyOf(each.question)) || isDue(each));
    await this.#mergeTimed(now.filter(({ question }) => !this.#answers.has(keyOf(question))));
    const answers = await this.merge(now.map(({ question }) => question));
    // What is not due yet keeps what was found before, and is merged when its time has come.
    if (now.length < asked.length) this.#askLater();
    const before = new Map(this.#state.pairs.map((pair) => [pairKey(pair), pair.outcome]));
    const found = new Map(now.map(({ pair }, index) => [pairKey(pair), outcomeOf(answers[index])]));
    return asked.flatMap(({ pair }) => {
      const outcome = found.get(pairKey(pair)) ?? before.get(pairKey(pair));
      return outcome ? [{ ...pair, outcome, signals: [] }] : [];
    });
  }

  /**
   * Merges pairs and finds out which of them are slow. In a batch one huge pair does not show among many small ones, so that all
   * pairs of a slow batch are suspected: the next time they are merged in a few groups, until the slow one is alone in its own.
   */
  async #mergeTimed(fresh: readonly { pair: Pick<RadarPair, 'a' | 'b'>; question: MergeQuestion }[]): Promise<void> {
    const slow = fresh.filter(({ pair }) => this.#slow.has(pairKey(pair)));
    const suspects = fresh.filter((each) => !slow.includes(each) && this.#suspects.has(pairKey(each.pair)));
    const others = fresh.filter((each) => !slow.includes(each) && !suspects.includes(each));
    const size = Math.max(1, Math.ceil(suspects.length / suspectGroups));
    const groups = [others, ...inGroupsOf(1, slow), ...inGroupsOf(size, suspects)];
    for (const group of groups.filter(({ length }) => length > 0)) {
      const began = this.#now();
      await this.merge(group.map(({ question }) => question));
      const ended = this.#now();
      const isSlow = ended - began > hugeMilliseconds;
      // Where one is looked for, it is not to take others with it.
      const areAllSlow =
        isSlow && (group.length === 1 || (group === others && (ended - began) / group.length > hugeMilliseconds));
      for (const { pair } of group) {
        const key = pairKey(pair);
        this.#slow.delete(key);
        this.#suspects.delete(key);
        if (areAllSlow) this.#slow.set(key, ended);
        else if (isSlow) this.#suspects.add(key);
      }
    }
  }

  /** One that is to come already is soon enough: what is not due by then is asked about once more. */
  #askLater(): void {
    if (this.#owned.isDisposed) return;
    this.#later ??= setTimeout(() => {
      this.#later = null;
      if (this.isListenedTo) this.#recomputer.ask();
    }, hugeRestMilliseconds).unref();
  }

  async #bases(runs: readonly RadarRun[]): Promise<ReadonlyMap<string, string | null>> {
    const names = [...new Set(runs.map(({ base }) => base))];
    const commits = await Promise.all(names.map((name) => resolveBase(this.git, this.#options.project.path, name)));
    return new Map(names.map((name, index) => [name, commits[index] ?? null]));
  }

  /** Answers about commits that are no longer anybody's. */
  #forget(nodes: readonly RadarNode[]): void {
    const present = new Set(nodes.flatMap(({ commit, base }) => (base === null ? [commit] : [commit, base])));
    for (const key of this.#answers.keys()) {
      const [ours = '', theirs = ''] = key.split(' ');
      if (!present.has(ours) || !present.has(theirs)) this.#answers.delete(key);
    }
    const kept = new Map(nodes.map((node) => [node.worktreePath ?? '', node]));
    this.#looked = new Map(Array.from(this.#looked).filter(([key]) => kept.has(key.split('\0')[0] ?? '')));
  }

  #push(state: RadarState): void {
    this.#state = state;
    const text = JSON.stringify({ ...state, at: null });
    if (text === this.#pushed) return;
    this.#pushed = text;
    for (const { call } of Array.from(this.#listeners)) call(state);
  }
}

/** 64 branches make 2,000 pairs. Orders that a person tries out add to them. */
const mostAnswers = 20_000;

const inGroupsOf = <T>(size: number, all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

const keyOf = ({ ours, theirs }: MergeQuestion): string => `${ours} ${theirs}`;

const outcomeOf = (answer: MergeAnswer | undefined): RadarOutcome =>
  answer?.kind === 'conflicts'
    ? { kind: 'conflicts', conflicts: answer.conflicts }
    : { kind: answer?.kind ?? 'unrelated' };

const branchOf = ({ run, hasUncommitted, leftOut }: RadarNode): RadarBranch => ({
  id: run.id,
  title: run.title,
  branch: run.branch,
  base: run.base,
  hasUncommitted,
  leftOut,
});
