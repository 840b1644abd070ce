import { describe, expect, it } from 'vitest';

import type { RunInvariants } from '#shared/contract/invariants.ts';
import type { RunId } from '#shared/ids.ts';

import { invariantWords } from './invariant-words.ts';

const nothing: RunInvariants = {
  runId: 'run' as RunId,
  tree: null,
  checked: 0,
  findings: [],
  omitted: 0,
  unchecked: [],
  strays: { count: 0, paths: [] },
  behind: [],
};
const finding = { title: '', rule: 'forbid' as const, path: 'a', line: null, words: '' };

describe('how a run stands with the invariants', () => {
  it('is only said to keep them once it was looked at', () => {
    expect(invariantWords(undefined)).toEqual([]);
    expect(invariantWords({ ...nothing, checked: 2 })).toEqual([]);
    expect(invariantWords({ ...nothing, checked: 2, tree: 'tree' })).toEqual(['2 invariants kept']);
  });

  it('is said in numbers', () => {
    const known: RunInvariants = {
      ...nothing,
      tree: 'tree',
      checked: 2,
      findings: [
        { ...finding, invariant: 'one' },
        { ...finding, invariant: 'one' },
        { ...finding, invariant: 'two' },
      ],
      omitted: 1,
      strays: { count: 1, paths: ['b'] },
      behind: [{ id: 'x', title: 'X', change: 'removed', given: 'abc', now: null }],
    };
    expect(invariantWords(known)).toEqual([
      '2 invariants broken in 4 places',
      '1 file outside of the footprint',
      '1 invariant changed since it was told',
    ]);
  });
});
