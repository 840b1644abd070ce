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

/**
 * Shares the process's time among the terminals that flood. Each gets a piece in turn, and the one that is typed in
 * before the others: what Ctrl-C has ended is soon on the screen. One that prints little does not queue at all, so no flood
 * delays another terminal's echo.
 */
export class ParseQueue implements Disposable {
  readonly #waiting = new Set<ParseSource>();
  readonly #promptlyParsed = new Map<ParseSource, number>();
  #scheduled: NodeJS.Immediate | null = null;

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
    this.#schedule();
  }

  remove(source: ParseSource): void {
    this.#waiting.delete(source);
    this.#promptlyParsed.delete(source);
  }

  dispose(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
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
    const end = performance.now() + budgetMilliseconds;
    for (const source of this.#waiting) if (source.isForemost) source.parse(pieceChars);
    // A set is walked in the order of insertion: who has had a piece and wants more goes to the end.
    for (const source of this.#waiting) {
      this.#waiting.delete(source);
      if (source.queuedChars > 0) source.parse(pieceChars);
      if (source.queuedChars > 0) this.#waiting.add(source);
      if (performance.now() >= end) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
