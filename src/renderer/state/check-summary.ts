import type { CheckState, RunChecks } from '#shared/contract/gates.ts';
import type { Run } from '#shared/contract/runs.ts';

/** How the checks of one kind stand. Only what passed on the present state counts as passed. */
export interface CheckCount {
  passed: number;
  failed: number;
  /** Meant to be checked, and nobody can make out what. As bad as failed. */
  unreadable: number;
  /** Passed or failed on another state than the present one. */
  stale: number;
  underWay: number;
  total: number;
}

export interface CheckSummary {
  gates: CheckCount;
  criteria: CheckCount;
  /** The commands of invariants. */
  commands: CheckCount;
}

const isUnderWay = ({ state }: CheckState): boolean => state === 'queued' || state === 'running';
export const isProved = ({ state, isStale }: CheckState): boolean => state === 'passed' && !isStale;

function count(checks: readonly CheckState[]): CheckCount {
  const number = (fits: (check: CheckState) => boolean): number => checks.filter(fits).length;
  return {
    passed: number(isProved),
    failed: number(({ state, isStale }) => state === 'failed' && !isStale),
    unreadable: number(({ state }) => state === 'unreadable'),
    stale: number(({ state, isStale }) => isStale && (state === 'passed' || state === 'failed')),
    underWay: number(isUnderWay),
    total: checks.length,
  };
}

export function summarise(checks: RunChecks | undefined): CheckSummary {
  const all = checks?.checks ?? [];
  return {
    gates: count(all.filter(({ kind }) => kind === 'gate')),
    criteria: count(all.filter(({ kind }) => kind === 'acceptance')),
    commands: count(all.filter(({ kind }) => kind === 'invariant')),
  };
}

/**
 * The criteria with a command, or with what should be one, of all the specs whose work a run brings together, that have not passed
 * on its present state: until they have, it is not merged. None for a run that brings nothing together.
 */
export const unprovedSides = (run: Pick<Run, 'alsoHolds'>, checks: RunChecks | undefined): readonly CheckState[] =>
  run.alsoHolds.length === 0
    ? []
    : (checks?.checks ?? []).filter(
        (check) =>
          check.kind === 'acceptance' && (check.command !== null || check.obstacle !== null) && !isProved(check),
      );

/** Whether something is known not to hold. */
export const hasFailed = ({ failed, unreadable }: CheckCount): boolean => failed + unreadable > 0;

/** `2 of 3 gates, 1 failed`; null where there are none. */
export function countWords(count: CheckCount, what: string): string | null {
  const { passed, failed, unreadable, stale, underWay, total } = count;
  if (total === 0) return null;
  const more = [
    ...(failed > 0 ? [`${String(failed)} failed`] : []),
    ...(unreadable > 0 ? [`${String(unreadable)} cannot be read`] : []),
    ...(stale > 0 ? [`${String(stale)} of an earlier state`] : []),
    ...(underWay > 0 ? [`${String(underWay)} under way`] : []),
  ];
  return [`${String(passed)} of ${String(total)} ${what}`, ...more].join(', ');
}
