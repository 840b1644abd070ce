import type { OpenFailure, Project } from '#shared/contract/projects.ts';
import type { PlannedRun, Run, RunFeed, RunRequest } from '#shared/contract/runs.ts';
import type { SpecList, SpecSummary } from '#shared/contract/specs.ts';
import type { Disposable } from '#shared/disposable.ts';
import { agentId, specSlug, type ProjectId } from '#shared/ids.ts';
import { assertNever, fail, ok, type Result } from '#shared/result.ts';

import type { CommandArguments } from './arguments.ts';
import type { CommandApi } from './command-contract.ts';
import { findRun } from './find-run.ts';
import { runAsData } from './run-as-data.ts';
import { table } from './table.ts';

/** What a command has to say: for a person, and for a program. */
export interface CommandOutput {
  text: string;
  data: unknown;
}
/** Why it could not be done, in words for the person. */
export interface CommandRefused {
  kind: 'refused';
  message: string;
}
type Outcome = Promise<Result<CommandOutput, CommandRefused>>;

const refuse = (message: string): { ok: false; error: CommandRefused } => fail({ kind: 'refused', message });

/** Carries a command out on the host that runs. */
export async function runCommand(asked: CommandArguments, api: CommandApi): Outcome {
  const opened = await openProject(api, asked.folder);
  if (!opened.ok) return refuse(inWords(opened.error));
  const project = opened.value;
  switch (asked.command) {
    case 'list':
      return await list(api, project.id);
    case 'status':
      return await status(api, project.id, asked.names);
    case 'spawn':
      return await spawn(api, project.id, asked);
    case 'stop':
      return await stop(api, project.id, asked.names);
    case 'open':
      return await open(api, project);
    case 'help':
    case 'version':
      throw new Error(`${asked.command} needs no host`);
    default:
      return assertNever(asked.command);
  }
}

/** From a subfolder to its repository, and from a run's worktree to the repository that it belongs to. */
async function openProject(api: CommandApi, folder: string): Promise<Result<Project, OpenFailure>> {
  let path = folder;
  for (let steps = 0; ; steps++) {
    const opened = await api.projects.open({ path });
    if (opened.ok || steps === 2) return opened;
    if (opened.error.kind === 'inside-repository') path = opened.error.rootPath;
    else if (opened.error.kind === 'linked-worktree') path = opened.error.mainPath;
    else return opened;
  }
}

async function list(api: CommandApi, projectId: ProjectId): Outcome {
  const specs = await specsOf(api, projectId);
  const runs = await runsOf(api, projectId);
  const data = specs.map((spec) => ({
    spec: spec.slug,
    title: spec.title,
    path: spec.path,
    agents: spec.agents,
    base: spec.base,
    branch: spec.branch,
    footprint: spec.footprint,
    after: spec.after,
    problems: spec.problemCount,
    runs: runs.filter((run) => run.spec.slug === spec.slug).length,
  }));
  const text = table(
    ['SPEC', 'RUNS', 'AGENTS', 'TITLE'],
    data.map((each) => [each.spec, String(each.runs), each.agents.join(', '), each.title]),
    'There are no specs yet.',
  );
  return ok({ text, data });
}

async function status(api: CommandApi, projectId: ProjectId, names: readonly string[]): Outcome {
  const runs = await runsOf(api, projectId);
  const found = names.length === 0 ? ok(runs) : findRuns(runs, names);
  if (!found.ok) return found;
  const text = table(
    ['RUN', 'STATUS', 'DECISION', 'SPEC', 'AGENT', 'BRANCH', ''],
    found.value.map((run) => [
      shortId(run),
      run.merged ? 'merged' : run.status.kind,
      run.decision.kind,
      run.spec.slug,
      run.agent.id,
      run.branch,
      run.status.detail ?? run.activity ?? '',
    ]),
    'There are no runs yet.',
  );
  return ok({ text, data: found.value.map(runAsData) });
}

async function spawn(api: CommandApi, projectId: ProjectId, asked: CommandArguments): Outcome {
  const specs = await specsOf(api, projectId);
  const requests: RunRequest[] = [];
  for (const name of asked.names) {
    const slug = specSlug.safeParse(name.replace(/^(?:\.\/)?specs\//, '').replace(/\.md$/, ''));
    const spec = slug.success ? specs.find((each) => each.slug === slug.data) : undefined;
    if (!spec) return refuse(`There is no spec “${name}”. “switchyard list” says which there are.`);
    const agents = asked.agents.length > 0 ? asked.agents : spec.agents;
    if (agents.length === 0) return refuse(`The spec “${spec.slug}” names no agent. Name one with --agent.`);
    for (const agent of agents) {
      const id = agentId.safeParse(agent);
      if (!id.success) return refuse(`“${agent}” is no name of an agent.`);
      const { variants, base, branch } = asked;
      requests.push({ slug: spec.slug, agentId: id.data, variants, base, branch });
    }
  }
  if (requests.length > 32) return refuse('At most 32 agents are spawned at once.');
  const planned = await api.runs.plan({ projectId, requests });
  if (!planned.ok) return refuse('It could not be planned.');
  const obstacles = planned.value.flatMap((plan) => plan.obstacles.map((each) => `${plan.slug}: ${each}`));
  if (obstacles.length > 0) return refuse(`Nothing was spawned.\n${[...new Set(obstacles)].join('\n')}`);
  if (asked.dryRun) return ok({ text: plannedAsText(planned.value), data: planned.value.map(plannedAsData) });
  const spawned = await api.runs.spawn({ projectId, requests });
  if (!spawned.ok) {
    return refuse(
      spawned.error.kind === 'refused'
        ? `Nothing was spawned.\n${spawned.error.obstacles.join('\n')}`
        : 'Nothing was spawned. This project’s config names commands which may not run yet: look at them in the app first.',
    );
  }
  const ids = new Set(spawned.value);
  const runs = (await runsOf(api, projectId)).filter((run) => ids.has(run.id));
  const text = table(
    ['RUN', 'SPEC', 'AGENT', 'BRANCH'],
    runs.map((run) => [shortId(run), run.spec.slug, run.agent.id, run.branch]),
    '',
  );
  return ok({ text, data: runs.map(runAsData) });
}

async function stop(api: CommandApi, projectId: ProjectId, names: readonly string[]): Outcome {
  const found = findRuns(await runsOf(api, projectId), names);
  if (!found.ok) return found;
  const lines: string[] = [];
  const stopped: string[] = [];
  for (const run of found.value) {
    const result = await api.runs.stop({ id: run.id });
    if (result.ok) stopped.push(run.id);
    lines.push(
      `${shortId(run)} ${result.ok ? 'is stopped; its worktree and branch stay' : whyNotStopped(result.error)}`,
    );
  }
  return ok({ text: lines.join('\n'), data: { stopped } });
}

const whyNotStopped = (
  error: { kind: 'still-there'; message: string } | { kind: 'not-running' | 'run-missing' },
): string => (error.kind === 'still-there' ? `could not be stopped as a whole. ${error.message}` : 'was not running');

async function open(api: CommandApi, project: Project): Outcome {
  const opened = await api.shell.open({ path: project.path });
  if (!opened.ok) return refuse('It could not be opened.');
  const { address } = opened.value;
  const text = address === null ? `${project.name} is open.` : address;
  return ok({ text, data: { path: project.path, address } });
}

function findRuns(runs: readonly Run[], names: readonly string[]): Result<readonly Run[], CommandRefused> {
  const found: Run[] = [];
  for (const name of names) {
    const run = findRun(runs, name);
    if (!run.ok) return refuse(run.error.message);
    if (!found.includes(run.value)) found.push(run.value);
  }
  return ok(found);
}

async function specsOf(api: CommandApi, projectId: ProjectId): Promise<readonly SpecSummary[]> {
  return (await first<SpecList>((listener) => api.specs.onDidChange(projectId, listener))).specs;
}

async function runsOf(api: CommandApi, projectId: ProjectId): Promise<readonly Run[]> {
  const frame = await first<RunFeed>((listener) => api.runs.onDidChange(projectId, listener));
  return frame.kind === 'all' ? frame.runs : [];
}

/** The present state: what a feed says first. */
function first<T>(subscribe: (listener: (payload: T) => void) => Disposable): Promise<T> {
  return new Promise((resolve) => {
    const feed = subscribe((payload) => {
      resolve(payload);
      setImmediate(() => feed.dispose());
    });
  });
}

/** As much of an id as tells runs apart. */
const shortId = (run: Run): string => run.id.slice(0, 8);

const plannedAsData = ({ slug, agentId: agent, variant, base, branch, worktreePath, waits }: PlannedRun) => ({
  spec: slug,
  agent,
  variant,
  base,
  branch,
  worktree: worktreePath,
  waits,
});

const plannedAsText = (planned: readonly PlannedRun[]): string =>
  table(
    ['SPEC', 'AGENT', 'BASE', 'BRANCH', 'WORKTREE'],
    planned.map((plan) => [plan.slug, plan.agentId, plan.base, plan.branch, plan.worktreePath]),
    '',
  );

function inWords(failure: OpenFailure): string {
  switch (failure.kind) {
    case 'not-found':
    case 'not-a-folder':
    case 'no-permission':
    case 'not-a-repository':
    case 'bare-repository':
    case 'no-commits':
      return `${failure.path} is no project: ${whyNoProject[failure.kind]}.`;
    case 'linked-worktree':
    case 'inside-repository':
      return `${failure.path} lies in a repository that could not be found.`;
    case 'unsafe-ownership':
      return `${failure.path} belongs to somebody else (${failure.owner}), and Git does not work there.`;
    case 'in-another-window':
      return `${failure.path} is open in another window.`;
    case 'open-elsewhere':
      return `${failure.path} is open in another installation of Switchyard.`;
    case 'newer-state':
      return `The record of its runs was written by a newer version: ${failure.path}`;
    case 'state-unusable':
      return `The record of its runs cannot be opened: ${failure.path}: ${failure.message}`;
    case 'git-missing':
      return 'Git is not installed.';
    case 'git-too-old':
      return `Git is too old: ${failure.found}; ${failure.needed} is needed.`;
    case 'git-failed':
      return failure.message;
    default:
      return assertNever(failure);
  }
}

const whyNoProject = {
  'not-found': 'there is nothing',
  'not-a-folder': 'it is no folder',
  'no-permission': 'you may not read it',
  'not-a-repository': 'there is no Git repository. Name one with --project',
  'bare-repository': 'it is a repository without files',
  'no-commits': 'it has no commit yet',
} as const;
