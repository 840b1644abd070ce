import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { isCheckout } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { copyIncluded } from '#main/services/worktrees/copy.ts';

import type { GitPort, RunsCommands, TrainProject } from './train-ports.ts';

/** Why the scratch worktree cannot be used, as a sentence. */
export class ScratchUnusable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScratchUnusable';
  }
}

/** The name of the train's own worktree. No run's branch can be called so: it would begin with a dot. */
const trainFolder = '.train';
const lockReason = 'Switchyard: merged files are checked here';

/**
 * A worktree of our own, the train's by default, on no branch: merged trees are checked out in it, one after the other, so that what the gates
 * need (dependencies, build caches) is made once. Nobody's work is ever in it.
 */
export class ScratchWorktree {
  readonly #git: GitPort;
  readonly #project: TrainProject;
  readonly #run: RunsCommands;
  readonly path: string;

  constructor(options: { git: GitPort; project: TrainProject; run: RunsCommands; folder?: `.${string}` }) {
    this.#git = options.git;
    this.#project = options.project;
    this.#run = options.run;
    this.path = join(options.project.worktreeFolder, options.folder ?? trainFolder);
  }

  /** Makes its files those of a commit. What Git ignores stays. Throws ScratchUnusable, or what Git refuses. */
  async checkOut(commit: string, signal: AbortSignal): Promise<void> {
    const { path: cwd, commonDir } = this.#project;
    const worktrees = await listWorktrees(this.#git, cwd);
    if (!(await isCheckout(this.#git, worktrees, this.path))) {
      await this.#make(commit, signal);
      return;
    }
    const call = { name: 'check a merged tree out', cwd: this.path, commonDir };
    // It holds nobody's work: what a killed train or a gate left in it goes.
    await this.#git.write({ ...call, args: ['reset', '--hard', '--quiet'], signal });
    await this.#git.write({ ...call, args: ['clean', '-d', '--force', '--quiet'], signal });
    await this.#git.write({
      ...call,
      args: ['checkout', '--detach', '--force', '--quiet', commit, '--'],
      signal,
    });
  }

  async #make(commit: string, signal: AbortSignal): Promise<void> {
    const { path: cwd, commonDir, copy, setup } = this.#project;
    if ((await lstat(this.path).catch(() => null)) !== null) {
      throw new ScratchUnusable(
        `Merged files are checked out in ${this.path}, and something else is there. Nothing was changed. Move it away and try again.`,
      );
    }
    const call = { name: 'make the train’s worktree', cwd, commonDir };
    await this.#git.write({ ...call, args: ['worktree', 'prune'], signal });
    await this.#git.write({
      ...call,
      args: ['worktree', 'add', '--detach', '--lock', '--reason', lockReason, this.path, commit],
      signal,
    });
    await copyIncluded(this.#git, { projectPath: cwd, worktreePath: this.path, patterns: copy, signal });
    if (setup === null) return;
    const { command, timeoutMilliseconds } = setup;
    const end = await this.#run({
      process: { ...this.#project.shell(command), cwd: this.path },
      timeoutMilliseconds,
      signal,
    });
    if (end.outcome !== 'passed') {
      await this.remove();
      throw new ScratchUnusable(
        `The setup command did not make the worktree for checks ready: ${end.reason ?? end.outcome}. Nothing was merged.`,
      );
    }
  }

  /** Takes it away. */
  async remove(): Promise<void> {
    const { path: cwd, commonDir } = this.#project;
    await this.#git.write({
      name: 'remove the train’s worktree',
      cwd,
      commonDir,
      args: ['worktree', 'remove', '--force', '--force', this.path],
      // 128: it is not there.
      okExitCodes: [0, 128],
    });
  }
}
