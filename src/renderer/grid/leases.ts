/**
 * A fixed number of something scarce. WebGL contexts are: Chromium keeps 16 a process and kills the oldest when a 17th is
 * made, and the canvas of the killed one goes blank.
 */
export class Leases<Holder> {
  readonly #limit: number;
  readonly #holders = new Set<Holder>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when all are taken. A holder that has one already keeps it. */
  take(holder: Holder): boolean {
    if (!this.#holders.has(holder) && this.#holders.size >= this.#limit) return false;
    this.#holders.add(holder);
    return true;
  }

  release(holder: Holder): void {
    this.#holders.delete(holder);
  }
}
