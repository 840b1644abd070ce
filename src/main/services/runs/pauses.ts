import type { Run } from '#shared/contract/runs.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { ProjectRuns } from './project-runs.ts';
import { isRunning } from './run-obstacles.ts';
import type { TerminalsPort } from './run-ports.ts';
import type { StatusMonitor } from './status-monitor.ts';

interface Found {
  run: Run;
  runs: ProjectRuns;
}

type NotRunning = { kind: 'not-running' };

/** Stops the processes of runs where they are, and lets them go on. */
export class Pauses {
  readonly #options: { terminals: TerminalsPort; monitor: Pick<StatusMonitor, 'wentOn'> };

  constructor(options: { terminals: TerminalsPort; monitor: Pick<StatusMonitor, 'wentOn'> }) {
    this.#options = options;
  }

  async pause({ run, runs }: Found): Promise<Result<void, NotRunning | { kind: 'unavailable'; reason: string }>> {
    if (!isRunning(run) || run.terminalId === null) return fail({ kind: 'not-running' });
    const paused = await this.#options.terminals.pause(run.terminalId);
    if (!paused.ok) return paused;
    // It may have ended while it was being stopped.
    if (isRunning(runs.find(run.id) ?? run)) runs.setPaused(run.id, paused.value.pausedAt);
    return ok(undefined);
  }

  async unpause({ run, runs }: Found): Promise<Result<void, NotRunning>> {
    if (!isRunning(run) || run.terminalId === null) return fail({ kind: 'not-running' });
    await this.#options.terminals.unpause(run.terminalId);
    this.#options.monitor.wentOn(runs, run);
    return ok(undefined);
  }
}
