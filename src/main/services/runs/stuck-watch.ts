import type { RunStatus } from '#shared/contract/runs.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import type { TerminalsPort } from './run-ports.ts';

/** A model may think for long, but then its agent's screen moves: nothing at all for so long is no thinking. */
const stuckMilliseconds = 180_000;
/** Between two looks at the processor time of the same run. */
const sampleMilliseconds = 20_000;
/** Less than this share of one core is a program that waits, with its timers. */
const idleShare = 0.02;

interface Watched {
  /** When anything of it last moved: its screen, a report, a file. */
  movedAt: number;
  sample: { at: number; milliseconds: number } | null;
}

/** Finds runs that say that they work, and do not: no output, no change of a file, hardly any processor time. */
export class StuckWatch {
  readonly #terminals: Pick<TerminalsPort, 'processorTime'>;
  readonly #watched = new Map<RunId, Watched>();

  constructor({ terminals }: { terminals: Pick<TerminalsPort, 'processorTime'> }) {
    this.#terminals = terminals;
  }

  moved(id: RunId, at: number): void {
    this.#watched.set(id, { movedAt: at, sample: null });
  }

  /** Since when it is stuck; null: it is not, or not for long enough, or nobody knows yet. */
  async look(id: RunId, terminalId: TerminalId, status: RunStatus, now: number): Promise<number | null> {
    const watched = this.#watched.get(id) ?? { movedAt: status.since, sample: null };
    this.#watched.set(id, watched);
    if (now - watched.movedAt < stuckMilliseconds) return null;
    const before = watched.sample;
    if (before !== null && now - before.at < sampleMilliseconds) return null;
    const milliseconds = await this.#terminals.processorTime(terminalId);
    if (milliseconds === null || this.#watched.get(id) !== watched) return null;
    watched.sample = { at: now, milliseconds };
    if (before === null) return null;
    if ((milliseconds - before.milliseconds) / (now - before.at) < idleShare) return watched.movedAt;
    // It computes: that is work, whatever its screen shows.
    this.#watched.set(id, { movedAt: now, sample: null });
    return null;
  }
}
