import { isAncestor } from '#main/services/git/ancestry.ts';
import type { Git } from '#main/services/git/git.ts';
import { parseNumstat, type NumstatEntry } from '#main/services/git/parse.ts';

/** What a branch has got since a commit. */
export interface BranchNews {
  commits: number;
  /** The latest first, at most three. */
  subjects: readonly string[];
  /** It does not hold that commit any more; `commits` counts all that its base has not. */
  isRewritten: boolean;
  /** What differs between then and now. */
  files: readonly NumstatEntry[];
}

/** Asks Git what the branch with this tip has got since `since`, which another one's clean-up may have taken away. */
export async function readBranchNews(
  git: Pick<Git, 'read'>,
  place: { projectPath: string; base: string },
  { since, tip }: { since: string; tip: string },
): Promise<BranchNews | null> {
  if (since === tip) return null;
  const cwd = place.projectPath;
  const isOnIt = await isAncestor(git, cwd, { ancestor: since, of: tip });
  const range = isOnIt ? [`${since}..${tip}`] : [tip, `^refs/heads/${place.base}`];
  const okExitCodes = [0, 128];
  const [count, subjects, files] = await Promise.all([
    git.read({ name: 'count the new commits', cwd, args: ['rev-list', '--count', ...range, '--'], okExitCodes }),
    git.read({
      name: 'read the new commits',
      cwd,
      args: ['log', '-z', '--max-count=3', '--format=%s', ...range, '--'],
      okExitCodes,
    }),
    git.read({
      name: 'find what has changed',
      cwd,
      args: ['diff', '--numstat', '-z', since, tip, '--'],
      okExitCodes,
    }),
  ]);
  return {
    commits: count.exitCode === 0 ? Number(count.text.trim()) : 0,
    subjects: subjects.exitCode === 0 ? subjects.text.split('\0').filter((subject) => subject !== '') : [],
    isRewritten: !isOnIt,
    files: files.exitCode === 0 ? parseNumstat(files.text) : [],
  };
}
