import type { Disposable } from '#shared/disposable.ts';

/** Someone who is behind and waits to be shown the screen as it is. */
export interface WaitingViewer {
  /** Whether it would be of use now: it has room for it, and the program is not in the middle of a frame. */
  readonly isReady: boolean;
  /** Takes the picture and sends it. */
  catchUp(): void;
}

export interface BudgetLimits {
  /** Characters of output that all viewers together may owe. */
  totalChars: number;
  /** However many there are, each may owe so much. */
  leastChars: number;
  /** What the one with the keyboard may owe, whatever the others do. */
  foremostChars: number;
}

/**
 * In flight there is only what a page paints in a frame or two, so that what is typed never waits behind a backlog. At 16
 * busy terminals of 100,000 characters each, as one debt per terminal allows, a keystroke took 0.2 s to be seen.
 */
export const budgetLimits: BudgetLimits = { totalChars: 160_000, leastChars: 12_000, foremostChars: 131_072 };

/** Pictures take at most a third of the process's time. */
const pauseShare = 2;
/** So long after a key, pictures of what goes on beside it are worth less than that its echo is seen. */
const givingWayMilliseconds = 1000;
/** Then one comes in so many milliseconds: a page that paints 60 times a second draws what is typed in between. */
const pauseBesideTyping = 33;
/** How often it is looked whether somebody who was not ready is so now, beside when it may have changed. */
const retryMilliseconds = 15;

/**
 * What all viewers of all terminals may owe together, shared equally among those that are busy; and whose turn it is to be
 * shown the present screen, of those that have fallen behind. One at a time, in the order in which they fell behind: a
 * picture costs the process time in which no terminal echoes.
 */
export class OutputBudget implements Disposable {
  readonly #limits: BudgetLimits;
  readonly #busy = new Set<WaitingViewer>();
  readonly #waiting = new Set<WaitingViewer>();
  #nextAt = 0;
  #givesWayUntil = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  #isRunning = false;

  constructor(limits: BudgetLimits = budgetLimits) {
    this.#limits = limits;
  }

  /**
   * How many characters this viewer may owe just now. One whose terminal floods gets the least: more of a flood than the
   * present screen nobody can read, and what it takes to paint it is kept from the others.
   */
  allowance(viewer: WaitingViewer, { isForemost, floods }: { isForemost: boolean; floods: boolean }): number {
    const { totalChars, leastChars, foremostChars } = this.#limits;
    if (floods) return leastChars;
    if (isForemost) return foremostChars;
    const sharers = this.#busy.size + (this.#busy.has(viewer) ? 0 : 1);
    return Math.max(leastChars, Math.floor(totalChars / sharers));
  }

  /** Says whether it owes anything, or is behind: the budget is shared among those that are. */
  setBusy(viewer: WaitingViewer, isBusy: boolean): void {
    if (isBusy) this.#busy.add(viewer);
    else this.#busy.delete(viewer);
  }

  /** Somebody has pressed a key, in whichever terminal. */
  giveWay(): void {
    this.#givesWayUntil = performance.now() + givingWayMilliseconds;
  }

  /** Asks to be shown the screen when its turn comes. Asking again changes nothing. */
  wait(viewer: WaitingViewer): void {
    this.#waiting.add(viewer);
    this.run();
  }

  /** Something has changed by which one who waits may have become ready. */
  run(): void {
    if (this.#isRunning || this.#waiting.size === 0) return;
    // Who is shown the screen says in the middle of it that it is busy, which may bring us here again.
    this.#isRunning = true;
    try {
      if (performance.now() >= this.#nextAt) this.#serveOne();
    } finally {
      this.#isRunning = false;
      if (this.#waiting.size > 0) this.#runLater();
    }
  }

  /** It has left. */
  remove(viewer: WaitingViewer): void {
    this.#waiting.delete(viewer);
    this.#busy.delete(viewer);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#busy.clear();
  }

  #serveOne(): void {
    for (const viewer of this.#waiting) {
      if (!viewer.isReady) continue;
      this.#waiting.delete(viewer);
      const began = performance.now();
      viewer.catchUp();
      const ended = performance.now();
      this.#nextAt =
        ended + Math.max((ended - began) * pauseShare, ended < this.#givesWayUntil ? pauseBesideTyping : 0);
      return;
    }
  }

  #runLater(): void {
    if (this.#timer) return;
    const wait = Math.max(1, Math.min(retryMilliseconds, this.#nextAt - performance.now()));
    const isSomebodyReady = Array.from(this.#waiting).some(({ isReady }) => isReady);
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.run();
      },
      isSomebodyReady ? wait : retryMilliseconds,
    );
  }
}
