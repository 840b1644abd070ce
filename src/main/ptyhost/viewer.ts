import type { SnapshotExtent, TerminalFrame } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';

import type { OutputBudget, WaitingViewer } from './output-budget.ts';

export type SnapshotFrame = Extract<TerminalFrame, { kind: 'snapshot' }>;

/** What a viewer needs of its terminal. */
export interface ViewedTerminal {
  /** `screen`: without the lines above it, where leaving them out is worth while. */
  snapshot(extent: SnapshotExtent): SnapshotFrame;
  /** Whether the program is in the middle of a synchronized frame (DEC 2026), so that the screen is half drawn. */
  readonly isMidFrame: boolean;
  /** Whether somebody has typed into it just now. */
  readonly isForemost: boolean;
  readonly rows: number;
  /** Whether output of it waits to be parsed: it is silent because it has to wait, and not because it rests. */
  readonly hasMore: boolean;
}

/** Output that follows closely is sent together. The first after a pause goes at once. */
const batchMilliseconds = 4;
/** No batch is longer, whatever the time. */
const batchChars = 65_536;
/** A frame of synchronized output that has begun is kept back until it ends, but not longer than this. */
const heldMilliseconds = 50;
/** One who is behind is shown the screen no more often than this. */
const spacingMilliseconds = 30;
/** Without output for so long, a terminal has come to rest, and what its viewers lack above the screen is sent. */
const restMilliseconds = 250;
/** Whether it rests is looked at no more often than this. */
const lookMilliseconds = 20;

/**
 * One who watches a terminal: gets a snapshot, then what follows it. What it was sent and has not acknowledged is its
 * debt. Past its share of the budget it falls behind: what comes is not kept for it, and when its turn comes and it has
 * caught up, it gets the screen as it is then. The lines that have gone by above follow when the terminal rests. The
 * terminal never waits for it.
 */
export class Viewer implements WaitingViewer, Disposable {
  readonly #push: (frame: TerminalFrame) => void;
  readonly #terminal: ViewedTerminal;
  readonly #budget: OutputBudget;
  #pending = '';
  #pendingSince = 0;
  /** Line feeds in what is pending. Counted while the terminal floods. */
  #pendingLines = 0;
  #sentAt = -Infinity;
  #owed = 0;
  /** What of its debt a snapshot was: however large it is, it does not make its viewer fall behind. */
  #owedSnapshot = 0;
  #isBehind = true;
  #behindSince = 0;
  /** It was shown the screen without what had gone by above it. */
  #lacksLines = false;
  /** The next snapshot is a whole one, whether the terminal rests or not. */
  #wantsWhole = false;
  /** It has fallen behind and the terminal has not come to rest since. */
  #floods = false;
  #outputAt = 0;
  #isDisposed = false;
  #flushTimer: NodeJS.Timeout | null = null;
  #restTimer: NodeJS.Timeout | null = null;

  constructor(options: { push: (frame: TerminalFrame) => void; terminal: ViewedTerminal; budget: OutputBudget }) {
    this.#push = options.push;
    this.#terminal = options.terminal;
    this.#budget = options.budget;
  }

  get owedChars(): number {
    return this.#owed + this.#owedSnapshot;
  }

  get isBehind(): boolean {
    return this.#isBehind;
  }

  get isReady(): boolean {
    const now = performance.now();
    if (now - this.#sentAt < spacingMilliseconds) return false;
    // It has room when it has taken most of what it had, so that a lump that it acknowledges late does not strand it.
    if (this.owedChars > this.#allowance({ floods: false }) / 4) return false;
    return !this.#terminal.isMidFrame || now - this.#behindSince > heldMilliseconds;
  }

  /** Sends what there is to see, all of it or the screen at first. What comes after continues it. */
  sendSnapshot(extent: SnapshotExtent = 'whole'): void {
    this.#show(extent);
  }

  /** Its turn has come. */
  catchUp(): void {
    this.#show(this.#wantsWhole || this.#isAtRest() ? 'whole' : 'screen');
  }

  output(data: string): void {
    if (this.#isDisposed) return;
    if (this.#isAtRest()) this.#floods = false;
    this.#outputAt = performance.now();
    if (this.#isBehind) {
      this.#budget.run();
      return;
    }
    const isTooMuch =
      this.#owed + this.#pending.length + data.length > this.#allowance({ floods: this.#floods }) ||
      (this.#floods && this.#isMoreThanAScreen(data));
    if (isTooMuch) {
      this.#floods = true;
      this.#fallBehind();
      return;
    }
    if (this.#pending === '') this.#pendingSince = this.#outputAt;
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
    if (this.#isDisposed) return;
    const ofSnapshot = Math.min(chars, this.#owedSnapshot);
    this.#owedSnapshot -= ofSnapshot;
    this.#owed = Math.max(0, this.#owed - (chars - ofSnapshot));
    this.#sayBusy();
    this.#budget.run();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#pending = '';
    this.#clearFlush();
    if (this.#restTimer) clearTimeout(this.#restTimer);
    this.#budget.remove(this);
  }

  #allowance({ floods }: { floods: boolean }): number {
    return this.#budget.allowance(this, { isForemost: this.#terminal.isForemost, floods });
  }

  /** Whether what waits, and this, scroll the whole screen away: then a picture of it costs the viewer less to draw. */
  #isMoreThanAScreen(data: string): boolean {
    for (let at = data.indexOf('\n'); at >= 0; at = data.indexOf('\n', at + 1)) this.#pendingLines++;
    return this.#pendingLines > this.#terminal.rows;
  }

  #isAtRest(): boolean {
    return !this.#terminal.hasMore && performance.now() - this.#outputAt >= restMilliseconds;
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#behindSince = performance.now();
    this.#pending = '';
    this.#pendingLines = 0;
    this.#clearFlush();
    this.#sayBusy();
    this.#budget.wait(this);
  }

  #show(extent: SnapshotExtent): void {
    if (this.#isDisposed) return;
    this.#clearFlush();
    this.#pending = '';
    this.#isBehind = false;
    this.#wantsWhole = false;
    const frame = this.#terminal.snapshot(extent);
    this.#lacksLines = frame.isPartial === true;
    this.#owedSnapshot += frame.data.length;
    this.#sentAt = performance.now();
    this.#sayBusy();
    this.#push(frame);
    if (this.#lacksLines) this.#fillInAtRest();
  }

  #fillInAtRest(): void {
    if (this.#restTimer || this.#isDisposed) return;
    const wait = this.#floods
      ? Math.max(lookMilliseconds, this.#outputAt + restMilliseconds - performance.now())
      : lookMilliseconds;
    this.#restTimer = setTimeout(() => {
      this.#restTimer = null;
      if (!this.#lacksLines || this.#isBehind) return; // by its turn it gets what is right then
      if (this.#floods && !this.#isAtRest()) {
        this.#fillInAtRest();
        return;
      }
      this.#wantsWhole = true;
      this.#floods = false;
      this.#fallBehind();
    }, wait);
  }

  #sayBusy(): void {
    this.#budget.setBusy(this, this.#isBehind || this.owedChars > 0);
  }

  #flushSoon(): void {
    // What follows a picture of a flood is soon more than is kept, and then the next picture says it. A program that only
    // goes on repainting stays within it, and is followed without another picture.
    if (this.#floods) {
      this.#flushLater(Math.max(1, this.#sentAt + spacingMilliseconds - performance.now()));
      return;
    }
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
    this.#pendingLines = 0;
    this.#sentAt = performance.now();
    this.#pendingSince = this.#sentAt;
    this.#owed += data.length;
    this.#sayBusy();
    this.#push({ kind: 'output', data });
  }

  #clearFlush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
  }
}
