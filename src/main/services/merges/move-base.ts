import { resolveCommits } from '#main/services/git/resolve.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';

import { checkoutsOf, obstacleTo, type CheckoutObstacle } from './checkout.ts';
import { failingFilterObstacle } from './failing-filters.ts';
import type { GitPort } from './merge-ports.ts';
import { moveBack, moveForward } from './move-checkout.ts';
import { branchRef, moveRef } from './refs.ts';
import { treeChanges } from './tree-changes.ts';

export type BaseMoved =
  | { kind: 'moved'; checkout: 'fast-forwarded' | 'left-alone' }
  /** The base, or what is checked out, is not as it was when the move was worked out. Nothing has changed. */
  | { kind: 'elsewhere' }
  | { kind: 'dirty'; obstacle: CheckoutObstacle }
  | { kind: 'locked'; message: string }
  | { kind: 'failed'; message: string };

/**
 * Moves a branch from one commit to another, with the checkout that has it checked out, if one has. Looks at everything
 * again first. For use inside `git.writes`.
 */
export async function moveBase(
  git: Omit<GitPort, 'writes' | 'version'>,
  projectPath: string,
  move: { branch: string; from: string; to: string; direction: 'forward' | 'back'; reflog: string },
): Promise<BaseMoved> {
  const { branch, from, to, reflog } = move;
  const checkouts = await checkoutsOf(git, await listWorktrees(git, projectPath), branch);
  const [now] = await resolveCommits(git, projectPath, [branchRef(branch)]);
  if (now !== from) return { kind: 'elsewhere' };
  const obstacle = await obstacleTo(git, checkouts, { branch, from, to });
  if (obstacle !== null) return { kind: 'dirty', obstacle };

  const [checkout] = checkouts;
  if (checkout) {
    const { path } = checkout;
    const failing = await failingFilterObstacle(git, path, await treeChanges(git, path, from, to));
    if (failing !== null) return { kind: 'dirty', obstacle: { path, ...failing } };
    const step = move.direction === 'forward' ? moveForward : moveBack;
    const moved = await step({ git, checkout, branch, from, to, reflog });
    if (moved.kind === 'moved') return { kind: 'moved', checkout: 'fast-forwarded' };
    if (moved.kind === 'dirty') return { kind: 'dirty', obstacle: { path: checkout.path, files: moved.files } };
    return moved;
  }

  const ref = branchRef(branch);
  const moved = await moveRef(git, projectPath, { ref, from, to, reflog });
  if (moved.kind !== 'moved') return moved;
  // Checked out at this very moment, the checkout would show the move as undone. So the branch goes back at once.
  const since = await checkoutsOf(git, await listWorktrees(git, projectPath), branch);
  if (since.length === 0) return { kind: 'moved', checkout: 'left-alone' };
  const back = await moveRef(git, projectPath, {
    ref,
    from: to,
    to: from,
    reflog: 'switchyard: checked out meanwhile',
  });
  return back.kind === 'moved' ? { kind: 'elsewhere' } : back;
}
