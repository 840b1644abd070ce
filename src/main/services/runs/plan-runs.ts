import { join } from 'node:path';

import type { SpawnableAgent } from '#main/services/agents/agents.ts';
import type { SpawnableSpec } from '#main/services/specs/specs.ts';
import type { PlannedRun, RunRequest } from '#shared/contract/runs.ts';
import type { SpecSlug } from '#shared/ids.ts';
import { refuseBranchName } from '#shared/spec/branch-name.ts';

import { findCircle } from './held-runs.ts';
import { branchFromTemplate, clashes, freeBranch } from './branch-name.ts';
import type { PromptsPort, RunProject } from './run-ports.ts';

/** What the person asks for, and what only services do: a run whose task is a conflict, in words. */
export type SpawnRequest = RunRequest & { conflict?: string };

export interface PlanFacts {
  project: RunProject;
  /** Branches of the runs that there are already, also those that are yet to be made or are gone. */
  taken: readonly string[];
  spec: (slug: RunRequest['slug']) => Promise<SpawnableSpec | null>;
  agent: (id: RunRequest['agentId']) => Promise<SpawnableAgent | null>;
  compose: PromptsPort['composeFor'];
  /** Which of these specs a base does not hold yet, and how to say what is waited for, behind so many of the same plan. */
  missing: (base: string, after: readonly SpecSlug[]) => Promise<readonly SpecSlug[]>;
  waits: (base: string, missing: readonly SpecSlug[], ahead: number) => string | null;
}

/**
 * What a set of requests would make, run by run, with what stands in the way of each. Nothing is done. Names that come
 * from the template are moved out of each other's way; a name that the person or the spec chose is taken at its word.
 */
export async function planRuns(requests: readonly SpawnRequest[], facts: PlanFacts): Promise<readonly PlannedRun[]> {
  const { project } = facts;
  const taken = new Set([...project.branches, ...facts.taken]);
  const planned: PlannedRun[] = [];

  for (const request of requests) {
    const [spec, agent] = await Promise.all([facts.spec(request.slug), facts.agent(request.agentId)]);
    const severalAgents = requests.some((other) => other.slug === request.slug && other.agentId !== request.agentId);
    const base = request.base ?? spec?.base ?? project.defaultBase;

    const task = request.task ?? 'build';
    // Drafts of smaller specs change nothing that another spec could be in the way of.
    const missing = task === 'split' ? [] : await facts.missing(base, spec?.after ?? []);
    const circle = await circleOf(request.slug, base, missing, facts);

    for (let number = 1; number <= request.variants; number++) {
      const variant = request.variants > 1 ? number : null;
      const { branch, obstacle: branchObstacle } = chooseBranch(request, spec, project, taken, {
        slug: task === 'split' ? `${request.slug}-split` : request.slug,
        agentId: request.agentId,
        variant,
        severalAgents,
      });
      taken.add(branch);
      const obstacles = [
        ...(branchObstacle === null ? [] : [branchObstacle]),
        ...(spec === null ? [`There is no spec “${request.slug}”.`] : spec.errors),
        ...(agent === null ? [`There is no agent “${request.agentId}” in the catalogue.`] : []),
        ...(agent?.obstacle ? [agent.obstacle] : []),
        ...(circle === null ? [] : [circle]),
        ...(project.branches.includes(base) ? [] : [`The base branch “${base}” does not exist.`]),
      ];
      planned.push({
        slug: request.slug,
        task,
        agentId: request.agentId,
        variant,
        base,
        branch,
        worktreePath: join(project.worktreeFolder, ...branch.split('/')),
        setupCommand: project.setup?.command ?? null,
        prompt:
          spec !== null && agent?.takesPrompt
            ? await facts.compose({
                projectId: project.id,
                slug: request.slug,
                agentId: request.agentId,
                branch,
                base,
                task,
                ...(request.conflict === undefined ? {} : { conflict: request.conflict }),
              })
            : null,
        waits: facts.waits(base, missing, planned.length),
        obstacles,
      });
    }
  }
  return planned;
}

/** The sentence about specs that wait for each other, so that none of them would ever begin; null when there are none. */
async function circleOf(
  slug: SpecSlug,
  base: string,
  missing: readonly SpecSlug[],
  { spec, missing: stillMissing }: PlanFacts,
): Promise<string | null> {
  if (missing.length === 0) return null;
  const circle = await findCircle(slug, async (at) => stillMissing(base, (await spec(at))?.after ?? []));
  if (circle === null) return null;
  const names = circle.map((each) => `“${each}”`).join(' comes after ');
  return `${names}: none of them would ever begin. Take one out of \`after\`.`;
}

function chooseBranch(
  request: RunRequest,
  spec: SpawnableSpec | null,
  project: RunProject,
  taken: ReadonlySet<string>,
  names: Parameters<typeof branchFromTemplate>[1],
): { branch: string; obstacle: string | null } {
  // A split has nothing to do with the branch on which its spec is to be carried out.
  const chosen = request.branch ?? (request.task === 'split' ? null : (spec?.branch ?? null));
  if (chosen === null)
    return { branch: freeBranch(branchFromTemplate(project.branchTemplate, names), taken), obstacle: null };
  const branch = branchFromTemplate(chosen, names);
  const refusal = refuseBranchName(branch);
  if (refusal !== null) return { branch, obstacle: `The branch “${branch}” ${refusal}. Choose another name.` };
  const obstacle = clashes(branch, taken)
    ? `The branch “${branch}” exists already, a run has it, or another branch is in its way. Choose another name.`
    : null;
  return { branch, obstacle };
}
