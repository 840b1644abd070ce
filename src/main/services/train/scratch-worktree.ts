import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { survivorsInWords } from '#main/services/gates/check-terminals.ts';
import { GitError, type GitOutput } from '#main/services/git/git.ts';
import { checkoutOf, recordFolder } from '#main/services/git/worktree-checkout.ts';
import { copyIncluded } from '#main/services/worktrees/copy.ts';

import { movedPaths, readTrackedState, type TrackedState } from './tracked-state.ts';
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
/** In Git's folder about the worktree, not among its files: it is ready, and what was done for that. */
const readyFile = 'switchyard-ready';
/** How long a Git may go on that outlived who started it, in milliseconds. Longer, and its lock is taken for left over. */
const orphanMilliseconds = 5000;

/**
 * A worktree of our own, the train's by default, on no branch: merged trees are checked out in it, one after the other, so that what the gates
 * need (dependencies, build caches) is made once. Nobody's work is ever in it. It is used again only where it was made to the end
 * by the setup of now; one that was cut off while it was made is made anew.
 */
export class ScratchWorktree {
  readonly #git: GitPort;
  readonly #project: TrainProject;
  readonly #commands: RunsCommands;
  readonly path: string;

  constructor(options: { git: GitPort; project: TrainProject; commands: RunsCommands; folder?: `.${string}` }) {
    this.#git = options.git;
    this.#project = options.project;
    this.#commands = options.commands;
    this.path = join(options.project.worktreeFolder, options.folder ?? trainFolder);
  }

  /**
   * Makes its files those of a commit, once whatever an earlier check has left running there has ended. What Git ignores stays.
   * Throws ScratchUnusable, or what Git refuses.
   */
  async checkOut(commit: string, signal: AbortSignal): Promise<void> {
    await this.#endEarlier();
    const record = await this.#record();
    if (record !== null && (await this.#isReady(record))) {
      try {
        // It holds nobody's work: what a killed train or a gate left in it goes.
        await this.#putBack(record, commit, { isCleaned: true, signal });
        return;
      } catch (error) {
        // What Git cannot put right, after a crash of the machine perhaps, is made anew.
        if (signal.aborted || !(error instanceof GitError)) throw error;
      }
    }
    await this.remove();
    await this.#make(commit, signal);
  }

  /** How its tracked files stand against a commit now, for `changedSince`. */
  trackedState(commit: string): Promise<TrackedState> {
    return readTrackedState((args) => this.#gitThere(args), this.path, commit);
  }

  /**
   * The tracked files that are not as they were, sorted. What is untracked does not count: builds and reports are written
   * there. Where the worktree is no checkout any more, that is what has changed.
   */
  async changedSince(before: TrackedState, commit: string): Promise<readonly string[]> {
    if ((await this.#record()) === null) return ['.git'];
    return movedPaths(before, await this.trackedState(commit), this.path);
  }

  /** Takes it away, however much of it was made. What is there and is not ours stays. */
  async remove(): Promise<void> {
    const { path: cwd, commonDir } = this.#project;
    await this.#endEarlier();
    const record = (await this.#record()) ?? (await this.#recordWithoutFiles());
    if (record === null) return;
    await untilUnlocked(record);
    // `.git` last: whoever is cut off here leaves what still says whose it is.
    for (const name of await readdir(this.path).catch(() => [])) {
      if (name !== '.git') await rm(join(this.path, name), { recursive: true, force: true, maxRetries: 3 });
    }
    await this.#git.write({
      name: 'remove the train’s worktree',
      cwd,
      commonDir,
      args: ['worktree', 'remove', '--force', '--force', this.path],
      // 128: so little of it was made that Git does not know it.
      okExitCodes: [0, 128],
    });
    await rm(this.path, { recursive: true, force: true });
    await rm(record, { recursive: true, force: true });
  }

  async #make(commit: string, signal: AbortSignal): Promise<void> {
    const { path: cwd, commonDir, copy, setup } = this.#project;
    if (!(await isNothing(this.path))) {
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
    if (setup !== null) {
      const end = await this.#commands.run({
        process: { ...this.#project.shell(setup.command), cwd: this.path },
        timeoutMilliseconds: setup.timeoutMilliseconds,
        signal,
      });
      if (end.outcome !== 'passed') {
        await this.remove();
        throw new ScratchUnusable(
          `The setup command did not make the worktree for checks ready: ${end.reason ?? end.outcome}`,
        );
      }
    }
    const record = await this.#record();
    if (record === null) throw new ScratchUnusable('The setup command took the worktree for checks apart.');
    // Checks are of the files as they are committed, whatever the setup has made of a lock file.
    await this.#putBack(record, commit, { isCleaned: false, signal });
    await writeFile(join(record, readyFile), this.#preparation());
  }

  async #putBack(
    record: string,
    commit: string,
    { isCleaned, signal }: { isCleaned: boolean; signal: AbortSignal },
  ): Promise<void> {
    const { commonDir } = this.#project;
    const call = { name: 'check a merged tree out', cwd: this.path, commonDir, env: this.#here(record), signal };
    await this.#git.write({ ...call, args: ['reset', '--hard', '--quiet'] });
    if (isCleaned) await this.#git.write({ ...call, args: ['clean', '-d', '--force', '--quiet'] });
    await this.#git.write({ ...call, args: ['checkout', '--detach', '--force', '--quiet', commit, '--'] });
  }

  async #gitThere(args: readonly string[]): Promise<GitOutput> {
    const record = await this.#record();
    if (record === null) throw new ScratchUnusable(`${this.path} is no checkout of this repository any more.`);
    return this.#git.read({ name: 'compare the checked files', cwd: this.path, args, env: this.#here(record) });
  }

  /** Said to Git in so many words: a worktree whose `.git` a gate has removed is not to lead it to the repository around. */
  #here(record: string): Readonly<Record<string, string>> {
    return { GIT_DIR: record, GIT_WORK_TREE: this.path };
  }

  async #endEarlier(): Promise<void> {
    const survivors = await this.#commands.endEarlier(this.path);
    if (survivors.length > 0) throw new ScratchUnusable(survivorsInWords(survivors));
  }

  /** Git's folder about the worktree that is here and is ours, half made or whole; null: nothing is here, or something else. */
  async #record(): Promise<string | null> {
    try {
      if (!(await lstat(this.path)).isDirectory()) return null;
      const link = /^gitdir: (.*)$/mu.exec(await readFile(join(this.path, '.git'), 'utf8'))?.[1];
      if (link === undefined) return null;
      const record = await realpath(resolve(this.path, link));
      if (dirname(record) !== (await realpath(join(this.#project.commonDir, 'worktrees')))) return null;
      // A copy of another worktree leads to that one's record, which does not lead back.
      const there = await checkoutOf(record);
      if (there === null || (await realpath(there)) !== (await realpath(this.path))) return null;
      return (await isOurs(record)) ? record : null;
    } catch {
      return null;
    }
  }

  /** The same, where all that is left of the worktree, or was made, is that folder. */
  async #recordWithoutFiles(): Promise<string | null> {
    if (!(await isNothing(this.path))) return null;
    const folder = await realpath(dirname(this.path)).catch(() => dirname(this.path));
    const record = await recordFolder(this.#git, this.#project.path, join(folder, basename(this.path)));
    return record !== null && (await isOurs(record)) ? record : null;
  }

  async #isReady(record: string): Promise<boolean> {
    const said = await readFile(join(record, readyFile), 'utf8').catch(() => null);
    return said === this.#preparation();
  }

  /** Names what makes the worktree ready. With other commands or files it is another worktree. */
  #preparation(): string {
    const { setup, copy } = this.#project;
    const done = JSON.stringify([setup?.command ?? null, copy]);
    return createHash('sha256').update(done).digest('hex');
  }
}

/** Whether we have made it: Git notes why a worktree is locked before anything else. Another one there is somebody's. */
const isOurs = async (record: string): Promise<boolean> =>
  (await readFile(join(record, 'locked'), 'utf8').catch(() => '')).trim() === lockReason;

/** Whether there is nothing at a path, or an empty folder, as a Git leaves it that was killed early. */
async function isNothing(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return true;
  return stats.isDirectory() && (await readdir(path)).length === 0;
}

/** A Git that outlived the host goes on writing files; it holds the index meanwhile. */
async function untilUnlocked(record: string): Promise<void> {
  const end = performance.now() + orphanMilliseconds;
  while (performance.now() < end) {
    if ((await lstat(join(record, 'index.lock')).catch(() => null)) === null) return;
    await sleep(50);
  }
}
