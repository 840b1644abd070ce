import type { Run } from '#shared/contract/runs.ts';

/** A run as `--json` prints it. Scripts rely on these names: they are added to, and never change their meaning. */
export function runAsData(run: Run) {
  return {
    id: run.id,
    spec: run.spec.slug,
    title: run.spec.title,
    agent: run.agent.id,
    variant: run.variant,
    branch: run.branch,
    base: run.base,
    worktree: run.worktreePath,
    createdAt: new Date(run.createdAt).toISOString(),
    status: {
      kind: run.status.kind,
      source: run.status.source,
      since: new Date(run.status.since).toISOString(),
      detail: run.status.detail,
    },
    activity: run.activity,
    isStuck: run.stuckSince !== null,
    changes: run.changes,
    decision: { kind: run.decision.kind, reason: run.decision.reason },
    merged: run.merged && { commit: run.merged.commit, into: run.merged.into, method: run.merged.method },
  };
}
