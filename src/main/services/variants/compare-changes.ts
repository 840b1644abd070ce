import { fileModes } from '#main/services/git/file-modes.ts';
import { shownPath, type RawChange } from '#main/services/review/raw-diff.ts';
import type { Agreement, VariantChange, VariantFile } from '#shared/contract/variants.ts';

import { findClashes } from './path-clashes.ts';

/** What a merge of two variants, named by their places, came to. */
export interface PairOutcome {
  a: number;
  b: number;
  /** Null: it could not be tried. Paths as they are shown. */
  conflicts: readonly { path: string; reason: string }[] | null;
}

/** A file of the comparison with what each variant made of it as Git tells it; paths as bytes, in latin1. */
export interface ComparedFile {
  /** Where it was when the variants began, or was added. */
  key: string;
  changes: readonly (RawChange | null)[];
  file: VariantFile;
}

const order: readonly Agreement[] = ['disagree', 'apart', 'only-one', 'some', 'same'];

/**
 * Puts what several variants changed beside each other, file by file. `variants`: the changes of each since it began; null
 * for one that is not compared.
 */
export function compareChanges(
  variants: readonly (readonly RawChange[] | null)[],
  pairs: readonly PairOutcome[],
): readonly ComparedFile[] {
  const files = new Map<string, (RawChange | null)[]>();
  for (const [index, changes] of variants.entries()) {
    for (const change of changes ?? []) {
      const key = change.status === 'R' ? (change.oldPath ?? change.path) : change.path;
      const row = files.get(key) ?? variants.map(() => null);
      row[index] = change;
      files.set(key, row);
    }
  }
  const compared = variants.filter((changes) => changes !== null).length;
  const conflicts = conflictsByPath(pairs);
  const untried = pairs.filter((pair) => pair.conflicts === null);
  const clashing = clashesBetween(files);
  return Array.from(files, ([key, changes]): ComparedFile => {
    const outcomes = outcomesOf(changes);
    const found = [
      ...conflictsOf(key, changes, conflicts),
      ...(clashing.get(key) ?? []),
      ...untried
        .filter(({ a, b }) => differ(outcomes, a, b))
        .map(({ a, b }) => ({ a, b, reason: 'they have no history in common, so Git does not merge them' })),
    ];
    const agreement = found.length > 0 ? 'disagree' : agreementOf(outcomes, compared);
    const path = shownPath(key);
    return {
      key,
      changes,
      file: {
        path,
        agreement,
        changes: changes.map((change, index) => change && shownChange(change, outcomes[index] ?? 0)),
        conflicts: found,
        obstacle: isShownWhole(key, changes)
          ? null
          : 'Its name is no UTF-8, so that it cannot be named here. Keep the whole variant instead.',
      },
    };
  }).toSorted(
    (one, other) =>
      order.indexOf(one.file.agreement) - order.indexOf(other.file.agreement) ||
      (one.file.path < other.file.path ? -1 : one.file.path > other.file.path ? 1 : 0),
  );
}

const none = fileModes.none;

/** What a variant made of a file: the same number for the same mode, content and place; null: nothing. */
function outcomesOf(changes: readonly (RawChange | null)[]): readonly (number | null)[] {
  const seen: string[] = [];
  return changes.map((change) => {
    if (change === null) return null;
    const outcome = change.newMode === none ? 'deleted' : `${change.newMode} ${change.newHash} ${change.path}`;
    if (!seen.includes(outcome)) seen.push(outcome);
    return seen.indexOf(outcome);
  });
}

function agreementOf(outcomes: readonly (number | null)[], compared: number): Agreement {
  const touched = outcomes.filter((outcome) => outcome !== null);
  if (new Set(touched).size > 1) return 'apart';
  if (touched.length === compared && compared > 1) return 'same';
  return touched.length === 1 ? 'only-one' : 'some';
}

const differ = (outcomes: readonly (number | null)[], a: number, b: number): boolean => {
  const [one = null, other = null] = [outcomes[a], outcomes[b]];
  return one !== null && other !== null && one !== other;
};

type Conflicts = VariantFile['conflicts'];

function conflictsByPath(pairs: readonly PairOutcome[]): ReadonlyMap<string, Conflicts> {
  const all = pairs.flatMap(({ a, b, conflicts }) => (conflicts ?? []).map((each) => ({ a, b, ...each })));
  return new Map(
    Array.from(
      Map.groupBy(all, ({ path }) => path),
      ([path, found]) => [path, found.map(({ a, b, reason }) => ({ a, b, reason }))] as const,
    ),
  );
}

/** Git names a path of the merge, which may be that of before a rename or of after it. Each pair is told once. */
function conflictsOf(
  key: string,
  changes: readonly (RawChange | null)[],
  conflicts: ReadonlyMap<string, Conflicts>,
): Conflicts {
  const paths = new Set([key, ...changes.flatMap((change) => change?.path ?? [])].map(shownPath));
  const found = new Map<string, Conflicts[number]>();
  for (const path of paths) {
    for (const conflict of conflicts.get(path) ?? []) {
      const { a, b } = conflict;
      // One of the two has to have something to do with this file, and not only with another of that name.
      if (changes[a] || changes[b]) found.set(`${String(a)} ${String(b)}`, conflict);
    }
  }
  return [...found.values()];
}

/** Files and folders of one name, by the file: Git gives one of the two another name, and says so of that alone. */
function clashesBetween(files: ReadonlyMap<string, readonly (RawChange | null)[]>): ReadonlyMap<string, Conflicts> {
  const places = Array.from(files).flatMap(([key, changes]) =>
    changes.flatMap((change, variant) =>
      change === null || change.newMode === none ? [] : [{ key, variant, path: change.path }],
    ),
  );
  const byPath = Map.groupBy(places, ({ path }) => path);
  const found = new Map<string, Conflicts[number][]>();
  for (const { file, inside } of findClashes(new Set(byPath.keys()))) {
    for (const one of byPath.get(file) ?? []) {
      for (const other of byPath.get(inside) ?? []) {
        if (one.variant === other.variant) continue;
        const [a, b] = [Math.min(one.variant, other.variant), Math.max(one.variant, other.variant)];
        const reason = `${shownPath(file)} is a file in one and a folder in the other`;
        for (const key of [one.key, other.key]) {
          const present = found.get(key) ?? [];
          if (!present.some((each) => each.a === a && each.b === b)) found.set(key, [...present, { a, b, reason }]);
        }
      }
    }
  }
  return found;
}

function shownChange(change: RawChange, outcome: number): VariantChange {
  const { insertions, deletions, newMode } = change;
  return {
    kind: kindOf(change),
    path: shownPath(change.path),
    mode: newMode === none ? null : newMode,
    insertions,
    deletions,
    outcome,
  };
}

function kindOf({ status, oldMode, newMode, oldHash, newHash }: RawChange): VariantChange['kind'] {
  if (status === 'A') return 'added';
  if (status === 'D') return 'deleted';
  if (status === 'R') return 'renamed';
  if (status === 'T') return 'type-changed';
  return oldMode !== newMode && oldHash === newHash ? 'mode-changed' : 'modified';
}

const isShownWhole = (key: string, changes: readonly (RawChange | null)[]): boolean =>
  [key, ...changes.flatMap((change) => change?.path ?? [])].every(
    (path) => Buffer.from(shownPath(path), 'utf8').toString('latin1') === path,
  );
