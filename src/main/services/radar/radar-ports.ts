import type { Git } from '#main/services/git/git.ts';
import type { ProjectChange } from '#main/services/git/project-watches.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

/*
 * What the radar needs of the other services, and no more. They are handed in by services.ts.
 */

export type GitPort = Pick<Git, 'read' | 'direct' | 'gitDir' | 'commonDir' | 'version'>;

/** What there is to know about a run to look for what it collides with. */
export interface RadarRun {
  id: RunId;
  /** Runs of the same spec are alternatives: only one of them is to be merged, so they do not collide. */
  spec: string;
  title: string;
  /** Short branch names. */
  branch: string;
  base: string;
  worktreePath: string;
  /** Its agent's turn is over and its work waits to be looked at, or is kept. */
  isNearReview: boolean;
}

export interface RadarProject {
  id: ProjectId;
  path: string;
  commonDir: string;
}

export interface ProjectsPort {
  find(id: ProjectId): RadarProject | null;
}

export interface RunsPort {
  /** The runs whose branches may still be merged: neither merged nor discarded, with a branch. */
  active(id: ProjectId): readonly RadarRun[];
  /** Something about the runs of a project has changed. */
  onDidChange(listener: (id: ProjectId) => void): Disposable;
}

export type ChangesPort = (listener: (event: ProjectChange) => void) => Disposable;
