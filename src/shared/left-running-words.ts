import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

/** More names than these are only counted. */
const mostNames = 3;

/** How it is said that an agent that has ended has left something running. */
export interface LeftRunningWords {
  /** For a mark: "node still runs". */
  short: string;
  /** A sentence with the numbers of the processes. */
  sentence: string;
}

/** Null: nothing that is known of is left, or its agent runs again. */
export function leftRunningWords({
  leftRunning = [],
  status,
}: Pick<Run, 'leftRunning' | 'status'>): LeftRunningWords | null {
  const [first] = leftRunning;
  if (first === undefined || status.kind !== 'exited') return null;
  const isOne = leftRunning.length === 1;
  const named = leftRunning.slice(0, mostNames).map(({ pid, name }) => `${name} (${String(pid)})`);
  const more = leftRunning.length - named.length;
  const all = more > 0 ? [...named, counted(more, 'more process', 'more processes')] : named;
  const list = all.length === 1 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
  return {
    short: isOne ? `${first.name} still runs` : `${String(leftRunning.length)} still run`,
    sentence: `Started by its agent, ${list} still ${isOne ? 'runs' : 'run'} in the background.`,
  };
}
