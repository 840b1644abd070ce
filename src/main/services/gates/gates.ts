import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import { Recomputer, type Pace } from '#main/services/review/recomputer.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { CheckFeed, gates as contract, RunChecks } from '#shared/contract/gates.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import type { EvidenceStore } from './evidence-store.ts';
import type { CheckedRun, ProjectsPort, RunsPort, SpecsPort, TerminalsPort, TreesPort } from './gate-ports.ts';
import { ProjectChecks } from './project-checks.ts';

export interface GatesOptions {
  projects: ProjectsPort;
  runs: RunsPort;
  specs: SpecsPort;
  trees: TreesPort;
  terminals: TerminalsPort;
  /** Where a project's evidence is kept; null when it is not open. */
  evidence: (id: ProjectId) => EvidenceStore | null;
  shell: (command: string) => { command: string; args: readonly string[] };
  log: Log;
  now?: () => number;
  /** How soon and how often checks go with the changes of one branch. */
  changePace?: Pace;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** A worktree is written to in bursts. A check that takes long has a fifth of the time at most. */
const defaultChangePace: Pace = { settle: 2000, rest: 5000, restPerRun: 4 };

/** Tests take all the cores they get; more than two at once make each of them slower and none of them sooner. */
const checksAtOnce = 2;

/**
 * Whether the work of a run holds: the project's gates and its spec's criteria, run on its worktree as it is, with the
 * evidence of each kept by tree and command. Nothing counts as passed that has not been run to its end with exit code 0.
 */
export class Gates implements Api, Disposable {
  readonly #options: GatesOptions;
  readonly #owned = new DisposableStore();
  readonly #places = new Semaphore(checksAtOnce);
  readonly #projects = new Map<ProjectId, ProjectChecks>();
  /** The runs whose branches are followed, and the tree that was seen last of each. */
  readonly #changes = new Map<RunId, { tree: string; checks: Recomputer }>();
  /** Runs that were in review when they were last looked at: only those that come to it are checked by themselves. */
  readonly #inReview = new Map<ProjectId, ReadonlySet<RunId>>();

  constructor(options: GatesOptions) {
    this.#options = options;
    this.#owned.add(
      options.trees.onDidLook(({ runId, tree }) => {
        const run = options.runs.find(runId);
        const project = run && this.#projectOf(run.projectId);
        if (!project) return;
        project.seen(runId, tree);
        this.#treeChanged(project, runId, tree);
      }),
    );
    this.#owned.add(options.runs.onDidChange((id) => this.#runsChanged(id)));
  }

  onDidChange(id: ProjectId, listener: (payload: CheckFeed) => void): Disposable {
    const { runs, projects, log } = this.#options;
    const checks = this.#projectOf(id);
    const owned = new DisposableStore();
    if (!checks) {
      listener({ kind: 'all', runs: [] });
      return owned;
    }
    const pushed = new Map<RunId, string>();
    const tell = async (run: CheckedRun): Promise<void> => {
      const state = await checks.state(run);
      const text = JSON.stringify(state);
      if (owned.isDisposed || pushed.get(run.id) === text) return;
      pushed.set(run.id, text);
      listener({ kind: 'changed', run: state });
    };
    const tellSoon = (run: CheckedRun): void => {
      tell(run).catch((error: unknown) => {
        log.error('could not tell what is known of a run’s checks', error, { run: run.id });
      });
    };
    listener({ kind: 'all', runs: [] });
    for (const run of runs.active(id)) tellSoon(run);
    owned.add(
      projects.onDidChange(id, () => {
        for (const run of runs.active(id)) tellSoon(run);
      }),
    );
    owned.add(
      checks.onDidChange((runId) => {
        const run = runs.find(runId);
        if (run) tellSoon(run);
      }),
    );
    owned.add(
      runs.onDidChange((projectId) => {
        if (projectId !== id) return;
        const active = runs.active(id);
        for (const runId of pushed.keys()) {
          if (active.some((run) => run.id === runId)) continue;
          pushed.delete(runId);
          listener({ kind: 'removed', runId });
        }
        for (const run of active) if (!pushed.has(run.id)) tellSoon(run);
      }),
    );
    return toDisposable(() => owned.dispose());
  }

  /** All that is known of a run's checks now; null: there is no such run. */
  async of(id: RunId): Promise<RunChecks | null> {
    const run = this.#options.runs.find(id);
    return (run && (await this.#projectOf(run.projectId)?.state(run))) ?? null;
  }

  async start({ id, checks, again }: Parameters<Api['start']>[0]): Answer<'start'> {
    const { runs, trees } = this.#options;
    const run = runs.find(id);
    const project = run && this.#projectOf(run.projectId);
    if (!run || !project) return fail({ kind: 'run-missing' });
    const present = await trees.look(id);
    if (present === null) return fail({ kind: 'worktree-missing' });
    project.seen(id, present.tree);
    const started = await project.start(run, checks, again);
    if ('queued' in started) return ok(started);
    return started.isTrust ? fail({ kind: 'not-trusted' }) : fail({ kind: 'nothing-to-run', reason: started.reason });
  }

  async cancel({ id }: { id: RunId }): Answer<'cancel'> {
    const run = this.#options.runs.find(id);
    if (!run) return fail({ kind: 'run-missing' });
    await this.#projectOf(run.projectId)?.cancel(id);
    return ok(undefined);
  }

  async log({ projectId, evidenceId }: { projectId: ProjectId; evidenceId: string }): Answer<'log'> {
    const text = await this.#options.evidence(projectId)?.log(evidenceId);
    return typeof text === 'string' ? ok(text) : fail({ kind: 'evidence-missing' });
  }

  async answer({ id, check, met, note }: Parameters<Api['answer']>[0]): Answer<'answer'> {
    const { runs, trees } = this.#options;
    const run = runs.find(id);
    const project = run && this.#projectOf(run.projectId);
    if (!run || !project) return fail({ kind: 'run-missing' });
    const present = await trees.look(id);
    if (present === null) return fail({ kind: 'worktree-missing' });
    return (await project.answer(run, check, present.tree, { met, note }))
      ? ok(undefined)
      : fail({ kind: 'not-a-question' });
  }

  /** Ends what runs, and waits for it. */
  async end(): Promise<void> {
    this.#owned.dispose();
    this.#forgetChanges(() => false);
    await Promise.all(Array.from(this.#projects.values(), (project) => project.end()));
    this.#projects.clear();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#forgetChanges(() => false);
    for (const project of this.#projects.values()) project.dispose();
    this.#projects.clear();
  }

  #projectOf(id: ProjectId): ProjectChecks | null {
    const present = this.#projects.get(id);
    if (present) return present;
    const { projects, evidence: evidenceOf, terminals, trees, specs, shell, log, now = Date.now } = this.#options;
    const evidence = evidenceOf(id);
    if (evidence === null || this.#owned.isDisposed) return null;
    const project = () => projects.find(id);
    const places = this.#places;
    const checks = new ProjectChecks({ project, evidence, terminals, trees, specs, shell, places, log, now });
    this.#projects.set(id, checks);
    return checks;
  }

  /** Some checks go with every change of a branch, at their own pace. */
  #treeChanged(project: ProjectChecks, runId: RunId, tree: string): void {
    const { runs, log, changePace = defaultChangePace } = this.#options;
    const known = this.#changes.get(runId);
    if (known) {
      if (known.tree === tree) return;
      known.tree = tree;
      known.checks.ask();
      return;
    }
    const checks = new Recomputer({
      task: async () => {
        const run = runs.find(runId);
        if (run) await project.checkChange(run);
      },
      onFailure: (error) => log.error('a change could not be checked', error, { run: runId }),
      pace: changePace,
    });
    this.#changes.set(runId, { tree, checks });
    checks.ask();
  }

  #forgetChanges(isKept: (id: RunId) => boolean): void {
    for (const [id, { checks }] of this.#changes) {
      if (isKept(id)) continue;
      checks.dispose();
      this.#changes.delete(id);
    }
  }

  /** A run whose agent has just finished is checked, so that the answer is there when the person comes to look. */
  #runsChanged(id: ProjectId): void {
    const { runs, projects, log } = this.#options;
    const before = this.#inReview.get(id);
    const active = runs.active(id);
    const isActive = (run: CheckedRun): boolean => run.projectId !== id || active.some((each) => each.id === run.id);
    this.#forgetChanges((runId) => {
      const run = runs.find(runId);
      return run !== null && isActive(run);
    });
    this.#inReview.set(id, new Set(active.filter(({ isInReview }) => isInReview).map((run) => run.id)));
    if (before === undefined || projects.find(id)?.isTrusted !== true) return;
    for (const run of active) {
      if (!run.isInReview || before.has(run.id)) continue;
      this.start({ id: run.id, checks: null, again: false }).catch((error: unknown) => {
        log.error('the checks of a run could not be started', error, { run: run.id });
      });
    }
  }
}
