import { GitError } from '#main/services/git/git.ts';
import { reviewLimitBytes } from '#shared/contract/review.ts';

import type { ComputedReview } from './compute-review.ts';
import { looksBinary } from './content-kind.ts';
import { readContent } from './read-content.ts';
import type { GitPort } from './review-ports.ts';

/** Both sides of a file as text; null where it is not there, or is no text. `path` is where the run has it now. */
export interface FileSides {
  path: string;
  before: string | null;
  after: string | null;
}

/** In a longer text nothing is looked for: the host stands still while it is compared. */
const mostCharacters = 5_000_000;

/** Reads both sides of a file, whether the run changed it or not. */
export async function readSides(
  git: Pick<GitPort, 'read'>,
  computed: ComputedReview,
  path: string,
): Promise<FileSides> {
  const entry =
    computed.entries.find(({ file }) => file.path === path) ??
    computed.entries.find(({ file }) => file.oldPath === path && file.change === 'renamed');
  if (entry === undefined) {
    const text = await readUnchanged(git, computed, path);
    return { path, before: text, after: text };
  }
  const content = await readContent(git, computed, entry, true);
  const textOf = (side: 'original' | 'modified'): string | null => {
    const text = content.kind === 'text' ? content[side] : null;
    return text !== null && text.length > mostCharacters ? null : text;
  };
  return { path: entry.file.path, before: textOf('original'), after: textOf('modified') };
}

/** A file that the run left, or has made again, as it was when the branch started. */
async function readUnchanged(
  git: Pick<GitPort, 'read'>,
  { projectPath, review }: ComputedReview,
  path: string,
): Promise<string | null> {
  try {
    const { stdout, exitCode } = await git.read({
      name: 'read a file as it was',
      cwd: projectPath,
      args: ['cat-file', 'blob', `${review.mergeBase}:${path}`],
      // 128: there is no such file.
      okExitCodes: [0, 128],
      maxBytes: reviewLimitBytes,
    });
    return exitCode !== 0 || looksBinary(stdout) ? null : stdout.toString('utf8');
  } catch (error) {
    // Too large to be read for this.
    if (error instanceof GitError) return null;
    throw error;
  }
}
