import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords, parseNumstat, parseStatus } from '#main/services/git/parse.ts';

/** What a branch has beyond where it began, as far as somebody needs it who goes on with it. */
export interface WorkSoFar {
  /** Oldest first. */
  commits: readonly { hash: string; subject: string }[];
  /** Committed or not. */
  files: readonly { path: string; insertions: number | null; deletions: number | null }[];
  uncommitted: readonly string[];
}

const commitRecords = logRecords({ hash: '%h', subject: '%s' });

/** Looks without taking a lock. Throws what Git refuses. */
export async function readWorkSoFar(
  git: Pick<Git, 'read'>,
  { worktreePath, baseCommit }: { worktreePath: string; baseCommit: string },
): Promise<WorkSoFar> {
  const read = (name: string, args: readonly string[]) => git.read({ name, cwd: worktreePath, args });
  const [log, diff, status] = await Promise.all([
    read('list the commits of the run', [
      'log',
      '--reverse',
      `--format=${commitRecords.format}`,
      `${baseCommit}..HEAD`,
      '--',
    ]),
    read('list the changed files of the run', ['diff', '--numstat', '-z', baseCommit, '--']),
    read('find what is not committed', ['status', '--porcelain=v2', '-z', '--untracked-files=all']),
  ]);
  const uncommitted = parseStatus(status.text).entries;
  const untracked = uncommitted.filter(({ kind }) => kind === 'untracked');
  return {
    commits: commitRecords.parse(log.text),
    files: [...parseNumstat(diff.text), ...untracked.map(({ path }) => ({ path, insertions: null, deletions: null }))],
    uncommitted: uncommitted.map(({ path }) => path),
  };
}

/** The same, and null where the worktree cannot be asked. */
export async function tryReadWorkSoFar(
  git: Pick<Git, 'read'>,
  place: { worktreePath: string; baseCommit: string },
): Promise<WorkSoFar | null> {
  try {
    return await readWorkSoFar(git, place);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}
