import { randomBytes } from 'node:crypto';

import { TokenBucket } from './rate-limits.ts';
import type { KeptReport, Report } from './report.ts';

/** The last ones suffice to know what an agent does. */
const mostKept = 200;
/** An agent that reads many files reports some tens a second for a moment; one that reports for ever is cut short. */
const rate = { capacity: 100, perSecond: 20 };

/** What the program in one terminal has reported since it was started. */
export class KeptReports {
  readonly #bucket = new TokenBucket(rate);
  #kept: KeptReport[] = [];
  #number = 0;
  #token: string | null = null;

  /** A program is started: what is told from now on is of that one, and shows this token. */
  begin(): string {
    this.#kept = [];
    this.#token = randomBytes(24).toString('hex');
    return this.#token;
  }

  isToken(token: string): boolean {
    return token === this.#token;
  }

  /** Null: there are too many. */
  add(report: Report): KeptReport | null {
    if (!this.#bucket.take(1)) return null;
    this.#number++;
    const kept = { number: this.#number, at: Date.now(), report };
    this.#kept = [...this.#kept.slice(1 - mostKept), kept];
    return kept;
  }

  get all(): readonly KeptReport[] {
    return this.#kept;
  }
}
