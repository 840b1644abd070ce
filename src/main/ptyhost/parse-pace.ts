/** What a screen parses at least when the output is ordinary; the slowest log was measured at four times that. */
const ordinaryCharsPerMillisecond = 10_000;
/** A piece takes about so long. */
const pieceMilliseconds = 3;
const leastChars = 64;

/**
 * Learns from each piece how long the next one may be. Some output costs a thousand times what a log does: three
 * characters clear a whole screen, two build it anew. Pieces of one length would have the process stand still for it.
 */
export class ParsePace {
  #charsPerMillisecond = ordinaryCharsPerMillisecond;

  /** The characters of a piece that take about 3 ms. */
  get pieceChars(): number {
    return Math.max(leastChars, Math.floor(this.#charsPerMillisecond * pieceMilliseconds));
  }

  /** As many characters of ordinary output take as long as these. */
  weigh(chars: number): number {
    return Math.ceil((chars * ordinaryCharsPerMillisecond) / this.#charsPerMillisecond);
  }

  took(chars: number, milliseconds: number): void {
    const measured = chars / Math.max(milliseconds, 0.001);
    // Slow at once and fast again in steps: what was slow tends to go on.
    const next = Math.min(measured, this.#charsPerMillisecond * 2, ordinaryCharsPerMillisecond);
    // A few characters, or a pause of the whole process while they were parsed, say little.
    if (chars >= leastChars || next > this.#charsPerMillisecond) this.#charsPerMillisecond = next;
  }
}
