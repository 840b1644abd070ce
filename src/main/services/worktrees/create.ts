import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import type { Log } from '#main/base/log.ts';
import type { Semaphore } from '#main/base/semaphore.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { checkOutFiles, limitCheckout, registerWorktree } from '#main/services/git/worktree-checkout.ts';
import { counted } from '#shared/counted.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { checkCreation, type Checked } from './check.ts';
import { copyIncluded, type CopyOutcome } from './copy.ts';
import { seedDependencies, type DependencyFolder, type Seeded } from './seed-dependencies.ts';

export type CreateStage = 'check' | 'branch' | 'worktree' | 'copy';

/** `message` is for the person: what happened, what is safe, what to do next. */
export type CreateFailure = (
  { kind: 'failed'; stage: CreateStage; message: string } | { kind: 'cancelled'; stage: CreateStage }
) & {
  /** What this attempt made and could not take back, as a sentence; null when nothing of it is there. */
  left: string | null;
};

export type OnStage = (
  stage: CreateStage,
  state: 'running' | 'done' | 'skipped' | 'failed',
  detail: string | null,
) => void;

export interface CreateRequest {
  projectPath: string;
  /** Short name. Must not exist. */
  branch: string;
  /** A branch, a tag, a remote's branch or a commit. */
  base: string;
  /** Absolute. Must not exist, or be an empty folder. */
  worktreePath: string;
  /** Patterns in gitignore's syntax, besides those of the project's `.worktreeinclude`. */
  copy: readonly string[];
  /** Folders that are copied from the project's checkout while their lockfile is the same in both. Default: none. */
  dependencies?: readonly DependencyFolder[];
  /** The only folders that the worktree has files of, besides those at the top. Default: all. */
  sparse?: readonly string[];
  /** Stands in the branch's reflog, so that whoever finds the branch after a crash can tell who made it. One line. */
  note?: string;
  /** From now on there is something to take back. */
  onDidMakeBranch?: (commit: string) => void;
}

export interface Created {
  baseCommit: string;
  worktreePath: string;
}

interface Needs {
  git: Git;
  log: Log;
  /** How many worktrees write their files at once: more would keep every Git process busy and freeze the board. */
  checkouts: Semaphore;
}

/** What this attempt has made so far, and therefore takes back when it fails. */
interface Made {
  branchAt: string | null;
  worktree: boolean;
  /** The topmost of the parent folders that had to be made. */
  topFolder: string | null;
}

/** Makes a branch and its worktree in named stages. A failure or a cancel takes back what this attempt made, and no more. */
export async function createWorktree(
  needs: Needs,
  request: CreateRequest,
  onStage: OnStage,
  signal: AbortSignal,
): Promise<Result<Created, CreateFailure>> {
  const made: Made = { branchAt: null, worktree: false, topFolder: null };
  let stage: CreateStage = 'check';
  let checked: Checked | null = null;
  try {
    signal.throwIfAborted();
    onStage('check', 'running', null);
    const outcome = await checkCreation(needs.git, request);
    if (!outcome.ok) {
      onStage('check', 'failed', outcome.error.message);
      return fail({ kind: 'failed', stage, message: outcome.error.message, left: null });
    }
    checked = outcome.value;
    signal.throwIfAborted();
    onStage('check', 'done', null);

    stage = 'branch';
    onStage(stage, 'running', null);
    await makeBranch(needs, request, checked.baseCommit, made);
    signal.throwIfAborted();
    onStage(stage, 'done', `${request.branch} at ${checked.baseCommit.slice(0, 10)}`);

    stage = 'worktree';
    onStage(stage, 'running', null);
    await makeWorktree(needs, request, checked, made, signal);
    onStage(stage, 'done', request.worktreePath);

    stage = 'copy';
    onStage(stage, 'running', null);
    const { projectPath, worktreePath, copy: patterns } = request;
    const copied = await copyIncluded(needs.git, { projectPath, worktreePath, patterns, signal });
    signal.throwIfAborted();
    const { dependencies: folders = [] } = request;
    const { platform } = needs.git;
    const seeded = await seedDependencies({ projectPath, worktreePath, folders, platform, signal });
    const isNothing = copied === null && seeded.length === 0;
    onStage(stage, isNothing ? 'skipped' : 'done', describeCopy(copied, seeded));
    return ok({ baseCommit: checked.baseCommit, worktreePath });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const left = await takeBack(needs, request, made, checked);
    if (signal.aborted) {
      onStage(stage, 'failed', left === null ? 'Cancelled.' : `Cancelled. ${left}`);
      return fail({ kind: 'cancelled', stage, left });
    }
    needs.log.error('could not create a worktree', error, { stage, branch: request.branch });
    const message = `${whatFailed(stage, error)} ${left === null ? 'Nothing was left behind.' : left}`;
    onStage(stage, 'failed', message);
    return fail({ kind: 'failed', stage, message, left });
  }
}

async function makeBranch({ git }: Needs, request: CreateRequest, commit: string, made: Made): Promise<void> {
  const { projectPath, branch, base, note, onDidMakeBranch } = request;
  await git.write({
    name: `make the branch ${branch}`,
    cwd: projectPath,
    commonDir: await git.commonDir(projectPath),
    // The zeros: it must not be there, also if somebody made it since it was looked for.
    args: [
      '-c',
      'core.logAllRefUpdates=true',
      'update-ref',
      '-m',
      `branch: Created from ${base}${note === undefined ? '' : noteEnd(note)}`,
      `refs/heads/${branch}`,
      commit,
      '0'.repeat(commit.length),
    ],
  });
  made.branchAt = commit;
  onDidMakeBranch?.(commit);
}

const noteEnd = (note: string): string => `, ${note}`;

/**
 * The commit of a branch that an attempt with this note made and that nothing has moved since, although the attempt did
 * not live to tell; null: there is none, or it is somebody else's.
 */
export async function findNotedBranch(
  git: Pick<Git, 'read'>,
  { projectPath, branch, note }: { projectPath: string; branch: string; note: string },
): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const [tip = null] = await resolveCommits(git, projectPath, [ref]);
  if (tip === null) return null;
  const { text } = await git.read({
    name: 'see who made a branch',
    cwd: projectPath,
    args: ['log', '--walk-reflogs', '--max-count=1', `--format=${reflogRecords.format}`, ref, '--'],
  });
  const [last] = reflogRecords.parse(text);
  return last?.commit === tip && last.message.endsWith(noteEnd(note)) ? tip : null;
}

const reflogRecords = logRecords({ commit: '%H', message: '%gs' });

async function makeWorktree(
  { git, checkouts }: Needs,
  request: CreateRequest,
  checked: Checked,
  made: Made,
  signal: AbortSignal,
): Promise<void> {
  const { projectPath, worktreePath, branch } = request;
  await git.writes(await git.commonDir(projectPath), async () => {
    signal.throwIfAborted();
    made.topFolder = (await mkdir(dirname(worktreePath), { recursive: true })) ?? null;
    // Not cancelled: it takes milliseconds, and cut short it could leave a record that nobody remembers making.
    await registerWorktree(git, {
      projectPath,
      worktreePath,
      head: { branch },
      replaceRecord: checked.replaceRecord,
    });
    made.worktree = true;
    if (request.sparse !== undefined && request.sparse.length > 0) {
      await limitCheckout(git, worktreePath, request.sparse);
    }
  });
  await checkouts.run(() => {
    signal.throwIfAborted();
    return checkOutFiles(git, worktreePath, signal);
  }, signal);
}

/** Null: all of it was taken back. Otherwise a sentence about what is left. */
async function takeBack(
  { git, log }: Needs,
  { projectPath, worktreePath, branch }: CreateRequest,
  made: Made,
  checked: Checked | null,
): Promise<string | null> {
  const left: string[] = [];
  const attempt = async (what: string, step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      log.error('could not take back a worktree', error, { what });
      left.push(what);
    }
  };
  if (made.branchAt === null && made.topFolder === null) return null;
  const commonDir = await git.commonDir(projectPath);
  await git.writes(commonDir, async () => {
    const step = (args: readonly string[]): Promise<unknown> =>
      git.direct({ name: 'take back a worktree', cwd: projectPath, args });
    if (made.worktree) {
      await attempt(`the folder ${worktreePath}`, async () => {
        await step(['worktree', 'remove', '--force', '--force', '--', worktreePath]);
        await rm(worktreePath, { recursive: true, force: true, maxRetries: 3 });
      });
    }
    if (checked?.folderIsThere === true) await mkdir(worktreePath, { recursive: true });
    if (made.topFolder !== null) await removeEmptyFolders(dirname(worktreePath), made.topFolder);
    const { branchAt } = made;
    if (branchAt !== null) {
      await attempt(`the branch ${branch}`, () => step(['update-ref', '-d', `refs/heads/${branch}`, branchAt]));
    }
  });
  return left.length === 0 ? null : `Left behind, because it could not be deleted: ${left.join(' and ')}.`;
}

/** From the lowest up to the topmost, as long as nobody has put anything into them. */
async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  if (folder !== top) await removeEmptyFolders(dirname(folder), top);
}

function whatFailed(stage: CreateStage, error: Error): string {
  const words: Record<CreateStage, string> = {
    check: 'The repository could not be looked at',
    branch: 'The branch could not be made',
    worktree: 'The worktree could not be made',
    copy: 'The files for the worktree could not be copied',
  };
  const stderr = error instanceof GitError ? error.stderr : '';
  const hint = isTooLong(stderr, error) ? lengthHint : stderr.includes('.lock') ? lockHint : '';
  return `${words[stage]}: ${error.message}.${hint}`;
}

/** What Git says of a path that the system refuses for its length, and what the system says to us. */
const isTooLong = (stderr: string, error: Error): boolean =>
  /file ?name too long/i.test(stderr) || errorCode(error) === 'ENAMETOOLONG';

const lengthHint =
  " Some file's whole path is longer than this system takes. Choose a worktree folder with a shorter path in the project's configuration, or a shorter branch name.";

const lockHint =
  ' Another Git program is at work in this repository, or one was ended in the middle: if none is running, delete the lock file it names. Then try again.';

function describeCopy(outcome: CopyOutcome | null, seeded: readonly Seeded[]): string {
  const dependencies = seeded.map((each) =>
    each.outcome === 'seeded'
      ? `${each.folder} is as in your checkout, by ${each.lockfile}.`
      : `${each.folder} was left out: ${each.reason}.`,
  );
  if (outcome === null) {
    return dependencies.length > 0
      ? dependencies.join(' ')
      : 'Neither .worktreeinclude nor the configuration names a file.';
  }
  const copied = `${counted(outcome.copied, 'file')} copied`;
  const files =
    outcome.leftOut === 0 ? `${copied}.` : `${copied}, ${String(outcome.leftOut)} left out (links, or already there).`;
  return [files, ...dependencies].join(' ');
}
