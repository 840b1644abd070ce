import { z } from 'zod';

import { projectId } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';

/** What deleting snapshots would take away for good. */
export interface TrashPlan {
  snapshots: number;
  /** Commits that nothing but these snapshots holds; the latest first, at most 50 of them. */
  commits: readonly { hash: string; subject: string }[];
  commitCount: number;
  /** Branches whose files that were not committed only these snapshots hold. */
  uncommitted: readonly string[];
  /** Merges that could not be undone from here any more: the branch that each moved. */
  merges: readonly string[];
  /** Deleted runs that could not be brought back, with their history and comments. */
  runs: readonly string[];
  /** Names what was seen, so that a deletion which would lose more than was shown is refused. */
  fingerprint: string;
}

const refs = z.array(z.string().startsWith('refs/switchyard/snapshots/').max(300)).max(10_000);

export const trash = {
  /** What would be lost if these snapshots were deleted now; `refs` null: all of them. */
  plan: call(
    z.object({ projectId, refs: refs.nullable() }),
    returns<TrashPlan>(),
    fails<{ kind: 'git-failed'; message: string }>(),
  ),
  /** Deletes them. Git itself forgets what nothing else holds when it next collects garbage. */
  empty: call(
    z.object({ projectId, refs: refs.nullable(), fingerprint: z.string() }),
    returns<{ deleted: number }>(),
    fails<{ kind: 'more-would-be-lost'; plan: TrashPlan } | { kind: 'git-failed'; message: string }>(),
  ),
};
