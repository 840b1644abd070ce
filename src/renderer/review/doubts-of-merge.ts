import { countWords, hasFailed, type CheckCount, type CheckSummary } from '#renderer/state/check-summary.ts';
import type { RunInvariants } from '#shared/contract/invariants.ts';
import { counted } from '#shared/counted.ts';

/** What speaks against a merge, or for waiting with it, each in a few words. `hasFailed`: something is known to be wrong. */
export interface DoubtsOfMerge {
  hasFailed: boolean;
  words: readonly string[];
}

/** Null: everything that is checked here holds for what would be merged, or nothing is checked at all. */
export function doubtsOfMerge(summary: CheckSummary, invariants: RunInvariants | undefined): DoubtsOfMerge | null {
  const counts: readonly (readonly [CheckCount, string])[] = [
    [summary.gates, 'gates'],
    [summary.commands, 'invariant checks'],
    [summary.criteria, 'criteria'],
  ];
  const broken = (invariants?.findings.length ?? 0) + (invariants?.omitted ?? 0);
  const strays = invariants?.strays.count ?? 0;
  const words = [
    ...counts.flatMap(([count, what]) => (count.passed < count.total ? (countWords(count, what) ?? []) : [])),
    ...(broken > 0 ? [`invariants broken in ${counted(broken, 'place')}`] : []),
    ...(strays > 0 ? [`${counted(strays, 'file')} outside of the footprint`] : []),
  ];
  if (words.length === 0) return null;
  return { hasFailed: broken > 0 || counts.some(([count]) => hasFailed(count)), words };
}
