import type { SpawnableAgent } from '#main/services/agents/agents.ts';
import type { Run } from '#shared/contract/runs.ts';

/** Why the agent of a run cannot be started now; null: it can. */
export function obstacleOf(
  run: Run,
  agent: SpawnableAgent | null,
): { kind: 'not-trusted' } | { kind: 'refused'; obstacles: readonly string[] } | null {
  if (!agent) return { kind: 'refused', obstacles: [`There is no agent “${run.agent.id}” any more.`] };
  if (agent.asksForTrust) return { kind: 'not-trusted' };
  return agent.obstacle === null ? null : { kind: 'refused', obstacles: [agent.obstacle] };
}

/** Whether the agent's process is there, as far as is known. */
export function isRunning(run: Run): boolean {
  const { kind } = run.status;
  return (
    kind === 'working' ||
    kind === 'waiting' ||
    kind === 'idle' ||
    (kind === 'unknown' && run.status.source !== 'process')
  );
}
