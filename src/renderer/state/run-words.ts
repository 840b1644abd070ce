import type { StatusDotKind } from '#renderer/ui/StatusDot.tsx';
import type { Run, RunStatus, Stage } from '#shared/contract/runs.ts';

const sourceWords: Readonly<Record<RunStatus['source'], string>> = {
  stages: 'Seen from the stages of its spawn.',
  process: 'Seen from its process.',
  report: 'Reported by the agent itself.',
  title: 'Read from its terminal’s title.',
  notification: 'Its agent sent a notification.',
  output: 'Inferred from its output.',
  restored: 'As it was last known; not confirmed since.',
};

/** Where a status comes from and since when it holds, in a sentence or two. */
export function statusOrigin(status: RunStatus): string {
  return `Since ${new Date(status.since).toLocaleString()}. ${sourceWords[status.source]}`;
}

/** What a run does, as it is shown: its status, or that it is paused; and since when. */
export const shownStatus = ({ status, pausedSince }: Run): { kind: StatusDotKind; since: number } =>
  pausedSince === null ? status : { kind: 'paused', since: pausedSince };

/** The sign for a run: its status, that it is paused, or that it is done. */
export const dotKind = (run: Run): StatusDotKind => {
  const { kind } = shownStatus(run);
  return run.merged !== null && kind !== 'working' && kind !== 'waiting' && kind !== 'paused' ? 'done' : kind;
};

export const failedStage = (run: Run): Stage | null => run.stages.find((stage) => stage.state === 'failed') ?? null;

export const runningStage = (run: Run): Stage | null => run.stages.find((stage) => stage.state === 'running') ?? null;

/** Who works on it, and as which of several: `Claude Code #2`. */
export const agentName = ({ agent, variant }: Pick<Run, 'agent' | 'variant'>): string =>
  variant === null ? agent.label : `${agent.label} #${String(variant)}`;
