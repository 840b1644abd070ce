import type { HostApi } from '#shared/contract/index.ts';
import type { Run } from '#shared/contract/runs.ts';
import { assertNever, type Result } from '#shared/result.ts';

import type { Notice } from './merge-failures.ts';

type FailureOf<M extends keyof HostApi['conflicts']> = HostApi['conflicts'][M] extends (
  input: never,
) => Promise<Result<unknown, infer E>>
  ? E
  : never;

/** Why a resolution was not kept, or could not be begun; what is safe, and what to do next. */
export function cannotKeep(failure: FailureOf<'keep'> | FailureOf<'files'>, run: Run): Notice {
  switch (failure.kind) {
    case 'run-missing':
      return { title: 'This run is no longer there', text: 'It was deleted meanwhile. Nothing was changed.' };
    case 'branch-missing':
      return { title: `The branch ${failure.branch} is gone`, text: 'Nothing was changed.' };
    case 'base-missing':
      return { title: `There is no branch ${failure.base} any more`, text: 'Nothing was changed.' };
    case 'no-conflict':
      return { title: 'There is no conflict any more', text: 'Close this, and look at the merge again.' };
    case 'git-failed':
      return { title: 'Git could not do it', text: `${failure.message} Nothing was changed; your work is still here.` };
    case 'moved':
      return {
        title: 'A branch has moved meanwhile',
        text: `${run.base} or ${run.branch} has new commits, so this is another conflict now. Nothing was kept; below is what it is now.`,
      };
    case 'unsolved':
      return { title: 'Not everything is solved', text: `Still in conflict: ${failure.paths.join(', ')}.` };
    case 'not-by-hand':
      return { title: `${failure.path} cannot be solved here`, text: failure.reason };
    case 'at-work':
      return {
        title: `${run.agent.label} is at work on this branch`,
        text: 'Its worktree would change under it. Nothing was changed. Wait until it rests, or stop it, then keep this.',
      };
    case 'under-way':
      return { title: 'It is being checked already', text: 'Wait for that, or cancel it.' };
    case 'not-trusted':
      return {
        title: 'This project’s commands are not allowed yet',
        text: 'Nothing was run and nothing was changed. Allow them once, then keep this.',
      };
    case 'checks-failed':
      return {
        title: 'It does not hold what both sides promise',
        text: 'These checks failed on the result, so nothing was changed. Your work is still here.',
      };
    case 'cancelled':
      return { title: 'The checks were cancelled', text: 'Nothing was changed. Your work is still here.' };
    case 'checkout-dirty':
      return {
        title: 'The run’s worktree is in the way',
        text: `${failure.obstacle ?? `There are changes in ${failure.path} that are not committed.`} Have them committed first. Nothing was changed.`,
      };
    default:
      return assertNever(failure);
  }
}

/** Why nobody was asked to solve a conflict. */
export function askFailure(failure: FailureOf<'ask'>): string {
  switch (failure.kind) {
    case 'run-missing':
      return 'This run is no longer there. Nothing was sent.';
    case 'worktree-missing':
      return 'Its worktree is gone, and the merge would be made there. Nothing was sent.';
    case 'asks':
      return 'It waits for an answer, and a message would be taken for that. Answer it in its terminal first.';
    case 'being-made':
      return 'It is still being made. Wait until its agent has begun, then try again.';
    case 'other-base':
      return `That run goes to ${failure.base}, another base. Nothing was sent.`;
    case 'not-running':
      return `Nothing was sent. ${failure.reason}`;
    case 'refused':
      return `${failure.obstacles.join(' ')} Nothing was done.`;
    case 'not-trusted':
      return 'The commands of this project are not allowed yet. Nothing was done; allow them, then send again.';
    default:
      return assertNever(failure);
  }
}
