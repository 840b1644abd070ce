import type { CheckedFailure } from '#main/services/merges/merges.ts';

/** Why a car went no further, in a sentence. */
export function failureWords(
  error: Exclude<CheckedFailure, { kind: 'moved' | 'nothing-to-merge' | 'conflicts' | 'checked-no' }>,
): string {
  switch (error.kind) {
    case 'run-missing':
      return 'The run is gone.';
    case 'branch-missing':
      return `Its branch ${error.branch} is gone.`;
    case 'base-missing':
      return `The base ${error.base} is gone.`;
    case 'unrelated-histories':
      return 'It shares no history with the base.';
    case 'not-kept':
      return 'It is not decided to be kept any more.';
    case 'checkout-dirty':
      return `Your checkout in ${error.path} has the base and ${error.obstacle ?? 'changes that are not committed'}, so the base cannot move under it.`;
    case 'git-too-old':
      return `Merges need Git ${error.needed}; this is ${error.found}.`;
    case 'sides-unproved':
      return `It brings the work of several specs together, and ${error.criteria.map((text) => `“${text}”`).join(', ')} has not passed on it.`;
    case 'base-locked':
    case 'git-failed':
      return error.message;
  }
}
