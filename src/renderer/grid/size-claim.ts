import type { Disposable } from '#shared/disposable.ts';

/** A terminal's size in character cells. */
export interface TerminalSize {
  cols: number;
  rows: number;
}

export interface SizeClaimDependencies {
  /** What would fill the pane; null while it is not on screen. */
  propose: () => TerminalSize | null;
  /** Whether the person can see this page. */
  isVisible: () => boolean;
  /** Whether another terminal is just about to show what it holds: to fold the lines of all others anew would hold it up. */
  othersAwaited: () => boolean;
  /** Asks the host; its answer comes as a `resized` frame, in order with the output. */
  send: (size: TerminalSize) => void;
}

/** While a gutter is dragged a program would redraw at every step. */
const settleMilliseconds = 60;
/** Others are waited for so many times, and not longer: a host that is away would leave every terminal at its old size. */
const mostWaits = 5;
/** The contract's bounds. */
const largest = 1000;

/**
 * Decides when a viewer gives a terminal its size. A terminal has one size and may have several viewers: the one that was
 * looked at last decides, and none answers another's resize with one of its own. Showing a terminal again at a size that it
 * has already sends nothing, because every resize makes a program redraw, and some lose lines in it.
 */
export class SizeClaim implements Disposable {
  readonly #dependencies: SizeClaimDependencies;
  #current: TerminalSize | null = null;
  #sent: TerminalSize | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(dependencies: SizeClaimDependencies) {
    this.#dependencies = dependencies;
  }

  /** The host says what size the terminal has. */
  confirm(size: TerminalSize): void {
    const isAnswer = this.#sent === null || equal(size, this.#sent);
    this.#current = size;
    this.#sent = null;
    // What we asked for got lost with the connection, or was overtaken by somebody else's wish and comes in a moment.
    if (!isAnswer) this.claim();
  }

  /** The pane, the font or the person's attention has changed: asks for the size that fits, once things have settled. */
  claim(): void {
    this.#claimSoon(mostWaits);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #claimSoon(waits: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (waits > 0 && this.#dependencies.othersAwaited()) this.#claimSoon(waits - 1);
      else this.#claimNow();
    }, settleMilliseconds);
  }

  #claimNow(): void {
    const { propose, isVisible, send } = this.#dependencies;
    // Before the first frame there is nothing to compare with; the frame's arrival claims again.
    if (!isVisible() || !this.#current) return;
    const proposed = propose();
    if (!proposed) return;
    const size = {
      cols: Math.max(2, Math.min(largest, proposed.cols)),
      rows: Math.max(1, Math.min(largest, proposed.rows)),
    };
    if (equal(size, this.#sent ?? this.#current)) return;
    this.#sent = size;
    send(size);
  }
}

const equal = (a: TerminalSize, b: TerminalSize): boolean => a.cols === b.cols && a.rows === b.rows;
