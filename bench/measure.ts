/** A time that a person waits, and what the same kind of thing costs at least on this machine, now. */
export interface Measure {
  name: string;
  /** What `baseline` is, in words. */
  baselineName: string;
  /** Each returns milliseconds. They run in turn, so that whatever else the machine does weighs on both. */
  run: () => Promise<number>;
  baseline: () => Promise<number>;
  /** The highest ratio that is accepted; null while there is no goal. */
  goal: number | null;
}

export interface Measured {
  name: string;
  baselineName: string;
  milliseconds: number;
  baselineMilliseconds: number;
  ratio: number;
  goal: number | null;
}

/** Medians of so many rounds. Absolute times move with the machine; the ratio is what to compare. */
export async function take(measure: Measure, rounds: number): Promise<Measured> {
  const times: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < rounds; round++) {
    baselines.push(await measure.baseline());
    times.push(await measure.run());
  }
  const milliseconds = median(times);
  const baselineMilliseconds = median(baselines);
  const { name, baselineName, goal } = measure;
  return { name, baselineName, milliseconds, baselineMilliseconds, ratio: milliseconds / baselineMilliseconds, goal };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('a median of nothing');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
