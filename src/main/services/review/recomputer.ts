import type { Disposable } from '#main/base/lifecycle.ts';

/** How often something may be worked out again, in milliseconds. */
export interface Pace {
  /** Changes come in bursts; this much of one is waited for. */
  settle: number;
  /** Rest between the end of one working out and the start of the next. */
  rest: number;
  /** It rests at least so many times as long as the last one took: what takes long takes no larger share of the machine. */
  restPerRun?: number;
}

/**
 * Runs a task now, and again after it was told that something has changed: never twice at once, and no more often than
 * its pace, however often it is told. A task that fails is tried again, with longer and longer rests.
 */
export class Recomputer implements Disposable {
  readonly #task: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | null = null;
  #isRunning = false;
  #isAsked = false;
  #isDisposed = false;
  #failures = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #took = 0;

  constructor(options: { task: () => Promise<void>; onFailure: (error: unknown) => void; pace: Pace }) {
    this.#task = options.task;
    this.#onFailure = options.onFailure;
    this.#pace = options.pace;
  }

  start(): void {
    void this.#run();
  }

  /** Something has changed. */
  ask(): void {
    this.#isAsked = true;
    if (!this.#isRunning) this.#schedule();
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isDisposed) return;
    const { rest: usual, restPerRun = 0 } = this.#pace;
    const rest = Math.max(usual * 2 ** Math.min(this.#failures, 5), this.#took * restPerRun);
    const wait = Math.max(this.#pace.settle, this.#endedAt + rest - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, wait);
  }

  async #run(): Promise<void> {
    if (this.#isRunning || this.#isDisposed) return;
    this.#isRunning = true;
    this.#isAsked = false;
    const startedAt = performance.now();
    try {
      await this.#task();
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      this.#isAsked = true;
      // What it was working on is being let go of, and was taken away under it perhaps.
      if (!this.#isDisposed) this.#onFailure(error);
    } finally {
      this.#isRunning = false;
      this.#endedAt = performance.now();
      this.#took = this.#endedAt - startedAt;
    }
    if (this.#isAsked) this.#schedule();
  }
}
