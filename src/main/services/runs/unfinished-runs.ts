import type { Log } from '#main/base/log.ts';
import type { Run } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';

import { ownsNothing, type ProjectRuns } from './project-runs.ts';
import type { WorktreesPort } from './run-ports.ts';
import { withStatus } from './run-record.ts';
import { branchNote, givenCommits, type Spawner } from './spawner.ts';

interface UnfinishedRunsOptions {
  worktrees: Pick<WorktreesPort, 'findNotedBranch' | 'planRemoval'>;
  spawner: Pick<Spawner, 'takeBack'>;
  log: Log;
  now: () => number;
}

/** Runs whose making did not come to its end, and what there is of them. */
export class UnfinishedRuns {
  readonly #options: UnfinishedRunsOptions;

  constructor(options: UnfinishedRunsOptions) {
    this.#options = options;
  }

  /** A run that was being made when the host ended: says so, and takes back what there is of it. Never throws. */
  async cutOff(runs: ProjectRuns, run: Run): Promise<void> {
    const { spawner, log } = this.#options;
    const detail = 'Switchyard ended while this run was being made. Retry makes it from the start.';
    let leftover: string | null;
    try {
      leftover = (await this.#ownsBranch(runs, run)) ? await spawner.takeBack(runs, run) : null;
    } catch (error) {
      log.error('could not look at a run that was cut off', error, { run: run.id });
      leftover = `It could not be seen what there is of it: ${errorMessage(error)}.`;
    }
    const now = this.#options.now();
    const current = runs.find(run.id) ?? run;
    const stages = current.stages.map((stage) =>
      stage.state === 'running' ? { ...stage, state: 'failed' as const, endedAt: now, detail } : stage,
    );
    runs.change(run.id, { stages });
    const status = { kind: 'failed', source: 'stages', detail: leftover ?? detail } as const;
    runs.setStatus(run.id, withStatus(current.status, status, now));
  }

  /**
   * What a failed attempt could not take back goes before the next one, as long as nobody has worked in it. So does what a
   * Git of ours made that outlived the host which had started it. Returns what is in the way, or null.
   */
  async clearAway(runs: ProjectRuns, run: Run): Promise<string | null> {
    if (!(await this.#ownsBranch(runs, run))) return null;
    const { worktrees, spawner } = this.#options;
    const now = runs.find(run.id) ?? run;
    const plan = await worktrees.planRemoval({ ...runs.place(now), processIsRunning: false });
    if (plan.uncommittedFiles.length > 0 || plan.unmergedCommits.length > givenCommits(runs, run.id)) {
      return `There is work in what the last attempt left behind (${plan.worktreePath}). Delete the run, which keeps a snapshot of it, and spawn the spec again.`;
    }
    return spawner.takeBack(runs, now);
  }

  /** The host may have ended between the making of the branch and the record of it; Git's own log of the branch tells. */
  async #ownsBranch(runs: ProjectRuns, run: Run): Promise<boolean> {
    if (!ownsNothing(run)) return true;
    const { projectPath } = runs;
    const note = branchNote(run.id);
    const baseCommit = await this.#options.worktrees.findNotedBranch({ projectPath, branch: run.branch, note });
    if (baseCommit !== null) runs.change(run.id, { baseCommit });
    return baseCommit !== null;
  }
}
