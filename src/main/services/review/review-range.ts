import { isAncestor, mergeBaseOf } from '#main/services/git/ancestry.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { ReviewState } from '#shared/contract/review.ts';

import type { GitPort, ReviewedRun } from './review-ports.ts';

/** From where to where a run's work is looked at. */
export interface ReviewRange {
  from: string;
  /** The branch's tip. */
  tip: string;
}

export type NothingThere = Extract<ReviewState, { kind: 'nothing-there' }>;

/**
 * What a run's branch is compared with: its merge base with the base as that is now. When the base holds the branch
 * already, that would be the branch itself; then it is the commit that the branch started from, so that a merged run can
 * still be read. A base that is gone is no reason either to show nothing, while that commit is known.
 */
export async function findRange(git: Pick<GitPort, 'read'>, run: ReviewedRun): Promise<ReviewRange | NothingThere> {
  const { projectPath, branch, base, baseCommit } = run;
  const names = [`refs/heads/${branch}`, `refs/heads/${base}`, base, baseCommit ?? ''];
  const [tip = null, localBase = null, otherBase = null, started = null] = await resolveCommits(
    git,
    projectPath,
    names,
  );
  if (tip === null) {
    return { kind: 'nothing-there', reason: baseCommit === null ? 'not-started' : 'branch-missing' };
  }
  const baseTip = localBase ?? otherBase ?? started;
  if (baseTip === null) return { kind: 'nothing-there', reason: 'base-missing' };
  const mergeBase = await mergeBaseOf(git, projectPath, baseTip, tip);
  if (mergeBase === null) return { kind: 'nothing-there', reason: 'unrelated-histories' };
  if (mergeBase !== tip || started === null) return { from: mergeBase, tip };
  const stillStartsThere = await isAncestor(git, projectPath, { ancestor: started, of: tip });
  return { from: stillStartsThere ? started : mergeBase, tip };
}
