import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { hasProcess } from '#main/services/views-of-runs.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Run, RunFeed } from '#shared/contract/runs.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

export interface AtWorkOptions {
  api: Pick<HostApi, 'runs'>;
  log: Log;
}

/** The runs of every project that was opened since the start, also of those whose windows are closed or never were. */
export class AtWork implements Disposable {
  readonly #options: AtWorkOptions;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<void>());
  readonly #projects = new Map<ProjectId, Map<RunId, Run>>();

  constructor(options: AtWorkOptions) {
    this.#options = options;
  }

  readonly onDidChange = this.#didChange.event;

  /** Follows the runs of a project, from its first opening on. */
  follow(id: ProjectId): void {
    if (this.#projects.has(id)) return;
    const runs = new Map<RunId, Run>();
    this.#projects.set(id, runs);
    this.#owned.add(
      this.#options.api.runs.onDidChange(id, (push) => {
        apply(runs, push);
        this.#didChange.fire();
      }),
    );
  }

  find(id: RunId): Run | null {
    for (const runs of this.#projects.values()) {
      const run = runs.get(id);
      if (run) return run;
    }
    return null;
  }

  /** Whether runs of a project are there that change without the person: what may run, and what begins by itself. */
  isUnderWay(id: ProjectId): boolean {
    return Array.from(this.#projects.get(id)?.values() ?? []).some(
      (run) => run.status.kind === 'queued' || hasProcess(run),
    );
  }

  /** Runs that something may run for: they go on without us, or can be stopped. */
  alive(): readonly Run[] {
    return this.#all().filter(hasProcess);
  }

  /** Runs whose agents do something now, rather than wait for the person. */
  busy(): readonly Run[] {
    return this.#all().filter(
      ({ status, pausedSince }) => pausedSince === null && ['preparing', 'working'].includes(status.kind),
    );
  }

  /** Stops every run that is alive; how many could not be stopped. Never rejects. */
  async stopAll(): Promise<number> {
    const stopped = await Promise.all(this.alive().map(async ({ id }) => await this.#stop(id)));
    return stopped.filter((isStopped) => !isStopped).length;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #stop(id: RunId): Promise<boolean> {
    try {
      const answer = await this.#options.api.runs.stop({ id });
      // One that has ended meanwhile is stopped.
      return answer.ok || answer.error.kind === 'not-running' || answer.error.kind === 'run-missing';
    } catch (error) {
      // One whose terminals cannot be reached must not hide that the others were stopped, or that it was not.
      this.#options.log.error('a run could not be stopped', error, { run: id });
      return false;
    }
  }

  #all(): readonly Run[] {
    return Array.from(this.#projects.values()).flatMap((runs) => Array.from(runs.values()));
  }
}

function apply(runs: Map<RunId, Run>, push: RunFeed): void {
  switch (push.kind) {
    case 'all':
      runs.clear();
      for (const run of push.runs) runs.set(run.id, run);
      return;
    case 'changed':
      runs.set(push.run.id, push.run);
      return;
    case 'removed':
      runs.delete(push.id);
  }
}

/** `2 agents`, `1 agent`. */
export const agentsInWords = (count: number): string => (count === 1 ? '1 agent' : `${String(count)} agents`);
