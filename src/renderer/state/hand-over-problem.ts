import type { HostApi } from '#shared/contract/index.ts';
import type { Run } from '#shared/contract/runs.ts';
import { assertNever, type Result } from '#shared/result.ts';

import { useView } from './view.ts';

type Failure = Awaited<ReturnType<HostApi['runs']['continueWith']>> extends Result<unknown, infer E> ? E : never;

/**
 * Why a run was not handed to another agent, and what is safe. Null where trust is missing: then its dialog is opened, which says
 * all.
 */
export function handOverProblem(run: Run, failure: Failure): string | null {
  switch (failure.kind) {
    case 'run-missing':
      return 'This run is no longer there. Nothing was done.';
    case 'being-made':
      return 'It is still being made. Wait until its agent has begun, then try again.';
    case 'worktree-missing':
      return `Its worktree ${run.worktreePath} is gone. What was committed is safe on ${run.branch}.`;
    case 'refused':
      return `${failure.obstacles.join(' ')} Nothing was done.`;
    case 'not-trusted':
      useView.getState().openDialog({ kind: 'trust' });
      return null;
    default:
      return assertNever(failure);
  }
}
