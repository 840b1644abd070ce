import { z } from 'zod';

import { agentId, runId, type RunId, type SpecSlug } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
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

/**
 * Who is asked to solve a conflict. The agent that wrote the branch, or another one in its place, merges the base into the
 * branch, in its worktree. Another run, or a run of its own, merges the branch into its own one and leaves it as it is.
 */
export const solver = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same') }),
  z.object({ kind: z.literal('hand-over'), agentId }),
  z.object({ kind: z.literal('run'), id: runId }),
  z.object({ kind: z.literal('new'), agentId }),
]);
export type Solver = z.output<typeof solver>;

/** A file in conflict, to be solved by hand. */
export interface ConflictFile {
  path: string;
  language: string;
  /** The file of each side; null where it is not there, and where it is no text. */
  base: string | null;
  ours: string | null;
  theirs: string | null;
  /** The merge with the places in conflict marked, as a text to begin from; null where lines mean nothing. */
  marked: string | null;
  /** Whether each side has the file at all. */
  has: { ours: boolean; theirs: boolean };
  /** Where names or kinds of files collide, and not lines: what each side's version would be called. Null: it is about lines. */
  names: { ours: string | null; theirs: string | null } | null;
  /** Why it cannot be solved by hand, in a sentence; null when it can. */
  obstacle: string | null;
}

const fileName = z.string().max(1000);

/**
 * What becomes of a file in conflict: a text, or what one of the sides has, which can be nothing. Where names or kinds collide:
 * what each side's version is called then; null is to leave it out.
 */
export const resolution = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(5_000_000) }),
  z.object({ kind: z.literal('ours') }),
  z.object({ kind: z.literal('theirs') }),
  z.object({ kind: z.literal('names'), ours: fileName.nullable(), theirs: fileName.nullable() }),
]);
export type Resolution = z.output<typeof resolution>;

/** How far the checks of a resolution are. */
export type ResolutionProgress = { kind: 'idle' } | { kind: 'checking'; title: string; done: number; total: number };

/** A check that a resolution did not pass. */
export interface FailedCheck {
  title: string;
  command: string;
  reason: string;
  /** The last lines that it printed. */
  output: string;
}

const commit = z.string().regex(/^[0-9a-f]{40,64}$/);

export const conflicts = {
  /** What a run's branch and its base collide in, as they are committed now. Nothing is changed by looking. */
  look: call(z.object({ id: runId }), returns<ConflictHelp>(), fails<CannotLook>()),
  /** The message with which an agent can be asked to solve it: files, hunks, the other side's spec, both sides' checks. */
  brief: call(
    z.object({ id: runId, to: z.enum(['same', 'hand-over', 'run', 'new']) }),
    returns<{ text: string }>(),
    fails<CannotLook>(),
  ),
  /**
   * Sends it, or what the person has made of it: into the run's terminal, for which an agent that has exited is resumed, or as a
   * part of the prompt of an agent that is started for it. From then on what the specs of both sides promise has to hold for the
   * run that solves it before that is merged. `run` names it; what a new one waits for stands in its status.
   */
  ask: call(
    z.object({ id: runId, text: z.string().trim().min(1).max(150_000), to: solver }),
    returns<{ run: RunId; resumed: boolean }>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'worktree-missing' }
      | { kind: 'asks' }
      | { kind: 'not-running'; reason: string }
      | { kind: 'being-made' }
      /** The chosen run goes to another base, or is of another project. */
      | { kind: 'other-base'; base: string }
      | { kind: 'refused'; obstacles: readonly string[] }
      | { kind: 'not-trusted' }
    >(),
  ),
  /** The files in conflict with all their sides. */
  files: call(
    z.object({ id: runId }),
    returns<{ baseCommit: string; branchCommit: string; files: readonly ConflictFile[] }>(),
    fails<CannotLook>(),
  ),
  onDidProgress: feed(z.object({ id: runId }), returns<ResolutionProgress>()),
  /**
   * Merges the base into the run's branch with these resolutions. The gates and the acceptance checks of both sides run on the
   * result first, in a worktree of our own; only when all pass does the branch move to it, with the run's worktree. The base,
   * and the person's own checkout, stay as they are. When it fails, nothing has changed.
   */
  keep: call(
    z.object({
      id: runId,
      baseCommit: commit,
      branchCommit: commit,
      files: z.array(z.object({ path: z.string().min(1).max(4096), resolution })).max(500),
    }),
    returns<{ commit: string; checks: number; unproven: readonly string[] }>(),
    fails<
      | CannotLook
      | { kind: 'moved' }
      | { kind: 'unsolved'; paths: readonly string[] }
      | { kind: 'not-by-hand'; path: string; reason: string }
      | { kind: 'at-work' }
      | { kind: 'under-way' }
      | { kind: 'not-trusted' }
      | { kind: 'checks-failed'; failed: readonly FailedCheck[] }
      | { kind: 'cancelled' }
      | { kind: 'checkout-dirty'; path: string; files: readonly string[]; obstacle?: string }
    >(),
  ),
  /** Ends the checks of a resolution; it is then not kept. */
  cancel: call(z.object({ id: runId }), returns<void>(), fails<never>()),
};
