import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

/** A time that a person waits, and what the same kind of thing costs at least on this machine, now. */
export interface Measure {
  name: string;
  /** What `baseline` is, in words. */
  baselineName: string;
  /** Each returns milliseconds. They run in turn, so that whatever else the machine does weighs on both. */
  run: () => Promise<number>;
  baseline: () => Promise<number>;
  /** On the ratio of the two; null while there is none. */
  goal: Figure['goal'];
}

/** Medians of so many rounds. */
export async function take(measure: Measure, rounds: number): Promise<Figure> {
  const times: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < rounds; round++) {
    baselines.push(await measure.baseline());
    times.push(await measure.run());
  }
  const { name, baselineName, goal } = measure;
  return { name, value: median(times), unit: 'ms', baseline: { name: baselineName, value: median(baselines) }, goal };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
