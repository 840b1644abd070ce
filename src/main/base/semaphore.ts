/** Lets at most `limit` tasks run at once; the others wait in the order in which they came. */
export class Semaphore {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * `cancelled`: who is told that by it does not wait. Once it is aborted the task runs at once and takes no place, because all
   * that it is to do is to find that out and end.
   */
  async run<T>(task: () => Promise<T>, cancelled?: AbortSignal): Promise<T> {
    let hasPlace = cancelled?.aborted !== true;
    if (hasPlace) {
      if (this.#running >= this.#limit) hasPlace = await this.#turn(cancelled);
      else this.#running++;
    }
    try {
      return await task();
    } finally {
      if (hasPlace) this.#leave();
    }
  }

  /** False: it was cancelled before there was a place. */
  #turn(cancelled: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = (): void => {
        cancelled?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        resolve(false);
      };
      this.#waiting.push(enter);
      cancelled?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** A waiting task takes over the place, so that a newcomer cannot slip in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
