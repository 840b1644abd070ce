import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { CheckTerminals } from '#main/services/gates/check-terminals.ts';
import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { TerminalsPort } from '#main/services/gates/gate-ports.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { mergeBatch } from '#main/services/radar/merge-batch.ts';
import type { LookedAt } from '#main/services/radar/project-radar.ts';
import { knownPass, runScratchCheck } from '#main/services/train/run-scratch-check.ts';
import { ScratchUnusable, ScratchWorktree } from '#main/services/train/scratch-worktree.ts';
import type { TrainProject } from '#main/services/train/train-ports.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { PairCheck, PairGate, pairs as contract } from '#shared/contract/pairs.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

/** A branch as a commit of the repository itself, with what is not committed. */
export interface PairSide {
  projectId: ProjectId;
  title: string;
  base: string;
  /** What the radar compared. */
  seen: string;
  commit: string;
}

export interface PairChecksOptions {
  git: Git;
  projects: { find(id: ProjectId): TrainProject | null };
  /** A run as it is now; null: it is gone. */
  sideOf: (id: RunId) => Promise<PairSide | null>;
  /** The base's commit; null: there is no such branch. */
  baseOf: (id: ProjectId, base: string) => Promise<string | null>;
  onDidLook: (listener: (looked: LookedAt) => void) => Disposable;
  evidence: (id: ProjectId) => EvidenceStore | null;
  terminals: TerminalsPort;
  log: Log;
  now?: () => number;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

interface Job {
  controller: AbortController;
  done: Promise<void>;
}

interface Known {
  check: PairCheck;
  /** What was merged, by run. */
  commits: ReadonlyMap<RunId, string>;
}

/** The name of the worktree in which merged pairs are checked out. It begins with a dot, as no branch's can. */
const folder = '.pair';
/** More are not remembered. */
const mostKnown = 100;

/**
 * The gates on what two branches come to together, when the person asks: two that merge without a conflict may still not work
 * with each other. The merge is made in a worktree of its own, on no branch, and nothing of it is kept but the evidence.
 */
export class PairChecks implements Api, Disposable {
  readonly #options: PairChecksOptions;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<ProjectId>());
  readonly #known = new Map<ProjectId, Map<string, Known>>();
  readonly #jobs = new Map<ProjectId, Job>();

  constructor(options: PairChecksOptions) {
    this.#options = options;
    this.#owned.add(options.onDidLook((looked) => this.#looked(looked)));
  }

  onDidChange(id: ProjectId, listener: (payload: readonly PairCheck[]) => void): Disposable {
    const tell = (): void => {
      listener(Array.from(this.#known.get(id)?.values() ?? [], ({ check }) => check));
    };
    tell();
    return this.#didChange.event((projectId) => {
      if (projectId === id) tell();
    });
  }

  async check({ a, b }: Parameters<Api['check']>[0]): Answer<'check'> {
    const { git, projects, sideOf, baseOf } = this.#options;
    const [one, other] = await Promise.all([sideOf(a), b === null ? null : sideOf(b)]);
    const project = one && projects.find(one.projectId);
    if (!one || !project || (b !== null && other?.projectId !== one.projectId)) return fail({ kind: 'run-missing' });
    const { projectId } = one;
    // The others would pass, and look like all of them.
    if (project.unreadable.length > 0) return fail({ kind: 'unreadable-checks', problems: project.unreadable });
    if (project.gates.length === 0) return fail({ kind: 'no-gates' });
    if (!project.isTrusted) return fail({ kind: 'not-trusted' });
    if (this.#jobs.has(projectId)) return fail({ kind: 'busy' });
    const ours = other?.commit ?? (await baseOf(projectId, one.base));
    if (ours === null) return fail({ kind: 'run-missing' });
    const sides = { ours: other?.title ?? one.base, theirs: one.title };
    const [answer] = await mergeBatch(git, project.path, [{ ours, theirs: one.commit, sides }]);
    if (answer?.kind === 'conflicts') {
      return fail({ kind: 'conflicts', paths: answer.conflicts.map(({ path }) => path) });
    }
    if (answer?.kind !== 'clean') return fail({ kind: 'unrelated' });
    // Asked again, because Git took its time.
    if (this.#jobs.has(projectId) || this.#owned.isDisposed) return fail({ kind: 'busy' });
    const commits = new Map([[a, one.seen], ...(b !== null && other ? [[b, other.seen] as const] : [])]);
    this.#begin(project, { a, b }, commits, { tree: answer.tree, parents: [ours, one.commit] });
    return ok(undefined);
  }

  async cancel({ projectId }: { projectId: ProjectId }): Answer<'cancel'> {
    const job = this.#jobs.get(projectId);
    job?.controller.abort();
    await job?.done;
    return ok(undefined);
  }

  /** Ends what runs, and waits for it. */
  async end(): Promise<void> {
    this.dispose();
    await Promise.all(Array.from(this.#jobs.values(), ({ done }) => done));
  }

  dispose(): void {
    this.#owned.dispose();
    for (const { controller } of this.#jobs.values()) controller.abort();
  }

  #looked({ runId, commit }: LookedAt): void {
    for (const [projectId, known] of this.#known) {
      for (const [key, { check, commits }] of known) {
        const seen = commits.get(runId);
        if (seen === undefined || seen === commit || check.isStale) continue;
        known.set(key, { commits, check: { ...check, isStale: true } });
        this.#didChange.fire(projectId);
      }
    }
  }

  #begin(
    project: TrainProject,
    pair: Pick<PairCheck, 'a' | 'b'>,
    commits: ReadonlyMap<RunId, string>,
    merge: { tree: string; parents: readonly string[] },
  ): void {
    const { log, now = Date.now } = this.#options;
    const { id } = project;
    const key = `${pair.a} ${pair.b ?? ''}`;
    const known = this.#known.get(id) ?? new Map<string, Known>();
    this.#known.set(id, known);
    let check: PairCheck = {
      ...pair,
      state: 'running',
      detail: 'Checking the merged files out',
      gates: project.gates.map(({ id: gate, title }) => ({
        id: gate,
        title,
        state: 'waiting',
        reason: null,
        evidenceId: null,
        terminalId: null,
      })),
      at: now(),
      isStale: false,
    };
    const change = (next: Partial<PairCheck>): void => {
      check = { ...check, ...next, isStale: known.get(key)?.check.isStale ?? false };
      known.delete(key);
      known.set(key, { check, commits });
      if (known.size > mostKnown) known.delete(known.keys().next().value ?? key);
      if (!this.#owned.isDisposed) this.#didChange.fire(id);
    };
    const changeGate = (gate: string, next: Partial<PairGate>): void => {
      change({ gates: check.gates.map((each) => (each.id === gate ? { ...each, ...next } : each)) });
    };
    known.delete(key);
    change({});
    const controller = new AbortController();
    const { signal } = controller;
    const done = this.#run(project, pair.a, merge, changeGate, change, signal)
      .then((hasPassed) => {
        if (signal.aborted) change({ state: 'cancelled', detail: 'It was cancelled.' });
        else change({ state: hasPassed ? 'passed' : 'failed', detail: null, at: now() });
      })
      .catch((error: unknown) => {
        if (signal.aborted) {
          change({ state: 'cancelled', detail: 'It was cancelled.' });
          return;
        }
        log.error('the gates of a pair could not be run', error, { project: project.path });
        const why =
          error instanceof ScratchUnusable || error instanceof GitError
            ? error.message
            : 'Something went wrong; the log has it.';
        change({ state: 'failed', detail: why, at: now() });
      })
      .finally(() => {
        this.#jobs.delete(id);
      });
    this.#jobs.set(id, { controller, done });
  }

  async #run(
    project: TrainProject,
    runId: RunId,
    { tree, parents }: { tree: string; parents: readonly string[] },
    changeGate: (gate: string, next: Partial<PairGate>) => void,
    change: (next: Partial<PairCheck>) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { git, evidence: evidenceOf, terminals, log, now = Date.now } = this.#options;
    const evidence = evidenceOf(project.id);
    if (evidence === null) throw new Error('the project is not open any more');
    const commands = new CheckTerminals({ kind: 'pair', terminals, log });
    const scratch = new ScratchWorktree({
      git,
      project,
      folder,
      commands,
    });
    let commit: string | null = null;
    const passed: string[] = [];
    for (const gate of project.gates) {
      if (signal.aborted) return false;
      const missing = gate.needs.find((need) => !passed.includes(need));
      if (missing !== undefined) {
        changeGate(gate.id, { state: 'failed', reason: `It needs the gate ${missing}, which did not pass.` });
        continue;
      }
      const known = knownPass(evidence, tree, gate.run);
      if (known !== null) {
        passed.push(gate.id);
        changeGate(gate.id, { state: 'passed', evidenceId: known.id });
        continue;
      }
      commit ??= await this.#commit(project, tree, parents);
      const terminal = commands.next(scratch.path);
      const { outcome, reason, evidenceId } = await runScratchCheck(
        { scratch, commands, project, evidence, now, signal },
        {
          command: gate.run,
          test: null,
          timeoutMilliseconds: gate.timeoutMinutes * 60_000,
          terminalId: terminal,
          onStart: () => {
            change({ detail: null });
            changeGate(gate.id, { state: 'running', terminalId: terminal });
          },
        },
        { runId, check: `pair:${gate.id}` },
        { commit, tree },
      );
      changeGate(gate.id, {
        state: outcome === 'passed' ? 'passed' : 'failed',
        reason,
        evidenceId,
        terminalId: null,
      });
      if (outcome === 'passed') passed.push(gate.id);
    }
    return passed.length === project.gates.length;
  }

  /** Of the repository itself: the worktree has to check it out. Nobody's, and the same for the same files. */
  async #commit(project: TrainProject, tree: string, parents: readonly string[]): Promise<string> {
    const { text } = await this.#options.git.direct({
      name: 'write a commit to try',
      cwd: project.path,
      args: ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'Two branches, tried together'],
      env: identity,
    });
    return text.trim();
  }
}

const identity = {
  GIT_AUTHOR_NAME: 'Switchyard',
  GIT_AUTHOR_EMAIL: 'switchyard@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'Switchyard',
  GIT_COMMITTER_EMAIL: 'switchyard@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};
