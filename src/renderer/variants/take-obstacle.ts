import type { VariantsState } from '#shared/contract/variants.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

import type { TakeSum } from './picks.ts';

/** Why files of several variants cannot be taken now, in a sentence; null when they can. */
export function whyNotTake(
  { from, omittedFiles }: Pick<VariantsState, 'from' | 'omittedFiles'>,
  sum: TakeSum,
  nameOf: (id: RunId) => string,
): string | null {
  if (from === null) return 'They have no commit in common to begin from. Keep one of them whole.';
  if (omittedFiles > 0) return 'There are more files than can be chosen among. Keep one variant whole.';
  if (sum.undecided.length > 0) {
    return `${counted(sum.undecided.length, 'file')} still to be decided: choose which variant ${sum.undecided.length === 1 ? 'it comes' : 'they come'} from.`;
  }
  const [only, ...others] = sum.from;
  if (only === undefined) return 'Nothing is chosen: all files would stay as they were.';
  if (others.length === 0 && sum.asBefore === 0)
    return `All of it comes from ${nameOf(only.runId)}: keep that one whole.`;
  return null;
}
