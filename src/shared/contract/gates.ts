import { z } from 'zod';

import { projectId, runId, type RunId, type TerminalId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/**
 * When a gate runs by itself: with every change of a branch and when it comes to review, at review alone, or not before a merge.
 * Any gate can be run by hand, and all but `by-hand` run on a merged tree before the base moves.
 */
export const gateTimes = ['change', 'review', 'merge', 'by-hand'] as const;
export type GateTime = (typeof gateTimes)[number];

/** How a check came to its end. Only `passed` is a pass: what could not be started, or was ended, has failed. */
export type CheckOutcome =
  'passed' | 'failed' | 'timed-out' | 'ended' | 'not-started' | 'cancelled' | 'met' | 'not-met';

/** What is known of one command on one tree. It holds for every branch that has this tree. */
export interface Evidence {
  id: string;
  outcome: CheckOutcome;
  exitCode: number | null;
  /** Why it is no pass, in a sentence; null for a pass. */
  reason: string | null;
  /** The tree that it ran on: files and folders, without their history. */
  tree: string;
  command: string;
  startedAt: number;
  endedAt: number;
  /** Whether the worktree changed while it ran, so that it proves nothing about either state. */
  treeMoved: boolean;
}

export type CheckStateKind =
  /** There is nothing that could prove it. Never shown as met. */
  | 'unproven'
  | 'not-run'
  | 'queued'
  | 'running'
  | 'passed'
  | 'failed'
  /** Only the person can say. */
  | 'asks'
  /** The project's files mean to check something here, and what cannot be made out; the obstacle says where. Counts as failed. */
  | 'unreadable';

/** One gate of the project, one criterion of the spec, or the command of one invariant, or what should be one, for one run. */
export interface CheckState {
  id: string;
  kind: 'gate' | 'acceptance' | 'invariant';
  title: string;
  /** The title of the spec that promises it, where that is not the run's own: the run brings the work of both together. */
  otherSpec: string | null;
  /** Null: it has no command. */
  command: string | null;
  /** The question for the person; null where it is not theirs to say. */
  question: string | null;
  state: CheckStateKind;
  /** The latest evidence is of another tree than the present one: it says how it was, not how it is. */
  isStale: boolean;
  evidence: Evidence | null;
  /** The terminal in which it runs now. */
  terminalId: TerminalId | null;
  /** Why it cannot be run now, in a sentence; null when it can. */
  obstacle: string | null;
}

/** Everything that is checked about one run, as far as it is known. */
export interface RunChecks {
  runId: RunId;
  /** The tree of its worktree when it was looked at last; null: not yet, or it has none. */
  tree: string | null;
  checks: readonly CheckState[];
}

export type CheckFeed =
  { kind: 'all'; runs: readonly RunChecks[] } | { kind: 'changed'; run: RunChecks } | { kind: 'removed'; runId: RunId };

type RunMissing = { kind: 'run-missing' };

export const gates = {
  onDidChange: feed(projectId, returns<CheckFeed>()),
  /**
   * Runs checks of a run on its worktree as it is now, and returns when they are queued. Null: all that can be run. What has
   * passed on this very tree is not run again unless `again` is said.
   */
  start: call(
    z.object({ id: runId, checks: z.array(z.string().max(300)).max(200).nullable(), again: z.boolean() }),
    returns<{ queued: number }>(),
    fails<
      RunMissing | { kind: 'worktree-missing' } | { kind: 'not-trusted' } | { kind: 'nothing-to-run'; reason: string }
    >(),
  ),
  /** Ends the checks of a run that are running, and takes back those that wait. */
  cancel: call(z.object({ id: runId }), returns<void>(), fails<RunMissing>()),
  /** The output of a check, its last 10,000 lines; empty when it was not kept. */
  log: call(
    z.object({ projectId, evidenceId: z.string().max(64) }),
    returns<string>(),
    fails<{ kind: 'evidence-missing' }>(),
  ),
  /** The person's word on a criterion, for the tree as it is now. */
  answer: call(
    z.object({ id: runId, check: z.string().max(300), met: z.boolean(), note: z.string().max(2000) }),
    returns<void>(),
    fails<RunMissing | { kind: 'worktree-missing' } | { kind: 'not-a-question' }>(),
  ),
};
