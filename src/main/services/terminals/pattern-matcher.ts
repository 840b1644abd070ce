import { Worker } from 'node:worker_threads';

import type { Disposable } from '#main/base/lifecycle.ts';
import { searchLimits } from '#shared/contract/terminals.ts';

import { findMatches, type LineMatch, type Pattern } from './find-matches.ts';

/**
 * How long an expression may take: for a few hundred lines, for which ordinary ones take a millisecond, and altogether. And
 * how long the thread may take to start.
 */
export const expressionLimits = { startMilliseconds: 30_000, pieceMilliseconds: 2000, searchMilliseconds: 10_000 };

/** Finds what a query is looking for, line by line, and never for longer than a bounded time. */
export class PatternMatcher implements Disposable {
  readonly #pattern: Pattern;
  readonly #workerPath: string | null;
  #worker: Worker | null = null;
  #ready: Promise<unknown> | null = null;
  #milliseconds = 0;
  #isDisposed = false;

  /** `workerPath`: null for a pattern that is a plain text, which cannot take long. */
  constructor(pattern: Pattern, workerPath: string | null) {
    this.#pattern = pattern;
    this.#workerPath = workerPath;
  }

  /** The hits in each line; null when it took too long, and after that for ever. */
  async find(lines: readonly string[]): Promise<LineMatch[][] | null> {
    const most = searchLimits.matchesPerLine;
    if (this.#workerPath === null) return findMatches(lines, this.#pattern, most);
    if (this.#isDisposed || this.#milliseconds >= expressionLimits.searchMilliseconds) return null;
    this.#worker ??= new Worker(this.#workerPath);
    const worker = this.#worker;
    // Its start takes as long as the machine is busy, and is not the expression's fault.
    this.#ready ??= nextMessage(worker, expressionLimits.startMilliseconds);
    await this.#ready;
    const begun = performance.now();
    const answer = nextMessage(worker, expressionLimits.pieceMilliseconds);
    worker.postMessage({ lines, pattern: this.#pattern, most });
    const found = (await answer) as LineMatch[][] | null;
    this.#milliseconds += performance.now() - begun;
    if (found === null) {
      this.#milliseconds = Infinity;
      this.dispose();
    }
    return found;
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.#worker?.terminate();
    this.#worker = null;
  }
}

/** What a thread says next; null: nothing in time, or it has ended. */
function nextMessage(worker: Worker, milliseconds: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onEnd);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message));
    const onError = (error: Error): void => settle(() => reject(error));
    const onEnd = (): void => settle(() => resolve(null));
    const timer = setTimeout(onEnd, milliseconds);
    worker.on('message', onMessage).on('error', onError).on('exit', onEnd);
  });
}
