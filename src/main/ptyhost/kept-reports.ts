import { randomBytes } from 'node:crypto';

import type { Disposable } from '#shared/disposable.ts';

import { TokenBucket } from './rate-limits.ts';
import type { KeptReport, Report } from './report.ts';
import { usageEvent } from './usage-event.ts';

/** The last ones suffice to know what an agent does. */
const mostKept = 200;
/** An agent that reads many files reports some tens a second for a moment; one that reports for ever is held back. */
const rate = { capacity: 100, perSecond: 20 };
/** More than there are kinds of events, sub-agents and answers in a moment; beyond that the oldest are dropped. */
const mostHeld = 100;

/**
 * What the program in one terminal has reported since it was started. What comes faster than it may is held back and told
 * later, in its order; of what is held, the latest of each event takes the place of those before it, so that the last state, a
 * question and an end get through however much is told around them.
 */
export class KeptReports implements Disposable {
  readonly #bucket = new TokenBucket(rate);
  readonly #onDidKeep: (report: KeptReport) => void;
  readonly #held = new Map<string, { at: number; report: Report }>();
  #timer: NodeJS.Timeout | null = null;
  #kept: KeptReport[] = [];
  #number = 0;
  #token: string | null = null;

  constructor(onDidKeep: (report: KeptReport) => void) {
    this.#onDidKeep = onDidKeep;
  }

  /** A program is started: what is told from now on is of that one, and shows this token. */
  begin(): string {
    this.dispose();
    this.#kept = [];
    this.#token = randomBytes(24).toString('hex');
    return this.#token;
  }

  isToken(token: string): boolean {
    return token === this.#token;
  }

  add(report: Report): void {
    const at = Date.now();
    if (this.#held.size === 0 && this.#bucket.take(1)) {
      this.#keep(report, at);
      return;
    }
    const kind = kindOf(report);
    // Behind the others: it is the newest.
    this.#held.delete(kind);
    this.#held.set(kind, { at, report });
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    this.#timer ??= setInterval(() => this.#tell(() => this.#bucket.take(1)), 1000 / rate.perSecond).unref();
  }

  /** Tells now what is held: the program has ended. */
  flush(): void {
    this.#tell(() => true);
  }

  get all(): readonly KeptReport[] {
    return this.#kept;
  }

  dispose(): void {
    this.#held.clear();
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tell(mayTell: () => boolean): void {
    for (const [kind, { report, at }] of this.#held) {
      if (!mayTell()) return;
      this.#held.delete(kind);
      this.#keep(report, at);
    }
    this.dispose();
  }

  #keep(report: Report, at: number): void {
    this.#number++;
    const kept = { number: this.#number, at, report };
    this.#kept = [...this.#kept.slice(1 - mostKept), kept];
    this.#onDidKeep(kept);
  }
}

/** Of reports of one kind only the latest counts; what was used for an answer is told once. */
const kindOf = ({ event, type, session, agent, message }: Report): string =>
  JSON.stringify([event, type, session, agent, event === usageEvent ? message : null]);
