import { looksBinary } from '#main/services/review/content-kind.ts';
import type { ReceivedComment } from '#main/services/comments/comments.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import type { PullRequest } from '#shared/contract/pull-requests.ts';

import type { SeenThread } from './answers.ts';

const mostBytes = 2_000_000;
/** Each is one Git process; the places of the others are then those of their files. */
const mostFilesRead = 200;

/**
 * The review comments of a pull request, each with the file as its reviewer saw it, where that commit is in this repository:
 * from there its line is found again in what the run has now. What their author has not sent yet is left out.
 */
export async function reviewComments(
  git: Pick<Git, 'read'>,
  projectPath: string,
  pullRequest: PullRequest,
  threads: readonly SeenThread[],
): Promise<readonly ReceivedComment[]> {
  const files = new Map<string, string | null>();
  const fileAt = async (commit: string | null, path: string): Promise<string | null> => {
    const key = `${commit ?? ''}:${path}`;
    const known = files.get(key);
    if (known !== undefined || commit === null || !isPlainPath(path) || files.size >= mostFilesRead)
      return known ?? null;
    const text = await readFile(git, projectPath, key);
    files.set(key, text);
    return text;
  };
  const bases = new Map<string, Promise<string | null>>();
  const baseOf = (commit: string | null): Promise<string | null> => {
    const known = bases.get(commit ?? '') ?? mergeBase(git, projectPath, commit, pullRequest);
    bases.set(commit ?? '', known);
    return known;
  };
  const received: ReceivedComment[] = [];
  for (const thread of threads) {
    if (!isPlainPath(thread.path)) continue;
    const side = thread.diffSide === 'LEFT' ? 'before' : 'after';
    for (const comment of thread.comments.nodes) {
      if (comment.pullRequestReview?.state === 'PENDING') continue;
      const line = thread.line ?? thread.originalLine;
      const commit = thread.line === null ? (comment.originalCommit?.oid ?? null) : pullRequest.headCommit;
      const from = side === 'after' ? commit : await baseOf(commit);
      const text = line === null ? null : await fileAt(from, thread.path);
      const createdAt = Date.parse(comment.createdAt);
      received.push({
        key: `${pullRequest.host} ${comment.id}`,
        path: thread.path,
        side,
        at: line === null || text === null ? null : { text, line },
        text: comment.body.trim() === '' ? '(no words)' : comment.body,
        createdAt: Number.isNaN(createdAt) ? pullRequest.seenAt : createdAt,
        isResolved: thread.isResolved,
        origin: {
          author: (comment.author?.login ?? 'somebody who is gone').slice(0, 100),
          url:
            comment.databaseId === null
              ? pullRequest.url
              : `${pullRequest.url}#discussion_r${String(comment.databaseId)}`,
          pullRequest: pullRequest.number,
        },
      });
    }
  }
  return received;
}

/** A name that Git takes for that file and nothing else. */
const isPlainPath = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

async function readFile(git: Pick<Git, 'read'>, cwd: string, object: string): Promise<string | null> {
  try {
    const { stdout, exitCode } = await git.read({
      name: 'read a file as its reviewer saw it',
      cwd,
      args: ['cat-file', 'blob', object],
      // 128: the commit or the file is not here.
      okExitCodes: [0, 128],
      maxBytes: mostBytes,
    });
    return exitCode !== 0 || looksBinary(stdout) ? null : stdout.toString('utf8');
  } catch (error) {
    // Too large to be read for this.
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** The left side of a pull request is the file as it was where the branch left its base. */
async function mergeBase(
  git: Pick<Git, 'read'>,
  cwd: string,
  commit: string | null,
  { base }: PullRequest,
): Promise<string | null> {
  if (commit === null) return null;
  const { text } = await git.read({
    name: 'find where the branch left its base',
    cwd,
    args: ['merge-base', commit, `refs/heads/${base}`],
    okExitCodes: [0, 1, 128],
  });
  return /^[0-9a-f]{40,64}$/u.exec(text.trim())?.[0] ?? null;
}
