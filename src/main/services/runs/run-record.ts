import type { Run, RunStatus, Stage } from '#shared/contract/runs.ts';
import { stageIds } from '#shared/contract/runs.ts';
import type { ProjectId } from '#shared/ids.ts';

/** What of a run is kept on disk. The rest of a `Run` is asked of Git and of the pty host whenever it is needed. */
export type RunRecord = Omit<
  Run,
  | 'projectId'
  | 'activity'
  | 'activitySince'
  | 'lastMessage'
  | 'stuckSince'
  | 'pausedSince'
  | 'leftRunning'
  | 'changes'
  | 'presence'
> & {
  /** The agent's own name of its session, for going on with it; null when it has none. */
  sessionId: string | null;
  /** What its branch begins with where that is not just its base: files that were taken from other runs. */
  givenWork: GivenWork | null;
};

/** A commit that is there before the run is, and that its branch is made at. No agent is started on it. */
export interface GivenWork {
  commit: string;
  /** Its parent: where the work begins. */
  parent: string;
  /** One sentence for the card. */
  inWords: string;
}

/** A record without what is nobody's business but the host's. */
export function shownRecord(record: RunRecord): Omit<RunRecord, 'sessionId' | 'givenWork'> {
  const { sessionId: _sessionId, givenWork: _givenWork, ...shown } = record;
  return shown;
}

/** A run that has only been asked for. */
export function newRecord(
  facts: Pick<
    RunRecord,
    'id' | 'task' | 'spec' | 'agent' | 'variant' | 'branch' | 'base' | 'worktreePath' | 'terminalId' | 'promptVersion'
  >,
  now: number,
): RunRecord {
  return {
    ...facts,
    baseCommit: null,
    createdAt: now,
    stages: pendingStages(),
    status: { kind: 'queued', source: 'stages', since: now, detail: null },
    decision: { kind: 'pending', reason: '', at: null },
    merged: null,
    sessionId: null,
    givenWork: null,
    alsoHolds: [],
  };
}

export const pendingStages = (): readonly Stage[] =>
  stageIds.map((id) => ({ id, state: 'pending', startedAt: null, endedAt: null, detail: null }));

/** A record as the page sees it, before Git and the terminal have been asked anything. */
export function runOf(projectId: ProjectId, record: RunRecord): Run {
  const kept = shownRecord(record);
  const doing = { activity: null, activitySince: null, lastMessage: null, stuckSince: null, pausedSince: null };
  return { ...kept, ...doing, projectId, changes: null, presence: { branch: true, worktree: true } };
}

/** The status, with `since` kept when only its details differ. */
export function withStatus(current: RunStatus, next: Omit<RunStatus, 'since'>, now: number): RunStatus {
  return { ...next, since: next.kind === current.kind ? current.since : now };
}
