import type { Disposable } from '#main/base/lifecycle.ts';
import type { Git } from '#main/services/git/git.ts';
import type { CheckFeed } from '#shared/contract/gates.ts';
import type { RadarState } from '#shared/contract/radar.ts';
import type { Run, RunFeed } from '#shared/contract/runs.ts';
import type { Train } from '#shared/contract/train.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';

import type { AttentionStore } from './attention-store.ts';
import type { QuietHours } from './quiet-hours.ts';

/*
 * What attention needs of the other services, and no more. They are handed in by services.ts.
 */

export interface RunsPort {
  all(id: ProjectId): readonly Run[];
  find(id: RunId): Run | null;
  onDidChange(listener: (change: { projectId: ProjectId; event: RunFeed }) => void): Disposable;
}

/** A feed of a project: the first push is the present state. */
export type ProjectFeed<T> = (id: ProjectId, listener: (payload: T) => void) => Disposable;

export interface AttentionProject {
  path: string;
  store: AttentionStore;
}

export interface AttentionPorts {
  projects: { find(id: ProjectId): AttentionProject | null };
  runs: RunsPort;
  checks: ProjectFeed<CheckFeed>;
  radar: ProjectFeed<RadarState>;
  train: ProjectFeed<Train | null>;
  git: Pick<Git, 'read'>;
  /** How the person wants to be told things. */
  manners: () => { notifications: boolean; notificationSound: boolean; quietHours: QuietHours | null };
}
