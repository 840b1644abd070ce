import type { AgentId, ProjectId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';

import type { Run } from './runs.ts';

/** A run with an agent at work on `main`, for tests: what they are not about is filled in. */
export function testRun(id: string, more: Partial<Run> = {}): Run {
  return {
    id: id as RunId,
    projectId: 'p' as ProjectId,
    spec: { slug: `spec-${id}` as SpecSlug, title: id },
    task: 'build',
    agent: { id: 'scribe' as AgentId, label: 'Scribe' },
    variant: null,
    branch: `feature/${id}`,
    base: 'main',
    baseCommit: null,
    worktreePath: `/w/${id}`,
    createdAt: 1,
    stages: [],
    status: { kind: 'working', source: 'process', since: 100, detail: null },
    activity: null,
    activitySince: null,
    lastMessage: null,
    stuckSince: null,
    pausedSince: null,
    terminalId: 'term-1' as TerminalId,
    changes: null,
    decision: { kind: 'pending', reason: '', at: null },
    merged: null,
    presence: { branch: true, worktree: true },
    alsoHolds: [],
    promptVersion: 'abc',
    ...more,
  };
}
