import { describe, expect, it } from 'vitest';

import {
  chooseShape,
  layOut,
  moveGutter,
  neighbour,
  weightsFor,
  type GridLayout,
  type LayoutRules,
  type Size,
} from './pane-layout.ts';

const rules: LayoutRules = {
  gutter: 6,
  minimum: { width: 320, height: 200 },
  scrolledHeight: 240,
  comfortable: { width: 520, height: 430 },
};
const most = 16;
const wide: Size = { width: 1140, height: 850 };
const small: Size = { width: 740, height: 620 };

const layOutEqually = (count: number, space: Size): GridLayout =>
  layOut(space, weightsFor(chooseShape(count, space, rules), null), rules);

describe('chooseShape', () => {
  it.each([
    [1, [1]],
    [2, [2]],
    [3, [2, 1]],
    [4, [2, 2]],
    [5, [3, 2]],
    [6, [3, 3]],
    [9, [3, 3, 3]],
    [12, [3, 3, 3, 3]],
  ])('gives %i panes readable rows in a large window', (count, shape) => {
    expect(chooseShape(count, wide, rules)).toEqual(shape);
  });

  it('puts two terminals above each other where the space is tall and narrow', () => {
    expect(chooseShape(2, { width: 500, height: 1000 }, rules)).toEqual([1, 1]);
  });

  it('holds every pane once, whatever the space', () => {
    for (const space of [wide, small, { width: 100, height: 50 }, { width: 3800, height: 2000 }]) {
      for (let count = 0; count <= most; count++) {
        const shape = chooseShape(count, space, rules);
        expect(shape.reduce((sum, inRow) => sum + inRow, 0)).toBe(count);
        expect(Math.max(0, ...shape) - Math.min(...shape, Infinity)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('layOut', () => {
  it('covers the space without overlaps', () => {
    for (let count = 1; count <= most; count++) {
      const { panes, gutters, height } = layOutEqually(count, wide);
      const area = [...panes, ...gutters.map((gutter) => gutter.rect)].reduce(
        (sum, rect) => sum + rect.width * rect.height,
        0,
      );
      expect(area).toBe(wide.width * height);
      for (const pane of panes) {
        expect(pane.left + pane.width).toBeLessThanOrEqual(wide.width);
        expect(pane.top + pane.height).toBeLessThanOrEqual(height);
      }
    }
  });

  it('scrolls rather than show 16 terminals that nobody can read', () => {
    const { panes, height } = layOutEqually(16, small);
    expect(height).toBeGreaterThan(small.height);
    for (const pane of panes) {
      expect(pane.width).toBeGreaterThanOrEqual(rules.minimum.width);
      expect(pane.height).toBeGreaterThanOrEqual(rules.minimum.height);
    }
  });

  it('shows one pane in a space that is smaller than the smallest pane', () => {
    expect(layOutEqually(1, { width: 200, height: 100 }).panes).toEqual([{ left: 0, top: 0, width: 200, height: 240 }]);
  });
});

describe('moveGutter', () => {
  const shape = [2, 2];
  const at = { space: wide, rules };
  const gutterOf = (layout: GridLayout, orientation: 'vertical' | 'horizontal') =>
    layout.gutters.find((gutter) => gutter.orientation === orientation)!;

  it('gives one pane what it takes from its neighbour, and leaves the other rows alone', () => {
    const weights = weightsFor(shape, null);
    const before = layOut(wide, weights, rules);
    const after = layOut(wide, moveGutter(weights, gutterOf(before, 'vertical'), 100, at), rules);
    expect(after.panes[0]!.width).toBe(before.panes[0]!.width + 100);
    expect(after.panes[1]!.width).toBe(before.panes[1]!.width - 100);
    expect(after.panes.slice(2)).toEqual(before.panes.slice(2));
  });

  it('stops at the smallest readable pane', () => {
    const weights = weightsFor(shape, null);
    const before = layOut(wide, weights, rules);
    for (const [orientation, pixels] of [
      ['vertical', 5000],
      ['vertical', -5000],
      ['horizontal', 5000],
      ['horizontal', -5000],
    ] as const) {
      const after = layOut(wide, moveGutter(weights, gutterOf(before, orientation), pixels, at), rules);
      for (const pane of after.panes) {
        expect(pane.width).toBeGreaterThanOrEqual(rules.minimum.width);
        expect(pane.height).toBeGreaterThanOrEqual(rules.minimum.height);
      }
    }
  });

  it('keeps what the person divided when the window shrinks, as far as panes stay readable', () => {
    const weights = moveGutter(
      weightsFor([2], null),
      gutterOf(layOut(wide, weightsFor([2], null), rules), 'vertical'),
      200,
      at,
    );
    const shrunk = layOut({ width: 700, height: 620 }, weights, rules);
    expect(shrunk.panes[1]!.width).toBe(rules.minimum.width);
    const back = layOut(wide, weights, rules);
    expect(back.panes[0]!.width - back.panes[1]!.width).toBe(400);
  });

  it('starts from equal shares when the saved division is of another shape or broken', () => {
    const saved = { shape: [2], rows: [1], columns: [[0.7, 0.3]] };
    expect(weightsFor([2], saved)).toBe(saved);
    expect(weightsFor([3], saved).columns).toEqual([[1 / 3, 1 / 3, 1 / 3]]);
    expect(weightsFor([2], { shape: [2], rows: [1], columns: [[2, -1]] }).columns).toEqual([[0.5, 0.5]]);
    expect(weightsFor([2], { shape: [2], rows: [], columns: [] }).columns).toEqual([[0.5, 0.5]]);
  });
});

describe('neighbour', () => {
  it('finds the next pane in each direction, also where rows differ', () => {
    const { panes } = layOut(wide, weightsFor([2, 2, 1], null), rules);
    expect(neighbour(panes, 0, 'right')).toBe(1);
    expect(neighbour(panes, 0, 'left')).toBeNull();
    expect(neighbour(panes, 0, 'down')).toBe(2);
    expect(neighbour(panes, 3, 'down')).toBe(4);
    expect(neighbour(panes, 4, 'up')).toBe(2);
    expect(neighbour(panes, 9, 'up')).toBeNull();
  });
});
