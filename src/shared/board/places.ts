import type { Run } from '#shared/contract/runs.ts';

import { placeOf } from './derive-board.ts';

/**
 * Whether a run is one of those that are at work at once: it is being made, works, or waits for an answer, paused or not. One
 * whose turn is over takes no place, though its program may still be there.
 */
export function takesPlace(run: Run): boolean {
  const { status } = run;
  switch (status.kind) {
    case 'queued':
      return status.waitsForPlace === undefined && (status.waitsFor ?? []).length === 0;
    case 'preparing':
    case 'working':
    case 'waiting':
      return true;
    case 'unknown':
      return status.source !== 'process' && run.terminalId !== null;
    case 'idle':
    case 'exited':
    case 'failed':
      return false;
  }
}

/** Whether there is work of it that the person has not decided on. What is to be kept only lacks its merge. */
export const awaitsReview = (run: Run): boolean => placeOf(run).group === 'review' && run.decision.kind !== 'keep';
