import type { Disposable } from '#shared/disposable.ts';

/** A row that is followed while others scroll, fold and go. */
export interface LineMark extends Disposable {
  /** From the first row that is kept; negative when it is gone. */
  readonly row: number;
}

interface Change {
  index: number;
  amount: number;
}

/** What xterm.js 6.0.0 tells of its list of lines, and has no public reader for. */
interface LineList {
  onTrim?: (listener: (count: number) => void) => Disposable;
  onInsert?: (listener: (change: Change) => void) => Disposable;
  onDelete?: (listener: (change: Change) => void) => Disposable;
}

/**
 * Follows rows of a terminal's main buffer. A marker of xterm.js does the same, with three subscriptions each: where a
 * program marks every line, they made its output thirty times slower. Here a row that scrolls out costs one addition.
 */
export class LineMarks implements Disposable {
  readonly #terminal: object;
  #lines: LineList | undefined;
  #subscriptions: readonly Disposable[] = [];
  /** How many rows have gone at the top; a mark's number counts from before all of them. */
  #trimmed = 0;
  readonly #numbers = new Map<object, number>();

  constructor(terminal: object) {
    this.#terminal = terminal;
  }

  add(row: number): LineMark {
    this.#follow();
    const key = {};
    this.#numbers.set(key, row + this.#trimmed);
    const rowNow = (): number => {
      const number = this.#numbers.get(key);
      return number === undefined ? -1 : number - this.#trimmed;
    };
    return {
      get row() {
        return rowNow();
      },
      dispose: () => this.#numbers.delete(key),
    };
  }

  /** The marks in these rows are gone: from (inclusive) and to (exclusive). */
  erase(from: number, to: number): void {
    for (const [key, number] of this.#numbers) {
      const row = number - this.#trimmed;
      if (row >= from && row < to) this.#numbers.delete(key);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#subscriptions = [];
    this.#numbers.clear();
  }

  /** A full reset gives the terminal another list of lines, and no mark means anything in it. */
  #follow(): void {
    const core = (this.#terminal as { _core?: { _bufferService?: { buffers?: { normal?: { lines?: LineList } } } } })
      ._core;
    const lines = core?._bufferService?.buffers?.normal?.lines;
    if (lines === this.#lines) return;
    this.dispose();
    this.#lines = lines;
    this.#trimmed = 0;
    const inserted = ({ index, amount }: Change): void => {
      this.#move((row) => (row >= index ? row + amount : row));
    };
    const deleted = ({ index, amount }: Change): void => {
      this.#move((row) => (row < index ? row : row < index + amount ? null : row - amount));
    };
    const subscriptions = [
      lines?.onTrim?.((count) => {
        this.#trimmed += count;
      }),
      lines?.onInsert?.(inserted),
      lines?.onDelete?.(deleted),
    ];
    this.#subscriptions = subscriptions.filter((each) => each !== undefined);
  }

  #move(to: (row: number) => number | null): void {
    for (const [key, number] of this.#numbers) {
      const row = to(number - this.#trimmed);
      if (row === null) this.#numbers.delete(key);
      else this.#numbers.set(key, row + this.#trimmed);
    }
  }
}
