import type { SideCheck } from '#main/services/conflicts/side-checks.ts';
import type { CheckTerminals } from '#main/services/gates/check-terminals.ts';
import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { InvariantCommand } from '#main/services/gates/gate-ports.ts';
import type { Gate } from '#main/services/gates/gate-config.ts';
import type { Git } from '#main/services/git/git.ts';
import type { Merges } from '#main/services/merges/merges.ts';
import type { MergeAnswer, MergeQuestion } from '#main/services/radar/merge-batch.ts';
import type { Store } from '#main/services/store/store.ts';
import type { DecisionKind } from '#shared/contract/runs.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

/*
 * What the train needs of the other services, and no more. They are handed in by services.ts.
 */

export type GitPort = Pick<Git, 'read' | 'direct' | 'write' | 'commonDir' | 'gitDir'>;
export type MergesPort = Pick<Merges, 'mergeChecked'>;

export interface TrainRun {
  id: RunId;
  projectId: ProjectId;
  title: string;
  branch: string;
  base: string;
  decision: DecisionKind;
}

export interface TrainProject {
  id: ProjectId;
  path: string;
  commonDir: string;
  /** The folder of the project's worktrees. */
  worktreeFolder: string;
  /** The gates that have to pass on a merged tree, each behind what it needs. */
  gates: readonly Gate[];
  /** The commands of its invariants, which have to pass on a merged tree as well. */
  invariantCommands: readonly InvariantCommand[];
  /** What else is meant to be checked and cannot be read, in sentences with their places. While there is any, nothing passes. */
  unreadable: readonly string[];
  /** Makes a new worktree ready to run gates in; null when nothing has to be done. */
  setup: { command: string; timeoutMilliseconds: number } | null;
  /** Files that Git ignores and that the gates need, as patterns. */
  copy: readonly string[];
  isTrusted: boolean;
  /** Runs a command through this platform's shell. */
  shell: (command: string) => { command: string; args: readonly string[] };
  /** Whether its config names any command at all. */
  needsTrust: boolean;
}

export interface ProjectsPort {
  find(id: ProjectId): TrainProject | null;
}

export interface RunsPort {
  find(id: RunId): TrainRun | null;
}

/** Commands in terminals of their own. */
export type RunsCommands = Pick<CheckTerminals, 'run' | 'endEarlier'>;

export interface TrainStores {
  store: Store;
  evidence: EvidenceStore;
}

/** What the specs promise whose work a run brings together; nothing for any other run. */
export type PromisesOf = (id: RunId) => Promise<readonly SideCheck[]>;

/** Merges pairs of commits of a checkout's repository, with nothing but objects to show for it; see `mergeBatch`. */
export type MergesTrees = (cwd: string, questions: readonly MergeQuestion[]) => Promise<readonly MergeAnswer[]>;
