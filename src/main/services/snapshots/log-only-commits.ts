import type { Git } from '#main/services/git/git.ts';

/** Far more than anyone has thrown away in one worktree; a log is cut at this many of its newest entries. */
const mostEntries = 2000;

/**
 * Commits that only the logs of a worktree's HEAD and of its branch still name: what was amended, reset away, or made on a
 * HEAD that was on no branch. The logs go with the worktree and the branch, and then nothing would keep these. Only those
 * that no other of them contains.
 */
export async function findLogOnlyCommits(
  git: Pick<Git, 'read'>,
  request: { projectPath: string; worktreePath: string | null; branch: string },
): Promise<readonly string[]> {
  const { projectPath, worktreePath, branch } = request;
  const logs = [
    ...(worktreePath === null ? [] : [{ cwd: worktreePath, ref: 'HEAD' }]),
    { cwd: projectPath, ref: `refs/heads/${branch}` },
  ];
  const named = new Set<string>();
  for (const { cwd, ref } of logs) {
    const { text } = await git.read({
      name: 'read the log of a branch',
      cwd,
      args: ['log', '--walk-reflogs', `--max-count=${String(mostEntries)}`, '--format=%H', ref, '--'],
      // 128: there is no such log.
      okExitCodes: [0, 128],
    });
    for (const hash of text.split('\n')) if (hash !== '') named.add(hash);
  }
  if (named.size === 0) return [];
  const { text } = await git.read({
    name: 'find commits that only a log names',
    cwd: worktreePath ?? projectPath,
    args: ['rev-list', '--parents', '--ignore-missing', '--stdin', '--not', '--all', 'HEAD'],
    input: `${[...named].join('\n')}\n`,
    okExitCodes: [0, 128],
  });
  const commits = text.split('\n').filter((line) => line !== '');
  const contained = new Set(commits.flatMap((line) => line.split(' ').slice(1)));
  return commits.map((line) => line.split(' ')[0] ?? '').filter((hash) => !contained.has(hash));
}
