import type { Disposable } from '#shared/disposable.ts';

/** Lets so many units through at once, and so many a second after that. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt = performance.now();

  constructor(options: { capacity: number; perSecond: number }) {
    this.#capacity = options.capacity;
    this.#perSecond = options.perSecond;
    this.#tokens = options.capacity;
  }

  /** Takes `units` and says true, or takes nothing and says false. */
  take(units: number): boolean {
    const now = performance.now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (units > this.#tokens) return false;
    this.#tokens -= units;
    return true;
  }
}

/** Hands on the first signal at once, and the latest of those that follow within `milliseconds` when that time is over. */
export class Throttle implements Disposable {
  readonly #milliseconds: number;
  readonly #run: () => void;
  #timer: NodeJS.Timeout | null = null;
  #again = false;

  constructor(milliseconds: number, run: () => void) {
    this.#milliseconds = milliseconds;
    this.#run = run;
  }

  signal(): void {
    if (this.#timer) {
      this.#again = true;
      return;
    }
    this.#arm();
    this.#run();
  }

  /** Runs now what was waiting: something final is about to be said. */
  flush(): void {
    if (!this.#again) return;
    this.#again = false;
    this.#run();
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#again = false;
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#again) return;
      this.#again = false;
      this.#arm();
      this.#run();
    }, this.#milliseconds);
  }
}
