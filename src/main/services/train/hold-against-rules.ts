import { checkInvariants } from '#main/services/invariants/check-invariants.ts';
import { unreadableWords } from '#main/services/gates/unreadable-check.ts';
import { readInvariantFiles } from '#main/services/invariants/read-invariants.ts';
import { readBranchChanges } from '#main/services/radar/branch-changes.ts';

import type { GitPort } from './train-ports.ts';

/** What a merge breaks of the rules that hold in the person's checkout. */
export interface BrokenRules {
  /** The titles of the invariants that are broken, by their ids. */
  broken: ReadonlyMap<string, string>;
  /** The first finding, in a sentence; null: nothing is broken. */
  words: string | null;
  /** How many invariants have rules. */
  checked: number;
  /** What could not be checked, in sentences. */
  unchecked: readonly string[];
  /** Rules that cannot be read, in sentences with their places: what they ask for counts as broken. */
  unreadable: readonly string[];
}

/** Holds what a merge brings to its base, `from` being the base and `tree` what it would have, against the project's rules. */
export async function holdAgainstRules(
  git: GitPort,
  projectPath: string,
  { from, tree }: { from: string; tree: string },
): Promise<BrokenRules> {
  const { invariants, unreadable: unread } = await readInvariantFiles(projectPath);
  const withRules = invariants.filter(({ hasRules }) => hasRules);
  const unreadable = unread.map(unreadableWords);
  if (withRules.length === 0) return { broken: new Map(), words: null, checked: 0, unchecked: [], unreadable };
  const changes = await readBranchChanges(git, projectPath, { from, tree });
  const { findings, unchecked } = await checkInvariants(git, { cwd: projectPath, from, tree, changes }, withRules);
  const [first] = findings;
  const at = first?.path && first.line !== null ? ` (${first.path}:${String(first.line)})` : '';
  return {
    broken: new Map(findings.map(({ invariant, title }) => [invariant, title])),
    words: first ? `“${first.title}”: ${first.words}${at}` : null,
    checked: withRules.length,
    unchecked,
    unreadable,
  };
}
