import { join } from 'node:path';

import { agentId, type RunId } from '#shared/ids.ts';
import type { Run } from '#shared/contract/runs.ts';
import { refuseBranchName } from '#shared/spec/branch-name.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { branchFromTemplate, clashes, freeBranch } from './branch-name.ts';
import { isBeingMade, ownsNothing } from './project-runs.ts';
import { terminalOf } from './record-planned.ts';
import type { RunProject } from './run-ports.ts';
import { newRecord, type GivenWork, type RunRecord } from './run-record.ts';

/** Work that was put together from other runs of a spec, to be a run of its own. */
export interface TakenWork {
  id: RunId;
  spec: Run['spec'];
  branch: string;
  base: string;
  work: GivenWork;
}

export type TakenRefused =
  | { kind: 'not-trusted' }
  | { kind: 'bad-branch'; reason: string }
  | { kind: 'branch-exists'; branch: string }
  /** It could not be recorded. */
  | { kind: 'refused'; reason: string };

/** Why a branch for taken work cannot have this name; null when it can. */
export function whyNotBranch(
  branch: string,
  project: Pick<RunProject, 'branches'>,
  known: readonly Run[],
): Extract<TakenRefused, { kind: 'bad-branch' | 'branch-exists' }> | null {
  const refusal = refuseBranchName(branch);
  if (refusal !== null) return { kind: 'bad-branch', reason: `The branch “${branch}” ${refusal}.` };
  return clashes(branch, takenNames(project, known)) ? { kind: 'branch-exists', branch } : null;
}

/** A free name for a branch of what is made of a spec's runs: taken from several, or with a conflict solved. */
export function proposeBranch(
  slug: string,
  what: 'combined' | 'solved',
  project: Pick<RunProject, 'branches' | 'branchTemplate'>,
  known: readonly Run[],
): string {
  const names = { slug: `${slug}-${what}`, agentId: what, variant: null, severalAgents: false };
  return freeBranch(branchFromTemplate(project.branchTemplate, names), takenNames(project, known));
}

/**
 * The record of a run without an agent of its own. Its agent is the person's shell, which is not started: so all that can be
 * done to a run whose agent has ended can be done to this one, and another agent can go on with it.
 */
export function takenRecord(
  { id, spec, branch, base, work }: TakenWork,
  project: RunProject,
  known: readonly Run[],
  now: number,
): Result<RunRecord, TakenRefused> {
  if (project.needsTrust && !project.isTrusted) return fail({ kind: 'not-trusted' });
  const obstacle = whyNotBranch(branch, project, known);
  if (obstacle !== null) return fail(obstacle);
  const facts = {
    id,
    task: 'build',
    spec,
    agent: { id: agentId.parse('shell'), label: 'Combined' },
    variant: null,
    branch,
    base,
    worktreePath: join(project.worktreeFolder, ...branch.split('/')),
    terminalId: terminalOf(id),
    promptVersion: null,
  } as const;
  return ok({ ...newRecord(facts, now), givenWork: work });
}

/** A branch that is being made, or whose run is there without it, counts too. */
const takenNames = ({ branches }: Pick<RunProject, 'branches'>, known: readonly Run[]): ReadonlySet<string> =>
  new Set([...branches, ...known.filter((run) => !ownsNothing(run) || isBeingMade(run)).map(({ branch }) => branch)]);
