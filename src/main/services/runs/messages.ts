import type { Run } from '#shared/contract/runs.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { ProjectRuns } from './project-runs.ts';
import { isRunning } from './run-obstacles.ts';
import type { AgentsPort } from './run-ports.ts';
import type { Spawner } from './spawner.ts';
import type { StatusMonitor } from './status-monitor.ts';

interface MessagesOptions {
  agents: Pick<AgentsPort, 'typedMessage'>;
  spawner: Pick<Spawner, 'type'>;
  monitor: Pick<StatusMonitor, 'asked' | 'typed'>;
}

/** Messages to agents that run. */
export class Messages {
  readonly #options: MessagesOptions;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** See the contract's `runs.send`. */
  async send(
    { run, runs }: { run: Run; runs: ProjectRuns },
    { text, mayAnswer = false }: { text: string; mayAnswer?: boolean | undefined },
  ): Promise<Result<void, { kind: 'not-running' } | { kind: 'not-read' } | { kind: 'asks' }>> {
    const { agents, spawner, monitor } = this.#options;
    if (!isRunning(run) || run.terminalId === null) return fail({ kind: 'not-running' });
    const message = agents.typedMessage(runs.projectId, run.agent.id, text);
    const typed = await spawner.type(run.terminalId, message, { asked: () => monitor.asked(runs, run.id), mayAnswer });
    if (typed !== 'sent') return fail({ kind: typed });
    monitor.typed(runs, run);
    return ok(undefined);
  }
}
