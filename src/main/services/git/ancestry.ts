import type { Git } from './git.ts';

/** The best common ancestor of two commits; null for unrelated histories. */
export async function mergeBaseOf(
  git: Pick<Git, 'read'>,
  cwd: string,
  one: string,
  other: string,
): Promise<string | null> {
  const { text } = await git.read({
    name: 'find the merge base',
    cwd,
    args: ['merge-base', one, other],
    okExitCodes: [0, 1],
  });
  return text.trim() === '' ? null : text.trim();
}

/** Whether a commit is part of the history of another one. It is not of one that is not there. */
export async function isAncestor(
  git: Pick<Git, 'read'>,
  cwd: string,
  commits: { ancestor: string; of: string },
): Promise<boolean> {
  const { exitCode } = await git.read({
    name: 'compare commits',
    cwd,
    args: ['merge-base', '--is-ancestor', commits.ancestor, commits.of],
    // 128: one of them is not in the repository.
    okExitCodes: [0, 1, 128],
  });
  return exitCode === 0;
}
