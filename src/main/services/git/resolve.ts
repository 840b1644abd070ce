import type { Git } from './git.ts';

/** Null where a name is no commit of the repository. */
export type Resolved = string | null;

/**
 * The commits that names stand for, in one process. A name is anything that Git takes for a commit; write branches as
 * `refs/heads/x`, because a tag of the same name would go first. Names with a line end are no commits.
 */
export async function resolveCommits(
  git: Pick<Git, 'read'>,
  cwd: string,
  names: readonly string[],
): Promise<readonly Resolved[]> {
  const asked = names.map((name) => (name.includes('\n') ? '' : name));
  const { text } = await git.read({
    name: 'look up commits',
    cwd,
    args: ['cat-file', '--batch-check=%(objectname)', '--buffer'],
    input: asked.map((name) => `${name}^{commit}\n`).join(''),
  });
  const lines = text.split('\n');
  return names.map((_, index) => {
    const line = lines[index] ?? '';
    return /^[0-9a-f]{40,64}$/.test(line) ? line : null;
  });
}

/** A base by its name: a local branch first, then whatever else Git takes for a commit (a tag, `origin/main`, a hash). */
export async function resolveBase(git: Pick<Git, 'read'>, cwd: string, base: string): Promise<Resolved> {
  const [branch = null, other = null] = await resolveCommits(git, cwd, [`refs/heads/${base}`, base]);
  return branch ?? other;
}
