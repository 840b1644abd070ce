/** What a branch template can name. */
export interface BranchFacts {
  slug: string;
  agentId: string;
  /** 1, 2, 3 when the spec is spawned several times at once, otherwise null. */
  variant: number | null;
  /** Whether several agents get this spec at once, so that their branches need the agent's name to differ. */
  severalAgents: boolean;
}

/**
 * A branch name from the project's template: `{slug}`, `{agent}` and `{variant}` are filled in. What tells two runs of
 * one spec apart and is not in the template is appended, so that no two of them share a name.
 */
export function branchFromTemplate(template: string, facts: BranchFacts): string {
  const filled = template
    .replaceAll('{slug}', facts.slug)
    .replaceAll('{agent}', facts.agentId)
    .replaceAll('{variant}', String(facts.variant ?? 1));
  const agent = facts.severalAgents && !template.includes('{agent}') ? `-${facts.agentId}` : '';
  const variant = facts.variant !== null && !template.includes('{variant}') ? `-${String(facts.variant)}` : '';
  return filled + agent + variant;
}

/** The name itself when it is free, else the name with the first free number behind it: `x`, `x-2`, `x-3`. */
export function freeBranch(name: string, taken: ReadonlySet<string>): string {
  if (!clashes(name, taken)) return name;
  for (let number = 2; ; number++) {
    const candidate = `${name}-${String(number)}`;
    if (!clashes(candidate, taken)) return candidate;
  }
}

/**
 * Whether Git could not hold the name beside those that are there: the same name (also in other letter case, which some
 * file systems cannot tell apart), or one that would need the other's file as its folder.
 */
export function clashes(name: string, taken: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  for (const other of taken) {
    const otherLower = other.toLowerCase();
    if (otherLower === lower || otherLower.startsWith(`${lower}/`) || lower.startsWith(`${otherLower}/`)) return true;
  }
  return false;
}
