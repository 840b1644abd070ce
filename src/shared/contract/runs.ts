import { z } from 'zod';

import {
  agentId,
  projectId,
  runId,
  specSlug,
  type AgentId,
  type ProjectId,
  type RunId,
  type SpecSlug,
  type TerminalId,
} from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';
import type { Prompt } from './prompts.ts';

/** What a run is doing. `unknown` is allowed: better than a guess. */
export type RunStatusKind = 'queued' | 'preparing' | 'working' | 'waiting' | 'idle' | 'exited' | 'failed' | 'unknown';

export interface RunStatus {
  kind: RunStatusKind;
  /** Who says so: the stages of the spawn, the process, the agent's own hooks, its terminal's title, its output, or nobody. */
  source: 'stages' | 'process' | 'report' | 'title' | 'notification' | 'output' | 'restored';
  /** When it became so, milliseconds since 1970. Its age is shown beside it. */
  since: number;
  /** The question that is waited for, the exit code in words, the failure: one line for the card. */
  detail: string | null;
  /** While waiting, where it is known: whether it may do something is asked, or something else. */
  asks?: 'permission' | 'question';
  /** While waiting: which of the agent's sub-agents asks; absent where the agent itself does, or several, or nobody knows. */
  asker?: string;
  /** While queued: the specs that must be merged into its base before it begins by itself. */
  waitsFor?: readonly SpecSlug[];
  /** While queued: what the limits of the person are full of. It begins by itself when there is a place. */
  waitsForPlace?: PlaceLimit;
}

/** What keeps a run from beginning: so many are at work, so much waits to be reviewed, or the machine has no memory left. */
export type PlaceLimit = 'running' | 'review' | 'memory';

/** What a run is to do with its spec: carry it out, or draft smaller specs from it. */
export type RunTask = 'build' | 'split';

/** The stages of making a run, in order. A failure names its stage and takes back what this attempt made. */
export const stageIds = ['check', 'branch', 'worktree', 'copy', 'setup', 'start'] as const;
export type StageId = (typeof stageIds)[number];

export interface Stage {
  id: StageId;
  state: 'pending' | 'running' | 'done' | 'skipped' | 'failed';
  startedAt: number | null;
  endedAt: number | null;
  /** What was done, why it was skipped, or what failed, in a sentence. */
  detail: string | null;
}

export type DecisionKind = 'pending' | 'keep' | 'modify' | 'discard';

export interface Decision {
  kind: DecisionKind;
  reason: string;
  /** When it was made; null while pending. */
  at: number | null;
}

/** How a run's work compares with where it started, by Git. */
export interface RunChanges {
  /** Commits of the branch that its base does not have. */
  commits: number;
  /** Commits that the base has got since the branch left it. */
  behind: number;
  files: number;
  insertions: number;
  deletions: number;
  /** Files with changes that are not committed; they are not part of a merge. */
  uncommitted: number;
}

/** What of a run is still there, by Git and not by our records. */
export interface RunPresence {
  branch: boolean;
  worktree: boolean;
  /** Its worktree has something else checked out than its branch. */
  elsewhere?: WorkElsewhere;
}

/** What a run's worktree has checked out instead of its branch: no review and no merge has that. */
export interface WorkElsewhere {
  /** Short name; null: a detached HEAD. */
  branch: string | null;
  commit: string;
  /** Commits that neither its branch nor its base has. */
  commits: number;
}

/** A process that an agent has started and left running when it ended. */
export interface LeftProcess {
  pid: number;
  /** Its program's name, without folders. */
  name: string;
}

export interface Run {
  id: RunId;
  projectId: ProjectId;
  spec: { slug: SpecSlug; title: string };
  task: RunTask;
  agent: { id: AgentId; label: string };
  /** 1, 2, 3 when the spec was spawned several times at once, otherwise null. */
  variant: number | null;
  branch: string;
  base: string;
  /** The commit that the branch started from. */
  baseCommit: string | null;
  worktreePath: string;
  createdAt: number;
  stages: readonly Stage[];
  status: RunStatus;
  /** What the agent does now: its last tool, as it reports it, or else its terminal's title. Null: it does not say. */
  activity: string | null;
  /** Since when it does that. */
  activitySince: number | null;
  /** The last that it said, on one line, where it reports that. */
  lastMessage: string | null;
  /**
   * Set while it is stuck: it says that it works, and since then there was no output, hardly any processor time, and no
   * file of its worktree has changed.
   */
  stuckSince: number | null;
  /** Since when its processes are stopped, by the person; null: they are not. Its status is what it was then. */
  pausedSince: number | null;
  /** What its agent, which has ended, has left running; absent or empty: nothing that is known of. */
  leftRunning?: readonly LeftProcess[];
  terminalId: TerminalId | null;
  changes: RunChanges | null;
  decision: Decision;
  /**
   * Set only when the base contains the branch's commits, or the commit that holds its tree. A branch that has got commits
   * since is not merged any more.
   */
  merged: {
    commit: string;
    into: string;
    method: 'merge' | 'squash' | 'rebase' | 'outside';
    at: number | null;
    /** The branch as it was merged; where it is known. */
    branchCommit?: string;
  } | null;
  presence: RunPresence;
  /**
   * The specs, besides its own, whose work it was asked to bring together with its own: what they promise has to hold on its
   * branch as well before that is merged.
   */
  alsoHolds: readonly SpecSlug[];
  /** The version of the prompt that was sent; null for an agent that takes none. */
  promptVersion: string | null;
}

export type RunFeed =
  { kind: 'all'; runs: readonly Run[] } | { kind: 'changed'; run: Run } | { kind: 'removed'; id: RunId };

export const runRequest = z.object({
  slug: specSlug,
  agentId,
  variants: z.number().int().min(1).max(8),
  /** Null: the spec's base, else the project's default. */
  base: z.string().min(1).max(200).nullable(),
  /** Null: the spec's branch, else the project's template. */
  branch: z.string().min(1).max(200).nullable(),
  /** `split`: the agent drafts smaller specs from this one, and changes nothing else. */
  task: z.enum(['build', 'split']).optional(),
});
export type RunRequest = z.output<typeof runRequest>;

/** One run as it would be made. Nothing has been done yet. */
export interface PlannedRun {
  slug: SpecSlug;
  task: RunTask;
  agentId: AgentId;
  variant: number | null;
  base: string;
  branch: string;
  worktreePath: string;
  setupCommand: string | null;
  prompt: Prompt | null;
  /** What it would wait for before it begins, in a sentence; null: nothing. */
  waits: string | null;
  /** Why it cannot be spawned as it is; empty when it can. */
  obstacles: readonly string[];
}

/** What would be lost if a run's worktree and branch were deleted now. */
export interface RemovalPlan {
  uncommittedFiles: readonly string[];
  /** Commits that no other branch has: subject and short hash. */
  unmergedCommits: readonly { hash: string; subject: string }[];
  processIsRunning: boolean;
  worktreePath: string;
  branch: string;
  /** Names what was seen, so that a removal which would lose more than was shown is refused. */
  fingerprint: string;
}

export interface Snapshot {
  /** Full ref name under `refs/switchyard/`. */
  ref: string;
  takenAt: number;
  /** What was about to happen: "Delete run feature/x", "Merge into main". */
  reason: string;
  branch: string;
  commit: string;
  /** The tree with what was not committed, as a commit; null when all was. */
  dirtyCommit: string | null;
}

type RunMissing = { kind: 'run-missing' };
type NotRunning = { kind: 'not-running' };
type SpawnRefused = { kind: 'refused'; obstacles: readonly string[] } | { kind: 'not-trusted' };

export const runs = {
  onDidChange: feed(projectId, returns<RunFeed>()),
  plan: call(
    z.object({ projectId, requests: z.array(runRequest).max(32) }),
    returns<readonly PlannedRun[]>(),
    fails<never>(),
  ),
  /** Records the runs and returns at once; their stages come through the feed. All or none are recorded. */
  spawn: call(
    z.object({ projectId, requests: z.array(runRequest).min(1).max(32) }),
    returns<readonly RunId[]>(),
    fails<SpawnRefused>(),
  ),
  /** The exact text that was sent. */
  prompt: call(z.object({ id: runId }), returns<Prompt>(), fails<RunMissing | { kind: 'no-prompt' }>()),
  /**
   * Ends the agent's process tree, or what an agent that has ended has left running, or cancels the spawn in its present
   * stage. The worktree stays. `still-there`: some of it
   * would not end; `message` says which, and what is safe.
   */
  stop: call(
    z.object({ id: runId }),
    returns<void>(),
    fails<RunMissing | NotRunning | { kind: 'still-there'; message: string }>(),
  ),
  /** Stops every process of the run where it is, until it is told to go on. `unavailable` says why this cannot be had. */
  pause: call(
    z.object({ id: runId }),
    returns<void>(),
    fails<RunMissing | NotRunning | { kind: 'unavailable'; reason: string }>(),
  ),
  /** Lets the processes of a paused run go on. */
  unpause: call(z.object({ id: runId }), returns<void>(), fails<RunMissing | NotRunning>()),
  /** Starts the agent again in the same worktree: afresh with the same prompt, or going on with its session where it can. */
  restart: call(
    z.object({ id: runId, how: z.enum(['afresh', 'resume']) }),
    returns<void>(),
    fails<
      RunMissing | { kind: 'still-running' } | { kind: 'worktree-missing' } | { kind: 'cannot-resume' } | SpawnRefused
    >(),
  ),
  /**
   * Hands the work to another agent, in the same worktree and on the same branch: the one before is ended, and the new one is
   * sent a prompt of its own with a brief of what was done. `note`: what the person adds to that.
   */
  continueWith: call(
    z.object({ id: runId, agentId, note: z.string().max(20_000) }),
    returns<void>(),
    fails<RunMissing | { kind: 'being-made' } | { kind: 'worktree-missing' } | SpawnRefused>(),
  ),
  /** Begins a run that waits for others, or for a place, without that. */
  startNow: call(z.object({ id: runId }), returns<void>(), fails<RunMissing | { kind: 'not-held' } | SpawnRefused>()),
  /** Makes a failed spawn again, from its first stage. */
  retry: call(z.object({ id: runId }), returns<void>(), fails<RunMissing | { kind: 'not-failed' } | SpawnRefused>()),
  /**
   * Types a message into the agent's terminal the way that agent takes one, and sends it. `mayAnswer`: these are the person's
   * own words to the agent, which may answer a question of its. `asks`: it waits for a permission, which the key that sends a
   * message would give, or for an answer that this is not; what was not sent is not typed either, or lies unsent in its input.
   * The same holds of `not-read`: it does not read its input, which takes no more.
   */
  send: call(
    z.object({ id: runId, text: z.string().min(1).max(200_000), mayAnswer: z.boolean().optional() }),
    returns<void>(),
    fails<RunMissing | NotRunning | { kind: 'asks' } | { kind: 'not-read' }>(),
  ),
  decide: call(
    z.object({ id: runId, decision: z.enum(['pending', 'keep', 'modify', 'discard']), reason: z.string().max(10_000) }),
    returns<void>(),
    fails<RunMissing>(),
  ),
  planRemoval: call(z.object({ id: runId }), returns<RemovalPlan>(), fails<RunMissing>()),
  /**
   * Takes a snapshot, ends the process tree, removes worktree and branch, checks that they are gone, and forgets the run.
   * Refused when more would be lost than the plan with this fingerprint showed.
   */
  remove: call(
    z.object({ id: runId, fingerprint: z.string() }),
    /** `note`: what is to be known of the project's teardown command, in a sentence. */
    returns<{ snapshot: string | null; note: string | null }>(),
    fails<
      | RunMissing
      | { kind: 'more-would-be-lost'; plan: RemovalPlan }
      | { kind: 'main-checkout' }
      | { kind: 'failed'; step: string; message: string }
    >(),
  ),
  /** Drops our record of a run whose branch and worktree are gone. */
  forget: call(z.object({ id: runId }), returns<void>(), fails<RunMissing | { kind: 'still-there' }>()),
  listSnapshots: call(z.object({ projectId }), returns<readonly Snapshot[]>(), fails<never>()),
  /** Brings a deleted run's branch and worktree back, with what was not committed; or says why it cannot. */
  restoreSnapshot: call(
    z.object({ projectId, ref: z.string().startsWith('refs/switchyard/') }),
    returns<{ branch: string; worktreePath: string | null }>(),
    fails<
      { kind: 'snapshot-missing' } | { kind: 'branch-exists'; branch: string } | { kind: 'failed'; message: string }
    >(),
  ),
};
