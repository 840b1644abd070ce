import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { WatchFolder } from '#main/base/watch-folder.ts';
import type { Pace } from '#main/services/review/recomputer.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { InvariantFeed, invariants as contract } from '#shared/contract/invariants.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import type { FollowFootprints, RadarPort, RunsPort } from './invariant-ports.ts';
import { changesMessage, findingsMessage } from './message.ts';
import { ProjectInvariants } from './project-invariants.ts';
import type { ToldInvariants } from './told-invariants.ts';

export interface InvariantsOptions {
  /** Null: it is not open. */
  projects: { find(id: ProjectId): { path: string; told: ToldInvariants } | null };
  runs: RunsPort;
  radar: RadarPort;
  footprints: FollowFootprints;
  watch: WatchFolder;
  log: Log;
  pace?: Pace;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/**
 * Whether each branch keeps the rules that the project's invariants carry, with what is not committed; whether it stays within
 * its spec's footprint; and which runs were given rules that have changed since. The rules are those of the person's checkout:
 * an agent cannot loosen what its work is held against. Nothing of it runs a command; those are checks like any gate.
 */
export class Invariants implements Api, Disposable {
  readonly #options: InvariantsOptions;
  readonly #owned = new DisposableStore();
  readonly #projects = new Map<ProjectId, ProjectInvariants>();

  constructor(options: InvariantsOptions) {
    this.#options = options;
    const { radar, runs } = options;
    this.#owned.add(
      radar.onDidLook((looked) => {
        const run = runs.find(looked.runId);
        if (run) this.#projectOf(run.projectId)?.seen(looked);
      }),
    );
    this.#owned.add(runs.onDidChange((id) => this.#projects.get(id)?.ask()));
  }

  onDidChange(id: ProjectId, listener: (payload: InvariantFeed) => void): Disposable {
    const project = this.#projectOf(id);
    listener({ kind: 'all', runs: [...(project?.states.values() ?? [])] });
    if (!project) return toDisposable(() => undefined);
    const pushed = new Map(Array.from(project.states, ([runId, state]) => [runId, JSON.stringify(state)]));
    const subscription = project.onDidCompute(() => {
      for (const runId of pushed.keys()) {
        if (project.states.has(runId)) continue;
        pushed.delete(runId);
        listener({ kind: 'removed', runId });
      }
      for (const [runId, state] of project.states) {
        const text = JSON.stringify(state);
        if (pushed.get(runId) === text) continue;
        pushed.set(runId, text);
        listener({ kind: 'changed', run: state });
      }
    });
    project.watch();
    return subscription;
  }

  async check({ id }: { id: RunId }): Answer<'check'> {
    const { runs, radar } = this.#options;
    const run = runs.find(id);
    const project = run && this.#projectOf(run.projectId);
    if (!run || !project) return fail({ kind: 'run-missing' });
    await radar.presentTree(id);
    await project.computeNow();
    return ok(undefined);
  }

  async tell({ id, what }: Parameters<Api['tell']>[0]): Answer<'tell'> {
    const { runs, projects } = this.#options;
    const run = runs.find(id);
    const project = run && this.#projectOf(run.projectId);
    const told = run && projects.find(run.projectId)?.told;
    if (!run || !project || !told) return fail({ kind: 'run-missing' });
    // What is told is what holds at this moment, and not what the page last saw.
    await project.computeNow();
    const state = project.states.get(id);
    if (what === 'findings') {
      const { findings = [], omitted = 0 } = state ?? {};
      if (findings.length === 0) return fail({ kind: 'nothing-to-tell' });
      return runs.send({ id, text: findingsMessage(findings, omitted) });
    }
    const behind = state?.behind ?? [];
    if (behind.length === 0) return fail({ kind: 'nothing-to-tell' });
    const sent = await runs.send({ id, text: changesMessage(behind, await project.present()) });
    if (!sent.ok) return sent;
    told.add(id, new Map(behind.map(({ id: invariant, now }) => [invariant, now ?? ''])));
    await project.computeNow();
    return ok(undefined);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const project of this.#projects.values()) project.dispose();
    this.#projects.clear();
  }

  #projectOf(id: ProjectId): ProjectInvariants | null {
    const present = this.#projects.get(id);
    if (present) return present;
    const { projects, runs, radar, footprints, watch, log, pace } = this.#options;
    const found = projects.find(id);
    if (!found || this.#owned.isDisposed) return null;
    const { path, told } = found;
    const project = new ProjectInvariants({
      id,
      path,
      told,
      runs: () => runs.active(id),
      radar,
      footprints,
      watch,
      log,
      ...(pace ? { pace } : {}),
    });
    this.#projects.set(id, project);
    return project;
  }
}
