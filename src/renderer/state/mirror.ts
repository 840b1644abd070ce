import { create } from 'zustand';

import type { Agent } from '#shared/contract/agents.ts';
import type { AttentionState } from '#shared/contract/attention.ts';
import type { CheckFeed, RunChecks } from '#shared/contract/gates.ts';
import type { HostInfo, Settings } from '#shared/contract/host.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { InvariantFeed, RunInvariants } from '#shared/contract/invariants.ts';
import type { PairCheck } from '#shared/contract/pairs.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { RadarState } from '#shared/contract/radar.ts';
import type { PullRequest } from '#shared/contract/pull-requests.ts';
import type { PromptSource } from '#shared/contract/prompts.ts';
import type { Run, RunFeed } from '#shared/contract/runs.ts';
import type { SpecList, SpecSummary } from '#shared/contract/specs.ts';
import type { Train } from '#shared/contract/train.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { afterFirstScreens } from './first-screens.ts';

/** What the host last told us. `null` means: it has not said yet. Only the feeds write here; everyone reads. */
export interface Mirror {
  info: HostInfo | null;
  settings: Settings | null;
  project: Project | null;
  specs: SpecList | null;
  promptSources: readonly PromptSource[] | null;
  agents: readonly Agent[] | null;
  runs: ReadonlyMap<RunId, Run> | null;
  radar: RadarState | null;
  /** What is known of the checks of each run that can be checked. */
  checks: ReadonlyMap<RunId, RunChecks> | null;
  /** What is known of each run and the rules of the project. */
  invariants: ReadonlyMap<RunId, RunInvariants> | null;
  /** Pairs of branches whose gates were run together. */
  pairChecks: readonly PairCheck[] | null;
  /** The project's train; null when there never was one. */
  train: Train | null;
  /** The pull requests of runs, as they were seen last. */
  pullRequests: ReadonlyMap<RunId, PullRequest> | null;
  /** What needs the person, in their order, and what they have put off. */
  attention: AttentionState | null;
}

const ofProject = {
  project: null,
  specs: null,
  promptSources: null,
  agents: null,
  runs: null,
  radar: null,
  checks: null,
  invariants: null,
  pairChecks: null,
  train: null,
  pullRequests: null,
  attention: null,
};

export const useMirror = create<Mirror>()(() => ({ info: null, settings: null, ...ofProject }));

/** The runs after a push of their feed. */
function applyRunFeed(runs: ReadonlyMap<RunId, Run> | null, push: RunFeed): ReadonlyMap<RunId, Run> {
  switch (push.kind) {
    case 'all':
      return new Map(push.runs.map((run) => [run.id, run]));
    case 'changed':
      return new Map(runs).set(push.run.id, push.run);
    case 'removed': {
      const rest = new Map(runs);
      rest.delete(push.id);
      return rest;
    }
  }
}

function applyCheckFeed(checks: Mirror['checks'], push: CheckFeed): Mirror['checks'] {
  if (push.kind === 'all') return new Map(push.runs.map((run) => [run.runId, run]));
  const next = new Map(checks);
  if (push.kind === 'changed') next.set(push.run.runId, push.run);
  else next.delete(push.runId);
  return next;
}

function applyInvariantFeed(invariants: Mirror['invariants'], push: InvariantFeed): Mirror['invariants'] {
  if (push.kind === 'all') return new Map(push.runs.map((run) => [run.runId, run]));
  const next = new Map(invariants);
  if (push.kind === 'changed') next.set(push.run.runId, push.run);
  else next.delete(push.runId);
  return next;
}

/** Follows what belongs to the app and not to a project. */
export function followHost(host: Pick<HostApi, 'host'>, onFault: (where: string, message: string) => void): Disposable {
  const feeds = [
    host.host.onDidChangeSettings({}, (settings) => {
      useMirror.setState({ settings });
    }),
    host.host.onDidFault({}, (fault) => {
      onFault(fault.where, fault.message);
    }),
  ];
  return { dispose: () => disposeAll(feeds) };
}

/**
 * Makes this project the one that the mirror shows, and follows it until disposed; then nothing of it is left. What a person
 * waits for comes first; what each of the other feeds sets going in the host comes after the first screens.
 */
export function followProject(
  host: Pick<
    HostApi,
    | 'projects'
    | 'specs'
    | 'prompts'
    | 'agents'
    | 'runs'
    | 'radar'
    | 'gates'
    | 'invariants'
    | 'pairs'
    | 'train'
    | 'pullRequests'
    | 'attention'
  >,
  project: Project,
): Disposable {
  useMirror.setState({ ...ofProject, project });
  const { id } = project;
  const runs = runPushes();
  const feeds: Disposable[] = [];
  feeds.push(
    host.projects.onDidChange(id, (next) => {
      useMirror.setState({ project: next });
    }),
    host.specs.onDidChange(id, (specs) => {
      useMirror.setState({ specs });
    }),
    host.agents.onDidChange(id, (agents) => {
      useMirror.setState({ agents });
    }),
    host.runs.onDidChange(id, runs.take),
    runs,
    afterFirstScreens(() => {
      feeds.push(
        host.prompts.onDidChange(id, (promptSources) => {
          useMirror.setState({ promptSources });
        }),
        host.gates.onDidChange(id, (push) => {
          useMirror.setState(({ checks }) => ({ checks: applyCheckFeed(checks, push) }));
        }),
        host.invariants.onDidChange(id, (push) => {
          useMirror.setState(({ invariants }) => ({ invariants: applyInvariantFeed(invariants, push) }));
        }),
        host.pairs.onDidChange(id, (pairChecks) => {
          useMirror.setState({ pairChecks });
        }),
        host.train.onDidChange(id, (train) => {
          useMirror.setState({ train });
        }),
        host.pullRequests.onDidChange(id, (known) => {
          useMirror.setState({ pullRequests: new Map(known.map((each) => [each.runId, each])) });
        }),
        host.attention.onDidChange(id, (attention) => {
          useMirror.setState({ attention });
        }),
        host.radar.onDidChange(id, (radar) => {
          useMirror.setState({ radar });
        }),
      );
    }),
  );
  return {
    dispose: () => {
      disposeAll(feeds);
      useMirror.setState(ofProject);
    },
  };
}

/** Agents at work change their titles many times a second, each of them. To draw the board for every one would freeze the page. */
const runPushMilliseconds = 60;

/** Applies a push of the runs at once, and those that follow closely together. */
function runPushes(): Disposable & { take: (push: RunFeed) => void } {
  let waiting: RunFeed[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const apply = (pushes: readonly RunFeed[]): void => {
    useMirror.setState((mirror) => ({
      runs: pushes.reduce<Mirror['runs']>((runs, push) => applyRunFeed(runs, push), mirror.runs),
    }));
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting.length === 0) return;
      const pushed = waiting;
      waiting = [];
      apply(pushed);
    }, runPushMilliseconds);
  };
  return {
    take: (push) => {
      if (timer === undefined) apply([push]);
      else waiting.push(push);
    },
    dispose: () => {
      clearTimeout(timer);
    },
  };
}

function disposeAll(feeds: readonly Disposable[]): void {
  for (const feed of feeds) feed.dispose();
}

/** The run, and again whenever it changes; null when there is none (any more). */
export const useRun = (id: RunId | null): Run | null =>
  useMirror((mirror) => (id === null ? null : (mirror.runs?.get(id) ?? null)));

export const useSpec = (slug: SpecSlug | null): SpecSummary | null =>
  useMirror((mirror) => mirror.specs?.specs.find((spec) => spec.slug === slug) ?? null);

/** The open project. Only for what is shown inside a project: elsewhere there is none, and this throws. */
export function useProject(): Project {
  const project = useMirror((mirror) => mirror.project);
  if (!project) throw new Error('no project is open');
  return project;
}
