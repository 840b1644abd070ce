import type { MergeAnswer, MergeQuestion } from '#main/services/radar/merge-batch.ts';

/** A car that was merged before the one that failed. */
export interface EarlierCar {
  title: string;
  commit: string;
}

export interface CulpritPorts {
  merge(questions: readonly MergeQuestion[]): Promise<readonly MergeAnswer[]>;
  commit(tree: string, parents: readonly string[]): Promise<string>;
  /** Whether the gate that failed passes on the files of this commit; null: it was told to stop. */
  passes(commit: string): Promise<boolean | null>;
}

/**
 * Which earlier car it takes to make a gate fail: tries the car that failed on the base as the train found it, alone and
 * then with each of the earlier ones, and says in a sentence what that shows. Null: nothing is to be learnt, or it was told
 * to stop.
 */
export async function findCulprit(
  ports: CulpritPorts,
  start: { base: string; commit: string },
  earlier: readonly EarlierCar[],
  failed: EarlierCar,
): Promise<string | null> {
  const alone = await mergeOnto(ports, start.base, start.commit, failed);
  if (alone === null) return null;
  const passesAlone = await ports.passes(alone);
  if (passesAlone === null) return null;
  if (!passesAlone) return `It fails without the others as well, on ${start.base} as the train found it.`;
  for (const other of earlier) {
    const first = await mergeOnto(ports, start.base, start.commit, other);
    const both = first === null ? null : await mergeOnto(ports, start.base, first, failed);
    if (first === null || both === null) continue;
    const passesTogether = await ports.passes(both);
    if (passesTogether === null) return null;
    if (passesTogether) continue;
    const passesFirst = await ports.passes(first);
    if (passesFirst === null) return null;
    return passesFirst
      ? `“${other.title}” and “${failed.title}” fail together; each of them passes alone.`
      : `“${other.title}” fails without it as well.`;
  }
  if (earlier.length < 2) return null;
  return `It passes alone, and with each of the ${String(earlier.length)} cars before it; it takes several of them to make it fail.`;
}

/** A merge of a car onto a commit; null where they collide. */
async function mergeOnto(ports: CulpritPorts, baseName: string, onto: string, car: EarlierCar): Promise<string | null> {
  const question = { ours: onto, theirs: car.commit, sides: { ours: baseName, theirs: car.title } };
  const [answer] = await ports.merge([question]);
  return answer?.kind === 'clean' ? ports.commit(answer.tree, [onto, car.commit]) : null;
}
