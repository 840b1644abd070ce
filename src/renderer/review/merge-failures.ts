import type { HostApi } from '#shared/contract/index.ts';
import { assertNever, type Result } from '#shared/result.ts';

/** What happened, and then: what is safe and what to do next. */
export interface Notice {
  title: string;
  text: string;
}

type FailureOf<M extends keyof HostApi['merges']> = HostApi['merges'][M] extends (
  input: never,
) => Promise<Result<unknown, infer E>>
  ? E
  : never;

export function mergeFailure(failure: FailureOf<'merge'> | FailureOf<'preview'>, base: string): Notice {
  switch (failure.kind) {
    case 'run-missing':
      return { title: 'This run is no longer there', text: 'It was deleted meanwhile. Nothing was merged.' };
    case 'branch-missing':
      return {
        title: `The branch ${failure.branch} is gone`,
        text: 'It was deleted or renamed outside of this app. Nothing was merged.',
      };
    case 'base-missing':
      return {
        title: `There is no branch ${failure.base} any more`,
        text: 'Nothing was merged. Bring the base back, or make the run’s work part of another branch by hand.',
      };
    case 'unrelated-histories':
      return {
        title: 'The two branches have no common history',
        text: 'Nothing was merged. Joining them is a decision to take in a terminal, knowing both.',
      };
    case 'git-too-old':
      return {
        title: `Git ${failure.found} is too old for this`,
        text: `Merging without touching a checkout needs Git ${failure.needed} or newer. Nothing was merged.`,
      };
    case 'git-failed':
      return { title: 'Git could not merge', text: `${failure.message} Nothing was changed.` };
    case 'not-kept':
      return { title: 'It is not decided to keep this run', text: 'Nothing was merged. Choose Keep first.' };
    case 'moved':
      return {
        title: 'Something moved since you looked',
        text: `${base} or the branch has new commits. Nothing was merged; below is what a merge would do now.`,
      };
    case 'conflicts':
      return { title: 'The branches conflict', text: 'Nothing was changed. The files are listed below.' };
    case 'nothing-to-merge':
      return { title: 'There is nothing to merge', text: `${base} has everything that this branch has.` };
    case 'sides-unproved':
      return {
        title: 'It does not hold yet what both sides promise',
        text: `This run brings the work of several specs together, and of what they promise has not passed on it: ${failure.criteria.map((text) => `“${text}”`).join(', ')}. Nothing was merged. Run its checks, under Checks; what cannot hold any more is to be changed in its spec.`,
      };
    case 'checkout-dirty':
      return {
        title: 'Your own checkout is in the way',
        text: `${failure.obstacle ?? `There are changes in ${failure.path} that are not committed.`} Nothing was merged, and nothing there was touched.`,
      };
    case 'base-locked':
      return {
        title: 'Another Git command is using the base',
        text: `${failure.message} Nothing was merged. Try again when it has ended.`,
      };
    default:
      return assertNever(failure);
  }
}

export function undoFailure(failure: FailureOf<'undo'>): Notice {
  switch (failure.kind) {
    case 'snapshot-missing':
      return { title: 'The snapshot is gone', text: 'The merge stays. Its former tip may still be in Git’s reflog.' };
    case 'base-moved':
      return {
        title: `${failure.base} has moved on since the merge`,
        text: 'Taking the merge back would take away what came after it, so nothing was done. Revert its commit, or put the base back from Snapshots, which says first what would come off it.',
      };
    case 'checkout-dirty':
      return {
        title: 'The checkout of the base has changes',
        text: `${failure.obstacle ?? `Commit what is not committed in ${failure.path}, then undo again.`} Nothing was changed.`,
      };
    case 'git-failed':
      return { title: 'Git could not undo the merge', text: `${failure.message} Nothing was changed.` };
    default:
      return assertNever(failure);
  }
}
