import type { Variant, VariantFile } from '#shared/contract/variants.ts';
import type { RunId } from '#shared/ids.ts';

/** What a variant is held against: another one, or null for the file as it was before. */
export type Against = RunId | null;

type Compared = Pick<Variant, 'runId' | 'tree'>;

/**
 * What a variant's version of a file is best held against while the person has chosen nothing: one that disagrees with it, else
 * one that made something else of the file, else the file as it was.
 */
export function bestAgainst(file: VariantFile, variants: readonly Compared[], column: number): Against {
  const own = file.changes[column] ?? null;
  const fighting = file.conflicts.find(({ a, b }) => a === column || b === column);
  if (fighting) return variants[fighting.a === column ? fighting.b : fighting.a]?.runId ?? null;
  if (own === null) {
    const toucher = file.changes.findIndex((change) => change !== null);
    return variants[toucher]?.runId ?? null;
  }
  const other = file.changes.findIndex((change) => change !== null && change.outcome !== own.outcome);
  return other === -1 ? null : (variants[other]?.runId ?? null);
}

/** The column that is looked at: the one that was, else the first that touched the file. */
export function columnFor(file: VariantFile, variants: readonly Compared[], wanted: RunId | null): number {
  const at = variants.findIndex(({ runId, tree }) => runId === wanted && tree !== null);
  if (at !== -1) return at;
  const toucher = file.changes.findIndex((change) => change !== null);
  return toucher === -1 ? variants.findIndex(({ tree }) => tree !== null) : toucher;
}

/** The next column with something to compare, or the same one at the end. */
export function stepColumn(variants: readonly Compared[], column: number, steps: 1 | -1): number {
  for (let at = column + steps; at >= 0 && at < variants.length; at += steps) {
    if (variants[at]?.tree) return at;
  }
  return column;
}

/** The two sides that are shown. A choice that is the column itself, or gone, gives way to what is best. */
export function sidesOf(
  file: VariantFile,
  variants: readonly Compared[],
  column: number,
  chosen: Against | undefined,
): { left: Against; right: RunId | null } {
  const right = variants[column]?.runId ?? null;
  const isThere = chosen === null || variants.some(({ runId, tree }) => runId === chosen && tree !== null);
  const left = chosen !== undefined && isThere && chosen !== right ? chosen : bestAgainst(file, variants, column);
  return { left: left === right ? null : left, right };
}
