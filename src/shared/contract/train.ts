import { z } from 'zod';

import { projectId, runId, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
import { mergeMethod, type Conflict, type MergeMethod } from './merges.ts';

export type CarState =
  | 'waiting'
  /** Its merge is worked out and its gates run on the merged tree. The base has not moved. */
  | 'under-way'
  | 'merged'
  | 'conflicts'
  | 'failed'
  | 'skipped';

/** A branch on its way into the base. */
export interface TrainCar {
  runId: RunId;
  title: string;
  state: CarState;
  /** What is being done, or why it went no further, in a sentence; null where the state says it all. */
  detail: string | null;
  /** The commit that the base moved to with it. */
  commit: string | null;
  /** The snapshot of the base before it; it undoes this car and those behind it. */
  snapshot: string | null;
  conflicts: readonly Conflict[];
  /** The gate that failed on the merged tree, with its evidence. */
  failedGate: { title: string; evidenceId: string } | null;
}

export type TrainState =
  | 'running'
  /** The person stopped it between two cars, or is waited for to say so. */
  | 'paused'
  /** A car went no further. */
  | 'stopped'
  | 'done'
  | 'aborted';

export interface Train {
  base: string;
  method: MergeMethod;
  state: TrainState;
  cars: readonly TrainCar[];
  /** Where the base was before the first car. */
  startCommit: string;
  startedAt: number;
  /** Why it stands still, in a sentence; null while it runs. */
  reason: string | null;
  /** Whether it is to stop behind the car that is under way. */
  isPausing: boolean;
}

type NoTrain = { kind: 'no-train' };

export const train = {
  /** The project's train as it is now, and again whenever it changes; null when there never was one. */
  onDidChange: feed(projectId, returns<Train | null>()),
  /**
   * Merges kept runs one after the other, each only after the gates have passed on the merged tree. Another train of the
   * project must have come to its end.
   */
  start: call(
    z.object({ projectId, ids: z.array(runId).min(1).max(64), method: mergeMethod.exclude(['rebase']) }),
    returns<void>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'not-kept'; title: string }
      | { kind: 'other-base'; title: string; base: string }
      | { kind: 'base-missing'; base: string }
      | { kind: 'not-trusted' }
      /** What is meant to be checked cannot be read: sentences, each with the place in its file. */
      | { kind: 'unreadable-checks'; problems: readonly string[] }
      | { kind: 'already-running' }
    >(),
  ),
  /** Stops it behind the car that is under way. */
  pause: call(z.object({ projectId }), returns<void>(), fails<NoTrain>()),
  /** Goes on, with the car that went no further first. `skip`: without that one. */
  resume: call(z.object({ projectId, skip: z.boolean() }), returns<void>(), fails<NoTrain>()),
  /** Ends it for good. The car under way is not merged; what is merged stays merged. */
  abort: call(z.object({ projectId }), returns<void>(), fails<NoTrain>()),
};
