import type { Log } from '#main/base/log.ts';
import { Semaphore } from '#main/base/semaphore.ts';
import { isAncestor } from '#main/services/git/ancestry.ts';
import type { Git } from '#main/services/git/git.ts';
import { resolveBase, resolveCommits } from '#main/services/git/resolve.ts';
import { checkoutState, listWorktrees } from '#main/services/git/worktree-checkout.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import type { RemovalPlan, RunChanges, RunPresence } from '#shared/contract/runs.ts';
import type { Result } from '#shared/result.ts';

import { readChanges } from './changes.ts';
import {
  createWorktree,
  findNotedBranch,
  type Created,
  type CreateFailure,
  type CreateRequest,
  type OnStage,
} from './create.ts';
import type { FolderPorts } from './held-files.ts';
import { examineRemoval, locateWorktree, type RemovalRequest } from './removal-plan.ts';
import { findWorkElsewhere } from './work-elsewhere.ts';
import { tryReadWorkSoFar, type WorkSoFar } from './work-so-far.ts';
import { removeWorktree, type LeftBehind, type RemoveFailure } from './remove.ts';

/** A checkout of the repository, as Git knows it now. */
export interface Worktree {
  path: string;
  /** Short name; null when HEAD is detached. */
  branch: string | null;
  /** The commit that is checked out; all zeros before the first one. */
  head: string;
  isMain: boolean;
  isLocked: boolean;
  /** Its folder is gone, or is no checkout any more. */
  isPrunable: boolean;
}

/** Two worktrees that write their files leave two Git processes for everything else. */
const checkoutsAtOnce = 2;

/** The worktrees of runs: made in stages that can be taken back, measured, and deleted only after a snapshot. */
export class Worktrees {
  readonly #git: Git;
  readonly #snapshots: Snapshots;
  readonly #log: Log;
  readonly #checkouts = new Semaphore(checkoutsAtOnce);
  readonly #leftBehind = new Map<string, LeftBehind>();
  readonly #platform: NodeJS.Platform;
  readonly #folders: FolderPorts | undefined;

  /** `platform` and `folders`: for tests of what is not there. Default: Git's, and the file system. */
  constructor(options: {
    git: Git;
    snapshots: Snapshots;
    log: Log;
    platform?: NodeJS.Platform;
    folders?: FolderPorts;
  }) {
    this.#git = options.git;
    this.#snapshots = options.snapshots;
    this.#log = options.log;
    this.#platform = options.platform ?? options.git.platform;
    this.#folders = options.folders;
  }

  /** The main checkout first. Bare repositories have none and are left out. */
  async list(projectPath: string): Promise<readonly Worktree[]> {
    const entries = await listWorktrees(this.#git, projectPath);
    return entries
      .map((entry, index) => ({
        path: entry.path,
        branch: entry.branch?.replace(/^refs\/heads\//, '') ?? null,
        head: entry.head ?? '',
        isMain: index === 0,
        isLocked: entry.locked !== null,
        isPrunable: entry.prunable !== null,
      }))
      .filter((_, index) => entries[index]?.isBare === false);
  }

  /**
   * Makes the branch and its worktree. `onStage` is told each stage as it begins and ends. Several at once in one
   * repository take turns where they must and run side by side where they can. What a failed or cancelled attempt made
   * is taken back before the result comes.
   */
  create(request: CreateRequest, onStage: OnStage, signal: AbortSignal): Promise<Result<Created, CreateFailure>> {
    const needs = { git: this.#git, log: this.#log, checkouts: this.#checkouts };
    return createWorktree(needs, request, onStage, signal);
  }

  /** The commit of a branch that `create` made with this note, as long as nothing has moved it since; else null. */
  findNotedBranch(request: { projectPath: string; branch: string; note: string }): Promise<string | null> {
    return findNotedBranch(this.#git, request);
  }

  /** What there is of a run's work, for whoever goes on with it; null: its worktree cannot be asked. */
  workSoFar(place: { worktreePath: string; baseCommit: string }): Promise<WorkSoFar | null> {
    return tryReadWorkSoFar(this.#git, place);
  }

  /** Null: branch or base is missing, or they have no commit in common. `worktreePath: null`: the branch alone. */
  changes(request: {
    projectPath: string;
    worktreePath: string | null;
    branch: string;
    base: string;
  }): Promise<RunChanges | null> {
    return readChanges(this.#git, request);
  }

  /**
   * What would be lost. Ignored files are not listed, except those that were copied into the worktree and changed there:
   * the others are builds and dependencies, which can be made again.
   */
  async planRemoval(request: RemovalRequest): Promise<RemovalPlan> {
    return (await examineRemoval(this.#git, request)).plan;
  }

  /** Deletes worktree and branch after a snapshot. The caller has ended the processes that work in it. */
  remove(
    request: RemovalRequest & { reason: string; fingerprint: string },
  ): Promise<Result<{ snapshot: string | null }, RemoveFailure>> {
    const needs = {
      git: this.#git,
      snapshots: this.#snapshots,
      log: this.#log,
      platform: this.#platform,
      leftBehind: this.#leftBehind,
      ...(this.#folders && { folders: this.#folders }),
    };
    return removeWorktree(needs, request);
  }

  /**
   * Whether the branch exists, and whether the run's worktree is there: at its path, or wherever the person moved it,
   * which `worktreePath` then names. With `base`, also what it has checked out instead of the branch.
   */
  async presence(request: {
    projectPath: string;
    worktreePath: string;
    branch: string;
    base?: string;
  }): Promise<RunPresence & { worktreePath: string | null }> {
    const { projectPath, branch, base } = request;
    const [[tip = null], entries] = await Promise.all([
      resolveCommits(this.#git, projectPath, [`refs/heads/${branch}`]),
      listWorktrees(this.#git, projectPath),
    ]);
    const entry = await locateWorktree(entries, request);
    const worktree = entry !== null && (await checkoutState(this.#git, projectPath, entry.path)) === 'present';
    const elsewhere =
      worktree && tip !== null && base !== undefined
        ? await findWorkElsewhere(this.#git, entry, { projectPath, branch, base })
        : null;
    return {
      branch: tip !== null,
      worktree,
      ...(elsewhere && { elsewhere }),
      worktreePath: worktree ? entry.path : null,
    };
  }

  /** Whether the base contains the branch's tip, and the branch had commits of its own since `baseCommit`. */
  async mergedInto(request: {
    projectPath: string;
    branch: string;
    base: string;
    baseCommit: string;
  }): Promise<boolean> {
    const { projectPath, branch, base, baseCommit } = request;
    const [tip = null] = await resolveCommits(this.#git, projectPath, [`refs/heads/${branch}`]);
    const baseTip = await resolveBase(this.#git, projectPath, base);
    if (tip === null || baseTip === null) return false;
    const isIn = (commit: string): Promise<boolean> =>
      isAncestor(this.#git, projectPath, { ancestor: tip, of: commit });
    return !(await isIn(baseCommit)) && (await isIn(baseTip));
  }
}
