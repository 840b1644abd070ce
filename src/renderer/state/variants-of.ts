import type { Run } from '#shared/contract/runs.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import { useMirror } from './mirror.ts';
import { agentName } from './run-words.ts';

/** The runs that carry a spec out, in the order in which they were spawned. */
export const variantsOf = (runs: Iterable<Run>, slug: SpecSlug): readonly Run[] =>
  Array.from(runs)
    .filter(({ spec, task }) => spec.slug === slug && task === 'build')
    .toSorted((one, other) => one.createdAt - other.createdAt || (one.variant ?? 0) - (other.variant ?? 0));

/** What to call each of them, so that no two are called the same. */
export function variantNames(runs: readonly Run[]): ReadonlyMap<RunId, string> {
  const names = new Map<RunId, string>();
  const taken = new Set<string>();
  for (const run of runs) {
    const name = agentName(run);
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name} (${String(number)})`;
    taken.add(own);
    names.set(run.id, own);
  }
  return names;
}

/** Why there is nothing to compare the run with, or null. */
export const whyNoVariants = (run: Run): string | null =>
  run.task === 'split' ? 'It only drafts smaller specs.' : whyNoVariantsOf(run.spec.slug);

/** Why there is nothing to look at, or null. With one run alone the screen says what to do. */
export function whyNoVariantsOf(slug: SpecSlug | null): string | null {
  const runs = slug === null ? [] : variantsOf(useMirror.getState().runs?.values() ?? [], slug);
  return runs.length === 0 ? 'It has no runs yet.' : null;
}
