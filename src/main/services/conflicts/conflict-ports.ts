import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { Gate } from '#main/services/gates/gate-config.ts';
import type { Git } from '#main/services/git/git.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { RunsCommands, TrainProject } from '#main/services/train/train-ports.ts';
import type { Log } from '#main/base/log.ts';
import type { conflicts as contract } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { AgentId, ProjectId, RunId, SpecSlug } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

import type { SideChecksPorts } from './side-checks.ts';

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
  spec: { slug: SpecSlug; title: string };
  /** The other specs that it was asked to bring together with its own. */
  alsoHolds: readonly SpecSlug[];
  lastMessage: string | null;
  /** Its agent is at work, or waits for an answer. */
  isAtWork: boolean;
}

type AskFailure = Extract<Awaited<ReturnType<DomainApi<typeof contract>['ask']>>, { ok: false }>['error'];

export interface ConflictsOptions extends SideChecksPorts {
  git: Git;
  runs: {
    find(id: RunId): ConflictingRun | null;
    /** From now on what these specs promise has to hold for the run as well. */
    alsoHold(id: RunId, specs: readonly SpecSlug[]): void;
    /** Gives the run to another agent, whose task is the conflict. */
    handOver(id: RunId, agentId: AgentId, conflict: string): Promise<Result<void, AskFailure>>;
    /** Makes a run of the same spec, off the same base, whose task is the conflict. */
    spawn(run: ConflictingRun, agentId: AgentId, conflict: string): Promise<Result<RunId, AskFailure>>;
  };
  messages: {
    /** `asks`: it waits for an answer. */
    find(id: RunId): { asks: boolean } | null;
    send(id: RunId, text: string): Promise<'sent' | 'not-running' | 'not-read' | 'asks'>;
    resume(id: RunId): Promise<string | null>;
  };
  gatesOf: (id: ProjectId) => readonly Gate[];
  /** The rules of the project, as they lie in the person's checkout. */
  invariantsOf: (id: ProjectId) => Promise<readonly { title: string; text: string }[]>;
  /** Where resolutions are checked; null: the project is not open. */
  projectOf: (id: ProjectId) => TrainProject | null;
  evidenceOf: (id: ProjectId) => EvidenceStore | null;
  snapshots: Pick<Snapshots, 'takeRef'>;
  /** In which resolutions are checked. */
  commands: RunsCommands;
  log: Log;
  now?: () => number;
}
