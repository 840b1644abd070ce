import { globsOverlap, matchesAny, parseGlob } from './glob.ts';

/** A spec, or a run of one, with the files that it says it will change. */
export interface Footprint {
  slug: string;
  title: string;
  globs: readonly string[];
}

/** Two of them that may change the same file, with the globs that say so. */
export interface FootprintOverlap {
  one: Footprint;
  other: Footprint;
  /** A glob of each; the first that meet. */
  globs: readonly [one: string, other: string];
}

/** Whether a path is inside. Who has named no footprint has no outside. */
export const isInFootprint = (path: string, globs: readonly string[]): boolean =>
  globs.length === 0 || matchesAny(path, globs);

/** The globs by which two footprints meet; null: they do not. */
export function meetingGlobs(
  one: readonly string[],
  other: readonly string[],
): readonly [one: string, other: string] | null {
  for (const left of one) {
    const glob = parseGlob(left);
    if (typeof glob === 'string') continue;
    for (const right of other) {
      const otherGlob = parseGlob(right);
      if (typeof otherGlob !== 'string' && globsOverlap(glob, otherGlob)) return [left, right];
    }
  }
  return null;
}

/** Each of `wanted` against each other one, and against each of `present`. Of one spec only once. */
export function footprintOverlaps(
  wanted: readonly Footprint[],
  present: readonly Footprint[],
): readonly FootprintOverlap[] {
  const overlaps: FootprintOverlap[] = [];
  for (const [index, one] of wanted.entries()) {
    const others = [...wanted.slice(index + 1), ...present.filter(({ slug }) => !wanted.some((w) => w.slug === slug))];
    for (const other of others) {
      if (other.slug === one.slug) continue;
      const globs = meetingGlobs(one.globs, other.globs);
      if (globs) overlaps.push({ one, other, globs });
    }
  }
  return overlaps;
}

/** `src/**` or, where they differ, `src/** and src/app.ts`. */
export const globsInWords = ([one, other]: readonly [string, string]): string =>
  one === other ? one : `${one} and ${other}`;
