import type { Variant, VariantFile } from '#shared/contract/variants.ts';
import type { RunId } from '#shared/ids.ts';

/** What the person has chosen, by file; null: the file stays as it was before the variants began. */
export type Picks = ReadonlyMap<string, RunId | null>;

type Named = Pick<Variant, 'runId'>;

/** Where a file is taken from: a run, null for as it was; undefined: nobody has decided. */
export type Choice = RunId | null | undefined;

/**
 * Where a file is taken from as long as the person says nothing else: whoever alone touched it, or any of those that made
 * the same of it. Where they differ there is nothing to presume.
 */
export function defaultChoice(file: VariantFile, variants: readonly Named[]): Choice {
  if (file.obstacle !== null) return null;
  if (file.agreement === 'disagree' || file.agreement === 'apart') return undefined;
  const index = file.changes.findIndex((change) => change !== null);
  return variants[index]?.runId ?? null;
}

/** Where a file is taken from. A choice of a run that is gone, or that has left the file alone since, is none any more. */
export function choiceOf(file: VariantFile, variants: readonly Named[], picks: Picks): Choice {
  const picked = picks.get(file.path);
  if (picked === undefined || file.obstacle !== null) return defaultChoice(file, variants);
  if (picked === null) return null;
  return changeOf(file, variants, picked) === null ? defaultChoice(file, variants) : picked;
}

const changeOf = (file: VariantFile, variants: readonly Named[], id: RunId): VariantFile['changes'][number] =>
  file.changes[variants.findIndex(({ runId }) => runId === id)] ?? null;

/**
 * Whether taking the file from this variant is what was chosen: also where another one was chosen that made the same of it, and
 * for one that left the file alone when it is to stay as it was.
 */
export function isChosen(file: VariantFile, variants: readonly Named[], picks: Picks, index: number): boolean {
  const choice = choiceOf(file, variants, picks);
  if (choice === undefined) return false;
  const change = file.changes[index] ?? null;
  if (choice === null) return change === null;
  return change !== null && changeOf(file, variants, choice)?.outcome === change.outcome;
}

/** The picks with this file taken from this variant; from one that left it alone: as it was. */
export function withPick(picks: Picks, file: VariantFile, variants: readonly Named[], index: number): Picks {
  const run = file.changes[index] ? (variants[index]?.runId ?? null) : null;
  return new Map(picks).set(file.path, run);
}

/** The picks with this variant wherever nobody has decided. One that left such a file alone decides that it stays as it was. */
export function preferring(
  picks: Picks,
  files: readonly VariantFile[],
  variants: readonly Named[],
  index: number,
): Picks {
  return files
    .filter((file) => choiceOf(file, variants, picks) === undefined)
    .reduce((all, file) => withPick(all, file, variants, index), picks);
}

/** What would be taken, counted. */
export interface TakeSum {
  /** Files from each run, in the order of the variants; those from which nothing is taken are left out. */
  from: readonly { runId: RunId; files: number }[];
  /** Files that a variant changed and that stay as they were. */
  asBefore: number;
  undecided: readonly string[];
}

export function takeSum(files: readonly VariantFile[], variants: readonly Named[], picks: Picks): TakeSum {
  const counts = new Map<RunId, number>();
  const undecided: string[] = [];
  let asBefore = 0;
  for (const file of files) {
    const choice = choiceOf(file, variants, picks);
    if (choice === undefined) undecided.push(file.path);
    else if (choice === null) asBefore++;
    else counts.set(choice, (counts.get(choice) ?? 0) + 1);
  }
  const from = variants.flatMap(({ runId }) => {
    const number = counts.get(runId) ?? 0;
    return number === 0 ? [] : [{ runId, files: number }];
  });
  return { from, asBefore, undecided };
}

/** What the host is asked to take: all that is not as it was, with the trees of the runs that it comes from. */
export function takeRequest(
  files: readonly VariantFile[],
  variants: readonly Pick<Variant, 'runId' | 'tree'>[],
  picks: Picks,
): { picks: { path: string; runId: RunId | null }[]; seen: { runId: RunId; tree: string }[] } {
  const chosen = files.flatMap((file) => {
    const choice = choiceOf(file, variants, picks);
    return choice === undefined || choice === null ? [] : [{ path: file.path, runId: choice }];
  });
  const seen = variants.flatMap(({ runId, tree }) =>
    tree !== null && chosen.some((pick) => pick.runId === runId) ? [{ runId, tree }] : [],
  );
  return { picks: chosen, seen };
}
