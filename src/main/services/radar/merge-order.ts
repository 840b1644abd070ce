import type { OrderStep, RadarPair } from '#shared/contract/radar.ts';

import type { MergeAnswer, MergeQuestion } from './merge-batch.ts';
import { givenReason, proposedReason, type PlacedCar } from './order-reasons.ts';

/** A branch that waits to be merged. */
export interface Car {
  id: string;
  /** What it is called in the reasons. */
  title: string;
  commit: string;
  /** Cars that have to be merged before it, by their ids. */
  after: readonly string[];
  /** Lines changed: the smaller one goes first where nothing else tells. */
  size: number;
}

export interface MergeOrderPorts {
  /** Merges many pairs; see `mergeBatch`. */
  merge(questions: readonly MergeQuestion[]): Promise<readonly MergeAnswer[]>;
  /** A commit of a tree with both parents, that nothing refers to. */
  commit(tree: string, parents: readonly string[]): Promise<string>;
}

/**
 * Proposes the order in which the fewest cars collide. The trees accumulate: each car is merged onto what those before it
 * have made, as the train will do it. Which cars can all be merged without a conflict is first worked out exactly from the
 * pairs, then held against the real merges at each step.
 */
export async function planOrder(
  ports: MergeOrderPorts,
  base: { name: string; commit: string },
  cars: readonly Car[],
  pairs: readonly RadarPair[],
): Promise<readonly OrderStep[]> {
  const collides = collisions(cars, pairs);
  const preferred = largestPeace(cars, collides);
  const steps: OrderStep[] = [];
  let tip = base.commit;
  let left = [...cars];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const ready = left.filter(({ after }) => after.every((id) => !waiting.has(id)));
    // Cars that wait for each other: the ring is cut at the first.
    const candidates = ready.length > 0 ? ready : left.slice(0, 1);
    const answers = await ports.merge(candidates.map((car) => questionOf(base.name, tip, car)));
    const ranked = candidates
      .map((car, index) => ({ car, answer: answers[index] as MergeAnswer }))
      .toSorted(
        (one, other) =>
          rank(one.answer) - rank(other.answer) ||
          Number(preferred.has(other.car.id)) - Number(preferred.has(one.car.id)) ||
          breaks(one.car, left, collides) - breaks(other.car, left, collides) ||
          one.car.size - other.car.size ||
          cars.indexOf(one.car) - cars.indexOf(other.car),
      );
    const { car, answer } = ranked[0] as (typeof ranked)[number];
    left = left.filter((other) => other !== car);
    if (answer.kind === 'clean') tip = await ports.commit(answer.tree, [tip, car.commit]);
    const isAgainstBase = await collidesWithBase(ports, base, car, answer);
    steps.push(stepOf(answer, car, { cars, collides, isAgainstBase, before: steps, behind: left }, proposedReason));
  }
  return steps;
}

/** What an order of the person's own would come to. */
export async function simulateOrder(
  ports: MergeOrderPorts,
  base: { name: string; commit: string },
  cars: readonly Car[],
  pairs: readonly RadarPair[],
): Promise<readonly OrderStep[]> {
  const collides = collisions(cars, pairs);
  const steps: OrderStep[] = [];
  let tip = base.commit;
  for (const [index, car] of cars.entries()) {
    const [answer] = await ports.merge([questionOf(base.name, tip, car)]);
    if (!answer) throw new Error('a merge without an answer');
    if (answer.kind === 'clean') tip = await ports.commit(answer.tree, [tip, car.commit]);
    const behind = cars.slice(index + 1);
    const isAgainstBase = await collidesWithBase(ports, base, car, answer);
    steps.push(stepOf(answer, car, { cars, collides, isAgainstBase, before: steps, behind }, givenReason));
  }
  return steps;
}

type Collisions = ReadonlyMap<string, ReadonlySet<string>>;

function collisions(cars: readonly Car[], pairs: readonly RadarPair[]): Collisions {
  const found = new Map<string, Set<string>>(cars.map(({ id }) => [id, new Set<string>()]));
  for (const { a, b, outcome } of pairs) {
    if (b === null || outcome.kind !== 'conflicts') continue;
    found.get(a)?.add(b);
    found.get(b)?.add(a);
  }
  return found;
}

/** Above this the exact search could take seconds; the greedy one is then nearly always as good. */
const mostExact = 24;

/** The largest set of cars of which no two collide; of equal ones the one with the fewest lines. */
export function largestPeace(cars: readonly Car[], collides: Collisions): ReadonlySet<string> {
  const byPeace = cars.toSorted(
    (one, other) => breaks(one, cars, collides) - breaks(other, cars, collides) || one.size - other.size,
  );
  let best: readonly Car[] = [];
  const weight = (set: readonly Car[]): number => set.reduce((total, { size }) => total + size, 0);
  const fits = (set: readonly Car[], car: Car): boolean =>
    set.every(({ id }) => collides.get(car.id)?.has(id) !== true);
  const search = (from: number, set: readonly Car[]): void => {
    if (set.length + byPeace.length - from < best.length) return;
    const car = byPeace[from];
    if (car === undefined) {
      if (set.length > best.length || (set.length === best.length && weight(set) < weight(best))) best = set;
      return;
    }
    if (fits(set, car)) search(from + 1, [...set, car]);
    // One that collides with nobody is part of every largest set.
    if (breaks(car, cars, collides) > 0) search(from + 1, set);
  };
  if (cars.length <= mostExact) search(0, []);
  else for (const car of byPeace) if (fits(best, car)) best = [...best, car];
  return new Set(best.map(({ id }) => id));
}

const breaks = (car: Car, among: readonly Car[], collides: Collisions): number =>
  among.filter(({ id }) => collides.get(car.id)?.has(id) === true).length;

const rank = (answer: MergeAnswer): number => (answer.kind === 'clean' ? 0 : answer.kind === 'conflicts' ? 1 : 2);

const questionOf = (baseName: string, tip: string, car: Car): MergeQuestion => ({
  ours: tip,
  theirs: car.commit,
  sides: { ours: baseName, theirs: car.title },
});

/** Whether it would collide before anything is merged; asked only of a car that does not merge where it stands. */
async function collidesWithBase(
  ports: MergeOrderPorts,
  base: { name: string; commit: string },
  car: Car,
  answer: MergeAnswer,
): Promise<boolean> {
  if (answer.kind !== 'conflicts') return false;
  const [alone] = await ports.merge([questionOf(base.name, base.commit, car)]);
  return alone?.kind === 'conflicts';
}

interface Surroundings {
  cars: readonly Car[];
  collides: Collisions;
  isAgainstBase: boolean;
  before: readonly OrderStep[];
  behind: readonly Car[];
}

function stepOf(
  answer: MergeAnswer,
  car: Car,
  { cars, collides, isAgainstBase, before, behind }: Surroundings,
  reasonOf: (placed: PlacedCar) => string,
): OrderStep {
  const isAgainst = ({ id }: { id: string }): boolean => collides.get(car.id)?.has(id) === true;
  const merged = new Set<string>(before.filter(({ outcome }) => outcome.kind === 'clean').map(({ id }) => id));
  const against = cars.filter((other) => merged.has(other.id) && isAgainst(other));
  const placed: PlacedCar = {
    answer,
    against,
    isAgainstBase,
    broken: behind.filter(isAgainst),
    kept: cars.filter(({ id }) => merged.has(id) && car.after.includes(id)),
    late: behind.filter(({ id }) => car.after.includes(id)),
  };
  const outcome: OrderStep['outcome'] =
    answer.kind === 'clean'
      ? { kind: 'clean' }
      : answer.kind === 'unrelated'
        ? { kind: 'conflicts', conflicts: [], with: [] }
        : { kind: 'conflicts', conflicts: answer.conflicts, with: against.map(({ id }) => id) };
  return { id: car.id, outcome, reason: reasonOf(placed) };
}
