import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

import type { Log } from '#main/base/log.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { checkOutFiles, listWorktrees, refreshIndex, registerWorktree } from '#main/services/git/worktree-checkout.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { writeFilesAsStored } from './raw-files.ts';
import type { SnapshotFacts } from './snapshot-message.ts';

export interface Restored {
  branch: string;
  /** Null: the snapshot was of a branch alone. */
  worktreePath: string | null;
}

export type RestoreFailure =
  { kind: 'snapshot-missing' } | { kind: 'branch-exists'; branch: string } | { kind: 'failed'; message: string };

interface Needs {
  git: Git;
  log: Log;
}

export async function restoreSnapshot(
  needs: Needs,
  projectPath: string,
  facts: SnapshotFacts,
): Promise<Result<Restored, RestoreFailure>> {
  const { git } = needs;
  const commonDir = await git.commonDir(projectPath);
  const worktreePath = facts.worktreePath === null ? null : await freePath(git, projectPath, facts.worktreePath);
  const made: { branch: boolean; worktree: boolean } = { branch: false, worktree: false };
  try {
    const exists = await git.writes(commonDir, async () => {
      const [present = null] = await resolveCommits(git, projectPath, [`refs/heads/${facts.branch}`]);
      if (present !== null) return true;
      await git.direct({
        name: `bring back the branch ${facts.branch}`,
        cwd: projectPath,
        args: ['update-ref', `refs/heads/${facts.branch}`, facts.commit, '0'.repeat(facts.commit.length)],
      });
      made.branch = true;
      if (worktreePath === null) return false;
      await mkdir(dirname(worktreePath), { recursive: true });
      await registerWorktree(git, { projectPath, worktreePath, head: headOf(facts), replaceRecord: false });
      // Only now: until Git has made the folder, what is at this path may be somebody else's.
      made.worktree = true;
      return false;
    });
    if (exists) return fail({ kind: 'branch-exists', branch: facts.branch });
    if (worktreePath !== null) await bringBackFiles(git, worktreePath, facts);
    return ok({ branch: facts.branch, worktreePath });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    needs.log.error('could not restore a snapshot', error, { branch: facts.branch });
    await takeBack(needs, projectPath, facts, made.worktree ? worktreePath : null, made.branch);
    const said = error instanceof GitError ? error.message : `the folder could not be made: ${error.message}`;
    return fail({
      kind: 'failed',
      message: `The snapshot could not be restored: ${said}. What this attempt made was taken back; the snapshot is still there.`,
    });
  }
}

/** The branch, unless the worktree was on another commit: what was not committed belongs on top of that one. */
const headOf = (facts: SnapshotFacts): { branch: string } | { commit: string } =>
  facts.head === null || (facts.headBranch === facts.branch && facts.head === facts.commit)
    ? { branch: facts.branch }
    : { commit: facts.head };

async function bringBackFiles(git: Git, worktreePath: string, facts: SnapshotFacts): Promise<void> {
  await checkOutFiles(git, worktreePath);
  const { dirtyCommit } = facts;
  if (dirtyCommit === null) return;
  const call = { name: 'bring back what was not committed', cwd: worktreePath };
  await git.direct({ ...call, args: ['read-tree', '-m', '-u', 'HEAD', dirtyCommit] });
  await writeFilesAsStored(git, worktreePath, { from: 'HEAD', to: dirtyCommit });
  // The files are there. The index goes back to what was staged, so that the rest is uncommitted as it was.
  const [, staged] = (await git.read({ ...call, args: ['rev-parse', `${dirtyCommit}^@`] })).text.trim().split('\n');
  await git.direct({ ...call, args: ['read-tree', staged ?? 'HEAD'] });
  await refreshIndex(git, worktreePath);
}

/** The path as it was, or the first free name beside it. */
async function freePath(git: Git, projectPath: string, path: string): Promise<string> {
  if (!isAbsolute(path)) throw new Error('a snapshot names a relative path');
  const taken = new Set((await listWorktrees(git, projectPath)).map((entry) => entry.path));
  for (let attempt = 1; ; attempt++) {
    const candidate = attempt === 1 ? path : `${path}-restored${attempt === 2 ? '' : `-${String(attempt - 1)}`}`;
    if (!taken.has(candidate) && (await isFree(candidate))) return candidate;
  }
}

async function isFree(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return true;
  return stats.isDirectory() && (await readdir(path)).length === 0;
}

async function takeBack(
  { git, log }: Needs,
  projectPath: string,
  facts: SnapshotFacts,
  worktreePath: string | null,
  hasBranch: boolean,
): Promise<void> {
  const commonDir = await git.commonDir(projectPath);
  await git.writes(commonDir, async () => {
    const attempt = async (args: readonly string[]): Promise<void> => {
      try {
        await git.direct({ name: 'take back a failed restore', cwd: projectPath, args });
      } catch (error) {
        log.error('could not take back a failed restore', error, { args });
      }
    };
    if (worktreePath !== null) {
      await attempt(['worktree', 'remove', '--force', '--force', '--', worktreePath]);
      await rm(worktreePath, { recursive: true, force: true });
    }
    if (hasBranch) await attempt(['update-ref', '-d', `refs/heads/${facts.branch}`, facts.commit]);
  });
}
