import { z } from 'zod';

import { projectId, runId } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';

export const mergeMethod = z.enum(['merge', 'squash', 'rebase']);
export type MergeMethod = z.output<typeof mergeMethod>;

export interface Conflict {
  path: string;
  /** In words: "both changed the same lines", "changed here, deleted there". */
  reason: string;
}

/** What happens to the person's own checkout after the base moves. */
export type CheckoutEffect =
  | { kind: 'fast-forward' }
  /** The base is checked out nowhere: only the ref moves. */
  | { kind: 'not-checked-out'; headBranch: string | null }
  /**
   * The base is checked out and has changes that are not committed, or files that the merge would write over: the ref
   * cannot move under it. `obstacle` is a sentence where it is about more than that, such as a rebase under way there;
   * `files` may then be empty.
   */
  | { kind: 'dirty'; path: string; files: readonly string[]; obstacle?: string };

export interface MergePreview {
  base: string;
  /** The base as it was looked at; a merge names it and is refused when the base has moved since. */
  baseCommit: string;
  branch: string;
  branchCommit: string;
  commits: number;
  files: number;
  insertions: number;
  deletions: number;
  uncommittedFiles: readonly string[];
  outcome: { kind: 'clean' } | { kind: 'conflicts'; conflicts: readonly Conflict[] } | { kind: 'nothing-to-merge' };
  checkout: CheckoutEffect;
  message: string;
}

export interface Merged {
  commit: string;
  base: string;
  previousCommit: string;
  snapshot: string;
  checkout: 'fast-forwarded' | 'left-alone';
}

/** What it means to put a base back to where a merge found it, when it has moved on since. */
export interface PutBackPlan {
  base: string;
  /** What the snapshot was taken for, such as “Merge feature/a into main”. */
  reason: string;
  /** Where the base is now, and where it would be. */
  from: string;
  to: string;
  /** Commits on the base's own line that would come off it, the latest first, at most 50 of them; a merge stands for all it brought. */
  commits: readonly { hash: string; subject: string }[];
  commitCount: number;
}

type CannotMerge =
  | { kind: 'run-missing' }
  | { kind: 'branch-missing'; branch: string }
  | { kind: 'base-missing'; base: string }
  | { kind: 'unrelated-histories' }
  | { kind: 'git-too-old'; found: string; needed: string }
  | { kind: 'git-failed'; message: string };

export const merges = {
  preview: call(z.object({ id: runId, method: mergeMethod }), returns<MergePreview>(), fails<CannotMerge>()),
  /**
   * Moves the base to a merge of the branch. Made from trees: no checkout is touched until the base has moved, and then
   * only fast-forwarded, if it is clean and on that base. When it fails, nothing has changed.
   */
  merge: call(
    z.object({
      id: runId,
      method: mergeMethod,
      baseCommit: z.string().regex(/^[0-9a-f]{40,64}$/),
      branchCommit: z.string().regex(/^[0-9a-f]{40,64}$/),
      message: z.string().max(20_000),
    }),
    returns<Merged>(),
    fails<
      | CannotMerge
      | { kind: 'not-kept' }
      | { kind: 'moved'; preview: MergePreview }
      | { kind: 'conflicts'; conflicts: readonly Conflict[] }
      | { kind: 'nothing-to-merge' }
      /** It brings the work of several specs together, and these criteria of theirs have not passed on it. */
      | { kind: 'sides-unproved'; criteria: readonly string[] }
      | { kind: 'checkout-dirty'; path: string; files: readonly string[]; obstacle?: string }
      | { kind: 'base-locked'; message: string }
    >(),
  ),
  /** Puts the base back to where a merge found it, if nothing has moved it since. */
  undo: call(
    z.object({ projectId, snapshot: z.string().startsWith('refs/switchyard/') }),
    returns<{ base: string; commit: string }>(),
    fails<
      | { kind: 'snapshot-missing' }
      | { kind: 'base-moved'; base: string }
      | { kind: 'checkout-dirty'; path: string; files: readonly string[]; obstacle?: string }
      | { kind: 'git-failed'; message: string }
    >(),
  ),
  /** What would come off the base if it were put back to where a merge found it, whatever has come since. */
  planPutBack: call(
    z.object({ projectId, snapshot: z.string().startsWith('refs/switchyard/') }),
    returns<PutBackPlan>(),
    fails<{ kind: 'snapshot-missing' } | { kind: 'git-failed'; message: string }>(),
  ),
  /**
   * Puts it back, with its checkout; `from` is where the plan saw it. A snapshot of where it was is taken before, from which it
   * can be put back again. When it fails, nothing has changed.
   */
  putBack: call(
    z.object({
      projectId,
      snapshot: z.string().startsWith('refs/switchyard/'),
      from: z.string().regex(/^[0-9a-f]{40,64}$/),
    }),
    returns<{ base: string; commit: string; snapshot: string }>(),
    fails<
      | { kind: 'snapshot-missing' }
      | { kind: 'moved'; plan: PutBackPlan }
      | { kind: 'checkout-dirty'; path: string; files: readonly string[]; obstacle?: string }
      | { kind: 'git-failed'; message: string }
    >(),
  ),
};
