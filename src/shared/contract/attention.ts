import { z } from 'zod';

import { projectId, runId, type RunId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
import type { DecisionKind, RunStatusKind } from './runs.ts';

/** Why a run needs the person, from what costs most while it waits to what costs least. */
export const attentionReasons = [
  /** Its agent asks whether it may do something. */
  'permission',
  /** Its agent asked something else. */
  'question',
  /** Its spawn or its agent failed. */
  'failed',
  /** Its agent says that it works, and nothing moves. */
  'stuck',
  /** Its agent's turn is over and nothing was changed. */
  'stopped',
  /** Its branch or worktree is gone, or nobody can say what became of it. */
  'lost',
  /** Its work is done, and a gate or a criterion did not hold on it. */
  'gate-failed',
  /** Its work is done, and does not merge with its base, or with work that was done before it. */
  'collides',
  /** Its work is there to be looked at, or, when it is kept, to be merged. */
  'review',
] as const;
export type AttentionReason = (typeof attentionReasons)[number];

/** Where it can be answered. */
export type AttentionPlace = 'terminal' | 'review' | 'checks' | 'collisions';

/** A run that needs the person. Each run has at most one item: what is most pressing, with the rest in `also`. */
export interface AttentionItem {
  runId: RunId;
  reason: AttentionReason;
  /** The question, the failure, the gate: one line; null where the reason says it all. */
  detail: string | null;
  /** Since when, milliseconds since 1970. */
  since: number;
  also: readonly AttentionReason[];
  /** Runs that begin by themselves once its work is merged, and those that wait for these. */
  unblocks: readonly RunId[];
  /** Whether its agent, or its work, stands still until it is answered. */
  standsStill: boolean;
  place: AttentionPlace;
  /** What it collides with; null: its base, or nothing. */
  collidesWith: RunId | null;
  /** Names what is needed now. It stays over a restart, and is another one when something else is needed. */
  key: string;
}

export interface SnoozedItem extends AttentionItem {
  /** When it comes back, milliseconds since 1970; null: when it needs something else. */
  until: number | null;
}

export interface AttentionState {
  /** What needs the person, the first first. */
  items: readonly AttentionItem[];
  /** Put off; the one that comes back first is first. */
  snoozed: readonly SnoozedItem[];
}

/** One message about one run, or about several that came together. */
export interface Notice {
  id: string;
  title: string;
  body: string;
  /** What it is about, the first first. */
  runIds: readonly RunId[];
  sound: boolean;
  /** The run whose question can be answered with a line of text; null: none, or several. */
  replyTo: RunId | null;
}

export type NoticePush = { kind: 'listening' } | { kind: 'notice'; notice: Notice };

/** One thing that has happened to a run since the person last looked at it. */
export type SinceLine =
  | {
      kind: 'commits';
      count: number;
      /** The latest first, at most three. */
      subjects: readonly string[];
      /** The branch was rewritten: it does not hold what it held then, and all its commits are counted. */
      isRewritten: boolean;
    }
  /** `files`, at most three, name some of them. */
  | { kind: 'files'; count: number; insertions: number; deletions: number; files: readonly string[] }
  /** Files with changes that are not committed: another number than then. */
  | { kind: 'uncommitted'; count: number }
  /** `text` is the latest question; null: it gave no words for it. */
  | { kind: 'questions'; count: number; text: string | null; isOpen: boolean }
  | { kind: 'checks'; passed: number; failed: number; names: readonly string[] }
  | { kind: 'decision'; decision: DecisionKind; reason: string }
  | { kind: 'merged'; into: string }
  | { kind: 'status'; status: RunStatusKind; detail: string | null };

/** What has happened to a run since the person last looked at it. */
export interface SinceLooked {
  runId: RunId;
  /** When that was. */
  at: number;
  /** In the order of their weight; never empty. */
  lines: readonly SinceLine[];
}

/** A page, for as long as it listens. */
const viewer = z.string().min(1).max(64);

export const attention = {
  onDidChange: feed(projectId, returns<AttentionState>()),
  /**
   * Puts off what a run needs now: for so long, or, with null, until it needs something else. A run that comes to need
   * something else is back at once in either case.
   */
  snooze: call(
    z.object({ id: runId, milliseconds: z.number().int().min(1000).max(31_536_000_000).nullable() }),
    returns<void>(),
    fails<{ kind: 'needs-nothing' }>(),
  ),
  /** Takes a snooze back. */
  wake: call(z.object({ id: runId }), returns<void>(), fails<never>()),
  /**
   * Messages for the person. While it is listened to, the page counts as one in which runs can be looked at; see `look`.
   */
  onDidNotify: feed(z.object({ projectId, viewer }), returns<NoticePush>()),
  /**
   * Which run the person looks at in this page from now on (null: none, the window is in the background, or nobody is
   * there), and which others are in sight. Returns what has happened to that run since they last looked; null: nothing, or
   * they never did.
   */
  look: call(
    z.object({ projectId, viewer, runId: runId.nullable(), inSight: z.array(runId).max(16) }),
    returns<SinceLooked | null>(),
    fails<never>(),
  ),
};
