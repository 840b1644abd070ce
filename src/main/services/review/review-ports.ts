import type { Git } from '#main/services/git/git.ts';
import type { ProjectChange } from '#main/services/git/project-watches.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { RunId } from '#shared/ids.ts';

/*
 * What reviewing needs of the other services, and no more. They are handed in by services.ts.
 */

/** What there is to know about a run to see what it changed. */
export interface ReviewedRun {
  id: RunId;
  /** The project's main checkout. */
  projectPath: string;
  /** Short names. The base may be anything that Git takes for a commit. */
  branch: string;
  base: string;
  /** The commit that the branch started from; null while the run is still being made. */
  baseCommit: string | null;
  worktreePath: string;
}

export interface RunsPort {
  find(id: RunId): ReviewedRun | null;
  /** Something about a run has changed, or it is gone. */
  onDidChange(listener: (id: RunId) => void): Disposable;
}

/** Which files the person has seen, by the version that they saw. */
export interface ViewedPort {
  get(id: RunId): ReadonlyMap<string, string>;
  /** `null`: not seen. */
  set(id: RunId, path: string, version: string | null): void;
}

export type ChangesPort = (listener: (event: ProjectChange) => void) => Disposable;

export type GitPort = Pick<Git, 'read' | 'direct' | 'gitDir' | 'commonDir'> & Partial<Pick<Git, 'objects'>>;
