/** One place in conflict in a text with Git's markers; lines from 1, the markers included. */
export interface MarkedPlace {
  from: number;
  to: number;
  ours: readonly string[];
  base: readonly string[];
  theirs: readonly string[];
}

const isMarker = (line: string, sign: string): boolean => new RegExp(`^[${sign}]{7}(?: |\\r?$)`, 'u').test(line);

/** The places that are still in conflict, in order. What only looks like one, without its end, is none. */
export function markedPlaces(text: string): readonly MarkedPlace[] {
  const places: MarkedPlace[] = [];
  let open: {
    from: number;
    ours: string[];
    base: string[];
    theirs: string[];
    part: 'ours' | 'base' | 'theirs';
  } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (isMarker(line, '<')) open = { from: index + 1, ours: [], base: [], theirs: [], part: 'ours' };
    else if (open === null) continue;
    else if (open.part === 'ours' && isMarker(line, '|')) open.part = 'base';
    else if (open.part !== 'theirs' && isMarker(line, '=')) open.part = 'theirs';
    else if (open.part === 'theirs' && isMarker(line, '>')) {
      const { from, ours, base, theirs } = open;
      places.push({ from, to: index + 1, ours, base, theirs });
      open = null;
    } else open[open.part].push(line);
  }
  return places;
}

export type Taken = 'ours' | 'theirs' | 'both';

/** The lines that take a place's place. */
export function linesOf(place: MarkedPlace, taken: Taken): readonly string[] {
  if (taken === 'both') return [...place.ours, ...place.theirs];
  return place[taken];
}
