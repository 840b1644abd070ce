import type { Log } from '#main/base/log.ts';
import type { SpawnableAgent } from '#main/services/agents/agents.ts';
import type { Prompt } from '#shared/contract/prompts.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId, RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { ProjectRuns } from './project-runs.ts';
import { obstacleOf } from './run-obstacles.ts';
import type { AgentsPort, PromptsPort, SpecsPort, TerminalsPort, WorktreesPort } from './run-ports.ts';
import { workInWords } from './work-in-words.ts';

interface HandOverOptions {
  agents: Pick<AgentsPort, 'find'>;
  worktrees: Pick<WorktreesPort, 'presence' | 'workSoFar'>;
  prompts: PromptsPort;
  specs: SpecsPort;
  terminals: Pick<TerminalsPort, 'print'>;
  log: Log;
}

export interface HandOverRequest {
  id: RunId;
  agentId: AgentId;
  /** What the person adds to the brief of what was done. */
  note: string;
  /** What the other agent is to solve, instead of going on with the spec. */
  conflict?: string;
}

/** All that it takes to hand a run to another agent, found out before the present one is ended. */
interface Prepared {
  agent: Pick<SpawnableAgent, 'id' | 'label'>;
  prompt: Prompt;
  worktreePath: string;
}

type Refused =
  { kind: 'worktree-missing' } | { kind: 'refused'; obstacles: readonly string[] } | { kind: 'not-trusted' };

/** Gives the work of a run to another agent, with a brief of what was done. */
export class HandOver {
  readonly #options: HandOverOptions;

  constructor(options: HandOverOptions) {
    this.#options = options;
  }

  /** Changes nothing. */
  async prepare(
    { run, runs }: { run: Run; runs: ProjectRuns },
    agentId: AgentId,
    { note, conflict }: Pick<HandOverRequest, 'note' | 'conflict'>,
  ): Promise<Result<Prepared, Refused>> {
    const { agents, worktrees, prompts, specs } = this.#options;
    const { projectId } = runs;
    const { worktreePath } = await worktrees.presence(runs.place(run));
    if (worktreePath === null || run.terminalId === null || run.baseCommit === null) {
      return fail({ kind: 'worktree-missing' });
    }
    const agent = await agents.find(projectId, agentId);
    const obstacle = obstacleOf({ ...run, agent: { id: agentId, label: agentId } }, agent);
    if (obstacle !== null || agent === null) return fail(obstacle ?? { kind: 'worktree-missing' });
    if (!agent.takesPrompt) {
      return fail({
        kind: 'refused',
        obstacles: [`${agent.label} takes no prompt, so it cannot be told what was done.`],
      });
    }
    const { slug } = run.spec;
    if ((await specs.find(projectId, slug)) === null) {
      return fail({ kind: 'refused', obstacles: [`The spec “${slug}” was renamed or deleted since.`] });
    }
    const work = await worktrees.workSoFar({ worktreePath, baseCommit: run.baseCommit });
    if (work === null)
      return fail({ kind: 'refused', obstacles: ['Git could not say what was done in its worktree.'] });
    const { branch, base, task } = run;
    const workSoFar = workInWords(run, work, note);
    const request = { projectId, slug, task, agentId, branch, base, workSoFar };
    const prompt = await prompts.composeFor(conflict === undefined ? request : { ...request, conflict });
    return ok({ agent, prompt, worktreePath });
  }

  /** From now on the run is the other agent's. It is not started by this. */
  commit(runs: ProjectRuns, id: RunId, { agent, prompt, worktreePath }: Prepared): void {
    const before = runs.find(id);
    if (!before) return;
    runs.addPrompt(prompt);
    const { id: agentId, label } = agent;
    runs.change(id, { agent: { id: agentId, label }, promptVersion: prompt.version, sessionId: null, worktreePath });
    // What it said is in the brief; what is shown from now on is of the other one.
    runs.setLastMessage(id, null);
    runs.setActivity(id, null, 0);
    if (before.terminalId === null) return;
    const line = `\n${before.agent.label} has handed the work to ${label}.\n`;
    this.#options.terminals.print(before.terminalId, line).catch((error: unknown) => {
      this.#options.log.error('could not print a hand-over', error, { run: id });
    });
  }
}
