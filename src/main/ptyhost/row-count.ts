import type { Terminal } from '@xterm/headless';

import type { Disposable } from '#shared/disposable.ts';

import { coreOf, type CoreBuffer } from './xterm-core.ts';

/**
 * Numbers the rows of a terminal's main buffer so that a number stays with its row while others scroll out at the top.
 * Numbers hold for one epoch: folding lines at another width makes other rows of them, and an emptied terminal begins anew.
 */
export class RowCount implements Disposable {
  readonly #terminal: Terminal;
  readonly #onResize: Disposable;
  #lines: CoreBuffer['lines'] | null = null;
  #onTrim: Disposable | null = null;
  #trimmed = 0;
  #epoch = 0;

  /** `epoch`: to begin with another than any that was given out before. */
  constructor(terminal: Terminal, epoch = 0) {
    this.#terminal = terminal;
    this.#epoch = epoch;
    this.#onResize = terminal.onResize(() => {
      this.#epoch += 1;
    });
    this.#follow();
  }

  get epoch(): number {
    this.#follow();
    return this.#epoch;
  }

  /** How many rows have gone at the top: the number of the first that is there. */
  get trimmed(): number {
    this.#follow();
    return this.#trimmed;
  }

  dispose(): void {
    this.#onResize.dispose();
    this.#onTrim?.dispose();
  }

  /** A full reset gives the terminal another list of lines. */
  #follow(): void {
    const lines = coreOf(this.#terminal)._bufferService?.buffers?.normal?.lines;
    if (lines === this.#lines) return;
    this.#onTrim?.dispose();
    this.#lines = lines;
    this.#trimmed = 0;
    this.#epoch += 1;
    this.#onTrim =
      lines?.onTrim?.((count) => {
        this.#trimmed += count;
      }) ?? null;
  }
}
