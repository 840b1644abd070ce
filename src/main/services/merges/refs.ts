import { GitError } from '#main/services/git/git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';

import type { GitPort } from './merge-ports.ts';

export const branchRef = (branch: string): string => `refs/heads/${branch}`;

export type RefMove =
  | { kind: 'moved' }
  /** The ref is not where it was. */
  | { kind: 'elsewhere' }
  | { kind: 'locked'; message: string };

/** Moves a ref from one commit to another, and only from that one. For use inside `git.writes`. */
export async function moveRef(
  git: Pick<GitPort, 'read' | 'direct'>,
  cwd: string,
  move: { ref: string; from: string; to: string; reflog: string },
): Promise<RefMove> {
  const { ref, from, to, reflog } = move;
  try {
    await git.direct({ name: `move ${ref}`, cwd, args: ['update-ref', '-m', reflog, ref, to, from] });
    return { kind: 'moved' };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const [now] = await resolveCommits(git, cwd, [ref]);
    if (now === to) return { kind: 'moved' };
    if (now !== from) return { kind: 'elsewhere' };
    if (saysLocked(error.stderr)) return { kind: 'locked', message: lockMessage(error.stderr) };
    throw error;
  }
}

/** Takes refs away that are ours alone. Those that are not there are no failure. For use inside `git.writes`. */
export async function deleteRefs(
  git: Pick<GitPort, 'read' | 'direct'>,
  cwd: string,
  refs: readonly string[],
): Promise<void> {
  const { text } = await git.read({
    name: 'look up our refs',
    cwd,
    args: ['for-each-ref', '--format=%(refname) %(objectname)', '--', ...refs],
  });
  const present = new Map(text.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
  for (const ref of refs) {
    const at = present.get(ref);
    if (at !== undefined) await git.direct({ name: `delete ${ref}`, cwd, args: ['update-ref', '-d', ref, at] });
  }
}

export const saysLocked = (stderr: string): boolean => /\.lock'?: File exists/u.test(stderr);

/** Which lock file is in the way, in a sentence. */
export function lockMessage(stderr: string): string {
  const file = /'([^']*\.lock)'/u.exec(stderr)?.[1] ?? 'a lock file';
  return `Another Git is at work, or one was ended before it was done: ${file} is there. Nothing has changed.`;
}
