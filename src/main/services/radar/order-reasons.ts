import type { MergeAnswer } from './merge-batch.ts';

/** What a car is called. */
interface Car {
  title: string;
}

/** What is known of a car at its place in an order. */
export interface PlacedCar {
  answer: MergeAnswer;
  /** Cars that were merged before it and that it collides with. */
  against: readonly Car[];
  /** It collides with the base as it is, whatever is merged before it. */
  isAgainstBase: boolean;
  /** Cars that come later and collide with it. */
  broken: readonly Car[];
  /** Cars that its spec puts before it, and that stand there. */
  kept: readonly Car[];
  /** Cars that its spec puts before it, and that come later. */
  late: readonly Car[];
}

/** Why a car has its place in the proposed order, in a sentence or two. */
export function proposedReason(placed: PlacedCar): string {
  const { answer, against, isAgainstBase, broken, kept } = placed;
  if (answer.kind !== 'clean') {
    const what = failureWords(placed);
    if (answer.kind === 'unrelated') return what;
    if (isAgainstBase) return `${what} It goes last, because the others do not need it.`;
    if (against.length === 0) return `${what} It goes here, because the others merge without it.`;
    const [before, would] = against.length === 1 ? ['it', 'that one'] : ['them', 'they'];
    return `${what} Before ${before} it would merge, and ${would} would not.`;
  }
  if (broken.length > 0) {
    const behind = broken.length === 1 ? 'it' : 'them';
    return `Merges cleanly. After it ${inWords(broken)} will collide; behind ${behind} this one would.`;
  }
  if (kept.length > 0) return `Merges cleanly, and comes after ${inWords(kept)} as its spec says.`;
  return 'Merges cleanly, and stands in nobody’s way.';
}

/** What happens to a car at the place that the person has given it. It says nothing of what would be better. */
export function givenReason(placed: PlacedCar): string {
  const { answer, broken, kept, late } = placed;
  const place = late.length > 0 ? `Its spec says that it comes after ${inWords(late)}, further down. ` : '';
  if (answer.kind !== 'clean') return place + failureWords(placed);
  if (broken.length > 0) {
    const verb = broken.length === 1 ? 'collides' : 'collide';
    return `${place}Merges cleanly. ${inWords(broken)} further down ${verb} with it.`;
  }
  if (kept.length > 0) return `${place}Merges cleanly, and comes after ${inWords(kept)} as its spec says.`;
  return `${place}Merges cleanly, and nothing further down collides with it.`;
}

function failureWords({ answer, against, isAgainstBase }: PlacedCar): string {
  if (answer.kind !== 'conflicts') return 'It shares no history with the base, so Git does not merge it.';
  const files = answer.conflicts.length;
  const what = `${String(files)} ${files === 1 ? 'file' : 'files'} cannot be merged with`;
  if (isAgainstBase)
    return `${what} the base as it is${against.length === 0 ? '' : `, nor with ${inWords(against)} before it`}.`;
  if (against.length === 0) return `${what} what is merged before it, all of it together.`;
  return `${what} ${inWords(against)}, which ${against.length === 1 ? 'is' : 'are'} merged before it.`;
}

function inWords(cars: readonly Car[]): string {
  const names = cars.slice(0, 3).map(({ title }) => `“${title}”`);
  const more = cars.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${String(more)} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
