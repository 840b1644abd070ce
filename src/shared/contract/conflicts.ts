import { z } from 'zod';

import { runId, type RunId, type SpecSlug } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';
import type { CollidingFile } from './radar.ts';

/** A commit of the base that changed a file which now conflicts, and where it came from, by its trailers. */
export interface ConflictOrigin {
  hash: string;
  subject: string;
  author: string;
  at: number;
  /** The spec that it carried out, where it says so. */
  spec: { slug: SpecSlug; title: string } | null;
  run: RunId | null;
}

/** Why a branch does not merge into its base, with what each side is for. */
export interface ConflictHelp {
  base: string;
  baseCommit: string;
  branch: string;
  branchCommit: string;
  /** In `hunks`, ours is the base and theirs is the branch. */
  files: readonly CollidingFile[];
  /** What came into the base since the branch left it and changed the same files; the latest first. */
  origins: readonly ConflictOrigin[];
  /** What the branch did to them, as its commits say; the latest first. */
  own: readonly { hash: string; subject: string }[];
  /** Files of the run that are not committed: its agent has to commit them before it can merge. */
  isUncommitted: boolean;
}

type CannotLook =
  | { kind: 'run-missing' }
  | { kind: 'branch-missing'; branch: string }
  | { kind: 'base-missing'; base: string }
  | { kind: 'no-conflict' }
  | { kind: 'git-failed'; message: string };

export const conflicts = {
  /** What a run's branch and its base collide in, as they are committed now. Nothing is changed by looking. */
  look: call(z.object({ id: runId }), returns<ConflictHelp>(), fails<CannotLook>()),
  /** The message with which the run's agent can be asked to merge its base: files, hunks, the other side's spec, both sides' checks. */
  brief: call(z.object({ id: runId }), returns<{ text: string }>(), fails<CannotLook>()),
  /** Sends it, or what the person has made of it, into the run's terminal; an agent that has exited is resumed for it. */
  ask: call(
    z.object({ id: runId, text: z.string().trim().min(1).max(150_000) }),
    returns<{ resumed: boolean }>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'worktree-missing' }
      | { kind: 'asks' }
      | { kind: 'not-running'; reason: string }
    >(),
  ),
};
