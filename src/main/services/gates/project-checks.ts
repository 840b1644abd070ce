import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Semaphore } from '#main/base/semaphore.ts';
import type { CheckState, CheckStateKind, Evidence, RunChecks } from '#shared/contract/gates.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import { checksOf, type Check } from './check-list.ts';
import { CheckTerminals } from './check-terminals.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { CheckedProject, CheckedRun, SpecsPort, TerminalsPort, TreesPort } from './gate-ports.ts';
import { runNamedTest } from './named-test.ts';
import type { CheckEnd } from './run-command.ts';

export interface ProjectChecksOptions {
  project: () => CheckedProject | null;
  evidence: EvidenceStore;
  terminals: TerminalsPort;
  trees: TreesPort;
  specs: SpecsPort;
  /** Runs a command through this platform's shell. */
  shell: (command: string) => { command: string; args: readonly string[] };
  /** How many checks run at once, over all projects. */
  places: Semaphore;
  log: Log;
  now: () => number;
}

/** The checks of one run that are under way. */
interface Job {
  controller: AbortController;
  /** What has not come to its end, the one that runs included. */
  waiting: Set<string>;
  current: { check: string; terminalId: TerminalId } | null;
  done: Promise<void>;
}

/** The checks of one project's runs: what is known of each, and what runs now. One run's checks run one after the other. */
export class ProjectChecks implements Disposable {
  readonly #options: ProjectChecksOptions;
  readonly #commands: CheckTerminals;
  readonly #jobs = new Map<RunId, Job>();
  readonly #trees = new Map<RunId, string>();
  readonly #didChange = new Emitter<RunId>();
  #isDisposed = false;

  /** What is known of a run's checks has changed. */
  readonly onDidChange = this.#didChange.event;

  constructor(options: ProjectChecksOptions) {
    this.#options = options;
    this.#commands = new CheckTerminals({ kind: 'check', terminals: options.terminals, log: options.log });
  }

  /** The run's worktree was looked at, by whomever. */
  seen(runId: RunId, tree: string): void {
    if (this.#trees.get(runId) === tree) return;
    this.#trees.set(runId, tree);
    this.#didChange.fire(runId);
  }

  /** All that is known of a run's checks. */
  async state(run: CheckedRun): Promise<RunChecks> {
    const tree = this.#trees.get(run.id) ?? null;
    const checks = await this.#checks(run);
    return { runId: run.id, tree, checks: checks.map((check) => this.#stateOf(run.id, check, tree)) };
  }

  /** Queues checks, with what they need; see the contract. Says how many, or why none. */
  async start(
    run: CheckedRun,
    wanted: readonly string[] | null,
    again: boolean,
  ): Promise<{ queued: number } | { reason: string; isTrust: boolean }> {
    const all = await this.#checks(run);
    const chosen = all.filter(({ id, isUsual }) => (wanted === null ? isUsual : wanted.includes(id)));
    const commands = chosen.filter(({ command }) => command !== null);
    const runnable = commands.filter(({ obstacle }) => obstacle === null);
    if (runnable.length === 0) {
      const [blocked] = commands;
      const isTrust = blocked !== undefined && this.#options.project()?.isTrusted === false;
      return { reason: blocked?.obstacle ?? 'Nothing that was chosen has a command to run.', isTrust };
    }
    const queue = withNeeds(runnable, all);
    const job = this.#jobs.get(run.id);
    const fresh = queue.filter(({ id }) => job === undefined || (!job.waiting.has(id) && job.current?.check !== id));
    if (fresh.length > 0) this.#enqueue(run, fresh, again ? new Set(runnable.map(({ id }) => id)) : new Set());
    return { queued: fresh.length };
  }

  /** Runs what goes with every change of a branch, to its end; nothing that has been run on this very tree. */
  async checkChange(run: CheckedRun): Promise<void> {
    const wanted = (await this.#checks(run)).filter(({ isOnChange, obstacle }) => isOnChange && obstacle === null);
    if (wanted.length === 0) return;
    await this.start(
      run,
      wanted.map(({ id }) => id),
      false,
    );
    await this.#jobs.get(run.id)?.done;
  }

  async cancel(runId: RunId): Promise<void> {
    const job = this.#jobs.get(runId);
    job?.controller.abort();
    await job?.done;
  }

  /** The person's word on a criterion. False: it is no question. */
  async answer(run: CheckedRun, checkId: string, tree: string, word: { met: boolean; note: string }): Promise<boolean> {
    const check = (await this.#checks(run)).find(({ id }) => id === checkId);
    if (!check || check.command !== null || check.isUnreadable) return false;
    const at = this.#options.now();
    const evidence: Omit<Evidence, 'id'> = {
      outcome: word.met ? 'met' : 'not-met',
      exitCode: null,
      reason: word.note === '' ? null : word.note,
      tree,
      command: questionKey(check),
      startedAt: at,
      endedAt: at,
      treeMoved: false,
    };
    await this.#options.evidence.add({ runId: run.id, check: checkId }, evidence, word.note);
    this.#trees.set(run.id, tree);
    this.#didChange.fire(run.id);
    return true;
  }

  forget(runId: RunId): void {
    this.#jobs.get(runId)?.controller.abort();
    this.#trees.delete(runId);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { controller } of this.#jobs.values()) controller.abort();
    this.#didChange.dispose();
  }

  /** Ends what runs, and waits for it. */
  async end(): Promise<void> {
    this.dispose();
    await Promise.all(Array.from(this.#jobs.values(), ({ done }) => done));
  }

  async #checks(run: CheckedRun): Promise<readonly Check[]> {
    const project = this.#options.project();
    if (!project) return [];
    const { specs } = this.#options;
    const [own, ...others] = await Promise.all(
      [run.spec, ...run.alsoHolds].map((slug) => specs.promises(run.projectId, slug)),
    );
    const bySlug = run.alsoHolds.flatMap((slug, index) => {
      const promises = others[index];
      return promises && slug !== run.spec ? [[slug, promises] as const] : [];
    });
    return checksOf(project, own ?? { title: run.spec, criteria: [], unreadable: [] }, new Map(bySlug));
  }

  #stateOf(runId: RunId, check: Check, tree: string | null): CheckState {
    const { evidence: store } = this.#options;
    const { id, kind, title, otherSpec, command, question, obstacle, isUnreadable } = check;
    const key = command ?? questionKey(check);
    const now = tree === null ? null : store.find(tree, key);
    const evidence = now ?? store.latest(runId, id, key);
    const job = this.#jobs.get(runId);
    const isCurrent = job?.current?.check === id;
    const isStale = evidence !== null && (evidence.tree !== tree || evidence.treeMoved);
    let state: CheckStateKind;
    if (isUnreadable) state = 'unreadable';
    else if (isCurrent) state = 'running';
    else if (job?.waiting.has(id)) state = 'queued';
    else if (evidence !== null && evidence.outcome !== 'cancelled') {
      state = evidence.outcome === 'passed' || evidence.outcome === 'met' ? 'passed' : 'failed';
    } else if (command !== null) state = 'not-run';
    else state = question === null ? 'unproven' : 'asks';
    const terminal = isCurrent ? (job.current?.terminalId ?? null) : null;
    return { id, kind, title, otherSpec, command, question, state, isStale, evidence, terminalId: terminal, obstacle };
  }

  #enqueue(run: CheckedRun, checks: readonly Check[], again: ReadonlySet<string>): void {
    const before = this.#jobs.get(run.id);
    const controller = new AbortController();
    const job: Job = {
      controller,
      waiting: new Set(checks.map(({ id }) => id)),
      current: null,
      done: Promise.resolve(),
    };
    this.#jobs.set(run.id, job);
    this.#didChange.fire(run.id);
    const work = async (): Promise<void> => {
      await before?.done;
      // What a Switchyard that was killed has left would go on changing the files while they are checked.
      const found = await this.#options.trees.look(run.id);
      if (found) await this.#commands.endEarlier(found.worktreePath);
      for (const check of checks) {
        if (controller.signal.aborted) break;
        await this.#options.places.run(() => this.#runOne(run, check, job, again.has(check.id)));
        job.waiting.delete(check.id);
        this.#didChange.fire(run.id);
      }
    };
    job.done = work()
      .catch((error: unknown) => {
        this.#options.log.error('a check could not be run', error, { run: run.id });
      })
      .finally(() => {
        job.waiting.clear();
        job.current = null;
        if (this.#jobs.get(run.id) === job) this.#jobs.delete(run.id);
        if (!this.#isDisposed) this.#didChange.fire(run.id);
      });
  }

  async #runOne(of: CheckedRun, check: Check, job: Job, again: boolean): Promise<void> {
    const { evidence, trees, shell, now } = this.#options;
    const { command } = check;
    if (job.controller.signal.aborted || command === null) return;
    const before = await trees.look(of.id);
    if (before === null) return;
    this.#trees.set(of.id, before.tree);
    const known = evidence.find(before.tree, command);
    if (known && !again && !known.treeMoved && (known.outcome === 'passed' || known.outcome === 'failed')) {
      return;
    }
    const startedAt = now();
    const missing = await this.#missingNeeds(of, check, before.tree);
    if (missing !== null) {
      const reason = `It was not run, because ${missing} has not passed on this state.`;
      const record = { outcome: 'not-started', exitCode: null, reason, tree: before.tree, command, startedAt } as const;
      await evidence.add({ runId: of.id, check: check.id }, { ...record, endedAt: now(), treeMoved: false }, '');
      return;
    }
    const id = this.#commands.next(before.worktreePath);
    job.current = { check: check.id, terminalId: id };
    this.#didChange.fire(of.id);
    const run = (line: string): Promise<CheckEnd> =>
      this.#commands.run({
        terminalId: id,
        process: { ...shell(line), cwd: before.worktreePath },
        timeoutMilliseconds: check.timeoutMilliseconds,
        signal: job.controller.signal,
      });
    const end = await (check.test === null ? run(command) : runNamedTest({ command, name: check.test }, run));
    const after = await trees.look(of.id);
    job.current = null;
    const { outcome, exitCode, reason, output } = end;
    await evidence.add(
      { runId: of.id, check: check.id },
      {
        outcome,
        exitCode,
        reason,
        tree: before.tree,
        command,
        startedAt,
        endedAt: now(),
        treeMoved: after?.tree !== before.tree,
      },
      output,
    );
    if (after) this.#trees.set(of.id, after.tree);
  }

  /** The title of a check that it needs and that has not passed on this tree; null when all have. */
  async #missingNeeds(run: CheckedRun, check: Check, tree: string): Promise<string | null> {
    if (check.needs.length === 0) return null;
    const all = await this.#checks(run);
    const missing = check.needs
      .map((id) => all.find((other) => other.id === id))
      .find((other) => {
        const found = other?.command ? this.#options.evidence.find(tree, other.command) : null;
        return found?.outcome !== 'passed' || found.treeMoved;
      });
    return missing ? `“${missing.title}”` : null;
  }
}

/** Names the question that was answered: an answer to other words is no answer. */
const questionKey = ({ id, question, title }: Check): string => `ask ${id}: ${question ?? title}`;

/** Checks with everything that they need, directly or not, in the order of the whole list. */
function withNeeds(chosen: readonly Check[], all: readonly Check[]): readonly Check[] {
  const ids = new Set<string>();
  const take = (check: Check): void => {
    if (ids.has(check.id)) return;
    ids.add(check.id);
    for (const need of check.needs) {
      const needed = all.find(({ id }) => id === need);
      if (needed) take(needed);
    }
  };
  for (const check of chosen) take(check);
  return all.filter(({ id }) => ids.has(id));
}
