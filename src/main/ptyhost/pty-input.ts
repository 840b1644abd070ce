import { write } from 'node:fs';

/** A program that does not read its input gets no more than this held for it. */
const mostHeldBytes = 4_000_000;
const longestRetryMilliseconds = 16;

/**
 * Writes to a pseudo-terminal whose descriptor does not block. When the program does not read, it asks again after a
 * short and growing while; node-pty asks without a pause, which takes a whole core.
 */
export class PtyInput {
  readonly #fd: number;
  readonly #queue: Buffer[] = [];
  #heldBytes = 0;
  #isWriting = false;
  #isStopped = false;
  #retryMilliseconds = 1;
  #retryTimer: NodeJS.Timeout | null = null;
  readonly #whenIdle: (() => void)[] = [];

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** False: the program has not read what was typed for long, and this was dropped. */
  write(data: string): boolean {
    const bytes = Buffer.from(data);
    if (this.#isStopped || this.#heldBytes + bytes.length > mostHeldBytes) return false;
    if (bytes.length === 0) return true;
    this.#queue.push(bytes);
    this.#heldBytes += bytes.length;
    if (!this.#isWriting && !this.#retryTimer) this.#next();
    return true;
  }

  /** Drops what waits. Resolves when no write is under way, so that the descriptor can be closed and its number reused. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue.length = 0;
    this.#heldBytes = 0;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    if (!this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
    });
  }

  #next(): void {
    const [bytes] = this.#queue;
    if (!bytes || this.#isStopped) return;
    this.#isWriting = true;
    write(this.#fd, bytes, (error, written) => {
      this.#isWriting = false;
      if (this.#isStopped) {
        for (const resolve of this.#whenIdle.splice(0)) resolve();
        return;
      }
      if (error?.code === 'EAGAIN') {
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = null;
          this.#next();
        }, this.#retryMilliseconds);
        this.#retryMilliseconds = Math.min(longestRetryMilliseconds, this.#retryMilliseconds * 2);
        return;
      }
      this.#retryMilliseconds = 1;
      if (error) {
        // The terminal is gone; its exit is on the way.
        this.#queue.length = 0;
        this.#heldBytes = 0;
        return;
      }
      this.#heldBytes -= written;
      if (written === bytes.length) this.#queue.shift();
      else this.#queue[0] = bytes.subarray(written);
      this.#next();
    });
  }
}
