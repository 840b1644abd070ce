import { z } from 'zod';

import { projectId, runId, type RunId, type TerminalId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/** One gate on the merged files of two branches. */
export interface PairGate {
  id: string;
  title: string;
  state: 'waiting' | 'running' | 'passed' | 'failed';
  /** Why it is no pass, in a sentence; null for a pass, or while it is not known. */
  reason: string | null;
  /** Null: there is none, or not yet. */
  evidenceId: string | null;
  terminalId: TerminalId | null;
}

/** The gates of the project, run on what two branches come to when they are merged. Nothing has been merged. */
export interface PairCheck {
  a: RunId;
  /** Null: the base of `a`. */
  b: RunId | null;
  state: 'running' | 'passed' | 'failed' | 'cancelled';
  /** What is being done, or why it went no further, in a sentence; null where the gates say it all. */
  detail: string | null;
  gates: readonly PairGate[];
  at: number;
  /** One of the two has changed since. */
  isStale: boolean;
}

export const pairs = {
  /** The pairs whose gates were run since the project was opened, the latest of each; again whenever one changes. */
  onDidChange: feed(projectId, returns<readonly PairCheck[]>()),
  /**
   * Merges two branches as they are now, with what is not committed, in a worktree of its own, and runs the gates there. It
   * returns when that has begun. One pair of a project at a time.
   */
  check: call(
    z.object({ a: runId, b: runId.nullable() }),
    returns<void>(),
    fails<
      | { kind: 'run-missing' }
      | { kind: 'not-trusted' }
      | { kind: 'no-gates' }
      /** What is meant to be checked cannot be read: sentences, each with the place in its file. */
      | { kind: 'unreadable-checks'; problems: readonly string[] }
      | { kind: 'busy' }
      | { kind: 'conflicts'; paths: readonly string[] }
      | { kind: 'unrelated' }
    >(),
  ),
  /** Ends what runs. */
  cancel: call(z.object({ projectId }), returns<void>(), fails<never>()),
};
