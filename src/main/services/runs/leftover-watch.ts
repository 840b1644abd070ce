import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
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

/**
 * Finds what agents that have ended have left running: a server, a watcher. It is looked for when one ends and when a project
 * is opened, and from then on for as long as there is something.
 */
export class LeftoverWatch implements Disposable {
  readonly #options: LeftoverWatchOptions;
  readonly #projects = new Set<ProjectRuns>();
  /** Terminals to look at, besides those of which something was left. */
  readonly #due = new Set<TerminalId>();
  readonly #owned = new DisposableStore();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LeftoverWatchOptions) {
    this.#options = options;
  }

  /** Begins to listen. */
  start(): void {
    this.#owned.add(
      this.#options.terminals.onDidChange((event) => {
        if (event.kind !== 'exited' && event.kind !== 'host-restored') return;
        this.#due.add(event.id);
        this.#lookIn(settleMilliseconds);
      }),
    );
    this.#owned.add({ dispose: () => clearTimeout(this.#timer ?? undefined) });
  }

  watch(runs: ProjectRuns): void {
    this.#projects.add(runs);
    for (const { terminalId } of runs.all()) if (terminalId !== null) this.#due.add(terminalId);
    this.#lookIn(settleMilliseconds);
  }

  /** Looks at one run now: what was left of it has just been ended, or should have been. */
  async look(runs: ProjectRuns, id: RunId): Promise<void> {
    const terminalId = runs.find(id)?.terminalId ?? null;
    if (terminalId === null) return;
    const left = await this.#options.terminals.leftRunning([terminalId]);
    runs.setLeftRunning(id, left.get(terminalId) ?? []);
  }

  dispose(): void {
    this.#owned.dispose();
    this.#projects.clear();
  }

  #lookIn(milliseconds: number): void {
    if (this.#owned.isDisposed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#lookAtAll().catch((error: unknown) => {
        this.#options.log.error('could not look for what agents have left running', error);
      });
    }, milliseconds).unref();
  }

  async #lookAtAll(): Promise<void> {
    const { terminals } = this.#options;
    const asked = new Map<TerminalId, { runs: ProjectRuns; id: RunId }>();
    for (const runs of this.#projects) {
      if (runs.isDisposed) this.#projects.delete(runs);
      for (const { id, terminalId, status, leftRunning = [] } of runs.all()) {
        if (terminalId === null || status.kind !== 'exited' || terminals.elsewhere(terminalId) !== null) continue;
        if (leftRunning.length > 0 || this.#due.has(terminalId)) asked.set(terminalId, { runs, id });
      }
    }
    this.#due.clear();
    const left = await terminals.leftRunning([...asked.keys()]);
    for (const [terminalId, { runs, id }] of asked) runs.setLeftRunning(id, left.get(terminalId) ?? []);
    if (left.size > 0 || this.#due.size > 0) this.#lookIn(this.#due.size > 0 ? settleMilliseconds : againMilliseconds);
  }
}
