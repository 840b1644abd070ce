import { toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { CheckTerminals } from '#main/services/gates/check-terminals.ts';
import type { TerminalsPort } from '#main/services/gates/gate-ports.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Train, train as contract } from '#shared/contract/train.ts';
import type { ProjectId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { ProjectTrain } from './project-train.ts';
import type {
  GitPort,
  MergesPort,
  MergesTrees,
  ProjectsPort,
  PromisesOf,
  RunsPort,
  TrainStores,
} from './train-ports.ts';

export interface TrainsOptions {
  git: GitPort;
  merges: MergesPort;
  mergeTrees: MergesTrees;
  terminals: TerminalsPort;
  projects: ProjectsPort;
  runs: RunsPort;
  promises: PromisesOf;
  /** Null: the project is not open. */
  stores: (id: ProjectId) => TrainStores | null;
  log: Log;
  now?: () => number;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** The trains of the open projects, at most one of each. */
export class Trains implements Api, Disposable {
  readonly #options: TrainsOptions;
  readonly #trains = new Map<ProjectId, ProjectTrain>();

  constructor(options: TrainsOptions) {
    this.#options = options;
  }

  onDidChange(id: ProjectId, listener: (payload: Train | null) => void): Disposable {
    const train = this.#trainOf(id);
    listener(train?.train ?? null);
    return train ? train.onDidChange(listener) : toDisposable(() => undefined);
  }

  async start({ projectId, ids, method }: Parameters<Api['start']>[0]): Answer<'start'> {
    const { projects, runs, git } = this.#options;
    const project = projects.find(projectId);
    const train = this.#trainOf(projectId);
    const cars = ids.map((id) => runs.find(id));
    const [first] = cars;
    if (!project || !train || !first) return fail({ kind: 'run-missing' });
    for (const run of cars) {
      if (run?.projectId !== projectId) return fail({ kind: 'run-missing' });
      if (run.decision !== 'keep') return fail({ kind: 'not-kept', title: run.title });
      if (run.base !== first.base) return fail({ kind: 'other-base', title: run.title, base: run.base });
    }
    // Whoever allows the commands should know that they are not all.
    if (project.unreadable.length > 0) return fail({ kind: 'unreadable-checks', problems: project.unreadable });
    if (project.needsTrust && !project.isTrusted) return fail({ kind: 'not-trusted' });
    if (!train.isOver) return fail({ kind: 'already-running' });
    const [startCommit] = await resolveCommits(git, project.path, [`refs/heads/${first.base}`]);
    if (!startCommit) return fail({ kind: 'base-missing', base: first.base });
    // Asked again, because Git took its time.
    if (!train.isOver) return fail({ kind: 'already-running' });
    train.start(
      { base: first.base, method, startCommit },
      cars.flatMap((run) => (run ? [{ runId: run.id, title: run.title }] : [])),
    );
    return ok(undefined);
  }

  pause({ projectId }: { projectId: ProjectId }): Answer<'pause'> {
    return this.#with(projectId, (train) => {
      train.pause();
    });
  }

  resume({ projectId, skip }: { projectId: ProjectId; skip: boolean }): Answer<'resume'> {
    return this.#with(projectId, (train) => {
      train.resume(skip);
    });
  }

  abort({ projectId }: { projectId: ProjectId }): Answer<'abort'> {
    return this.#with(projectId, (train) => train.abort());
  }

  /** Lets go of them as a kill would: each can be resumed. */
  async end(): Promise<void> {
    await Promise.all(Array.from(this.#trains.values(), (train) => train.end()));
    this.#trains.clear();
  }

  dispose(): void {
    for (const train of this.#trains.values()) train.dispose();
    this.#trains.clear();
  }

  async #with(id: ProjectId, act: (train: ProjectTrain) => void | Promise<void>): Answer<'pause'> {
    const train = this.#trainOf(id);
    if (!train?.train) return fail({ kind: 'no-train' });
    await act(train);
    return ok(undefined);
  }

  #trainOf(id: ProjectId): ProjectTrain | null {
    const present = this.#trains.get(id);
    if (present) return present;
    const { stores: storesOf, git, merges, mergeTrees, terminals, projects, promises, log } = this.#options;
    const { now = Date.now } = this.#options;
    const stores = storesOf(id);
    if (stores === null) return null;
    const made = new ProjectTrain({
      git,
      merges,
      mergeTrees,
      commands: new CheckTerminals({ kind: 'train', terminals, log }),
      project: () => projects.find(id),
      promises,
      stores,
      log,
      now,
    });
    this.#trains.set(id, made);
    return made;
  }
}
