import { describe, expect, it } from 'vitest';

import type { CheckCount, CheckSummary } from '#renderer/state/check-summary.ts';
import type { RunInvariants } from '#shared/contract/invariants.ts';
import type { RunId } from '#shared/ids.ts';

import { doubtsOfMerge } from './doubts-of-merge.ts';

const none: CheckCount = { passed: 0, failed: 0, unreadable: 0, stale: 0, underWay: 0, total: 0 };
const summary = (counts: Partial<CheckSummary>): CheckSummary => ({
  gates: none,
  criteria: none,
  commands: none,
  ...counts,
});
const kept: RunInvariants = {
  runId: 'run-1' as RunId,
  tree: 'a',
  checked: 1,
  findings: [],
  omitted: 0,
  unchecked: [],
  strays: { count: 0, paths: [] },
  behind: [],
};

describe('what speaks against a merge', () => {
  it('is nothing where all that is checked holds, and where nothing is checked', () => {
    expect(doubtsOfMerge(summary({}), undefined)).toBeNull();
    expect(doubtsOfMerge(summary({ gates: { ...none, passed: 2, total: 2 } }), kept)).toBeNull();
  });

  it('is what failed, and what was proved for an earlier state only', () => {
    const counts = summary({
      gates: { ...none, passed: 1, failed: 1, total: 2 },
      criteria: { ...none, stale: 1, total: 1 },
    });
    expect(doubtsOfMerge(counts, kept)).toEqual({
      hasFailed: true,
      words: ['1 of 2 gates, 1 failed', '0 of 1 criteria, 1 of an earlier state'],
    });
  });

  it('is a gate that cannot be read, as much as one that failed', () => {
    const counts = summary({ gates: { ...none, passed: 1, unreadable: 1, total: 2 } });
    expect(doubtsOfMerge(counts, kept)).toEqual({ hasFailed: true, words: ['1 of 2 gates, 1 cannot be read'] });
  });

  it('is no failure while it is not known', () => {
    const counts = summary({ criteria: { ...none, underWay: 1, total: 3, passed: 2 } });
    expect(doubtsOfMerge(counts, undefined)).toEqual({ hasFailed: false, words: ['2 of 3 criteria, 1 under way'] });
  });

  it('is a broken invariant, and a file that nobody spoke of', () => {
    const finding = { invariant: 'i', title: 'I', rule: 'forbid', path: 'a', line: null, words: 'No.' } as const;
    const run = { ...kept, findings: [finding], omitted: 1, strays: { count: 1, paths: ['b'] } };
    expect(doubtsOfMerge(summary({}), run)).toEqual({
      hasFailed: true,
      words: ['invariants broken in 2 places', '1 file outside of the footprint'],
    });
  });
});
