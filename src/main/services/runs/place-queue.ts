import { toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { PlaceLimit, Run, RunStatus } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';
import { awaitsReview, takesPlace } from '#shared/board/places.ts';

import type { ProjectRuns } from './project-runs.ts';

/** What the person can have looked after at once. 0: no limit. */
export interface PlaceLimits {
  mostRunning: number;
  mostToReview: number;
  /** Whether the machine has so little memory left that another agent may be too many. */
  isMemoryLow: boolean;
}

export interface PlaceQueueOptions {
  /** The runs of every open project: a person has one pair of eyes, and the machine one memory, for all of them. */
  projects: () => Iterable<ProjectRuns>;
  limits: () => PlaceLimits;
  begin: (runs: ProjectRuns, id: RunId) => void;
  now: () => number;
}

/** Whether the run waits for a place, with nothing made. */
export const waitsForPlace = (run: Pick<Run, 'status'>): boolean =>
  run.status.kind === 'queued' && run.status.waitsForPlace !== undefined;

/**
 * Runs that are more than the person can look after. Each waits, with nothing made and the reason in its status, and begins
 * by itself, the oldest first, when a place is free. What it waits for is in its record, so that it goes on waiting when the
 * app is opened again.
 */
export class PlaceQueue {
  readonly #options: PlaceQueueOptions;
  #isLooking = false;
  /** Those that are queued and not yet told whether they wait. */
  readonly #coming = new Set<RunId>();
  /** Why none begins by itself at present, each from whoever holds them; none: they do. */
  readonly #holds = new Set<{ reason: string }>();

  constructor(options: PlaceQueueOptions) {
    this.#options = options;
  }

  /** Begins runs that were recorded together, as far as there is a place and nobody waits longer for one; the others wait. */
  admit(runs: ProjectRuns, ids: readonly RunId[]): void {
    for (const id of ids) this.#coming.add(id);
    for (const id of ids) this.#admit(runs, id);
  }

  /** What a run that is asked for now would wait for, in a sentence, behind so many others; null: nothing. */
  inWords(ahead: number): string | null {
    return this.#full({ except: null, ahead })?.detail ?? null;
  }

  /** No run begins by itself from now on, for the reason that stands in its status, until this is disposed. */
  hold(reason: string): Disposable {
    const held = { reason };
    this.#holds.add(held);
    this.lookSoon();
    return toDisposable(() => {
      if (this.#holds.delete(held)) this.lookSoon();
    });
  }

  /** Something has changed that places may depend on. Many changes make one look. */
  lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      this.#look();
    });
  }

  #admit(runs: ProjectRuns, id: RunId): void {
    const full = this.#full({ except: id, ahead: 0 });
    this.#coming.delete(id);
    if (full === null && !this.#all().some(({ run }) => run.id !== id && waitsForPlace(run))) {
      this.#options.begin(runs, id);
      return;
    }
    const { kind, detail } = full ?? { kind: 'running', detail: 'Waits for a place, behind others.' };
    runs.setStatus(id, this.#status(kind, detail, this.#options.now()));
    this.lookSoon();
  }

  #look(): void {
    const waiting = this.#all()
      .filter(({ run }) => waitsForPlace(run))
      .toSorted((a, b) => a.run.createdAt - b.run.createdAt || (a.run.variant ?? 0) - (b.run.variant ?? 0));
    for (const { runs, run } of waiting) {
      const full = this.#full({ except: run.id, ahead: 0 });
      if (full === null) this.#options.begin(runs, run.id);
      else runs.setStatus(run.id, this.#status(full.kind, full.detail, run.status.since));
    }
  }

  #status(waitsFor: PlaceLimit, detail: string, since: number): RunStatus {
    return { kind: 'queued', source: 'stages', since, detail, waitsForPlace: waitsFor };
  }

  /** What there is no place for, and how to say so; null: there is one. */
  #full({ except, ahead }: { except: RunId | null; ahead: number }): { kind: PlaceLimit; detail: string } | null {
    const [held] = this.#holds;
    if (held) return { kind: 'running', detail: held.reason };
    const { mostRunning, mostToReview, isMemoryLow } = this.#options.limits();
    const others = this.#all().flatMap(({ run }) => (run.id === except || this.#coming.has(run.id) ? [] : [run]));
    const running = others.filter(takesPlace).length;
    if (mostRunning > 0 && running + ahead >= mostRunning) {
      const detail = `Waits for a place: ${String(Math.min(running + ahead, mostRunning))} of at most ${String(mostRunning)} runs are at work.`;
      return { kind: 'running', detail };
    }
    const toReview = others.filter(awaitsReview).length;
    if (mostToReview > 0 && toReview >= mostToReview) {
      const detail = `Waits for your review: ${String(toReview)} of at most ${String(mostToReview)} results are to be decided.`;
      return { kind: 'review', detail };
    }
    // One at least goes on: what takes the memory may not be ours at all.
    if (isMemoryLow && running > 0) {
      return { kind: 'memory', detail: 'Waits for memory: the machine has hardly any left.' };
    }
    return null;
  }

  #all(): readonly { runs: ProjectRuns; run: Run }[] {
    return [...this.#options.projects()].flatMap((runs) => runs.all().map((run) => ({ runs, run })));
  }
}
