/**
 * Globs as footprints and rules have them: `*` and `?` within a name, `**` for any number of folders, `[a-z]`, `{a,b}`. One that
 * ends in a plain name covers what is below it as well: `src/app` is `src/app/**` too. Matching costs at most length times
 * length, whatever the glob: there is no expression behind it that could run away.
 */

type Token =
  | { kind: 'char'; char: string }
  | { kind: 'any' }
  | { kind: 'star' }
  | { kind: 'class'; isNegated: boolean; ranges: readonly (readonly [from: string, to: string])[] };

/** The tokens of one name of a path; null stands for `**`. */
type Segment = readonly Token[] | null;

export interface Glob {
  text: string;
  /** One for each way to choose from its braces. */
  alternatives: readonly (readonly Segment[])[];
}

const maxLength = 500;
const maxAlternatives = 64;

const parsed = new Map<string, Glob | string>();
const mostRemembered = 2000;

/** A glob that can be matched, or why it cannot, as the end of a sentence about it. */
export function parseGlob(text: string): Glob | string {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (parsed.size > mostRemembered) parsed.clear();
  const glob = parse(text);
  parsed.set(text, glob);
  return glob;
}

function parse(text: string): Glob | string {
  if (text.trim() === '') return 'is empty';
  if (text.length > maxLength) return `is longer than ${String(maxLength)} characters`;
  const plain = expandBraces(text);
  if (plain === null) return `has more than ${String(maxAlternatives)} alternatives in its braces`;
  return { text, alternatives: plain.map(segmentsOf) };
}

export function matchesGlob(path: string, glob: Glob): boolean {
  const names = path.split('/').map((name) => Array.from(name));
  return glob.alternatives.some((segments) => matchSequence(names, segments, isAnyDepth, matchName));
}

/** Whether there can be a path that both match. */
export const globsOverlap = (one: Glob, other: Glob): boolean =>
  one.alternatives.some((left) => other.alternatives.some((right) => segmentsOverlap(left, right)));

/** Whether any of these match the path. Those that cannot be read match nothing. */
export const matchesAny = (path: string, globs: readonly string[]): boolean =>
  globs.some((text) => {
    const glob = parseGlob(text);
    return typeof glob !== 'string' && matchesGlob(path, glob);
  });

const isAnyDepth = (segment: Segment): boolean => segment === null;
const isStar = (token: Token): boolean => token.kind === 'star';

/**
 * Whether items fit parts of which some stand for any number of items. When it does not go on, the last of those takes one
 * item more: going back further never helps.
 */
function matchSequence<I, P>(
  items: readonly I[],
  parts: readonly P[],
  standsForAny: (part: P) => boolean,
  fits: (item: I, part: P) => boolean,
): boolean {
  let item = 0;
  let part = 0;
  let lastAny = -1;
  let taken = 0;
  while (item < items.length) {
    if (part < parts.length && standsForAny(parts[part] as P)) {
      lastAny = part++;
      taken = item;
    } else if (part < parts.length && fits(items[item] as I, parts[part] as P)) {
      item++;
      part++;
    } else if (lastAny >= 0) {
      part = lastAny + 1;
      item = ++taken;
    } else return false;
  }
  while (part < parts.length && standsForAny(parts[part] as P)) part++;
  return part === parts.length;
}

const matchName = (name: readonly string[], segment: Segment): boolean =>
  segment !== null && matchSequence(name, segment, isStar, fitsToken);

function fitsToken(char: string, token: Token): boolean {
  switch (token.kind) {
    case 'char':
      return token.char === char;
    case 'any':
    case 'star':
      return true;
    case 'class':
      return token.ranges.some(([from, to]) => char >= from && char <= to) !== token.isNegated;
  }
}

const segmentsOverlap = (left: readonly Segment[], right: readonly Segment[]): boolean =>
  sequencesOverlap(left, right, isAnyDepth, (one, other) =>
    one === null || other === null ? true : sequencesOverlap(one, other, isStar, tokensOverlap),
  );

/** Whether two sequences with parts that stand for any number of others can be the same one. */
function sequencesOverlap<P>(
  left: readonly P[],
  right: readonly P[],
  standsForAny: (part: P) => boolean,
  overlap: (one: P, other: P) => boolean,
): boolean {
  // can[j]: whether what is left from here and from j in the other can be the same. Filled from the ends.
  let below: boolean[] = [];
  for (let i = left.length; i >= 0; i--) {
    const can: boolean[] = Array.from({ length: right.length + 1 }, () => false);
    for (let j = right.length; j >= 0; j--) {
      const one = left[i];
      const other = right[j];
      if (one === undefined && other === undefined) can[j] = true;
      else if (one !== undefined && standsForAny(one)) can[j] = below[j] === true || can[j + 1] === true;
      else if (other !== undefined && standsForAny(other)) can[j] = can[j + 1] === true || below[j] === true;
      else can[j] = one !== undefined && other !== undefined && below[j + 1] === true && overlap(one, other);
    }
    below = can;
  }
  return below[0] === true;
}

function tokensOverlap(one: Token, other: Token): boolean {
  if (one.kind === 'char') return fitsToken(one.char, other);
  if (other.kind === 'char') return fitsToken(other.char, one);
  if (one.kind !== 'class' || other.kind !== 'class' || one.isNegated || other.isNegated) return true;
  return one.ranges.some(([from, to]) => other.ranges.some(([low, high]) => from <= high && low <= to));
}

/** Null: too many. */
function expandBraces(text: string): readonly string[] | null {
  const waiting = [text];
  const done: string[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const group = firstGroup(next);
    if (group === null) done.push(next);
    else {
      const [before, choices, after] = [next.slice(0, group.from), group.choices, next.slice(group.to)];
      waiting.push(...choices.map((choice) => `${before}${choice}${after}`));
    }
    if (waiting.length + done.length > maxAlternatives) return null;
  }
  return done;
}

/** The first `{a,b}`, with commas at its own depth; null: there is none. */
function firstGroup(text: string): { from: number; to: number; choices: readonly string[] } | null {
  for (let from = text.indexOf('{'); from >= 0; from = text.indexOf('{', from + 1)) {
    let depth = 0;
    let start = from + 1;
    const choices: string[] = [];
    for (let at = from; at < text.length; at++) {
      const char = text[at];
      if (char === '{') depth++;
      else if (char === ',' && depth === 1) {
        choices.push(text.slice(start, at));
        start = at + 1;
      } else if (char === '}' && --depth === 0) {
        if (choices.length === 0) break;
        return { from, to: at + 1, choices: [...choices, text.slice(start, at)] };
      }
    }
  }
  return null;
}

function segmentsOf(glob: string): readonly Segment[] {
  const names = glob
    .replace(/^\.\//u, '')
    .split('/')
    .filter((name) => name !== '');
  const segments = names.map((name) => (name === '**' ? null : tokensOf(name)));
  const last = segments.at(-1);
  const isPlain = last !== undefined && last !== null && last.every(({ kind }) => kind === 'char');
  return isPlain ? [...segments, null] : segments;
}

function tokensOf(name: string): readonly Token[] {
  const chars = Array.from(name);
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const found = classAt(chars, at);
      if (found === null) tokens.push({ kind: 'char', char });
      else {
        tokens.push(found.token);
        at = found.end;
      }
    } else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

/** `[abc]`, `[a-z]`, `[!a]`; null: it is not closed, so the bracket is a bracket. */
function classAt(chars: readonly string[], from: number): { token: Token; end: number } | null {
  const isNegated = chars[from + 1] === '!' || chars[from + 1] === '^';
  const first = from + (isNegated ? 2 : 1);
  const end = chars.indexOf(']', first + 1);
  if (end < 0) return null;
  const ranges: [string, string][] = [];
  for (let at = first; at < end; at++) {
    const low = chars[at] as string;
    if (chars[at + 1] === '-' && at + 2 < end) {
      ranges.push([low, chars[at + 2] as string]);
      at += 2;
    } else ranges.push([low, low]);
  }
  return { token: { kind: 'class', isNegated, ranges }, end };
}
