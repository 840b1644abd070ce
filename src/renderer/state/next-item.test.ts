import { describe, expect, it } from 'vitest';

import { testItem } from '#shared/contract/test-item.ts';
import type { RunId } from '#shared/ids.ts';

import { nextItem, visitKey } from './next-item.ts';

const items = [testItem('asks'), testItem('fell', { reason: 'failed' }), testItem('ready', { reason: 'review' })];

/** Presses the key again and again. */
const visits = (count: number, from: string | null): string[] => {
  const visited = new Set<string>();
  let at = from as RunId | null;
  return Array.from({ length: count }, () => {
    const next = nextItem(items, visited, at);
    if (!next) return 'nowhere';
    if (next.startsOver) visited.clear();
    visited.add(visitKey(next.item));
    at = next.item.runId;
    return at;
  });
};

describe('next', () => {
  it('goes to what comes first wherever the person is, and on from there, round and round', () => {
    expect(visits(5, null)).toEqual(['asks', 'fell', 'ready', 'asks', 'fell']);
    expect(visits(2, 'ready')).toEqual(['asks', 'fell']);
  });

  it('passes over the run where the person is, unless it is the only one', () => {
    expect(visits(1, 'asks')).toEqual(['fell']);
    expect(nextItem([testItem('asks')], new Set(), 'asks' as RunId)?.item.runId).toBe('asks');
  });

  it('comes back to a run that asks again', () => {
    const visited = new Set([visitKey(testItem('asks'))]);
    const again = [testItem('asks', { key: 'question 2' }), testItem('ready', { reason: 'review' })];
    expect(nextItem(again, visited, 'ready' as RunId)?.item.runId).toBe('asks');
  });

  it('goes nowhere when nobody needs the person', () => {
    expect(nextItem([], new Set(), null)).toBeNull();
  });
});
