import { isAncestor } from '#main/services/git/ancestry.ts';
import type { Git } from '#main/services/git/git.ts';
import { parseStatus } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import type { PullRequestPlan } from '#shared/contract/pull-requests.ts';

import type { ProposedRun } from './pull-request-ports.ts';

type Asks = Pick<Git, 'read' | 'commonDir'>;

const mostListed = 100;

export type Pushed = Pick<PullRequestPlan, 'commits' | 'baseCommits' | 'isForward' | 'uncommitted'>;

/**
 * What a push would bring to a remote that has these commits. Those that are not in this repository say nothing here: what
 * the local base has is then taken for what the remote has.
 */
export async function whatIsPushed(
  git: Asks,
  run: ProposedRun,
  at: { branchCommit: string; remoteCommit: string | null; remoteBase: string | null },
): Promise<Pushed> {
  const { projectPath, base } = run;
  const { branchCommit, remoteCommit, remoteBase } = at;
  const [localBase, knownBranch, knownBase] = await resolveCommits(git, projectPath, [
    `refs/heads/${base}`,
    remoteCommit ?? '',
    remoteBase ?? '',
  ]);
  const has = [knownBranch, knownBase ?? localBase].flatMap((hash) => hash ?? []);
  const [listed, total, baseCommits, isForward, uncommitted] = await Promise.all([
    listCommits(git, projectPath, branchCommit, has),
    countCommits(git, projectPath, [branchCommit], has),
    localBase && knownBase ? countShared(git, projectPath, { branchCommit, localBase, has }) : 0,
    remoteCommit === null
      ? true
      : knownBranch
        ? isAncestor(git, projectPath, { ancestor: knownBranch, of: branchCommit })
        : false,
    readUncommitted(git, run),
  ]);
  return { commits: { total, listed }, baseCommits, isForward, uncommitted };
}

async function listCommits(git: Asks, cwd: string, commit: string, has: readonly string[]) {
  const { text } = await git.read({
    name: 'list the commits to push',
    cwd,
    args: [
      'log',
      '-z',
      `--max-count=${String(mostListed)}`,
      '--format=%H %s',
      commit,
      ...has.map((hash) => `^${hash}`),
      '--',
    ],
  });
  return text.split('\0').flatMap((line) => {
    const at = line.indexOf(' ');
    return at === -1 ? [] : [{ hash: line.slice(0, at), subject: line.slice(at + 1, at + 301) }];
  });
}

async function countCommits(git: Asks, cwd: string, of: readonly string[], has: readonly string[]): Promise<number> {
  const { text } = await git.read({
    name: 'count the commits to push',
    cwd,
    args: ['rev-list', '--count', ...of, ...has.map((hash) => `^${hash}`), '--'],
  });
  return Number(text.trim());
}

/** Of the commits to push, those that are the local base's. */
async function countShared(
  git: Asks,
  cwd: string,
  { branchCommit, localBase, has }: { branchCommit: string; localBase: string; has: readonly string[] },
): Promise<number> {
  const { text } = await git.read({
    name: 'find what the branch has of its base',
    cwd,
    args: ['merge-base', '--all', branchCommit, localBase],
    okExitCodes: [0, 1],
  });
  const shared = text.split('\n').filter((line) => line !== '');
  return shared.length === 0 ? 0 : countCommits(git, cwd, shared, has);
}

async function readUncommitted(git: Asks, run: ProposedRun): Promise<PullRequestPlan['uncommitted']> {
  const path = await findRunWorktree(git, await listWorktrees(git, run.projectPath), run);
  if (path === null) return { total: 0, listed: [] };
  const { text } = await git.read({
    name: 'look for work that is not committed',
    cwd: path,
    args: ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames'],
  });
  const { entries } = parseStatus(text);
  return { total: entries.length, listed: entries.slice(0, mostListed).map((entry) => entry.path) };
}
