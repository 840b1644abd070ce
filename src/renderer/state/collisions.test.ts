import { expect, it } from 'vitest';

import type { RadarPair, RadarState } from '#shared/contract/radar.ts';
import { runId, type RunId } from '#shared/ids.ts';

import { collidingPairs, collisionsOfRun, newCollisions, pairsToLookAt } from './collisions.ts';

const [one, two, three] = ['run-1', 'run-2', 'run-3'].map((id) => runId.parse(id)) as [RunId, RunId, RunId];
const pair = (a: RunId, b: RunId | null, kind: 'clean' | 'conflicts', areVariants = false): RadarPair => ({
  a,
  b,
  areVariants,
  signals: [],
  outcome:
    kind === 'clean' ? { kind } : { kind, conflicts: [{ path: 'plan.md', reason: 'both changed the same lines' }] },
});
const state = (...pairs: RadarPair[]): RadarState => ({ at: 1, branches: [], pairs, unavailable: null });

it('counts what a branch collides in, from both sides, and leaves variants of its own spec out', () => {
  const now = state(pair(one, two, 'conflicts'), pair(one, three, 'conflicts', true), pair(three, null, 'conflicts'));
  expect(collisionsOfRun(now, one)).toEqual({ runIds: [two], withBase: false, signals: 0 });
  expect(collisionsOfRun(now, two).runIds).toEqual([one]);
  expect(collisionsOfRun(now, three)).toEqual({ runIds: [], withBase: true, signals: 0 });
  expect(collidingPairs(now)).toBe(2);
  expect(collisionsOfRun(null, one).runIds).toEqual([]);
});

it('counts the pairs that merge and are worth a look, and marks both of their cards', () => {
  const signals = [{ kind: 'same-path' as const, places: [], words: 'Both add it.' }];
  const now = state(
    { ...pair(one, two, 'clean'), signals },
    { ...pair(one, three, 'clean', true), signals },
    { ...pair(two, three, 'conflicts'), signals },
    pair(one, null, 'clean'),
  );
  expect(pairsToLookAt(now)).toBe(1);
  expect(collisionsOfRun(now, one).signals).toBe(1);
  expect(collisionsOfRun(now, two).signals).toBe(2);
});

it('interrupts only for a pair that merged before and does not now, when both are near review', () => {
  const clean = state(pair(one, two, 'clean'));
  const collides = state(pair(two, one, 'conflicts'));
  const all = (): boolean => true;
  expect(newCollisions(clean, collides, all)).toHaveLength(1);
  expect(newCollisions(clean, collides, (id) => id === one)).toEqual([]);
  expect(newCollisions(collides, collides, all)).toEqual([]);
  expect(newCollisions(null, collides, all)).toEqual([]);
  expect(newCollisions(state(), collides, all)).toEqual([]);
});
