import { expect, it } from 'vitest';

import type { CheckState } from '#shared/contract/gates.ts';
import { runId } from '#shared/ids.ts';

import { countWords, summarise } from './check-summary.ts';

const check = (kind: CheckState['kind'], state: CheckState['state'], isStale = false): CheckState => ({
  id: `${kind}:${state}`,
  kind,
  title: state,
  command: 'true',
  question: null,
  state,
  isStale,
  evidence: null,
  terminalId: null,
  otherSpec: null,
  obstacle: null,
});

it('counts as passed only what passed on the present state', () => {
  const summary = summarise({
    runId: runId.parse('run-1'),
    tree: 'a',
    checks: [
      check('gate', 'passed'),
      check('gate', 'passed', true),
      check('gate', 'failed'),
      check('gate', 'running'),
      check('acceptance', 'unproven'),
      check('acceptance', 'asks'),
      check('invariant', 'unreadable'),
    ],
  });
  expect(summary.gates).toEqual({ passed: 1, failed: 1, unreadable: 0, stale: 1, underWay: 1, total: 4 });
  expect(summary.criteria).toEqual({ passed: 0, failed: 0, unreadable: 0, stale: 0, underWay: 0, total: 2 });
  expect(countWords(summary.gates, 'gates')).toBe('1 of 4 gates, 1 failed, 1 of an earlier state, 1 under way');
  expect(countWords(summary.criteria, 'criteria')).toBe('0 of 2 criteria');
  expect(countWords(summary.commands, 'invariant checks')).toBe('0 of 1 invariant checks, 1 cannot be read');
  expect(countWords(summarise(undefined).gates, 'gates')).toBeNull();
});
