import type { RadarPair, RadarSignal, SignalPlace } from '#shared/contract/radar.ts';
import type { RunId } from '#shared/ids.ts';

import { sameName, type AddedUse, type BranchFacts, type FilePlace, type RemovedName } from './branch-facts.ts';
import { isAt } from './modules.ts';
import type { SymbolLanguage } from './symbols.ts';

/** A branch, or the base as it has moved since the branch left it. */
export interface Side {
  /** Null: the base. */
  run: RunId | null;
  /** As it is called in a sentence. */
  title: string;
  facts: BranchFacts;
}

/** More of one pair is a list that nobody reads. */
const mostSignals = 20;
const mostPlaces = 6;

/** What two branches come to beyond text: what Git merges and what will not work all the same, or may not. */
export function pairSignals(one: Side, other: Side, outcome: RadarPair['outcome']): readonly RadarSignal[] {
  const conflicting = new Set(outcome.kind === 'conflicts' ? outcome.conflicts.map(({ path }) => path) : []);
  return [
    ...removed(one, other),
    ...removed(other, one),
    ...sameNumbers(one, other),
    ...sameVersions(one, other),
    ...sameDependencies(one, other),
    ...samePaths(one, other, conflicting),
  ].slice(0, mostSignals);
}

/** A title that is a sentence would bury what the sentence about it says; the places have it whole. */
const longestTitle = 40;
const short = (title: string): string =>
  title.length > longestTitle ? `${title.slice(0, longestTitle - 1).trimEnd()}…` : title;
const quoted = (side: Side): string => (side.run === null ? side.title : `“${short(side.title)}”`);
const at = (side: Side, place: FilePlace): SignalPlace => ({ run: side.run, ...place });

function shared<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): readonly (readonly [string, T, T])[] {
  const [small, large, isTurned] = one.size <= other.size ? [one, other, false] : [other, one, true];
  return Array.from(small).flatMap(([key, value]) => {
    const found = large.get(key);
    if (found === undefined) return [];
    return [isTurned ? ([key, found, value] as const) : ([key, value, found] as const)];
  });
}

function samePaths(one: Side, other: Side, conflicting: ReadonlySet<string>): readonly RadarSignal[] {
  return shared(one.facts.added, other.facts.added).flatMap(([, left, right]): readonly RadarSignal[] => {
    // That is a conflict, and told as one.
    if (conflicting.has(left.path) || conflicting.has(right.path)) return [];
    const places = [at(one, { path: left.path, line: null }), at(other, { path: right.path, line: null })];
    if (left.path !== right.path) {
      const words = `${left.path} of ${quoted(one)} and ${right.path} of ${quoted(other)} are one file on Windows and macOS, and two in Git.`;
      return [{ kind: 'same-path', places, words }];
    }
    if (left.hash !== right.hash) return [];
    const words = `Both add ${left.path} with the same content: the same thing may have been built twice.`;
    return [{ kind: 'same-path', places, words }];
  });
}

function sameNumbers(one: Side, other: Side): readonly RadarSignal[] {
  return shared(one.facts.numbers, other.facts.numbers).flatMap(([, left, right]): readonly RadarSignal[] => {
    if (sameName(left.path) === sameName(right.path)) return [];
    const words = `Both take the number ${left.number}: ${left.path} of ${quoted(one)}, ${right.path} of ${quoted(other)}.`;
    const places = [at(one, { path: left.path, line: null }), at(other, { path: right.path, line: null })];
    return [{ kind: 'same-number', places, words }];
  });
}

function sameVersions(one: Side, other: Side): readonly RadarSignal[] {
  return shared(one.facts.versions, other.facts.versions).flatMap(([path, left, right]): readonly RadarSignal[] => {
    if (left.value !== right.value) return [];
    const words = `Both set the version in ${path} to ${left.value}, so two states of it would be called the same.`;
    return [{ kind: 'same-number', places: [at(one, left.at), at(other, right.at)], words }];
  });
}

function sameDependencies(one: Side, other: Side): readonly RadarSignal[] {
  return shared(one.facts.dependencies, other.facts.dependencies).flatMap(([, left, right]): readonly RadarSignal[] => {
    if (left.version === right.version) return [];
    const version = (text: string): string => (text === '' ? 'any version' : text);
    const words = `${left.name} at different versions: ${version(left.version)} in ${left.at.path} of ${quoted(one)}, ${version(right.version)} in ${right.at.path} of ${quoted(other)}.`;
    return [{ kind: 'same-dependency', places: [at(one, left.at), at(other, right.at)], words }];
  });
}

/** What one takes away and the other begins to use. */
function removed(one: Side, other: Side): readonly RadarSignal[] {
  const signals: RadarSignal[] = [];
  const told = new Set<string>();
  for (const name of one.facts.removed) {
    // With the whole module its names are gone as well: that is told once.
    if (told.has(`${name.module} *`)) continue;
    const uses = (other.facts.uses.get(name.name) ?? []).filter((use) => means(use, name));
    if (uses.length === 0) continue;
    told.add(`${name.module} ${name.name}`);
    const where = uses.slice(0, 3).map(placeText).join(', ');
    const more = uses.length > 3 ? ` and ${String(uses.length - 3)} more places` : '';
    signals.push({
      kind: 'removed-name',
      places: [at(one, name.place), ...uses.slice(0, mostPlaces).map((use) => at(other, use.at))],
      words: `${quoted(one)} ${whatHappened(name)}; ${quoted(other)} begins to use it in ${where}${more}.`,
    });
  }
  return signals;
}

const families: Readonly<Record<SymbolLanguage, string>> = {
  typescript: 'script',
  tsx: 'script',
  javascript: 'script',
  python: 'python',
  go: 'go',
};

const means = (use: AddedUse, name: RemovedName): boolean =>
  families[use.language] === families[name.language] && isAt(use.place, name.module, name.language);

function whatHappened({ name, now, place, movedTo }: RemovedName): string {
  if (movedTo !== null) return `moves ${place.path} to ${movedTo}`;
  if (name === '*') return `deletes ${place.path}`;
  if (now !== null) return `renames ${name} to ${now} in ${place.path}`;
  return `removes ${name} from ${place.path}`;
}

const placeText = ({ at: { path, line } }: AddedUse): string => (line === null ? path : `${path}:${String(line)}`);
