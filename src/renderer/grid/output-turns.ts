import type { Disposable } from '#shared/disposable.ts';

/** Calls back before the next paint, or after a while where nothing is painted (a page in the background). */
export interface FrameClock {
  next(callback: (now: number) => void): Disposable;
}

export interface OutputQueue extends Disposable {
  push(data: string): void;
  /**
   * What is drawn replaces everything that was pushed before: what of that still waits is dropped, and how many characters
   * that were is returned. What is pushed later is released after it.
   */
  replace(draw: () => void): number;
  /** The terminal with the keyboard does not wait for its turn. */
  setForemost(foremost: boolean): void;
  /** A key was pressed in it. */
  typed(): void;
  /** Releases all that waits, because what comes next must stand behind it. */
  flush(): void;
}

const frameBegin = '\x1b[?2026h';
const frameEnd = '\x1b[?2026l';
/** A program that begins a synchronized frame and does not end it is shown nevertheless, after this many milliseconds. */
const longestHold = 100;
/** The most characters that one terminal parses in its turn; xterm takes about 2 ms for them. */
const charactersPerTurn = 128 * 1024;
/** More terminals than this are never shown at once. */
const mostPerFrame = 16;
/** For so many frames after a key, half a second, what is typed is worth more than that the others are up to date. */
const typingFrames = 30;
/**
 * While somebody types, one of the others is painted in every third frame. In every frame, a key was painted after 24 ms, or
 * 79 for one in twenty; so it is after 14, or 30.
 */
const skippedBesideTyping = 2;
/** On a page that is late they wait longer, but not for more than so many frames. */
const mostSkipped = 4;

/**
 * How much of the output can be parsed so that no synchronized frame (DEC mode 2026) is left open. xterm paints nothing
 * while one is open, and output cut at arbitrary places has one open nearly always, so that nothing would ever be painted.
 */
export function completeFrames(data: string): number {
  const open = data.indexOf(frameBegin, data.lastIndexOf(frameEnd) + 1);
  return open < 0 ? data.length : open;
}

interface Waiting {
  /** Comes before `data`; null when nothing is to be replaced. */
  draw: (() => void) | null;
  data: string;
  foremost: boolean;
  /** Since when an unfinished frame is held back; null when none is. */
  heldSince: number | null;
  take(data: string): void;
}

/**
 * Shares out the page's time among the terminals that are shown. Painting is what costs, so the one with the keyboard is
 * parsed at once and the others take turns: as many a frame as the page can paint in time, more when it keeps up, half as
 * many when it does not.
 */
export class OutputTurns implements Disposable {
  readonly #clock: FrameClock;
  /** In the order of their turns: who was served goes to the end. */
  #queues: Waiting[] = [];
  #frame: Disposable | null = null;
  #lastFrame: number | null = null;
  #perFrame = 4;
  /** Whether the terminal with the keyboard had output since the last frame. */
  #foremostIsNew = false;
  #gaveWay = false;
  #typingFrames = 0;
  #skipped = 0;

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** A queue in front of one terminal. `take` is handed the output in order, in pieces of any size. */
  open(take: (data: string) => void): OutputQueue {
    const queue: Waiting = { draw: null, data: '', foremost: false, heldSince: null, take };
    this.#queues.push(queue);
    const arrived = (): void => {
      if (queue.foremost) {
        this.#foremostIsNew = true;
        this.#serve(queue);
      }
      if (waits(queue)) this.#schedule();
    };
    return {
      push: (data) => {
        queue.data += data;
        arrived();
      },
      replace: (draw) => {
        const dropped = queue.data.length;
        queue.data = '';
        queue.heldSince = null;
        queue.draw = draw;
        arrived();
        return dropped;
      },
      setForemost: (foremost) => {
        queue.foremost = foremost;
        if (foremost) this.#serve(queue);
      },
      typed: () => {
        this.#typingFrames = typingFrames;
      },
      flush: () => {
        release(queue, queue.data.length);
      },
      dispose: () => {
        queue.draw = null;
        queue.data = '';
        this.#queues = this.#queues.filter((other) => other !== queue);
      },
    };
  }

  dispose(): void {
    this.#frame?.dispose();
    this.#queues = [];
  }

  #schedule(): void {
    this.#frame ??= this.#clock.next((now) => {
      this.#frame = null;
      this.#runFrame(now);
    });
  }

  #runFrame(now: number): void {
    const gap = this.#lastFrame === null ? 0 : now - this.#lastFrame;
    if (this.#lastFrame !== null) {
      // 60 frames a second are 16.7 ms apart: up to 20 the page keeps up, beyond 25 it has missed one.
      if (gap <= 20) this.#perFrame = Math.min(mostPerFrame, this.#perFrame + 1);
      else if (gap > 25) this.#perFrame = Math.max(1, Math.floor(this.#perFrame / 2));
    }
    // What is being typed is painted alone: one frame without the others, and never two.
    const gives = this.#foremostIsNew && !this.#gaveWay;
    this.#foremostIsNew = false;
    this.#gaveWay = gives;
    let turns = gives ? 0 : this.#turnsBesideTyping(gap);
    const served: Waiting[] = [];
    for (const queue of this.#queues) {
      if (turns === 0) break;
      if (!waits(queue) || !this.#serve(queue, now)) continue;
      served.push(queue);
      turns--;
    }
    if (served.length > 0) this.#queues = [...this.#queues.filter((queue) => !served.includes(queue)), ...served];
    const isBusy = this.#queues.some(waits);
    // The next frame says what it took to paint this one. After a rest the gap says nothing.
    const paints = isBusy || served.length > 0;
    this.#lastFrame = paints ? now : null;
    if (paints) this.#schedule();
  }

  #turnsBesideTyping(gap: number): number {
    if (this.#typingFrames === 0) return this.#perFrame;
    this.#typingFrames--;
    const skips = this.#skipped < (gap > 20 ? mostSkipped : skippedBesideTyping);
    this.#skipped = skips ? this.#skipped + 1 : 0;
    return skips ? 0 : 1;
  }

  /** Releases what is complete. False when there was nothing to release. */
  #serve(queue: Waiting, now: number | null = null): boolean {
    const complete = completeFrames(queue.data);
    if (complete === queue.data.length) queue.heldSince = null;
    else if (now !== null) queue.heldSince ??= now;
    const waited = now !== null && queue.heldSince !== null && now - queue.heldSince > longestHold;
    const ready = waited || queue.data.length - complete > charactersPerTurn ? queue.data.length : complete;
    return release(queue, queue.foremost ? ready : Math.min(ready, charactersPerTurn));
  }
}

const waits = (queue: Waiting): boolean => queue.draw !== null || queue.data !== '';

function release(queue: Waiting, length: number): boolean {
  const { draw } = queue;
  queue.draw = null;
  draw?.();
  if (length === 0) return draw !== null;
  const data = queue.data.slice(0, length);
  queue.data = queue.data.slice(length);
  if (queue.data === '') queue.heldSince = null;
  queue.take(data);
  return true;
}
