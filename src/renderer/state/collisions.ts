import type { RadarPair, RadarState } from '#shared/contract/radar.ts';
import type { RunId } from '#shared/ids.ts';

/** What a branch collides in, for its card. */
export interface Collisions {
  /** The other runs whose branches do not merge with it. Variants of its own spec are no others. */
  runIds: readonly RunId[];
  /** It does not merge with its base as that is now. */
  withBase: boolean;
  /** Pairs that Git would merge, and of which something else says that they will not work together. */
  signals: number;
}

const none: Collisions = { runIds: [], withBase: false, signals: 0 };
let last: { state: RadarState; byRun: ReadonlyMap<RunId, Collisions> } | null = null;

/** What each branch collides in. The same map until the radar says something new. */
function collisionsOf(state: RadarState): ReadonlyMap<RunId, Collisions> {
  if (last?.state === state) return last.byRun;
  const byRun = new Map<RunId, { runIds: RunId[]; withBase: boolean; signals: number }>();
  const of = (id: RunId): { runIds: RunId[]; withBase: boolean; signals: number } => {
    const present = byRun.get(id) ?? { runIds: [], withBase: false, signals: 0 };
    byRun.set(id, present);
    return present;
  };
  for (const pair of state.pairs) {
    if (pair.areVariants) continue;
    const { a, b } = pair;
    if (pair.outcome.kind === 'conflicts') {
      if (b === null) of(a).withBase = true;
      else {
        of(a).runIds.push(b);
        of(b).runIds.push(a);
      }
    }
    if (pair.signals.length > 0) {
      of(a).signals++;
      if (b !== null) of(b).signals++;
    }
  }
  last = { state, byRun };
  return byRun;
}

export const collisionsOfRun = (state: RadarState | null, id: RunId): Collisions =>
  state === null ? none : (collisionsOf(state).get(id) ?? none);

/** How many pairs collide, variants left out: the number beside the radar's name. */
export const collidingPairs = (state: RadarState | null): number =>
  state?.pairs.filter(({ outcome, areVariants }) => outcome.kind === 'conflicts' && !areVariants).length ?? 0;

/** How many pairs Git would merge that may not work together all the same; variants left out. */
export const pairsToLookAt = (state: RadarState | null): number =>
  state?.pairs.filter(
    ({ outcome, areVariants, signals }) => outcome.kind === 'clean' && !areVariants && signals.length > 0,
  ).length ?? 0;

/** The pair of two runs, or of a run and its base, whichever way round it is. */
export const findPair = (state: RadarState, one: RunId, other: RunId | null): RadarPair | undefined =>
  state.pairs.find(({ a, b }) => (a === one && b === other) || (other !== null && a === other && b === one));

/**
 * The pairs that have come to collide since the state before, and of which both branches are near review: that is worth an
 * interruption, and nothing else is. A first state says nothing of what came before it.
 */
export function newCollisions(
  before: RadarState | null,
  now: RadarState,
  isNearReview: (id: RunId) => boolean,
): readonly RadarPair[] {
  if (before === null || before.at === null) return [];
  return now.pairs.filter(({ a, b, outcome, areVariants }) => {
    if (outcome.kind !== 'conflicts' || areVariants || b === null) return false;
    const was = findPair(before, a, b);
    return was?.outcome.kind === 'clean' && isNearReview(a) && isNearReview(b);
  });
}
