import { z } from 'zod';

import type { ProjectId } from '#shared/ids.ts';

import type { GridWeights } from './pane-layout.ts';

const shares = z.array(z.number().positive().max(1)).max(16);
/** By shape, as text: `2+2+1`. */
const saved = z.record(z.string(), z.object({ rows: shares, columns: z.array(shares).max(16) }));

const keyOf = (id: ProjectId): string => `switchyard.grid.${id}`;
const nameOf = (shape: readonly number[]): string => shape.join('+');

function readAll(id: ProjectId, storage: Pick<Storage, 'getItem'>): z.output<typeof saved> {
  try {
    const parsed = saved.safeParse(JSON.parse(storage.getItem(keyOf(id)) ?? '{}'));
    return parsed.success ? parsed.data : {};
  } catch {
    // Not readable any more: equal panes are a fine start.
    return {};
  }
}

/** How the person divided a grid of this shape in this project; null when never. */
export function readWeights(
  id: ProjectId,
  shape: readonly number[],
  storage: Pick<Storage, 'getItem'> = localStorage,
): GridWeights | null {
  const found = readAll(id, storage)[nameOf(shape)];
  return found ? { shape, ...found } : null;
}

/** Remembers it on this machine; null forgets it. */
export function saveWeights(
  id: ProjectId,
  shape: readonly number[],
  weights: GridWeights | null,
  storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
): void {
  const { [nameOf(shape)]: _old, ...others } = readAll(id, storage);
  const next = weights ? { ...others, [nameOf(shape)]: { rows: weights.rows, columns: weights.columns } } : others;
  try {
    storage.setItem(keyOf(id), JSON.stringify(next));
  } catch {
    // Storage is full or forbidden: the division then lasts as long as the page.
  }
}
