import { placeOf } from '#shared/board/derive-board.ts';
import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Prompt } from '#shared/contract/prompts.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { Machine } from './machine/machine.ts';
import type { Settings } from './settings/settings.ts';
import type { CheckedRun } from './gates/gate-ports.ts';
import type { CheckedRun as InvariantRun } from './invariants/invariant-ports.ts';
import { inOrder } from './gates/gate-config.ts';
import { unreadableWords } from './gates/unreadable-check.ts';
import type { OpenProject } from './projects/projects.ts';
import type { RadarRun } from './radar/radar-ports.ts';
import type { RunProject } from './runs/run-ports.ts';
import type { PlaceLimits } from './runs/place-queue.ts';
import { isRunning } from './runs/run-obstacles.ts';
import type { Runs } from './runs/runs.ts';

/*
 * A run and its project as each of the other services needs to know them: services.ts hands these out, so that no service
 * has to know another one's words.
 */

export function runProject(project: OpenProject): RunProject {
  const { id, path, commonDir, config, state, isTrusted } = project;
  return {
    id,
    path,
    commonDir,
    defaultBase: state.defaultBase,
    branches: state.branches,
    worktreeFolder: config.worktrees.folder,
    branchTemplate: config.branch,
    copy: config.copy,
    dependencies: config.dependencies,
    sparse: config.sparse,
    setup: projectCommand(config.setup),
    teardown: projectCommand(config.teardown),
    needsTrust: config.setup !== null || config.worktrees.isElsewhere,
    isTrusted,
  };
}

const projectCommand = (command: OpenProject['config']['setup']) =>
  command && { command: command.run, timeoutMilliseconds: command.timeoutMinutes * 60_000 };

/** Whether the run's branch may still be merged. */
export const isActive = (run: Run): boolean =>
  run.presence.branch &&
  run.merged === null &&
  run.decision.kind !== 'discard' &&
  !['queued', 'preparing'].includes(run.status.kind);

/** Whether something may run in its terminal: the agent, or what makes it ready. */
export const hasProcess = (run: Run): boolean => run.status.kind === 'preparing' || isRunning(run);

/** What the settings let be at work at once, as far as the machine's memory does. */
export function placeLimits(settings: Settings, machine: Machine) {
  return {
    now: (): PlaceLimits => {
      const { mostRunning, mostToReview } = settings.values();
      return { mostRunning, mostToReview, isMemoryLow: machine.isMemoryLow };
    },
    onDidChange: (listener: () => void): Disposable => {
      const subscriptions = new DisposableStore();
      subscriptions.add(settings.onDidChangeSettings({}, listener));
      subscriptions.add(machine.onDidChange(listener));
      return subscriptions;
    },
  };
}

export const checkedRun = (run: Run | undefined): CheckedRun | null =>
  run === undefined
    ? null
    : {
        id: run.id,
        projectId: run.projectId,
        spec: run.spec.slug,
        alsoHolds: run.alsoHolds,
        isInReview: placeOf(run).group === 'review',
      };

/** With the versions of the invariants that its prompt held. */
export function invariantRun(runs: Runs, id: RunId): InvariantRun | null {
  const found = runs.find(id);
  if (!found) return null;
  const { projectId, spec, task, promptVersion } = found.run;
  const given = promptVersion === null ? null : givenBy(promptVersion, () => found.runs.prompt(promptVersion));
  return { id, projectId, spec: spec.slug, isSplitting: task === 'split', given };
}

/** A version names a text, so what it holds is read once; prompts are long, and this is asked with every change. */
const givenByPrompt = new Map<string, ReadonlyMap<string, string>>();

function givenBy(version: string, read: () => Prompt | null): ReadonlyMap<string, string> | null {
  const known = givenByPrompt.get(version);
  if (known) return known;
  const prompt = read();
  if (!prompt) return null;
  const given = new Map(
    prompt.parts.flatMap((part) => (part.kind === 'invariant' ? [[part.id, part.version] as const] : [])),
  );
  if (givenByPrompt.size > 500) givenByPrompt.clear();
  givenByPrompt.set(version, given);
  return given;
}

export const titleOf = ({ variant, spec }: Pick<Run, 'variant' | 'spec'>): string =>
  variant === null ? spec.title : `${spec.title} (${String(variant)})`;

export function trainProject(project: OpenProject) {
  const { id, path, commonDir, config, isTrusted } = project;
  const { gates } = config;
  return {
    id,
    path,
    commonDir,
    worktreeFolder: config.worktrees.folder,
    gates: inOrder(gates.filter(({ when }) => when !== 'by-hand')),
    invariantCommands: config.invariantCommands,
    unreadable: config.unreadable.map(unreadableWords),
    setup: projectCommand(config.setup),
    copy: config.copy,
    isTrusted,
    needsTrust:
      gates.length > 0 ||
      config.invariantCommands.length > 0 ||
      config.tests !== null ||
      config.setup !== null ||
      config.worktrees.isElsewhere,
  };
}

export function radarRun(run: Run): RadarRun {
  const { id, spec, branch, base, worktreePath } = run;
  const title = titleOf(run);
  const isNearReview = placeOf(run).group === 'review';
  return { id, spec: spec.slug, title, branch, base, worktreePath, isNearReview };
}

export function mergePlace(runs: Runs, id: RunId) {
  const found = runs.find(id);
  if (!found) return null;
  const { run } = found;
  const { projectPath, branch, base, worktreePath } = found.runs.place(run);
  return {
    id,
    projectPath,
    branch,
    base,
    worktreePath,
    spec: run.spec,
    agentLabel: run.agent.label,
    decision: run.decision.kind,
  };
}

/** How words get to a run's agent: into its terminal, or by resuming it first. */
export const messagesTo = (runs: Runs) => ({
  find: (id: RunId) => {
    const run = runs.find(id)?.run;
    return run ? { branch: run.branch, asks: run.status.kind === 'waiting' } : null;
  },
  send: async (id: RunId, text: string): Promise<'sent' | 'not-running' | 'not-read' | 'asks'> => {
    const sent = await runs.send({ id, text });
    if (sent.ok) return 'sent';
    return sent.error.kind === 'run-missing' ? 'not-running' : sent.error.kind;
  },
  resume: async (id: RunId): Promise<string | null> => {
    const resumed = await runs.restart({ id, how: 'resume' });
    if (resumed.ok || resumed.error.kind === 'still-running') return null;
    const { error } = resumed;
    switch (error.kind) {
      case 'run-missing':
        return 'The run is no longer there.';
      case 'worktree-missing':
        return 'Its worktree is gone.';
      case 'cannot-resume':
        return 'Its agent is not running and cannot go on with its session.';
      case 'refused':
        return error.obstacles.join(' ');
      case 'not-trusted':
        return 'This project’s commands are not allowed yet.';
    }
  },
});

/** Runs as what a line of code can come from. */
export const originsOf = (runs: Runs) => ({
  find: (id: RunId) => {
    const run = runs.find(id)?.run;
    return run ? { projectId: run.projectId, base: run.base } : null;
  },
  origin: (id: RunId) => {
    const run = runs.find(id)?.run;
    if (!run) return null;
    const { projectId, spec, agent, branch, decision } = run;
    const hasPrompt = run.promptVersion !== null;
    return { id, projectId, spec, title: titleOf(run), agent: agent.label, branch, decision, hasPrompt };
  },
  mergedAs: (project: ProjectId, commit: string): RunId | null =>
    runs.all(project).find(({ merged }) => merged?.commit === commit)?.id ?? null,
});
