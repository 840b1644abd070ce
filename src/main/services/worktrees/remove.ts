import { randomBytes } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Log } from '#main/base/log.ts';
import { moveOver } from '#main/base/move-over.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { listWorktrees, recordFolder } from '#main/services/git/worktree-checkout.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import { writeWorktreeTrees, type WorktreeTrees } from '#main/services/snapshots/uncommitted-work.ts';
import type { RemovalPlan } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { heldInWords, moveFolder, removeFolder, type FolderPorts, type HeldFiles } from './held-files.ts';
import { examineRemoval, isCovered, type Findings, type RemovalRequest } from './removal-plan.ts';

export type RemoveFailure =
  | { kind: 'more-would-be-lost'; plan: RemovalPlan }
  | { kind: 'main-checkout' }
  /**
   * `step`: check, snapshot, worktree, branch or verify. `message`: what happened and what is safe. `held`: what other programs
   * have open, where that is why; it can be tried again.
   */
  | { kind: 'failed'; step: string; message: string; held?: HeldFiles };

interface Needs {
  git: Git;
  snapshots: Snapshots;
  log: Log;
  platform: NodeJS.Platform;
  folders?: FolderPorts;
  /** Folders that could not be deleted to the end, by the worktree's path: what is in them is in a snapshot. */
  leftBehind: Map<string, LeftBehind>;
}

export interface LeftBehind {
  path: string;
  /** Which folder it was: by now something else may lie at this path, and that is in no snapshot. */
  identity: string | null;
}

type Step = 'check' | 'snapshot' | 'worktree' | 'branch' | 'verify';

/** A step that cannot go on; the message is for the person. */
class StepFailed extends Error {
  readonly step: Step;
  readonly held: HeldFiles | null;
  constructor(step: Step, message: string, held: HeldFiles | null = null) {
    super(message);
    this.step = step;
    this.held = held;
  }
}

/**
 * Deletes a run's worktree and branch: looks again, takes a snapshot, removes, and checks that they are gone. Refused,
 * with nothing deleted, when more would be lost than the fingerprint shows.
 */
export async function removeWorktree(
  needs: Needs,
  request: RemovalRequest & { reason: string; fingerprint: string },
): Promise<Result<{ snapshot: string | null }, RemoveFailure>> {
  let step: Step = 'check';
  let snapshot: string | null = null;
  let leftOver: string | null = null;
  try {
    const findings = await examineRemoval(needs.git, request);
    if (findings.isMainCheckout) return fail({ kind: 'main-checkout' });
    if (!isCovered(findings.plan.fingerprint, request.fingerprint)) {
      return fail({ kind: 'more-would-be-lost', plan: findings.plan });
    }
    if (findings.obstacle !== null) return fail({ kind: 'failed', step, message: findings.obstacle });
    step = 'snapshot';
    const taken = await protect(needs, request, findings);
    snapshot = taken?.ref ?? null;
    step = 'worktree';
    await needs.git.writes(await needs.git.commonDir(request.projectPath), async () => {
      leftOver = await removeCheckout(needs, request.projectPath, findings, taken?.work ?? null);
      step = 'branch';
      await removeBranch(needs, request, findings);
    });
    // Many files take long, and nobody else's turn need wait for them.
    step = 'worktree';
    const folder = leftOver ?? (await stillLeft(needs.leftBehind.get(request.worktreePath)));
    leftOver = null;
    await deleteFolder(needs, request, folder);
    step = 'verify';
    await verify(needs.git, request, findings);
    return ok({ snapshot });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    needs.log.error('could not delete a run', error, { step, branch: request.branch });
    await deleteFolder(needs, request, leftOver).catch((reason: unknown) => {
      needs.log.error('a folder is left behind', reason, { path: leftOver });
    });
    const words = error instanceof StepFailed ? error.message : `${whatFailed[step]}: ${error.message}.`;
    const held = error instanceof StepFailed ? error.held : null;
    // What is said of files that are open says what was deleted.
    const nothing = held === null ? ' Nothing was deleted.' : '';
    const safe =
      snapshot === null ? nothing : ` The snapshot ${snapshot} holds everything that was not kept elsewhere.`;
    const at = error instanceof StepFailed ? error.step : step;
    return fail({ kind: 'failed', step: at, message: words + safe, ...(held && { held }) });
  }
}

const whatFailed: Record<Step, string> = {
  check: 'The worktree could not be looked at',
  snapshot: 'No snapshot could be taken',
  worktree: 'The worktree could not be deleted',
  branch: 'The branch could not be deleted',
  verify: 'It could not be checked that everything is gone',
};

/** Null: there is nothing to lose. */
async function protect(
  { snapshots }: Needs,
  request: RemovalRequest & { reason: string },
  { worktree, tip }: Findings,
): Promise<{ ref: string; work: WorktreeTrees | null } | null> {
  const { projectPath, branch, reason } = request;
  const head = worktree?.entry.head ?? null;
  const taken = await snapshots.take({
    projectPath,
    branch,
    worktreePath: worktree?.state === 'present' ? worktree.entry.path : null,
    reason,
    // The HEAD of a worktree whose folder is gone can be on no branch.
    alsoKeep: head === null || /^0+$/.test(head) ? [] : [head],
  });
  if (taken !== null && tip !== null && taken.commit !== tip) {
    throw new StepFailed('snapshot', `The branch ${branch} has moved just now.`);
  }
  return taken;
}

/** `work`: what the snapshot holds of it. Returns the folder that is left to be deleted; null: there is none. */
async function removeCheckout(
  needs: Needs,
  projectPath: string,
  { worktree }: Findings,
  work: WorktreeTrees | null,
): Promise<string | null> {
  if (worktree === null) return null;
  const { git, log } = needs;
  const { entry, state } = worktree;
  if (state === 'replaced') {
    // What is there now is not the worktree. It stays; only Git's record of the worktree goes, and that Git itself
    // removes only when there is nothing at all at the path.
    const record = await recordFolder(git, projectPath, entry.path);
    if (record !== null) await rm(record, { recursive: true });
    return null;
  }
  const aside = state === 'present' && work !== null ? await setAside(needs, entry.path, work) : null;
  // Git notes now and then where a worktree is when it is asked something there, so it may list it under either path.
  const listed = async (): Promise<string | null> =>
    (await listWorktrees(git, projectPath)).find(({ path }) => path === entry.path || path === aside)?.path ?? null;
  try {
    await git.direct({
      name: 'remove the worktree',
      cwd: projectPath,
      // Twice: also when it is locked, which ours are.
      args: ['worktree', 'remove', '--force', '--force', '--', (await listed()) ?? entry.path],
    });
  } catch (error) {
    // It takes its record away even when some file could not be deleted; the rest of the folder is then ours to delete.
    if ((await listed()) !== null || !(error instanceof GitError)) {
      if (aside !== null) await putBack(git, aside, entry.path);
      throw error;
    }
    log.warn('git left a part of a worktree behind', { path: entry.path, said: error.stderr });
  }
  return aside ?? (state === 'present' ? entry.path : null);
}

async function stillLeft(left: LeftBehind | undefined): Promise<string | null> {
  return left && left.identity !== null && left.identity === (await identityOf(left.path)) ? left.path : null;
}

/** Its birth beside its number, because numbers are given to others again. */
async function identityOf(path: string): Promise<string | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null);
  return found && `${String(found.dev)}:${String(found.ino)}:${String(found.birthtimeNs)}`;
}

async function deleteFolder(
  { platform, folders, leftBehind }: Needs,
  { worktreePath, branch }: RemovalRequest,
  path: string | null,
): Promise<void> {
  if (path === null) return;
  const removed = await removeFolder(path, platform, folders);
  if (removed.ok) {
    leftBehind.delete(worktreePath);
    return;
  }
  leftBehind.set(worktreePath, { path, identity: await identityOf(path) });
  const message =
    `The branch ${branch} is gone, but not all of ${path} could be deleted. ${heldInWords(removed.error)} ` +
    'Close it and delete again, or delete the folder by hand.';
  throw new StepFailed('worktree', message, removed.error);
}

/**
 * Takes the folder out of the way in one step, so that nobody who writes to it by its name writes into what is being
 * deleted; and only then looks whether the snapshot holds all that is in it. Puts it back when it does not. Null: it cannot
 * be renamed here; then it was looked at where it is. Stops where something is open in it that would keep it from being
 * deleted: half a worktree helps nobody.
 */
async function setAside(
  { git, log, platform, folders }: Needs,
  path: string,
  work: WorktreeTrees,
): Promise<string | null> {
  const aside = join(dirname(path), `.${basename(path)}.deleting-${randomBytes(4).toString('hex')}`);
  // A Git of ours that waits for questions in there would keep it open on Windows.
  git.letGo(path);
  const moved = await moveFolder(path, aside, platform, folders).catch((error: unknown) => {
    log.info('a worktree cannot be renamed before it is deleted', { path, reason: errorMessage(error) });
    return null;
  });
  if (moved?.ok === false) {
    const message = `${path} cannot be deleted now. ${heldInWords(moved.error)} Nothing was deleted. Close it, then delete again.`;
    throw new StepFailed('worktree', message, moved.error);
  }
  const isRenamed = moved !== null;
  try {
    const now = await writeWorktreeTrees(git, isRenamed ? aside : path);
    if (now.everything !== work.everything || now.staged !== work.staged || now.work.head !== work.work.head) {
      throw new StepFailed('snapshot', `Some program still writes in ${path}. End it, then delete again.`);
    }
  } catch (error) {
    if (isRenamed) await putBack(git, aside, path);
    throw error;
  }
  return isRenamed ? aside : null;
}

async function putBack({ platform }: Git, aside: string, path: string): Promise<void> {
  try {
    await moveOver(aside, path, platform);
  } catch (error) {
    const message = `${path} was made anew by some program while it was being deleted. All that was in it is in ${aside} (${errorMessage(error)}).`;
    throw new StepFailed('worktree', message);
  }
}

async function removeBranch({ git, log }: Needs, request: RemovalRequest, { tip }: Findings): Promise<void> {
  const { projectPath, branch } = request;
  if (tip === null) return;
  const elsewhere = (await listWorktrees(git, projectPath)).find((entry) => entry.branch === `refs/heads/${branch}`);
  if (elsewhere !== undefined) {
    throw new StepFailed('branch', `The branch ${branch} was checked out in ${elsewhere.path} meanwhile and is kept.`);
  }
  await git.direct({
    name: `delete the branch ${branch}`,
    cwd: projectPath,
    // With the commit that was seen: a branch that has moved since is kept.
    args: ['update-ref', '-d', `refs/heads/${branch}`, tip],
  });
  try {
    await git.direct({
      name: "forget the branch's configuration",
      cwd: projectPath,
      args: ['config', '--local', '--remove-section', `branch.${branch}`],
      // 128: there is none.
      okExitCodes: [0, 128],
    });
  } catch (error) {
    log.error("could not remove a branch's configuration", error, { branch });
  }
}

async function verify(git: Git, request: RemovalRequest, { worktree }: Findings): Promise<void> {
  const { projectPath, branch } = request;
  const [tip = null] = await resolveCommits(git, projectPath, [`refs/heads/${branch}`]);
  if (tip !== null) throw new StepFailed('verify', `The branch ${branch} is there again: something has made it anew.`);
  if (worktree === null) return;
  const { path } = worktree.entry;
  const isListed = (await listWorktrees(git, projectPath)).some((entry) => entry.path === path);
  const isThere = worktree.state === 'present' && (await lstat(path).catch(() => null)) !== null;
  if (isListed || isThere) {
    throw new StepFailed(
      'verify',
      `The folder ${path} is there again: some program still writes to it. End it and delete the folder.`,
    );
  }
}
