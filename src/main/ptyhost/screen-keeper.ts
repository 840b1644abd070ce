import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { TerminalId } from '#shared/ids.ts';

import { encodeKept, type ScreenToKeep } from './kept-screen.ts';
import type { KeptScreens } from './kept-screens.ts';

/** A terminal whose screen is kept. */
export interface KeptSource {
  readonly id: TerminalId;
  /** Rises with whatever should be on disk some time. */
  readonly changes: number;
  readonly isRunning: boolean;
  /** Lines above the screen at this time. */
  readonly linesAbove: number;
  toKeep(linesAbove: number): ScreenToKeep;
}

export interface KeeperPace {
  /** How often it is looked whether something has changed. */
  lookMilliseconds: number;
  /** The least between two writes of one terminal. */
  spacingMilliseconds: number;
  /** A terminal that has not changed for so long is quiet. */
  quietMilliseconds: number;
}

export const keeperPace: KeeperPace = { lookMilliseconds: 1000, spacingMilliseconds: 4000, quietMilliseconds: 1500 };

/** What the event loop may be held up to write down a screen: while output comes, and once it has ceased. */
const busyMilliseconds = 8;
const quietMilliseconds = 40;
/** What took so long is not made longer; the end of the process or of the host adds the rest. */
const longestMilliseconds = 200;
/** Writing screens down takes at most this part of the time: one in so many. */
const share = 20;
/** Of the screen text of one terminal. Beyond it older lines are left out. */
const mostChars = 4_000_000;
/** Not even the screen itself is on disk. */
const nothingKept = -1;
/** Until it is known how long a line takes. */
const firstLines = 100;

interface Kept {
  changes: number;
  at: number;
  /** How many lines above the screen are in it; Infinity for all. */
  lines: number;
  /** Milliseconds that the event loop was held up. */
  took: number;
}

/**
 * Writes the screens of terminals down every few seconds, for whoever comes after a crash of the host or of the machine.
 * What changes all the time is written with as many lines above the screen as take a few milliseconds, so that no
 * terminal's echo waits for it; the rest follows when the terminal is quiet, when its process ends, and when the host
 * does.
 */
export class ScreenKeeper implements Disposable {
  readonly #options: { screens: KeptScreens; sources: () => readonly KeptSource[]; pace: KeeperPace; log: Log };
  readonly #kept = new Map<TerminalId, Kept>();
  readonly #seen = new Map<TerminalId, { changes: number; at: number }>();
  readonly #urgent = new Set<TerminalId>();
  readonly #timer: NodeJS.Timeout;
  /** Measured: lines that are written down in a millisecond, and characters a line. */
  #linesPerMillisecond = firstLines / busyMilliseconds;
  #charsPerLine = 80;
  #notBefore = 0;
  #writing: { id: TerminalId; done: Promise<void> } | null = null;
  #isFailing = false;
  #isDisposed = false;

  constructor(options: { screens: KeptScreens; sources: () => readonly KeptSource[]; pace: KeeperPace; log: Log }) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.pace.lookMilliseconds);
    this.#timer.unref();
  }

  /** Something has happened to a terminal that should be on disk at once: a process has begun or ended. */
  hurry(id: TerminalId): void {
    this.#urgent.add(id);
    setImmediate(() => this.#look());
  }

  /** What is on disk of a terminal is what it is now: it was read from there. */
  adopt(source: KeptSource): void {
    this.#kept.set(source.id, { changes: source.changes, at: performance.now(), lines: Infinity, took: 0 });
  }

  /**
   * Writes down what is not on disk yet. `isLast`: the host ends with it, and whatever still runs.
   * False: something could not be written.
   */
  async finish({ isLast }: { isLast: boolean }): Promise<boolean> {
    // One that is under way would replace what is written here with what was before.
    await this.#writing?.done;
    let isDone = true;
    for (const source of this.#options.sources()) {
      const kept = this.#kept.get(source.id);
      const isCurrent = kept?.changes === source.changes && kept.lines >= source.linesAbove;
      if (isCurrent && !(isLast && source.isRunning)) continue;
      try {
        const screen = source.toKeep(Math.min(source.linesAbove, this.#mostLines()));
        this.#options.screens.writeNow(source.id, encodeKept(screen, { keptAt: Date.now(), isLast }));
        this.#kept.set(source.id, { changes: source.changes, at: performance.now(), lines: Infinity, took: 0 });
      } catch (error) {
        isDone = false;
        this.#failed(error);
      }
    }
    return isDone;
  }

  /** Forgets a terminal, on disk too. Resolves when no write of it is under way any more. */
  async forget(id: TerminalId): Promise<void> {
    while (this.#writing?.id === id) await this.#writing.done;
    this.#kept.delete(id);
    this.#seen.delete(id);
    this.#urgent.delete(id);
    this.#options.screens.remove(id);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
  }

  #mostLines(): number {
    return Math.ceil(mostChars / Math.max(1, this.#charsPerLine));
  }

  #look(): void {
    if (this.#isDisposed || this.#writing) return;
    const now = performance.now();
    for (const { id, changes } of this.#options.sources()) {
      if (this.#seen.get(id)?.changes !== changes) this.#seen.set(id, { changes, at: now });
    }
    if (now < this.#notBefore) return;
    const next = this.#next(now);
    if (next) this.#keep(next.source, next.lines);
  }

  /** The one that has waited longest, and how many lines of it. */
  #next(now: number): { source: KeptSource; lines: number } | null {
    let chosen: { source: KeptSource; lines: number; at: number } | null = null;
    for (const source of this.#options.sources()) {
      const kept = this.#kept.get(source.id);
      const isUrgent = this.#urgent.has(source.id);
      const isQuiet = now - (this.#seen.get(source.id)?.at ?? now) >= this.#options.pace.quietMilliseconds;
      const budget = isQuiet || isUrgent ? quietMilliseconds : busyMilliseconds;
      // What a busy terminal had no time for is added once it is quiet, twice as much each time.
      const affordable = Math.max(budget * this.#linesPerMillisecond, isQuiet ? (kept?.lines ?? 0) * 2 : 0);
      const lines = Math.min(Math.ceil(affordable), this.#mostLines(), source.linesAbove);
      if (!isUrgent && kept && !this.#isDue(kept, { changes: source.changes, isQuiet, now })) continue;
      const at = isUrgent ? -Infinity : (kept?.at ?? -1);
      if (!chosen || at < chosen.at) chosen = { source, lines, at };
    }
    return chosen;
  }

  #isDue(kept: Kept, is: { changes: number; isQuiet: boolean; now: number }): boolean {
    const since = is.now - kept.at;
    if (since < this.#options.pace.spacingMilliseconds) return false;
    if (kept.changes !== is.changes) return true;
    const mayGrow = kept.lines < this.#mostLines() && kept.took < longestMilliseconds;
    return is.isQuiet && mayGrow && since > kept.took * share * 5;
  }

  #keep(source: KeptSource, lines: number): void {
    const { id, changes, linesAbove } = source;
    const began = performance.now();
    let screen: ScreenToKeep;
    let file: Buffer;
    try {
      screen = source.toKeep(lines);
      file = encodeKept(screen, { keptAt: Date.now(), isLast: false });
    } catch (error) {
      // It waits for its next turn as one that was written, so that the others have theirs.
      this.#urgent.delete(id);
      this.#kept.set(id, { changes, at: began, lines: nothingKept, took: 0 });
      this.#failed(error);
      return;
    }
    const took = performance.now() - began;
    const rows = lines + screen.rows;
    // Half of the new, half of the old: one time that the system interrupted says little.
    this.#linesPerMillisecond = Math.max(1, (this.#linesPerMillisecond + rows / Math.max(0.1, took)) / 2);
    this.#charsPerLine = (this.#charsPerLine + screen.screen.length / rows) / 2;
    this.#notBefore = performance.now() + took * share;
    this.#urgent.delete(id);
    this.#kept.set(id, { changes, at: began, lines: lines === linesAbove ? Infinity : lines, took });
    this.#writing = { id, done: this.#write(id, file) };
  }

  async #write(id: TerminalId, file: Buffer): Promise<void> {
    try {
      await this.#options.screens.write(id, file);
      this.#isFailing = false;
    } catch (error) {
      this.#kept.delete(id);
      this.#failed(error);
    }
    this.#writing = null;
    setTimeout(() => this.#look(), Math.max(0, this.#notBefore - performance.now())).unref();
  }

  /** Told once until it goes again: a full disk would fill itself with the log of it. */
  #failed(error: unknown): void {
    if (!this.#isFailing) this.#options.log.error('a screen could not be kept on disk', error);
    this.#isFailing = true;
  }
}
