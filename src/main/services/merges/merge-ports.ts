import type { Git } from '#main/services/git/git.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { DecisionKind } from '#shared/contract/runs.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

/*
 * What merging needs of the other services, and no more. They are handed in by services.ts.
 */

/** What there is to know about a run to merge it. */
export interface MergeableRun {
  id: RunId;
  /** The project's main checkout. */
  projectPath: string;
  /** Short branch names. */
  branch: string;
  base: string;
  worktreePath: string;
  spec: { slug: string; title: string };
  agentLabel: string;
  decision: DecisionKind;
}

export interface RunsPort {
  find(id: RunId): MergeableRun | null;
}

export interface ProjectsPort {
  /** The project's main checkout; null when the project is not open. */
  pathOf(id: ProjectId): string | null;
}

export type SnapshotsPort = Pick<Snapshots, 'takeRef' | 'find'>;

export type GitPort = Pick<Git, 'read' | 'direct' | 'writes' | 'commonDir' | 'gitDir' | 'version'>;
