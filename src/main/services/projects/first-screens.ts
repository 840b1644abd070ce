import type { Disposable } from '#main/base/lifecycle.ts';

/** How long a page may take to show its first screens before the rest begins all the same, milliseconds. */
export const firstScreensPatience = 4000;

/**
 * A person who comes back waits for the screens of their agents. What only fills in what is beside them is held back until the
 * page has shown them: otherwise dozens of Git processes come first, on a machine on which the agents are at work already.
 */
export class FirstScreens implements Disposable {
  readonly #patience: number;
  #held: { until: PromiseWithResolvers<void>; timer: NodeJS.Timeout } | null = null;

  /** @param patience milliseconds; a page that never says that it has shown them holds nothing back for longer. 0: nothing is. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** A page is about to show a project. */
  expect(): void {
    if (this.#patience === 0) return;
    const until = this.#held?.until ?? Promise.withResolvers<void>();
    clearTimeout(this.#held?.timer);
    const timer = setTimeout(() => {
      this.shown();
    }, this.#patience);
    this.#held = { until, timer: timer.unref() };
  }

  /** Resolves when the screens that are expected have been shown; at once when none are. */
  wait(): Promise<void> {
    return this.#held?.until.promise ?? Promise.resolve();
  }

  shown(): void {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    clearTimeout(held.timer);
    held.until.resolve();
  }

  dispose(): void {
    this.shown();
  }
}
