/** Where a pane or a gutter stands in the grid, in CSS pixels. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/**
 * How the person has divided the grid: fractions that sum to 1. `shape` is the number of panes in each row; weights hold
 * for their shape alone, because a fraction of three columns says nothing about four.
 */
export interface GridWeights {
  shape: readonly number[];
  rows: readonly number[];
  columns: readonly (readonly number[])[];
}

/** A line between panes that can be dragged: it shares out space between the track before it and the one after it. */
export interface Gutter {
  orientation: 'vertical' | 'horizontal';
  /** The row of a vertical gutter's panes; for a horizontal one, the row above it. */
  row: number;
  /** The column before a vertical gutter; 0 for a horizontal one. */
  column: number;
  rect: Rect;
  /** How far it stands between its two tracks' ends, in percent; what a screen reader says. */
  percent: number;
}

export interface GridLayout {
  /** In reading order, one for each pane. */
  panes: readonly Rect[];
  gutters: readonly Gutter[];
  shape: readonly number[];
  /** More than the space's height when the panes would be too small to read: then the grid scrolls. */
  height: number;
}

export interface LayoutRules {
  gutter: number;
  /** Below this a terminal cannot be read: there are fewer columns, and if that does not help the grid scrolls. */
  minimum: Size;
  /** The height of a row in a grid that scrolls: with room below anyway, panes need not be as small as can be. */
  scrolledHeight: number;
  /** A pane that is comfortable to read. What goes beyond it counts for nothing. */
  comfortable: Size;
}

/**
 * The number of panes in each row. Among all numbers of rows, the one whose smallest pane comes closest to a comfortable
 * size; at a tie the one with fewer rows, because tall narrow terminals show more of a conversation. Rows that fill up
 * come first.
 */
export function chooseShape(count: number, space: Size, rules: LayoutRules): number[] {
  if (count <= 0) return [];
  const widest = Math.max(1, Math.floor((space.width + rules.gutter) / (rules.minimum.width + rules.gutter)));
  let best: { columns: number; score: number } | null = null;
  let seen = 0;
  for (let rows = 1; rows <= count; rows++) {
    const columns = Math.ceil(count / rows);
    // The same number of columns in fewer rows has been seen.
    if (columns > widest || columns === seen) continue;
    seen = columns;
    const needed = Math.ceil(count / columns);
    const width = (space.width - rules.gutter * (columns - 1)) / columns;
    const { length, isScrolled } = rowSpace(needed, space.height, rules);
    const height = length / needed;
    const fits = !isScrolled;
    const comfort = Math.min(width / rules.comfortable.width, height / rules.comfortable.height);
    // Scrolling is worse than any pane that can be read.
    const score: number = fits ? 1 + comfort : comfort / 2 + columns / 1000;
    if (!best || score > best.score + 0.001) best = { columns, score };
  }
  const columns: number = best?.columns ?? 1;
  const rows = Math.ceil(count / columns);
  const least = Math.floor(count / rows);
  return Array.from({ length: rows }, (_, row) => least + (row < count % rows ? 1 : 0));
}

const equal = (count: number): number[] => Array.from({ length: count }, () => 1 / count);

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((count, row) => count === b[row]);

/** The person's weights if they are of this shape, otherwise equal shares. */
export function weightsFor(shape: readonly number[], saved: GridWeights | null): GridWeights {
  const fits =
    saved !== null &&
    sameShape(saved.shape, shape) &&
    saved.rows.length === shape.length &&
    shape.every((count, row) => saved.columns[row]?.length === count) &&
    [saved.rows, ...saved.columns].every((shares) => shares.every((share) => share > 0 && share <= 1));
  return fits ? saved : { shape, rows: equal(shape.length), columns: shape.map(equal) };
}

/** The height that rows share, without the gutters between them. */
function rowSpace(rows: number, height: number, rules: LayoutRules): { length: number; isScrolled: boolean } {
  const length = height - rules.gutter * (rows - 1);
  const isScrolled = length < rows * rules.minimum.height;
  return { length: isScrolled ? rows * rules.scrolledHeight : length, isScrolled };
}

/** Shares of a length that are none smaller than the minimum, as long as the length allows that. In pixels. */
function divide(length: number, shares: readonly number[], minimum: number): number[] {
  const floor = Math.min(minimum, length / shares.length);
  const sizes = shares.map(() => 0);
  let free = shares.map((_, index) => index);
  let rest = length;
  for (;;) {
    const total = free.reduce((sum, index) => sum + (shares[index] ?? 0), 0);
    const small = free.filter((index) => (rest * (shares[index] ?? 0)) / total < floor);
    if (small.length === 0) {
      for (const index of free) sizes[index] = (rest * (shares[index] ?? 0)) / total;
      return sizes;
    }
    for (const index of small) sizes[index] = floor;
    rest -= floor * small.length;
    free = free.filter((index) => !small.includes(index));
    if (free.length === 0) return sizes;
  }
}

/** Places panes and gutters. Edges are whole pixels, so that text stays sharp and panes meet without a gap. */
export function layOut(space: Size, weights: GridWeights, rules: LayoutRules): GridLayout {
  const { shape } = weights;
  const panes: Rect[] = [];
  const gutters: Gutter[] = [];
  if (shape.length === 0) return { panes, gutters, shape, height: space.height };

  const gaps = (tracks: number): number => rules.gutter * (tracks - 1);
  const { length } = rowSpace(shape.length, space.height, rules);
  const height = length + gaps(shape.length);
  const heights = divide(length, weights.rows, rules.minimum.height);
  let top = 0;
  shape.forEach((count, row) => {
    const bottom = top + (heights[row] ?? 0);
    const widths = divide(space.width - gaps(count), weights.columns[row] ?? equal(count), rules.minimum.width);
    let left = 0;
    for (let column = 0; column < count; column++) {
      const right = left + (widths[column] ?? 0);
      panes.push(between(left, top, right, bottom));
      if (column < count - 1) {
        const next = widths[column + 1] ?? 0;
        gutters.push({
          orientation: 'vertical',
          row,
          column,
          rect: between(right, top, right + rules.gutter, bottom),
          percent: Math.round((100 * (widths[column] ?? 0)) / ((widths[column] ?? 0) + next)),
        });
      }
      left = right + rules.gutter;
    }
    if (row < shape.length - 1) {
      const next = heights[row + 1] ?? 0;
      gutters.push({
        orientation: 'horizontal',
        row,
        column: 0,
        rect: between(0, bottom, space.width, bottom + rules.gutter),
        percent: Math.round((100 * (heights[row] ?? 0)) / ((heights[row] ?? 0) + next)),
      });
    }
    top = bottom + rules.gutter;
  });
  return { panes, gutters, shape, height };
}

function between(left: number, top: number, right: number, bottom: number): Rect {
  const x = Math.round(left);
  const y = Math.round(top);
  return { left: x, top: y, width: Math.round(right) - x, height: Math.round(bottom) - y };
}

/** The weights after a gutter has moved by some pixels. Neither neighbour gets smaller than the minimum. */
export function moveGutter(
  weights: GridWeights,
  gutter: Gutter,
  pixels: number,
  { space, rules }: { space: Size; rules: LayoutRules },
): GridWeights {
  const { shape } = weights;
  if (gutter.orientation === 'vertical') {
    const shares = weights.columns[gutter.row] ?? [];
    const length = space.width - rules.gutter * (shares.length - 1);
    const moved = shift(divide(length, shares, rules.minimum.width), gutter.column, pixels, rules.minimum.width);
    return { ...weights, columns: weights.columns.map((old, row) => (row === gutter.row ? moved : old)) };
  }
  const { length } = rowSpace(shape.length, space.height, rules);
  const sizes = divide(length, weights.rows, rules.minimum.height);
  return { ...weights, rows: shift(sizes, gutter.row, pixels, rules.minimum.height) };
}

function shift(sizes: readonly number[], before: number, pixels: number, minimum: number): number[] {
  const first = sizes[before] ?? 0;
  const second = sizes[before + 1] ?? 0;
  const least = Math.min(minimum, first, second);
  const moved = Math.max(least - first, Math.min(second - least, pixels));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, index) => {
    const now = index === before ? size + moved : index === before + 1 ? size - moved : size;
    return now / total;
  });
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The pane that lies next to another one in a direction and shares most of its edge; null at the grid's edge. */
export function neighbour(panes: readonly Rect[], from: number, direction: Direction): number | null {
  const here = panes[from];
  if (!here) return null;
  const beside = panes
    .map((there, index) => ({
      index,
      distance: distanceTo(here, there, direction),
      overlap: overlap(here, there, direction),
    }))
    .filter(({ index, distance, overlap: shared }) => index !== from && distance >= 0 && shared > 0)
    .toSorted((a, b) => a.distance - b.distance || b.overlap - a.overlap);
  return beside[0]?.index ?? null;
}

function distanceTo(here: Rect, there: Rect, direction: Direction): number {
  switch (direction) {
    case 'left':
      return here.left - (there.left + there.width);
    case 'right':
      return there.left - (here.left + here.width);
    case 'up':
      return here.top - (there.top + there.height);
    case 'down':
      return there.top - (here.top + here.height);
  }
}

/** How much of the edge between them two panes share, in pixels; negative when they are not beside each other. */
function overlap(here: Rect, there: Rect, direction: Direction): number {
  return direction === 'left' || direction === 'right'
    ? Math.min(here.top + here.height, there.top + there.height) - Math.max(here.top, there.top)
    : Math.min(here.left + here.width, there.left + there.width) - Math.max(here.left, there.left);
}
