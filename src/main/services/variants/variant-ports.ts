import type { Git } from '#main/services/git/git.ts';
import type { MergeAnswer, MergeQuestion } from '#main/services/radar/merge-batch.ts';
import type { LookedAt, RadarNode } from '#main/services/radar/project-radar.ts';
import type { GitPort as LookingGit } from '#main/services/radar/radar-ports.ts';
import type { StatusRow } from '#main/services/figures/spans.ts';
import type { TakenRefused, TakenWork } from '#main/services/runs/taken-run.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

/*
 * What comparing variants needs of the other services, and no more. They are handed in by services.ts.
 */

export type GitPort = Pick<Git, 'read' | 'direct'>;

export interface VariantProject {
  id: ProjectId;
  path: string;
}

export interface RunsPort {
  all(id: ProjectId): readonly Run[];
  onDidChange(listener: (id: ProjectId) => void): Disposable;
  /** A free name for a branch of what is taken from runs of this spec. */
  proposeBranch(id: ProjectId, slug: string): string;
  /** Why a branch for taken work cannot have this name; null when it can. */
  whyNotBranch(id: ProjectId, branch: string): Extract<TakenRefused, { kind: 'bad-branch' | 'branch-exists' }> | null;
  spawnTaken(id: ProjectId, taken: TakenWork): Promise<Result<RunId, TakenRefused>>;
}

/** The radar, which makes trees of worktrees and merges them, and remembers both. */
export interface RadarPort {
  lookAt(id: ProjectId, ids: readonly RunId[]): Promise<readonly RadarNode[]>;
  tryMerges(id: ProjectId, questions: readonly MergeQuestion[]): Promise<readonly MergeAnswer[]>;
  /** Git that knows the objects of what is not committed. */
  gitOf(id: ProjectId): { git: LookingGit; cwd: string } | null;
  /** The run with what is not committed, as objects of the repository itself; null: it is not there. */
  commitOf(id: RunId): Promise<{ tree: string } | null>;
  /** Keeps it looking. */
  onDidChange(id: ProjectId, listener: () => void): Disposable;
  onDidLook(listener: (seen: LookedAt) => void): Disposable;
}

/** The status history of runs, by run. */
export type HistoryPort = (id: ProjectId, ids: readonly RunId[]) => ReadonlyMap<RunId, readonly StatusRow[]>;
