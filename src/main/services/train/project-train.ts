import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { MadeMerge } from '#main/services/merges/merges.ts';
import type { Train, TrainCar } from '#shared/contract/train.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { failureWords } from './failure-words.ts';
import { findCulprit } from './find-culprit.ts';
import { holdAgainstRules } from './hold-against-rules.ts';
import { knownPass, runScratchCheck } from './run-scratch-check.ts';
import { ScratchWorktree } from './scratch-worktree.ts';
import { isWantOfRoom, stopWords } from './stop-words.ts';
import type {
  GitPort,
  MergesPort,
  MergesTrees,
  PromisesOf,
  RunsCommands,
  TrainProject,
  TrainStores,
} from './train-ports.ts';
import { checkWords, trainChecks, type TrainCheck } from './train-checks.ts';
import { TrainStore, type TrainRecord } from './train-store.ts';

export interface ProjectTrainOptions {
  git: GitPort;
  merges: MergesPort;
  mergeTrees: MergesTrees;
  commands: RunsCommands;
  /** The project as it is now: its gates are read anew for each car. */
  project: () => TrainProject | null;
  promises: PromisesOf;
  stores: TrainStores;
  log: Log;
  now: () => number;
}

/** A base that moves again and again while gates run is not waited for without end. */
const mostTries = 5;

type CarEnd = Pick<TrainCar, 'state' | 'detail'> &
  Partial<Pick<TrainCar, 'conflicts' | 'failedGate' | 'commit' | 'snapshot'>>;

/**
 * The train of one project: merges its cars one after the other. Of each, the merge is worked out, the gates run on the merged
 * tree in a worktree of the train's own, and only when all have passed does the base move. What it does next is on disk before
 * it does it; killed at any moment, the base is at a tree that has passed.
 */
export class ProjectTrain implements Disposable {
  readonly #options: ProjectTrainOptions;
  readonly #store: TrainStore;
  readonly #didChange = new Emitter<Train>();
  #record: TrainRecord | null;
  #controller = new AbortController();
  #work: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#didChange.event;

  constructor(options: ProjectTrainOptions) {
    this.#options = options;
    this.#store = new TrainStore(options.stores.store);
    this.#record = this.#store.read();
    // It was running when Switchyard ended. Nothing is half merged: the base moves in one step, after the gates.
    if (this.#record?.state === 'running') {
      this.#tell({
        state: 'paused',
        isPausing: false,
        reason: 'Switchyard ended while it ran. What was merged is merged, nothing is half merged; resume to go on.',
        cars: this.#record.cars.map((car) =>
          car.state === 'under-way' ? { ...car, state: 'waiting', detail: null } : car,
        ),
      });
    }
  }

  get train(): Train | null {
    if (this.#record === null) return null;
    const { branchCommits: _, ...train } = this.#record;
    return train;
  }

  /** Whether another one may begin. */
  get isOver(): boolean {
    return this.#record === null || ['done', 'aborted'].includes(this.#record.state);
  }

  start(train: Pick<Train, 'base' | 'method' | 'startCommit'>, cars: readonly { runId: RunId; title: string }[]): void {
    this.#record = {
      ...train,
      state: 'running',
      startedAt: this.#options.now(),
      reason: null,
      isPausing: false,
      branchCommits: {},
      cars: cars.map(({ runId, title }) => ({
        runId,
        title,
        state: 'waiting',
        detail: null,
        commit: null,
        snapshot: null,
        conflicts: [],
        failedGate: null,
      })),
    };
    this.#goOn({});
  }

  pause(): void {
    if (this.#record?.state === 'running') this.#tell({ isPausing: true });
  }

  /** Goes on where it stands; the car that went no further is tried again, or left out. */
  resume(skip: boolean): void {
    const { state, cars } = this.#record ?? {};
    if (cars === undefined || (state !== 'paused' && state !== 'stopped')) return;
    const again: TrainCar['state'] = skip ? 'skipped' : 'waiting';
    this.#goOn({
      state: 'running',
      reason: null,
      isPausing: false,
      cars: cars.map((car) =>
        car.state === 'conflicts' || car.state === 'failed' ? { ...car, state: again, failedGate: null } : car,
      ),
    });
  }

  async abort(): Promise<void> {
    this.#controller.abort();
    await this.#work;
    if (this.#record === null || this.isOver) return;
    this.#tell({
      state: 'aborted',
      isPausing: false,
      reason: 'You ended it. What was merged stays merged.',
      cars: this.#record.cars.map((car) =>
        car.state === 'under-way' ? { ...car, state: 'waiting', detail: null } : car,
      ),
    });
    // The next one waits for it.
    this.#work = this.#removeScratch();
    await this.#work;
  }

  /** Leaves it as a killed one would be, to be resumed. */
  async end(): Promise<void> {
    this.#controller.abort();
    await this.#work;
    this.dispose();
  }

  dispose(): void {
    this.#controller.abort();
    this.#didChange.dispose();
  }

  /** Says that it runs, and has it run. Nothing is begun that is not written down: it would not be found again. */
  #goOn(change: Partial<TrainRecord>): void {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    const begin = (): Promise<void> => {
      this.#change({});
      return this.#run(signal);
    };
    // The one before has told its end, and may not have come to it.
    const before = this.#work;
    this.#tellOnly(change);
    this.#work = before.then(begin).catch((error: unknown) => this.#cameToGrief(error, signal));
  }

  async #cameToGrief(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#options.log.error('the train stopped', error);
    this.#stop(await stopWords(error, this.#options.project()?.commonDir ?? null));
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const { record } = this;
      if (signal.aborted || record.state !== 'running') return;
      const car = record.cars.find(({ state }) => state === 'waiting');
      if (!car) {
        await this.#removeScratch();
        this.#change({ state: 'done', reason: null, isPausing: false });
        return;
      }
      if (record.isPausing) {
        this.#change({ state: 'paused', isPausing: false, reason: 'You paused it.' });
        return;
      }
      this.#changeCar(car.runId, { state: 'under-way', detail: 'Working the merge out' });
      const end = await this.#move(car, signal);
      if (signal.aborted && end.state !== 'merged') return;
      // What has happened is told even where it cannot be written down.
      const unwritten = this.#tell(this.#withCar(car.runId, end));
      if (unwritten !== null) throw unwritten;
      if (end.state === 'conflicts' || end.state === 'failed') {
        this.#stop(`“${car.title}” went no further: ${end.detail ?? 'it does not merge'}`);
        return;
      }
    }
  }

  /** One car, until it is merged or known not to be. */
  async #move(car: TrainCar, signal: AbortSignal): Promise<CarEnd> {
    for (let tries = 0; tries < mostTries; tries++) {
      const failed: { gate: NonNullable<TrainCar['failedGate']> | null } = { gate: null };
      const trouble: { error: unknown } = { error: null };
      const unchecked: string[] = [];
      const merged = await this.#options.merges.mergeChecked({
        id: car.runId,
        method: this.record.method,
        check: async (made) => {
          this.#change({ branchCommits: { ...this.record.branchCommits, [car.runId]: made.branchCommit } });
          const checked = await this.#check(car, made, signal).catch((error: unknown) => {
            trouble.error = error;
            throw error;
          });
          if (checked.ok) {
            unchecked.push(...checked.value.unchecked);
            return ok({ trailers: checked.value.trailers });
          }
          failed.gate = checked.error.gate;
          return fail({ kind: 'checked-no', reason: checked.error.reason });
        },
      });
      if (merged.ok) {
        const { commit, snapshot } = merged.value;
        // Said, and no reason to stop: who wrote the rule can make it one that can be checked.
        const detail = unchecked.length === 0 ? null : `Not checked: ${unchecked.slice(0, 3).join(' ')}`;
        return { state: 'merged', detail, commit, snapshot };
      }
      const { error } = merged;
      // What keeps the checks from being run is no fault of the car's.
      if (trouble.error !== null) throw trouble.error;
      if (
        error.kind === 'git-failed' &&
        (await isWantOfRoom(error.message, this.#options.project()?.commonDir ?? null))
      ) {
        throw new Error(error.message);
      }
      // Somebody moved the base or the branch while the gates ran: what they passed on is not what would be merged.
      if (error.kind === 'moved') continue;
      if (error.kind === 'nothing-to-merge') return { state: 'merged', detail: 'The base had it already.' };
      if (error.kind === 'conflicts') {
        const count = error.conflicts.length;
        const detail = `${counted(count, 'file')} ${count === 1 ? 'does' : 'do'} not merge with what the base is now.`;
        return { state: 'conflicts', detail, conflicts: error.conflicts };
      }
      if (error.kind === 'checked-no') return { state: 'failed', detail: error.reason, failedGate: failed.gate };
      return { state: 'failed', detail: failureWords(error) };
    }
    return { state: 'failed', detail: 'The base or the branch moved again and again while its gates ran.' };
  }

  /** Runs the gates on a merged tree; says which trailers the commit gets, or why it may not be made. */
  async #check(
    car: TrainCar,
    made: MadeMerge,
    signal: AbortSignal,
  ): Promise<
    Result<
      { trailers: { key: string; value: string }[]; unchecked: readonly string[] },
      { kind: 'no'; reason: string; gate: TrainCar['failedGate'] }
    >
  > {
    const project = this.#options.project();
    const no = (reason: string, gate: TrainCar['failedGate'] = null) => fail({ kind: 'no' as const, reason, gate });
    if (project === null) return no('The project is not open any more.');
    const [unreadable] = project.unreadable;
    if (unreadable !== undefined) return no(unreadableReason(unreadable));
    if (!project.isTrusted)
      return no('The commands of the project’s config have changed, and you have not allowed them yet.');
    const rules = await this.#holdRules(project, car, made, signal);
    if (signal.aborted) return no('The train was ended.');
    if (rules.reason !== null) return no(rules.reason);
    const passed: string[] = [];
    const held: string[] = [];
    for (const check of trainChecks(project, await this.#options.promises(car.runId))) {
      const missing = check.needs.find((need) => !passed.includes(need));
      const end =
        missing === undefined
          ? await this.#runCheck(project, check, { commit: made.commit, tree: made.tree }, car, signal)
          : null;
      if (signal.aborted) return no('The train was ended.');
      if (end?.passed) {
        if (check.kind === 'gate') passed.push(check.id);
        else if (check.kind === 'invariant') held.push(check.id);
        continue;
      }
      const why = end ? end.reason : `it needs the gate ${missing ?? ''}, which did not pass`;
      const passes = async (commit: string, tree: string): Promise<boolean> =>
        (await this.#runCheck(project, check, { commit, tree }, car, signal)).passed;
      const culprit = end ? await this.#culprit(project, check.title, passes, car, signal) : null;
      const reason = `${checkWords[check.kind]} “${check.title}” failed on the merged files: ${why}${culprit === null ? '' : ` ${culprit}`}`;
      return no(reason, end?.evidenceId ? { title: check.title, evidenceId: end.evidenceId } : null);
    }
    return ok({
      trailers: [
        ...(passed.length === 0 ? [] : [{ key: 'Gates', value: `${passed.join(', ')} passed` }]),
        ...(held.length === 0 ? [] : [{ key: 'Invariants', value: `${held.map(withoutKind).join(', ')} held` }]),
      ],
      unchecked: rules.unchecked,
    });
  }

  /** Holds what the car brings to the base against the rules of the project's invariants. */
  async #holdRules(
    project: TrainProject,
    car: TrainCar,
    made: MadeMerge,
    signal: AbortSignal,
  ): Promise<{ reason: string | null; unchecked: readonly string[] }> {
    const { git } = this.#options;
    const found = await holdAgainstRules(git, project.path, { from: made.baseCommit, tree: made.tree });
    const [unreadable] = found.unreadable;
    // The rules are read anew for each car, so they can be other ones than those of the project that was looked at before.
    if (unreadable !== undefined) return { reason: unreadableReason(unreadable), unchecked: [] };
    const [broken] = found.broken;
    if (broken === undefined || found.words === null) return { reason: null, unchecked: found.unchecked };
    const [id, title] = broken;
    // A tried merge's first parent is what it was made onto.
    const passes = async (commit: string, tree: string): Promise<boolean> =>
      !(await holdAgainstRules(git, project.path, { from: `${commit}^1`, tree })).broken.has(id);
    const culprit = await this.#culprit(project, title, passes, car, signal);
    const reason = `It breaks an invariant on the merged files. ${found.words}${culprit === null ? '' : ` ${culprit}`}`;
    return { reason, unchecked: found.unchecked };
  }

  /** A check on the files of a commit. One that passed on this very tree is not run again. */
  async #runCheck(
    project: TrainProject,
    check: TrainCheck,
    files: { commit: string; tree: string },
    car: TrainCar,
    signal: AbortSignal,
  ): Promise<{ passed: boolean; reason: string; evidenceId: string | null }> {
    const { commands, now, git, stores } = this.#options;
    const { evidence } = stores;
    const known = knownPass(evidence, files.tree, check.run);
    if (known !== null) return { passed: true, reason: '', evidenceId: known.id };
    this.#changeCar(car.runId, { state: 'under-way', detail: `Running “${check.title}” on the merged files` });
    const scratch = new ScratchWorktree({ git, project, commands });
    const { outcome, reason, evidenceId } = await runScratchCheck(
      { scratch, commands, project, evidence, now, signal },
      { command: check.run, test: check.test, timeoutMilliseconds: check.timeoutMinutes * 60_000 },
      { runId: car.runId, check: `train:${check.id}` },
      files,
    );
    return { passed: outcome === 'passed', reason: reason ?? '', evidenceId };
  }

  /** Which earlier car it takes to make a check fail, in a sentence. */
  async #culprit(
    project: TrainProject,
    title: string,
    passes: (commit: string, tree: string) => Promise<boolean>,
    car: TrainCar,
    signal: AbortSignal,
  ): Promise<string | null> {
    const { base, startCommit, cars, branchCommits } = this.record;
    const failedCommit = branchCommits[car.runId];
    if (failedCommit === undefined) return null;
    const earlier = cars.flatMap(({ runId, title, state }) => {
      const commit = branchCommits[runId];
      return state === 'merged' && commit !== undefined ? [{ title, commit }] : [];
    });
    this.#changeCar(car.runId, {
      state: 'under-way',
      detail: `“${title}” failed; finding out what it takes to fail`,
    });
    const { mergeTrees, git } = this.#options;
    return findCulprit(
      {
        merge: (questions) => mergeTrees(project.path, questions),
        // Into the repository itself: the scratch worktree has to check it out.
        commit: async (tree, parents) => {
          const { text } = await git.direct({
            name: 'write a commit to try',
            cwd: project.path,
            args: ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'Tried by the train'],
            env: identity,
          });
          return text.trim();
        },
        passes: async (commit) => {
          const { text } = await git.read({
            name: 'find the tree of a commit',
            cwd: project.path,
            args: ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`],
          });
          const isPass = await passes(commit, text.trim());
          return signal.aborted ? null : isPass;
        },
      },
      { base, commit: startCommit },
      earlier,
      { title: car.title, commit: failedCommit },
    );
  }

  /** What cannot be taken away is in nobody's way: it is made ready again, or told of, when the next train needs it. */
  async #removeScratch(): Promise<void> {
    const { git, commands, log } = this.#options;
    const project = this.#options.project();
    try {
      if (project) await new ScratchWorktree({ git, project, commands }).remove();
    } catch (error) {
      log.error('the train’s worktree could not be removed', error);
    }
  }

  private get record(): TrainRecord {
    if (this.#record === null) throw new Error('there is no train');
    return this.#record;
  }

  #stop(reason: string): void {
    this.#tell({
      state: 'stopped',
      isPausing: false,
      reason,
      cars: this.record.cars.map((car) =>
        car.state === 'under-way' ? { ...car, state: 'waiting', detail: null } : car,
      ),
    });
  }

  #changeCar(runId: RunId, change: CarEnd): void {
    this.#change(this.#withCar(runId, change));
  }

  #withCar(runId: RunId, change: CarEnd): Pick<TrainRecord, 'cars'> {
    return { cars: this.record.cars.map((car) => (car.runId === runId ? { ...car, ...change } : car)) };
  }

  /** Written down first, then told. Throws where it cannot be written, and then nothing has changed. */
  #change(change: Partial<TrainRecord>): void {
    const next = { ...this.record, ...change };
    this.#store.write(next);
    this.#tellOnly(next);
  }

  /** Told even where it cannot be written down; returns what was in the way of that. */
  #tell(change: Partial<TrainRecord>): unknown {
    const next = { ...this.record, ...change };
    let unwritten: unknown = null;
    try {
      this.#store.write(next);
    } catch (error) {
      this.#options.log.error('the record of a train could not be written', error);
      unwritten = error;
    }
    this.#tellOnly(next);
    return unwritten;
  }

  #tellOnly(change: Partial<TrainRecord>): void {
    this.#record = { ...this.record, ...change };
    const { train } = this;
    if (train) this.#didChange.fire(train);
  }
}

const unreadableReason = (problem: string): string =>
  `A check cannot be read, so nothing is merged without it. ${problem}`;

const withoutKind = (id: string): string => id.replace(/^invariant:/u, '');

/** Commits that are only tried are nobody's, and the same for the same files. */
const identity = {
  GIT_AUTHOR_NAME: 'Switchyard',
  GIT_AUTHOR_EMAIL: 'switchyard@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'Switchyard',
  GIT_COMMITTER_EMAIL: 'switchyard@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};
