import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';

import type { ProjectRuns } from './project-runs.ts';
import type { TerminalsPort } from './run-ports.ts';

/** What ends together with its agent takes a moment to. */
const settleMilliseconds = 1500;
/** Between two looks while something is left; each reads the system's list of processes once. */
const againMilliseconds = 10_000;

interface LeftoverWatchOptions {
  terminals: Pick<TerminalsPort, 'leftRunning' | 'elsewhere' | 'onDidChange'>;
  log: Log;
}

/** A run whose agent has ended, as it was when the system was asked about it. */
interface Ended {
  runs: ProjectRuns;
  run: Run;
  terminalId: TerminalId;
}

/**
 * Finds what agents that have ended have left running: a server, a watcher. It is looked for after each end of one and when a
 * project is opened, and from then on for as long as there is something.
 */
export class LeftoverWatch implements Disposable {
  readonly #options: LeftoverWatchOptions;
  /** With the ends of their agents that were looked at: of each run the last one, by its time. */
  readonly #projects = new Map<ProjectRuns, Map<RunId, number>>();
  readonly #owned = new DisposableStore();
  #next: { timer: NodeJS.Timeout; at: number } | null = null;

  constructor(options: LeftoverWatchOptions) {
    this.#options = options;
    this.#owned.add({ dispose: () => clearTimeout(this.#next?.timer) });
  }

  /** Begins to listen. */
  start(): void {
    this.#owned.add(
      // What a host of another version had can be looked at when that has gone.
      this.#options.terminals.onDidChange(({ kind }) => {
        if (kind === 'host-restored') this.#lookIn(settleMilliseconds);
      }),
    );
  }

  watch(runs: ProjectRuns): void {
    this.#projects.set(runs, new Map());
    this.#owned.add(
      // Not the terminal's own word: that an agent has ended may be known only when its host has been asked, or replaced.
      runs.onDidChange((event) => {
        if (event.kind === 'changed' && event.run.status.kind === 'exited' && this.#isNew(runs, event.run)) {
          this.#lookIn(settleMilliseconds);
        }
      }),
    );
    this.#lookIn(settleMilliseconds);
  }

  /** Looks at one run now: what was left of it has just been ended, or should have been. */
  async look(runs: ProjectRuns, id: RunId): Promise<void> {
    const run = runs.find(id);
    if (run && run.terminalId !== null) await this.#lookAt([{ runs, run, terminalId: run.terminalId }]);
  }

  dispose(): void {
    this.#owned.dispose();
    this.#projects.clear();
  }

  #isNew(runs: ProjectRuns, { id, status }: Run): boolean {
    return this.#projects.get(runs)?.get(id) !== status.since;
  }

  /** A look that is to come later comes then already. */
  #lookIn(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (this.#owned.isDisposed || (this.#next !== null && this.#next.at <= at)) return;
    clearTimeout(this.#next?.timer);
    const timer = setTimeout(() => {
      this.#next = null;
      void this.#lookAt(this.#due());
    }, milliseconds).unref();
    this.#next = { timer, at };
  }

  #due(): readonly Ended[] {
    const due: Ended[] = [];
    for (const runs of this.#projects.keys()) {
      if (runs.isDisposed) {
        this.#projects.delete(runs);
        continue;
      }
      for (const run of runs.all()) {
        const { terminalId, status, leftRunning = [] } = run;
        if (terminalId === null || status.kind !== 'exited') continue;
        if (this.#options.terminals.elsewhere(terminalId) !== null) continue;
        if (leftRunning.length > 0 || this.#isNew(runs, run)) due.push({ runs, run, terminalId });
      }
    }
    return due;
  }

  async #lookAt(ended: readonly Ended[]): Promise<void> {
    const { terminals, log } = this.#options;
    try {
      const left = await terminals.leftRunning(ended.map(({ terminalId }) => terminalId));
      for (const { runs, run, terminalId } of ended) {
        const now = runs.find(run.id)?.status;
        // Started again meanwhile, its agent would be taken for what the one before has left.
        if (now?.kind !== 'exited' || now.since !== run.status.since) continue;
        this.#projects.get(runs)?.set(run.id, now.since);
        runs.setLeftRunning(run.id, left.get(terminalId) ?? []);
      }
      if (left.size > 0) this.#lookIn(againMilliseconds);
    } catch (error) {
      log.error('could not look for what agents have left running', error);
      this.#lookIn(againMilliseconds);
    }
  }
}
