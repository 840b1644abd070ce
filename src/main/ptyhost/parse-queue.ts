import type { Disposable } from '#shared/disposable.ts';

/** Something with output that waits to be parsed. */
export interface ParseSource {
  readonly queuedChars: number;
  /** Whether somebody has typed into it just now. */
  readonly isForemost: boolean;
  /** Parses about so many characters of what waits. */
  parse(chars: number): void;
}

/** What one terminal may have parsed at once per turn of the event loop, ahead of the queue: an echo, a prompt. */
const promptChars = 8192;
/** A turn in the queue: about a quarter of a millisecond of parsing. */
const pieceChars = 16_384;
/** After so long the event loop gets its turn, so that input and other terminals' echoes are not kept waiting. */
const budgetMilliseconds = 4;
/** So long after a key the floods give way to what a person sees of it. */
const givingWayMilliseconds = 1000;
/**
 * While they give way, they rest for so many times what their turn has taken: a quarter of one processor is left to them.
 * On two processors, 15 floods and their parser took one and a half of them, and a key 0.35 s to be painted.
 */
const restShare = 3;

/**
 * Shares the process's time among the terminals that flood. Each gets a piece in turn, and the one that is typed in
 * before the others: what Ctrl-C has ended is soon on the screen. One that prints little does not queue at all, so no flood
 * delays another terminal's echo. For a moment after each key the floods are slowed down: their programs wait for the
 * system's buffer then, and the processors are free for the echo's way through the host and the page.
 */
export class ParseQueue implements Disposable {
  readonly #waiting = new Set<ParseSource>();
  readonly #promptlyParsed = new Map<ParseSource, number>();
  readonly #now: () => number;
  #scheduled: NodeJS.Immediate | null = null;
  #rest: NodeJS.Timeout | null = null;
  #restsUntil = -Infinity;
  #givesWayUntil = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Somebody has pressed a key, in whichever terminal. */
  giveWay(): void {
    this.#givesWayUntil = this.#now() + givingWayMilliseconds;
  }

  /** Whether so much of a source that has nothing waiting may be parsed at once. */
  mayParseNow(source: ParseSource, chars: number): boolean {
    if (source.queuedChars > 0) return false;
    const parsed = (this.#promptlyParsed.get(source) ?? 0) + chars;
    if (parsed > promptChars) return false;
    this.#promptlyParsed.set(source, parsed);
    this.#schedule();
    return true;
  }

  /** A source has something waiting. */
  wake(source: ParseSource): void {
    this.#waiting.add(source);
    this.#scheduleNext();
  }

  remove(source: ParseSource): void {
    this.#waiting.delete(source);
    this.#promptlyParsed.delete(source);
  }

  dispose(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    if (this.#rest) clearTimeout(this.#rest);
    this.#waiting.clear();
    this.#promptlyParsed.clear();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null;
      this.#turn();
    });
  }

  #turn(): void {
    this.#promptlyParsed.clear();
    for (const source of this.#waiting) if (source.isForemost) this.#serve(source);
    const began = this.#now();
    if (began >= this.#restsUntil) {
      // A set is walked in the order of insertion: who has had a piece and wants more goes to the end.
      for (const source of this.#waiting) {
        this.#serve(source);
        if (this.#now() >= began + budgetMilliseconds) break;
      }
      const ended = this.#now();
      if (ended < this.#givesWayUntil) this.#restsUntil = ended + (ended - began) * restShare;
    }
    this.#scheduleNext();
  }

  #serve(source: ParseSource): void {
    this.#waiting.delete(source);
    if (source.queuedChars > 0) source.parse(pieceChars);
    if (source.queuedChars > 0) this.#waiting.add(source);
  }

  #scheduleNext(): void {
    if (this.#waiting.size === 0) return;
    const rest = this.#restsUntil - this.#now();
    if (rest <= 0 || Array.from(this.#waiting).some(({ isForemost }) => isForemost)) {
      this.#schedule();
      return;
    }
    this.#rest ??= setTimeout(
      () => {
        this.#rest = null;
        this.#turn();
      },
      Math.max(1, rest),
    );
  }
}
