import type { runs as contract, Run } from '#shared/contract/runs.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { RunId, TerminalId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { endWhatRuns } from './end-what-runs.ts';
import type { HandOver, HandOverRequest } from './hand-over.ts';
import { isBeingMade, type ProjectRuns } from './project-runs.ts';
import { isRunning, obstacleOf } from './run-obstacles.ts';
import type { AgentsPort, TerminalsPort, WorktreesPort } from './run-ports.ts';
import type { Spawner } from './spawner.ts';
import type { StatusMonitor } from './status-monitor.ts';

interface StartAgainOptions {
  agents: Pick<AgentsPort, 'find'>;
  terminals: Pick<TerminalsPort, 'kill'>;
  worktrees: Pick<WorktreesPort, 'presence'>;
  spawner: Pick<Spawner, 'isPreparing' | 'startAgain'>;
  monitor: Pick<StatusMonitor, 'started'>;
  handOver: HandOver;
  now: () => number;
}

interface Found {
  run: Run;
  runs: ProjectRuns;
}

type Api = DomainApi<typeof contract>;

/**
 * Starts the agent of a run that is there, or another one, in the same worktree and terminal. Whatever an earlier start has
 * left running there is ended first: two that write in one worktree would each spoil the other's work.
 */
export class StartAgain {
  readonly #options: StartAgainOptions;

  constructor(options: StartAgainOptions) {
    this.#options = options;
  }

  async restart({ run, runs }: Found, how: 'afresh' | 'resume'): ReturnType<Api['restart']> {
    const { agents, worktrees, spawner } = this.#options;
    const { id, terminalId } = run;
    if (isRunning(run) || spawner.isPreparing(id)) return fail({ kind: 'still-running' });
    const { worktreePath } = await worktrees.presence(runs.place(run));
    if (worktreePath === null || terminalId === null) return fail({ kind: 'worktree-missing' });
    const agent = await agents.find(runs.projectId, run.agent.id);
    const obstacle = obstacleOf(run, agent);
    if (obstacle !== null) return fail(obstacle);
    const sessionId = runs.record(id)?.sessionId ?? null;
    if (how === 'resume' && (sessionId === null || !agent?.canResume)) return fail({ kind: 'cannot-resume' });
    const unended = await this.#endEarlier(terminalId);
    if (unended !== null) return fail({ kind: 'refused', obstacles: [unended] });
    // The person may have moved it.
    runs.change(id, { worktreePath });
    await this.#startWorking(runs, id, how === 'resume' ? sessionId : null);
    return ok(undefined);
  }

  async continueWith({ run, runs }: Found, request: HandOverRequest): ReturnType<Api['continueWith']> {
    const { spawner, handOver } = this.#options;
    const { id, terminalId } = run;
    if (isBeingMade(run) || spawner.isPreparing(id)) return fail({ kind: 'being-made' });
    const handed = await handOver.prepare({ run, runs }, request.agentId, request);
    if (!handed.ok) return handed;
    const unended = terminalId === null ? null : await this.#endEarlier(terminalId);
    if (unended !== null) return fail({ kind: 'refused', obstacles: [unended] });
    handOver.commit(runs, id, handed.value);
    await this.#startWorking(runs, id, null);
    return ok(undefined);
  }

  /** Null, or why nothing may be started there. */
  async #endEarlier(terminalId: TerminalId): Promise<string | null> {
    const safe = 'Nothing was started beside that; branch and worktree are as they were.';
    try {
      const left = await endWhatRuns(this.#options.terminals, terminalId);
      return left === null ? null : `${left} ${safe} End it, and try again.`;
    } catch (error) {
      return `What runs in its terminal could not be ended: ${errorMessage(error)} ${safe}`;
    }
  }

  /** Starts the agent, and says in the run's status how that came out. */
  async #startWorking(runs: ProjectRuns, id: RunId, resumeSession: string | null): Promise<void> {
    const { spawner, monitor } = this.#options;
    const run = runs.find(id);
    if (!run || run.terminalId === null) return;
    const problem = await spawner.startAgain(runs, id, run.terminalId, resumeSession);
    const kind = problem === null ? 'working' : 'exited';
    const detail = problem === null ? null : `${run.agent.label} could not be started: ${problem}`;
    runs.setStatus(id, { kind, source: 'process', since: this.#options.now(), detail });
    monitor.started(run.terminalId);
  }
}
