import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Git } from '#main/services/git/git.ts';
import type { WorktreeEntry } from '#main/services/git/parse.ts';
import { resolveBase } from '#main/services/git/resolve.ts';
import type { WorkElsewhere } from '#shared/contract/runs.ts';

/**
 * What a run's worktree has checked out where that is not the run's branch, which a review and a merge do not see. Null: it
 * has its branch, or comes back to it by itself, as in the middle of a rebase, or a detached HEAD has nothing of its own.
 */
export async function findWorkElsewhere(
  git: Pick<Git, 'read' | 'gitDir'>,
  entry: WorktreeEntry,
  run: { projectPath: string; branch: string; base: string },
): Promise<WorkElsewhere | null> {
  const { head } = entry;
  const own = `refs/heads/${run.branch}`;
  if (entry.branch === own || head === null || /^0+$/u.test(head)) return null;
  if (entry.branch === null && (await isRebased(git, entry.path))) return null;
  const base = await resolveBase(git, run.projectPath, run.base);
  const { text, exitCode } = await git.read({
    name: 'count the commits that the branch does not have',
    cwd: run.projectPath,
    args: ['rev-list', '--count', head, '--not', own, ...(base === null ? [] : [base]), '--'],
    // 128: the branch is gone.
    okExitCodes: [0, 128],
  });
  if (exitCode !== 0) return null;
  const commits = Number(text.trim());
  if (entry.branch === null && commits === 0) return null;
  return { branch: entry.branch?.replace(/^refs\/heads\//u, '') ?? null, commit: head, commits };
}

async function isRebased(git: Pick<Git, 'gitDir'>, path: string): Promise<boolean> {
  const gitDir = await git.gitDir(path);
  const found = await Promise.all(
    ['rebase-merge', 'rebase-apply'].map((name) => lstat(join(gitDir, name)).catch(() => null)),
  );
  return found.some((stats) => stats !== null);
}
