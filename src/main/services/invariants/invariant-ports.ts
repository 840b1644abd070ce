import type { Disposable } from '#main/base/lifecycle.ts';
import type { GitPort } from '#main/services/radar/radar-ports.ts';
import type { LookedAt } from '#main/services/radar/project-radar.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

/*
 * What checking invariants needs of the other services, and no more. They are handed in by services.ts.
 */

export interface CheckedRun {
  id: RunId;
  projectId: ProjectId;
  spec: string;
  /** It drafts specs: a footprint says nothing about it. */
  isSplitting: boolean;
  /** The invariants of the prompt that it was sent, by id; null: it was sent none. */
  given: ReadonlyMap<string, string> | null;
}

export interface RunsPort {
  find(id: RunId): CheckedRun | null;
  /** The runs whose branches may still be merged. */
  active(id: ProjectId): readonly CheckedRun[];
  onDidChange(listener: (id: ProjectId) => void): Disposable;
  send(input: {
    id: RunId;
    text: string;
  }): Promise<
    Result<void, { kind: 'run-missing' } | { kind: 'not-running' } | { kind: 'asks' } | { kind: 'not-read' }>
  >;
}

export interface RadarPort {
  onDidLook(listener: (seen: LookedAt) => void): Disposable;
  /** Looks at a run's worktree now. */
  presentTree(id: RunId): Promise<unknown>;
  gitOf(id: ProjectId): { git: GitPort; cwd: string } | null;
}

/** The footprints of a project's specs, by slug, as the person's own checkout has them; again whenever they change. */
export type FollowFootprints = (
  id: ProjectId,
  listener: (footprints: ReadonlyMap<string, readonly string[]>) => void,
) => Disposable;
