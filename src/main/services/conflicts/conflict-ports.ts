import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { Gate } from '#main/services/gates/gate-config.ts';
import type { TestRunner } from '#main/services/gates/named-test.ts';
import type { Git } from '#main/services/git/git.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { RunsCommands, TrainProject } from '#main/services/train/train-ports.ts';
import type { Log } from '#main/base/log.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { SpecIntent } from './conflict-brief.ts';

/*
 * What help with conflicts needs of the other services, and no more. They are handed in by services.ts.
 */

/** What there is to know about a run whose branch conflicts. */
export interface ConflictingRun {
  id: RunId;
  projectId: ProjectId;
  projectPath: string;
  branch: string;
  base: string;
  worktreePath: string;
  spec: { slug: string; title: string };
  lastMessage: string | null;
  /** Its agent is at work, or waits for an answer. */
  isAtWork: boolean;
}

export interface ConflictsOptions {
  git: Git;
  runs: { find(id: RunId): ConflictingRun | null };
  messages: {
    /** `asks`: it waits for an answer. */
    find(id: RunId): { asks: boolean } | null;
    send(id: RunId, text: string): Promise<'sent' | 'not-running'>;
    resume(id: RunId): Promise<string | null>;
  };
  /** A spec as it is in the project now; null: there is none. */
  specOf: (id: ProjectId, slug: string) => Promise<SpecIntent | null>;
  gatesOf: (id: ProjectId) => readonly Gate[];
  /** How a test is run by its name; null: the project's config does not say. */
  testsOf: (id: ProjectId) => TestRunner | null;
  /** Where resolutions are checked; null: the project is not open. */
  projectOf: (id: ProjectId) => TrainProject | null;
  evidenceOf: (id: ProjectId) => EvidenceStore | null;
  snapshots: Pick<Snapshots, 'takeRef'>;
  /** Runs a command in a terminal of its own to its end. */
  run: RunsCommands;
  log: Log;
  now?: () => number;
}
