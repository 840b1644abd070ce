import type { Agent } from '#shared/contract/agents.ts';
import type { RunRequest } from '#shared/contract/runs.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import type { AgentId, SpecSlug } from '#shared/ids.ts';

/** How many runs of each agent a spec is to get; an agent that is not there gets none. */
export type Picks = ReadonlyMap<SpecSlug, ReadonlyMap<AgentId, number>>;

export interface SpawnChoices {
  picks: Picks;
  /** Null: each spec's own, else the project's. */
  base: string | null;
  /** Null: each spec's own, else the project's template. Only for a single spec. */
  branch: string | null;
}

/** What is picked when the dialog opens: the agents that each spec names, else the one that was used last, else none. */
export function firstPicks(specs: readonly SpecSummary[], agents: readonly Agent[], lastAgent: string | null): Picks {
  const known = new Map<string, Agent>(agents.map((agent) => [agent.id, agent]));
  return new Map(
    specs.map((spec) => {
      const wanted = spec.agents.length > 0 ? spec.agents : lastAgent === null ? [] : [lastAgent];
      const picked = wanted.flatMap((name) => {
        const agent = known.get(name);
        return agent ? [[agent.id, 1] as const] : [];
      });
      return [spec.slug, new Map(picked)];
    }),
  );
}

/** Sets how many runs of an agent a spec gets; 0 takes the agent away. */
export function withPick(picks: Picks, slug: SpecSlug, agentId: AgentId, variants: number): Picks {
  const ofSpec = new Map(picks.get(slug));
  if (variants > 0) ofSpec.set(agentId, Math.min(8, variants));
  else ofSpec.delete(agentId);
  return new Map(picks).set(slug, ofSpec);
}

export function requestsOf(choices: SpawnChoices): readonly RunRequest[] {
  return [...choices.picks].flatMap(([slug, ofSpec]) =>
    [...ofSpec].map(([agentId, variants]) => ({
      slug,
      agentId,
      variants,
      base: choices.base,
      branch: choices.branch,
    })),
  );
}
