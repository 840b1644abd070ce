import type { Git } from './git.ts';

/** `merge-tree --write-tree`, by which merges are tried and made without touching a checkout, came with this version. */
const neededGit = { major: 2, minor: 38 };

export type UnfitGit = { kind: 'git-missing' } | { kind: 'git-too-old'; found: string; needed: string };

/** Why the Git of this machine does not do; null when it does. */
export async function unfitGit(git: Pick<Git, 'version'>): Promise<UnfitGit | null> {
  const version = await git.version();
  if (version === null) return { kind: 'git-missing' };
  const { major, minor } = neededGit;
  if (version.major > major || (version.major === major && version.minor >= minor)) return null;
  return { kind: 'git-too-old', found: version.text, needed: `${String(major)}.${String(minor)}` };
}
