import type { Disposable } from '#main/base/lifecycle.ts';

/** A terminal whose rows can be packed. */
export interface PackSource {
  /** Packs some rows if nobody watches, until the time is up (of the performance clock). True: there is more. */
  pack(end: number): boolean;
}

/** What is above the screen at one look is packed at the next, if it is still there. */
const lookMilliseconds = 1000;
/** Where there is more to do than time: how long the event loop is held up at once, and how often. */
const busyMilliseconds = 5;
const pauseMilliseconds = 50;

/**
 * Looks at the terminals that nobody watches, and has the rows above their screens packed a few at a time, so that no
 * terminal's echo waits for it.
 */
export class ScrollbackPacker implements Disposable {
  readonly #sources: () => readonly PackSource[];
  #waiting: readonly PackSource[] = [];
  #timer: NodeJS.Timeout;

  constructor(sources: () => readonly PackSource[]) {
    this.#sources = sources;
    this.#timer = this.#later(lookMilliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (this.#waiting.length === 0) this.#waiting = this.#sources();
    const end = performance.now() + busyMilliseconds;
    while (this.#waiting.length > 0 && performance.now() < end) {
      const [first, ...others] = this.#waiting;
      // It may have been removed meanwhile.
      const isThere = first !== undefined && this.#sources().includes(first);
      if (!isThere || !first.pack(end)) this.#waiting = others;
    }
    this.#timer = this.#later(this.#waiting.length > 0 ? pauseMilliseconds : lookMilliseconds);
  }

  #later(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#look();
    }, milliseconds).unref();
  }
}
