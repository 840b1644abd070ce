import { z } from 'zod';

import { projectId, runId, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
import type { Conflict } from './merges.ts';

/** One branch as the radar sees it. */
export interface RadarBranch {
  id: RunId;
  title: string;
  branch: string;
  base: string;
  /** Whether work that is not committed was taken in. */
  hasUncommitted: boolean;
  /** Why some of its worktree was not looked at; null when all was. */
  leftOut: string | null;
}

export type RadarOutcome =
  { kind: 'clean' } | { kind: 'conflicts'; conflicts: readonly Conflict[] } | { kind: 'unrelated' };

/** A place in the files of a branch, or of the base. */
export interface SignalPlace {
  /** Null: the base. */
  run: RunId | null;
  path: string;
  /** From 1; null: the whole file, or one that is gone. */
  line: number | null;
}

/** Something that Git would merge and that will not work all the same. */
export interface RadarSignal {
  kind: 'same-path' | 'same-number' | 'same-dependency' | 'removed-name';
  /** Where it is, at most a few places. */
  places: readonly SignalPlace[];
  /** One sentence for the person. */
  words: string;
}

/** A branch against another one, or against its base. Nothing has been merged. */
export interface RadarPair {
  a: RunId;
  /** Null: the base of `a`. */
  b: RunId | null;
  outcome: RadarOutcome;
  /** Both are runs of one spec: only one of them is to be merged, so this counts nowhere. */
  areVariants: boolean;
  signals: readonly RadarSignal[];
}

export interface RadarState {
  /** When it was worked out last, milliseconds since 1970; null: not yet. */
  at: number | null;
  branches: readonly RadarBranch[];
  pairs: readonly RadarPair[];
  /** Why there is nothing to be seen, as a sentence; null when there is. */
  unavailable: string | null;
}

/** A place that both sides changed. */
export interface ConflictHunk {
  /** The line at which it begins in the first side's file, from 1. */
  line: number;
  /** Lines without their ends; at most 200 of each side. */
  ours: readonly string[];
  base: readonly string[];
  theirs: readonly string[];
}

export interface CollidingFile extends Conflict {
  /** Null where there are no lines to show: a binary file, one that was deleted, one that is too large. */
  hunks: readonly ConflictHunk[] | null;
}

export interface OrderStep {
  id: RunId | string;
  outcome:
    | { kind: 'clean' }
    /** `with`: the cars before it that it collides with; empty where it is the base, or all of them together. */
    | { kind: 'conflicts'; conflicts: readonly Conflict[]; with: readonly string[] };
  /** Why it stands here, in a sentence. */
  reason: string;
}

export interface MergeOrder {
  base: string;
  steps: readonly OrderStep[];
  /** How many of them do not merge in this order. */
  collisions: number;
}

type NoSuchPair = { kind: 'run-missing' } | { kind: 'git-failed'; message: string };

export const radar = {
  /** The present state of a project's branches, and again whenever it has changed. Worked out while somebody listens. */
  onDidChange: feed(projectId, returns<RadarState>()),
  /** What exactly two branches collide in; `b` null: the branch and its base. As they are now. */
  pair: call(z.object({ a: runId, b: runId.nullable() }), returns<readonly CollidingFile[]>(), fails<NoSuchPair>()),
  /**
   * The order in which runs would best be merged into their base (`order` null), or what an order of the person's comes
   * to. Runs of another base than the first one's are left out.
   */
  order: call(
    z.object({ projectId, ids: z.array(runId).min(1).max(64), order: z.enum(['proposed', 'given']) }),
    returns<MergeOrder>(),
    fails<NoSuchPair>(),
  ),
};
