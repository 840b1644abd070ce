import type { Log } from '#main/base/log.ts';
import type { RemoveFailure } from '#main/services/worktrees/remove.ts';
import type { RemovalPlan, Run } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { endWhatRuns } from './end-what-runs.ts';
import { runProjectCommand } from './project-command.ts';
import { ownsNothing, type ProjectRuns } from './project-runs.ts';
import { isRunning } from './run-obstacles.ts';
import type { AgentsPort, PortsPort, RunProject, TerminalsPort, WorktreesPort } from './run-ports.ts';
import type { Spawner } from './spawner.ts';

interface RunRemovalOptions {
  agents: Pick<AgentsPort, 'forget'>;
  terminals: TerminalsPort;
  worktrees: Pick<WorktreesPort, 'planRemoval' | 'remove' | 'presence'>;
  ports: PortsPort;
  spawner: Pick<Spawner, 'cancel' | 'ensureTerminal' | 'variables'>;
  log: Log;
  shell: (command: string) => { command: string; args: readonly string[] };
}

interface Found {
  run: Run;
  runs: ProjectRuns;
}

type Removed = Result<
  /** `note`: what the person should know of the project's teardown command, in a sentence; null: nothing. */
  { snapshot: string | null; note: string | null },
  RemoveFailure | { kind: 'more-would-be-lost'; plan: RemovalPlan } | { kind: 'failed'; step: string; message: string }
>;

/** Takes runs apart: what would be lost, the processes, the project's teardown command, worktree and branch, our record. */
export class RunRemoval {
  readonly #options: RunRemovalOptions;

  constructor(options: RunRemovalOptions) {
    this.#options = options;
  }

  async plan(found: Found): Promise<RemovalPlan> {
    const { run } = found;
    if (!ownsNothing(run)) return this.#options.worktrees.planRemoval(placeOf(found));
    return {
      uncommittedFiles: [],
      unmergedCommits: [],
      processIsRunning: false,
      worktreePath: run.worktreePath,
      branch: run.branch,
      fingerprint: 'owns-nothing',
    };
  }

  async remove(found: Found, project: RunProject, shown: string): Promise<Removed> {
    const { runs } = found;
    const { id } = found.run;
    // Refused before anything is ended: an agent must not be killed for a removal that then does not happen.
    const plan = await this.plan(found);
    if (plan.fingerprint !== shown) return fail({ kind: 'more-would-be-lost', plan });
    await this.#options.spawner.cancel(id);
    const run = runs.find(id) ?? found.run;
    const unended = await this.#endProcesses(run);
    if (unended !== null) return fail({ kind: 'failed', step: 'check', message: unended });
    if (ownsNothing(run)) {
      await this.forget(runs, run, null);
      return ok({ snapshot: null, note: null });
    }
    const { hasRun, note, unended: fromTeardown = null } = await this.#tearDown({ run, runs }, project);
    if (fromTeardown !== null) return fail({ kind: 'failed', step: 'check', message: fromTeardown });
    // What that command has written is its own; the snapshot keeps it all the same.
    const fingerprint = hasRun ? (await this.plan({ run, runs })).fingerprint : shown;
    const removed = await this.#options.worktrees.remove({
      ...placeOf({ run, runs }),
      reason: `Delete the run of “${run.spec.title}” on ${run.branch}`,
      fingerprint,
    });
    if (!removed.ok) {
      void runs.refresh(id);
      return removed;
    }
    await this.forget(runs, run, removed.value.snapshot);
    return ok({ snapshot: removed.value.snapshot, note });
  }

  /** Drops our record of a run, and what was written down for it. */
  async forget(runs: ProjectRuns, run: Run, snapshot: string | null): Promise<void> {
    const { agents, ports, log } = this.#options;
    // First: whoever is killed in between finds the run again, and nobody would ever look for its terminal's screen.
    if (run.terminalId !== null) await this.removeTerminal(run.terminalId);
    runs.remove(run.id, snapshot);
    try {
      await agents.forget(run.id);
      await ports.release(run.id);
    } catch (error) {
      log.error('what was written down for a run could not be removed', error, { run: run.id });
    }
  }

  /** What is left of a terminal keeps nothing of ours from being forgotten. */
  async removeTerminal(id: NonNullable<Run['terminalId']>): Promise<void> {
    try {
      await this.#options.terminals.remove(id);
    } catch (error) {
      this.#options.log.error('a terminal could not be removed', error, { terminal: id });
    }
  }

  /**
   * `note`: what did not go well, in a sentence; the worktree goes all the same. `unended`: what it has left running there,
   * and why the worktree stays.
   */
  async #tearDown(
    found: Found,
    project: RunProject,
  ): Promise<{ hasRun: boolean; note: string | null; unended?: string | null }> {
    const { runs, run } = found;
    const { teardown } = project;
    const { worktrees, spawner, shell, log } = this.#options;
    const { terminalId } = run;
    if (teardown === null || terminalId === null) return { hasRun: false, note: null };
    const { worktreePath } = await worktrees.presence(runs.place(run));
    if (worktreePath === null) return { hasRun: false, note: null };
    if (!project.isTrusted) {
      return { hasRun: false, note: 'The project’s teardown command did not run: its commands are not allowed.' };
    }
    try {
      await spawner.ensureTerminal(terminalId);
      const env = await spawner.variables(runs, run);
      const done = await runProjectCommand(this.#options, {
        what: 'teardown command',
        terminalId,
        process: { ...shell(teardown.command), cwd: worktreePath, env },
        timeoutMilliseconds: teardown.timeoutMilliseconds,
        signal: new AbortController().signal,
      });
      const unended = await this.#endProcesses(run);
      const note = done.ok || done.error.kind !== 'failed' ? null : done.error.message;
      return { hasRun: true, note, unended };
    } catch (error) {
      log.error('a teardown command could not be run', error, { run: run.id });
      return { hasRun: true, note: `The teardown command could not be run: ${errorMessage(error)}` };
    }
  }

  /** Null, or why nothing may be deleted: something goes on that could write there while it is. */
  async #endProcesses(run: Run): Promise<string | null> {
    if (run.terminalId === null) return null;
    try {
      const left = await endWhatRuns(this.#options.terminals, run.terminalId);
      return left === null
        ? null
        : `${left} Nothing was deleted, because it may write there. End it, and delete again.`;
    } catch (error) {
      this.#options.log.error('the processes of a run could not be ended', error, { run: run.id });
      if (run.status.kind === 'exited' || run.status.kind === 'failed') return null;
      const reason = errorMessage(error);
      return `What runs in its terminal could not be ended: ${reason} Nothing was deleted.`;
    }
  }
}

const placeOf = ({ run, runs }: Found) => ({
  projectPath: runs.projectPath,
  worktreePath: run.worktreePath,
  branch: run.branch,
  base: run.base,
  processIsRunning: isRunning(run),
});
