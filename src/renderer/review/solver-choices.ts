import { isLive } from '#renderer/state/run-actions.ts';
import type { SelectOption } from '#renderer/ui/Select.tsx';
import type { Agent } from '#shared/contract/agents.ts';
import type { ConflictHelp, Solver } from '#shared/contract/conflicts.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

/** Names who solves a conflict, as one of a list. */
type Value = 'same' | `hand-over ${string}` | `run ${string}` | `new ${string}`;
export type SolverChoice = SelectOption<Value> & { group: string };

/** Who a choice of the list means. No id has a space. */
export function solverOf(value: Value): Solver {
  const [kind, id = ''] = value.split(' ', 2);
  if (kind === 'run') return { kind, id: id as RunId };
  if (kind === 'hand-over' || kind === 'new') return { kind, agentId: id as AgentId };
  return { kind: 'same' };
}

/**
 * Who can be asked to solve the conflict of a run: in its own worktree, its agent or another one; in theirs, the other runs of
 * the same base, the ones that it collides with first; or a new run.
 */
export function solverChoices(
  run: Run,
  { help, runs, agents }: { help: ConflictHelp | null; runs: readonly Run[]; agents: readonly Agent[] },
): readonly SolverChoice[] {
  const prompted = agents.filter(({ takesPrompt }) => takesPrompt);
  // Where agents are chosen from, those that are not there say how to get them; here they would only be in the way.
  const present = prompted.filter(({ availability }) => availability.kind !== 'missing');
  const noWorktree = run.presence.worktree ? null : 'Its worktree is gone, and the merge would be made there.';
  const here = `In the worktree of ${run.branch}`;
  const wroteOther = new Set(help?.origins.flatMap((origin) => origin.run ?? []));
  const others = runs
    .filter((other) => canTakeIt(other, run, prompted))
    .toSorted((one, two) => Number(wroteOther.has(two.id)) - Number(wroteOther.has(one.id)));
  return [
    { group: here, value: 'same', label: `${run.agent.label}, which wrote the branch`, reason: noWorktree },
    ...present.map((agent): SolverChoice => ({
      group: here,
      value: `hand-over ${agent.id}`,
      label: `${nameOf(agent)}, from anew`,
      description: 'It takes the run over: the same worktree, the spec, and this.',
      reason: noWorktree,
    })),
    ...others.map((other): SolverChoice => ({
      group: 'Another run, on its branch',
      value: `run ${other.id}`,
      label: `${other.agent.label}, ${other.branch}`,
      description: wroteOther.has(other.id)
        ? `It wrote the other side: “${other.spec.title}”. ${whatItDoes(other)}`
        : `“${other.spec.title}”. ${whatItDoes(other)}`,
    })),
    ...present.map((agent): SolverChoice => ({
      group: 'A run of its own',
      value: `new ${agent.id}`,
      label: `${nameOf(agent)}, on a new branch`,
      description: `It merges ${run.branch} into a branch off ${run.base}. This run is left as it is.`,
    })),
  ];
}

const nameOf = ({ label, isForDemos }: Agent): string => (isForDemos ? `${label} (for demos)` : label);

const whatItDoes = (other: Run): string => (isLive(other) ? 'It is running.' : 'It is resumed for this.');

/** It has a worktree to merge in, the same base, and an agent that can be told. */
const canTakeIt = (other: Run, run: Run, prompted: readonly Agent[]): boolean =>
  other.id !== run.id &&
  other.base === run.base &&
  other.task === 'build' &&
  other.presence.worktree &&
  other.decision.kind !== 'discard' &&
  other.status.kind !== 'queued' &&
  other.status.kind !== 'preparing' &&
  prompted.some(({ id }) => id === other.agent.id);
