import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';

export type SnapshotFrame = Extract<TerminalFrame, { kind: 'snapshot' }>;

export interface ViewerLimits {
  /** Characters of output that a viewer may owe. Beyond that it gets nothing until it has caught up. */
  owedChars: number;
  /** At or below this it has caught up. Above zero, so that one who acknowledges in lumps is not stranded. */
  caughtUpChars: number;
}

export const viewerLimits: ViewerLimits = { owedChars: 200_000, caughtUpChars: 20_000 };

/** Output that follows closely is sent together. The first after a pause goes at once. */
const batchMilliseconds = 4;
/** No batch is longer, whatever the time. */
const batchChars = 65_536;
/** A frame of synchronized output (DEC 2026) that has begun is kept back until it ends, but not longer than this. */
const heldMilliseconds = 50;
/** Snapshots of a viewer that falls behind again and again take at most a tenth of the time. */
const snapshotSpacing = 10;
const leastSnapshotMilliseconds = 100;

/**
 * One who watches a terminal: gets a snapshot, then what follows it. What it was sent and has not acknowledged is its
 * debt. Past the limit it falls behind, and gets a new snapshot once it has caught up; the terminal never waits for it.
 */
export class Viewer implements Disposable {
  readonly #push: (frame: TerminalFrame) => void;
  readonly #snapshot: () => SnapshotFrame;
  readonly #limits: ViewerLimits;
  #pending = '';
  #pendingSince = 0;
  #sentAt = -Infinity;
  #owedOutput = 0;
  #owedSnapshot = 0;
  /** Until the first snapshot too. */
  #isBehind = true;
  #isDisposed = false;
  #nextSnapshotAt = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #snapshotTimer: NodeJS.Timeout | null = null;

  constructor(options: { push: (frame: TerminalFrame) => void; snapshot: () => SnapshotFrame; limits: ViewerLimits }) {
    this.#push = options.push;
    this.#snapshot = options.snapshot;
    this.#limits = options.limits;
  }

  get owedChars(): number {
    return this.#owedOutput + this.#owedSnapshot;
  }

  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Sends the screen as it is. What comes after continues it. */
  sendSnapshot(): void {
    if (this.#isDisposed) return;
    this.#clearTimers();
    this.#pending = '';
    this.#isBehind = false;
    const began = performance.now();
    const frame = this.#snapshot();
    const ended = performance.now();
    this.#nextSnapshotAt = ended + Math.max(leastSnapshotMilliseconds, (ended - began) * snapshotSpacing);
    this.#owedSnapshot += frame.data.length;
    this.#sentAt = ended;
    this.#push(frame);
  }

  output(data: string): void {
    if (this.#isDisposed || this.#isBehind) return;
    if (this.#owedOutput + this.#pending.length + data.length > this.#limits.owedChars) {
      this.#isBehind = true;
      this.#pending = '';
      this.#clearTimers();
      // It may owe nothing at all: one burst was larger than the limit.
      this.#catchUp();
      return;
    }
    if (this.#pending === '') this.#pendingSince = performance.now();
    this.#pending += data;
    this.#flushSoon();
  }

  /** Sends what is not output, in its place in the stream. One who is behind learns it from the snapshot. */
  send(frame: Exclude<TerminalFrame, { kind: 'output' | 'snapshot' }>): void {
    if (this.#isDisposed) return;
    if (this.#isBehind && frame.kind !== 'gone') return;
    this.#sendOutput(this.#pending.length);
    this.#push(frame);
  }

  acknowledge(chars: number): void {
    const ofSnapshot = Math.min(chars, this.#owedSnapshot);
    this.#owedSnapshot -= ofSnapshot;
    this.#owedOutput = Math.max(0, this.#owedOutput - (chars - ofSnapshot));
    this.#catchUp();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#pending = '';
    this.#clearTimers();
  }

  #catchUp(): void {
    if (this.#isDisposed || !this.#isBehind || this.#snapshotTimer) return;
    if (this.owedChars > this.#limits.caughtUpChars) return;
    const wait = this.#nextSnapshotAt - performance.now();
    if (wait <= 0) {
      this.sendSnapshot();
      return;
    }
    this.#snapshotTimer = setTimeout(() => {
      this.#snapshotTimer = null;
      this.sendSnapshot();
    }, wait);
  }

  #flushSoon(): void {
    const since = performance.now() - this.#sentAt;
    if (this.#pending.length >= batchChars || (since >= batchMilliseconds && !this.#flushTimer)) this.#flush();
    else this.#flushLater(batchMilliseconds);
  }

  #flushLater(milliseconds: number): void {
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = null;
      this.#flush();
    }, milliseconds);
  }

  #flush(): void {
    const whole = this.#pending.length;
    // A viewer paints nothing while a synchronized frame is open. Batches that are cut inside such frames, one after
    // the other, leave it without a repaint: 0 in 4 seconds were measured; cut before them, it paints each batch.
    const begins = this.#pending.lastIndexOf('\x1b[?2026h');
    const isOpen = begins >= 0 && this.#pending.indexOf('\x1b[?2026l', begins) < 0;
    const mayHold = whole < batchChars && performance.now() - this.#pendingSince < heldMilliseconds;
    this.#sendOutput(isOpen && mayHold ? begins : whole);
    if (this.#pending !== '') this.#flushLater(batchMilliseconds);
  }

  #sendOutput(chars: number): void {
    if (chars === 0) return;
    const data = this.#pending.slice(0, chars);
    this.#pending = this.#pending.slice(chars);
    this.#sentAt = performance.now();
    this.#pendingSince = this.#sentAt;
    this.#owedOutput += data.length;
    this.#push({ kind: 'output', data });
  }

  #clearTimers(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    if (this.#snapshotTimer) clearTimeout(this.#snapshotTimer);
    this.#flushTimer = null;
    this.#snapshotTimer = null;
  }
}
