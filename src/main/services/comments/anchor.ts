/**
 * A line by what it says and what stands around it, so that it can be found again in a text that has changed. Lines are compared
 * without their indentation and inner spaces.
 */
export interface Anchor {
  /** From 1. */
  line: number;
  text: string;
  /** The nearest lines before it, the nearest last, and after it, the nearest first. A null stands for the text's beginning or end. */
  before: readonly (string | null)[];
  after: readonly (string | null)[];
  /** How many lines of the text said the same. */
  copies: number;
}

export type Found =
  | { kind: 'there'; line: number }
  /** What stood around it is there, and between it something else. */
  | { kind: 'changed'; line: number }
  | { kind: 'gone' };

/** So many lines around it are remembered. */
const reach = 3;
/** The nearest line says the most. One that says next to nothing, such as a brace, counts a third. */
const weights = [6, 4, 2];
/** In a changed place at most so many lines stand between what was before and what was after. */
const widest = 12;
/** Longer lines are cut: in a bundle on one line there is nothing to compare. */
const longest = 2000;

export const linesOf = (text: string): readonly string[] => {
  const lines = text.split(/\r\n|\n|\r/u);
  // The empty line behind the last line end is nobody's.
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Null: there is no such line. */
export function anchorAt(lines: readonly string[], line: number): Anchor | null {
  const text = lines[line - 1];
  if (text === undefined) return null;
  const at = (index: number): string | null => lines[index]?.slice(0, longest) ?? null;
  const steps = Array.from({ length: reach }, (_, index) => index + 1);
  const plain = normal(text);
  return {
    line,
    text: text.slice(0, longest),
    before: steps.map((step) => at(line - 1 - step)).toReversed(),
    after: steps.map((step) => at(line - 1 + step)),
    copies: lines.filter((other) => normal(other) === plain).length,
  };
}

/** Looks for an anchored line in another text. */
export function findAnchor(lines: readonly string[], anchor: Anchor): Found {
  const plain = lines.map((line) => normal(line));
  const text = normal(anchor.text);
  const around = {
    before: anchor.before.toReversed().map((line) => (line === null ? null : normal(line))),
    after: anchor.after.map((line) => (line === null ? null : normal(line))),
  };
  const above = plain.map((_, index) => scoreOf(plain, index - 1, -1, around.before));
  const below = plain.map((_, index) => scoreOf(plain, index + 1, 1, around.after));
  const wanted = anchor.line - 1;

  let same: { index: number; score: number } | null = null;
  let copies = 0;
  for (const [index, line] of plain.entries()) {
    if (line !== text) continue;
    copies++;
    const score = (above[index] ?? 0) + (below[index] ?? 0);
    const isNearer = same !== null && Math.abs(index - wanted) < Math.abs(same.index - wanted);
    if (same === null || score > same.score || (score === same.score && isNearer)) same = { index, score };
  }
  const place = changedPlace(plain, around, wanted);
  if (same !== null && same.score >= (place?.score ?? 0) && (same.score > 0 || isTelling(text))) {
    return { kind: 'there', line: same.index + 1 };
  }
  // Its place says something else, and there are as many of it as before: it was moved, not changed.
  if (same !== null && copies >= anchor.copies && isTelling(text)) return { kind: 'there', line: same.index + 1 };
  return place === null ? { kind: 'gone' } : { kind: 'changed', line: Math.min(lines.length, place.index + 1) };
}

const normal = (line: string): string => line.slice(0, longest).trim().replaceAll(/\s+/gu, ' ');

/** Whether a line says enough to be known by itself. */
const isTelling = (line: string): boolean => /[\p{L}\p{N}].*[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(line);

/** How well what stands from `index` on, in steps of `step`, is what stood there. */
function scoreOf(lines: readonly string[], index: number, step: 1 | -1, around: readonly (string | null)[]): number {
  let score = 0;
  for (const [distance, expected] of around.entries()) {
    const present = lines[index + distance * step] ?? null;
    if (present !== expected) continue;
    const weight = weights[distance] ?? 0;
    score += expected === null || isTelling(expected) ? weight : weight / 3;
    if (expected === null) break;
  }
  return score;
}

/** The place between what stood before and what stood after the line, where enough of both is left; `index` is its first line. */
function changedPlace(
  lines: readonly string[],
  around: { before: readonly (string | null)[]; after: readonly (string | null)[] },
  wanted: number,
): { index: number; score: number } | null {
  const below = Array.from({ length: lines.length + 1 }, (_, index) => scoreOf(lines, index, 1, around.after));
  let best: { index: number; score: number } | null = null;
  for (let index = 0; index <= lines.length; index++) {
    const before = scoreOf(lines, index - 1, -1, around.before);
    let after = 0;
    for (let gap = 0; gap <= widest; gap++) after = Math.max(after, below[index + gap] ?? 0);
    const score = before + after;
    // Enough is a telling neighbour at its very side, or several that are farther.
    if (score < 6) continue;
    const isNearer = best !== null && Math.abs(index - wanted) < Math.abs(best.index - wanted);
    if (best === null || score > best.score || (score === best.score && isNearer)) best = { index, score };
  }
  return best;
}
