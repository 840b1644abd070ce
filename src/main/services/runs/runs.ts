import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Prompt } from '#shared/contract/prompts.ts';
import type {
  PlannedRun,
  RemovalPlan,
  Run,
  RunFeed,
  RunRequest,
  runs as contract,
  Snapshot,
} from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { endWhatRuns } from './end-what-runs.ts';
import { HandOver, type HandOverRequest } from './hand-over.ts';
import { HeldRuns, isHeld } from './held-runs.ts';
import { LeftoverWatch } from './leftover-watch.ts';
import { Messages } from './messages.ts';
import { planRuns, type SpawnRequest } from './plan-runs.ts';
import { Pauses } from './pauses.ts';
import { PlaceQueue, waitsForPlace, type PlaceLimits } from './place-queue.ts';
import { isBeingMade, ownsNothing, type ProjectRuns } from './project-runs.ts';
import { recordPlanned } from './record-planned.ts';
import { isRunning, obstacleOf } from './run-obstacles.ts';
import type {
  AgentsPort,
  PortsPort,
  ProjectsPort,
  PromptsPort,
  RunProject,
  SnapshotsPort,
  SpecsPort,
  TerminalsPort,
  WorktreesPort,
} from './run-ports.ts';
import { pendingStages, type RunRecord } from './run-record.ts';
import { RunRemoval } from './run-removal.ts';
import { Spawner } from './spawner.ts';
import { StartAgain } from './start-again.ts';
import { StatusMonitor } from './status-monitor.ts';
import { takenRecord, type TakenRefused, type TakenWork } from './taken-run.ts';
import { UnfinishedRuns } from './unfinished-runs.ts';

interface RunsOptions {
  projects: ProjectsPort;
  specs: SpecsPort;
  prompts: PromptsPort;
  agents: AgentsPort;
  terminals: TerminalsPort;
  worktrees: WorktreesPort;
  snapshots: SnapshotsPort;
  ports: PortsPort;
  /** Whether a base holds the work of a spec, by its history. */
  isSpecMerged: (place: { projectPath: string; base: string; slug: SpecSlug }) => Promise<boolean>;
  /** What the person can look after at once; default: anything. `onDidChange` tells that it may be something else. */
  limits?: { now: () => PlaceLimits; onDidChange: (listener: () => void) => Disposable };
  log: Log;
  /** Runs a command of the project's config through this platform's shell. */
  shell: (command: string) => { command: string; args: readonly string[] };
  now?: () => number;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/**
 * Agents at work: from a spec to a branch, a worktree and a terminal, and back. It keeps the runs of every open project,
 * makes new ones, watches what they do, and takes them apart without losing anything.
 */
export class Runs implements Api, Disposable {
  readonly #options: RunsOptions;
  readonly #now: () => number;
  readonly #projects = new Map<ProjectId, ProjectRuns>();
  readonly #spawner: Spawner;
  readonly #monitor: StatusMonitor;
  readonly #leftovers: LeftoverWatch;
  readonly #unfinished: UnfinishedRuns;
  readonly #held: HeldRuns;
  readonly #places: PlaceQueue;
  readonly #removal: RunRemoval;
  readonly #startAgain: StartAgain;
  readonly #pauses: Pauses;
  readonly #messages: Messages;
  /** What changes whether a run is there, or has a process, happens to it one at a time: a second click waits for the first. */
  readonly #turns = new SerialQueue();
  readonly #adopting = new Set<Promise<void>>();
  readonly #owned = new DisposableStore();
  readonly #didChangeRun = this.#owned.add(new Emitter<{ projectId: ProjectId; event: RunFeed }>());

  /** A run of any open project has changed or gone. */
  readonly onDidChangeRun = this.#didChangeRun.event;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { agents, terminals, worktrees, ports, log, shell } = options;
    this.#monitor = this.#owned.add(new StatusMonitor({ agents, terminals, log, now: this.#now }));
    this.#leftovers = this.#owned.add(new LeftoverWatch({ terminals, log }));
    const spawning = { agents, terminals, worktrees, ports, monitor: this.#monitor, log, shell, now: this.#now };
    this.#spawner = new Spawner(spawning);
    this.#removal = new RunRemoval({ agents, terminals, worktrees, ports, spawner: this.#spawner, log, shell });
    const { prompts, specs } = options;
    const handOver = new HandOver({ agents, worktrees, prompts, specs, terminals, log });
    this.#startAgain = new StartAgain({ ...spawning, spawner: this.#spawner, handOver });
    this.#unfinished = new UnfinishedRuns({ worktrees, spawner: this.#spawner, log, now: this.#now });
    this.#held = new HeldRuns({
      isMerged: options.isSpecMerged,
      begin: (runs, id) => {
        this.#places.admit(runs, [id]);
      },
      log,
      now: this.#now,
    });
    this.#places = new PlaceQueue({
      projects: () => this.#projects.values(),
      limits: options.limits?.now ?? (() => noLimits),
      begin: (runs, id) => {
        this.#beginNow(runs, id);
      },
      now: this.#now,
    });
    if (options.limits) this.#owned.add(options.limits.onDidChange(() => this.#places.lookSoon()));
    this.#owned.add(this.onDidChangeRun(() => this.#places.lookSoon()));
    this.#pauses = new Pauses({ terminals, monitor: this.#monitor });
    this.#messages = new Messages({ agents, spawner: this.#spawner, monitor: this.#monitor });
  }

  /** Begins to listen to terminals. */
  start(): void {
    this.#monitor.start();
    this.#leftovers.start();
  }

  /**
   * Takes over the runs of a project that was opened, and brings them in line with Git and the terminals. Rejects when the
   * terminals could not be asked; the runs are there all the same.
   */
  async adopt(runs: ProjectRuns): Promise<void> {
    const adopting = this.#adopt(runs).finally(() => {
      this.#adopting.delete(adopting);
    });
    this.#adopting.add(adopting);
    return adopting;
  }

  /** Git has moved: asks again about the runs it may concern. */
  refresh(projectId: ProjectId, worktreePath: string | null): void {
    const runs = this.#projects.get(projectId);
    if (!runs) return;
    const concerned =
      worktreePath === null ? runs.all() : runs.all().filter((run) => run.worktreePath === worktreePath);
    for (const run of concerned) {
      if (worktreePath !== null) this.#monitor.filesChanged(runs, run.id);
      void runs.refresh(run.id);
    }
    // A branch that somebody merged outside of here may be what others wait for.
    if (worktreePath === null) void this.#held.look(runs);
  }

  /** No run begins by itself until this is disposed; the reason stands in the status of those that would. */
  readonly holdQueue = (reason: string): Disposable => this.#places.hold(reason);

  find(id: RunId): { run: Run; runs: ProjectRuns } | undefined {
    for (const runs of this.#projects.values()) {
      const run = runs.find(id);
      if (run) return { run, runs };
    }
    return undefined;
  }

  /** The runs of an open project, as they are now; none when it is not open. */
  all(projectId: ProjectId): readonly Run[] {
    return this.#projects.get(projectId)?.all() ?? [];
  }

  /** Cancels what is being made, waits until it was taken back, and lets go of everything. Agents at work go on. */
  async end(): Promise<void> {
    await this.#spawner.end();
    await Promise.allSettled(this.#adopting);
    this.dispose();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#projects.clear();
  }

  onDidChange(projectId: ProjectId, listener: (payload: RunFeed) => void): Disposable {
    const runs = this.#require(projectId);
    listener({ kind: 'all', runs: runs.all() });
    return runs.onDidChange(listener);
  }

  async plan(input: {
    projectId: ProjectId;
    requests: readonly RunRequest[];
  }): Promise<Result<readonly PlannedRun[], never>> {
    return ok(await this.#plan(this.#requireProject(input.projectId), input.requests));
  }

  async spawn(input: { projectId: ProjectId; requests: readonly SpawnRequest[] }): Answer<'spawn'> {
    const project = this.#requireProject(input.projectId);
    const runs = this.#require(input.projectId);
    if (project.needsTrust && !project.isTrusted) return fail({ kind: 'not-trusted' });
    const planned = await this.#plan(project, input.requests);
    const obstacles = planned.flatMap((each) => each.obstacles);
    if (obstacles.length > 0) return fail({ kind: 'refused', obstacles: [...new Set(obstacles)] });

    const { projectId } = input;
    const { specs, agents } = this.#options;
    const facts = { projectId, runs, specs, agents, held: this.#held, now: this.#now() };
    const records = await Promise.all(planned.map((each) => recordPlanned(each, facts)));
    const obstacle = await this.#begin(runs, records, planned);
    if (obstacle !== null) return fail({ kind: 'refused', obstacles: [obstacle] });
    this.#places.admit(
      runs,
      records.filter((record) => !isHeld(record)).map(({ id }) => id),
    );
    // What they wait for may have been merged while they were recorded.
    void this.#held.look(runs);
    return ok(records.map((record) => record.id));
  }

  /** Makes a run of work that was taken from others: recorded at once, its stages come through the feed. */
  async spawnTaken(projectId: ProjectId, taken: TakenWork): Promise<Result<RunId, TakenRefused>> {
    const runs = this.#require(projectId);
    const record = takenRecord(taken, this.#requireProject(projectId), runs.all(), this.#now());
    if (!record.ok) return record;
    const obstacle = await this.#begin(runs, [record.value], []);
    if (obstacle !== null) return fail({ kind: 'refused', reason: obstacle });
    this.#beginNow(runs, taken.id);
    return ok(taken.id);
  }

  prompt({ id }: { id: RunId }): Promise<Result<Prompt, { kind: 'run-missing' } | { kind: 'no-prompt' }>> {
    const found = this.find(id);
    if (!found) return missing();
    const version = found.run.promptVersion;
    const prompt = version === null ? null : found.runs.prompt(version);
    return Promise.resolve(prompt === null ? fail({ kind: 'no-prompt' as const }) : ok(prompt));
  }

  async pause({ id }: { id: RunId }): Answer<'pause'> {
    const found = this.find(id);
    return found ? this.#pauses.pause(found) : missing();
  }

  async unpause({ id }: { id: RunId }): Answer<'unpause'> {
    const found = this.find(id);
    return found ? this.#pauses.unpause(found) : missing();
  }

  async stop({ id }: { id: RunId }): Answer<'stop'> {
    const found = this.find(id);
    if (!found) return missing();
    if (isHeld(found.run) || waitsForPlace(found.run)) {
      this.#held.cancel(found.runs, found.run);
      return ok(undefined);
    }
    if (this.#spawner.isPreparing(id)) {
      void this.#spawner.cancel(id);
      return ok(undefined);
    }
    const { terminalId, leftRunning = [] } = found.run;
    const isOver = !isRunning(found.run);
    if (terminalId === null || (isOver && leftRunning.length === 0)) return fail({ kind: 'not-running' });
    const left = await endWhatRuns(this.#options.terminals, terminalId);
    if (isOver || left !== null) await this.#leftovers.look(found.runs, id);
    if (left === null) return ok(undefined);
    return fail({
      kind: 'still-there',
      message: `${left} Branch and worktree are as they were, and it may write there.`,
    });
  }

  restart({ id, how }: { id: RunId; how: 'afresh' | 'resume' }): Answer<'restart'> {
    return this.#turns.run<Awaited<Answer<'restart'>>>(id, async () => {
      const found = this.find(id);
      if (!found) return missing();
      return this.#startAgain.restart(found, how);
    });
  }

  continueWith(request: HandOverRequest): Answer<'continueWith'> {
    return this.#turns.run<Awaited<Answer<'continueWith'>>>(request.id, async () => {
      const found = this.find(request.id);
      if (!found) return missing();
      return this.#startAgain.continueWith(found, request);
    });
  }

  startNow({ id }: { id: RunId }): Answer<'startNow'> {
    return this.#turns.run<Awaited<Answer<'startNow'>>>(id, async () => {
      const found = this.find(id);
      if (!found) return missing();
      const { run, runs } = found;
      if (!isHeld(run) && !waitsForPlace(run)) return fail({ kind: 'not-held' });
      const project = this.#requireProject(runs.projectId);
      if (project.needsTrust && !project.isTrusted) return fail({ kind: 'not-trusted' });
      const obstacle = obstacleOf(run, await this.#options.agents.find(runs.projectId, run.agent.id));
      if (obstacle !== null) return fail(obstacle);
      this.#beginNow(runs, id);
      return ok(undefined);
    });
  }

  retry({ id }: { id: RunId }): Answer<'retry'> {
    return this.#turns.run<Awaited<Answer<'retry'>>>(id, async () => {
      const found = this.find(id);
      if (!found) return missing();
      const { run, runs } = found;
      if (run.status.kind !== 'failed' || this.#spawner.isPreparing(id)) return fail({ kind: 'not-failed' });
      const project = this.#requireProject(runs.projectId);
      if (project.needsTrust && !project.isTrusted) return fail({ kind: 'not-trusted' });
      const obstacle = obstacleOf(run, await this.#options.agents.find(runs.projectId, run.agent.id));
      if (obstacle !== null) return fail(obstacle);
      const leftover = await this.#unfinished.clearAway(runs, run);
      if (leftover !== null) return fail({ kind: 'refused', obstacles: [leftover] });
      const spec = run.task === 'split' ? null : await this.#options.specs.find(runs.projectId, run.spec.slug);
      if (await this.#held.holdAgain(runs, run, spec?.after ?? [])) return ok(undefined);
      runs.change(id, { stages: pendingStages() });
      this.#places.admit(runs, [id]);
      return ok(undefined);
    });
  }

  async send(message: Parameters<Api['send']>[0]): Answer<'send'> {
    const found = this.find(message.id);
    return found ? this.#messages.send(found, message) : missing();
  }

  decide({ id, decision, reason }: Parameters<Api['decide']>[0]): Answer<'decide'> {
    const found = this.find(id);
    if (!found) return missing();
    const at = decision === 'pending' ? null : this.#now();
    found.runs.setDecision(id, { kind: decision, reason: reason.trim(), at });
    return Promise.resolve(ok(undefined));
  }

  async planRemoval({ id }: { id: RunId }): Promise<Result<RemovalPlan, { kind: 'run-missing' }>> {
    const found = this.find(id);
    if (!found) return missing();
    return ok(await this.#removal.plan(found));
  }

  remove({ id, fingerprint }: { id: RunId; fingerprint: string }): Answer<'remove'> {
    return this.#turns.run<Awaited<Answer<'remove'>>>(id, async () => {
      const found = this.find(id);
      if (!found) return missing();
      return this.#removal.remove(found, this.#requireProject(found.runs.projectId), fingerprint);
    });
  }

  forget({ id }: { id: RunId }): Answer<'forget'> {
    return this.#turns.run<Awaited<Answer<'forget'>>>(id, async () => {
      const found = this.find(id);
      if (!found) return missing();
      if (isBeingMade(found.run) || this.#spawner.isPreparing(id)) return fail({ kind: 'still-there' });
      if (!ownsNothing(found.run)) {
        const presence = await this.#options.worktrees.presence(found.runs.place(found.run));
        if (presence.branch || presence.worktree) return fail({ kind: 'still-there' });
      }
      await this.#removal.forget(found.runs, found.run, null);
      return ok(undefined);
    });
  }

  async listSnapshots({ projectId }: { projectId: ProjectId }): Promise<Result<readonly Snapshot[], never>> {
    return ok(await this.#options.snapshots.list(this.#requireProject(projectId).path));
  }

  async restoreSnapshot({ projectId, ref }: { projectId: ProjectId; ref: string }): Answer<'restoreSnapshot'> {
    const restored = await this.#options.snapshots.restore(this.#requireProject(projectId).path, ref);
    if (!restored.ok) return restored;
    const detail = 'Its agent was ended when the run was deleted. It can be started again.';
    const status = { kind: 'exited', source: 'restored', since: this.#now(), detail } as const;
    this.#require(projectId).bringBack(ref, restored.value, status);
    this.refresh(projectId, null);
    return restored;
  }

  /**
   * Makes the runs' terminals, before anybody hears of the runs, so that whoever looks at one finds it also while it is
   * queued; and records them. Returns what is in the way, or null.
   */
  async #begin(
    runs: ProjectRuns,
    records: readonly RunRecord[],
    planned: readonly PlannedRun[],
  ): Promise<string | null> {
    const prompts = planned.flatMap(({ prompt }) => (prompt ? [prompt] : []));
    try {
      for (const { terminalId } of records) await this.#spawner.ensureTerminal(terminalId);
      runs.add(records, prompts);
      return null;
    } catch (error) {
      this.#options.log.error('new runs could not be begun', error);
      for (const { terminalId } of records) if (terminalId !== null) await this.#removal.removeTerminal(terminalId);
      return `The runs cannot be begun: ${errorMessage(error)}`;
    }
  }

  async #adopt(runs: ProjectRuns): Promise<void> {
    this.#projects.set(runs.projectId, runs);
    this.#owned.add(runs);
    this.#owned.add(runs.onDidChange((event) => this.#didChangeRun.fire({ projectId: runs.projectId, event })));
    for (const run of runs.all())
      if (isBeingMade(run) && !isHeld(run) && !waitsForPlace(run)) await this.#unfinished.cutOff(runs, run);
    this.#owned.add(
      runs.onDidChange((event) => {
        if (event.kind === 'changed' && event.run.merged !== null) void this.#held.look(runs);
      }),
    );
    this.#monitor.watch(runs);
    const known = new Set(runs.all().map(({ id }) => id));
    this.#options.ports.keepOnly(runs.projectPath, known).catch((error: unknown) => {
      this.#options.log.error('ports of former runs could not be given back', error);
    });
    const [restored] = await Promise.allSettled([this.#monitor.restore(runs), runs.refreshAll()]);
    void this.#held.look(runs);
    this.#places.lookSoon();
    this.#leftovers.watch(runs);
    if (restored.status === 'rejected') throw restored.reason;
  }

  /** There is a place and nothing to wait for, or the person does not want to wait. */
  #beginNow(runs: ProjectRuns, id: RunId): void {
    runs.setStatus(id, { kind: 'queued', source: 'stages', since: this.#now(), detail: null });
    void this.#spawner.spawn(this.#requireProject(runs.projectId), runs, id);
  }

  #plan(project: RunProject, requests: readonly SpawnRequest[]): Promise<readonly PlannedRun[]> {
    const known = this.#require(project.id).all();
    return planRuns(requests, {
      project,
      // Two runs of one branch would each take the other's work for its own. A branch that is being made counts too.
      taken: known.filter((run) => !ownsNothing(run) || isBeingMade(run)).map(({ branch }) => branch),
      spec: (slug) => this.#options.specs.find(project.id, slug),
      agent: (id) => this.#options.agents.find(project.id, id),
      compose: (request) => this.#options.prompts.composeFor(request),
      missing: (base, after) => this.#held.missing(this.#require(project.id), base, after),
      waits: (base, missing, ahead) =>
        missing.length === 0
          ? this.#places.inWords(ahead)
          : this.#held.status(this.#require(project.id), base, missing).detail,
    });
  }

  #require(projectId: ProjectId): ProjectRuns {
    const runs = this.#projects.get(projectId);
    if (!runs) throw new Error(`the project ${projectId} is not open`);
    return runs;
  }

  #requireProject(projectId: ProjectId): RunProject {
    const project = this.#options.projects.find(projectId);
    if (!project) throw new Error(`the project ${projectId} is not open`);
    return project;
  }
}

const noLimits: PlaceLimits = { mostRunning: 0, mostToReview: 0, isMemoryLow: false };

const missing = (): Promise<{ ok: false; error: { kind: 'run-missing' } }> =>
  Promise.resolve(fail({ kind: 'run-missing' as const }));
