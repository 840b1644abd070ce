import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Git } from '#main/services/git/git.ts';
import { parseNumstat, parseStatus, type NumstatEntry, type Status } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { checkoutState } from '#main/services/git/worktree-checkout.ts';
import type { RunChanges } from '#shared/contract/runs.ts';

type Asks = Pick<Git, 'read' | 'gitDir' | 'commonDir'>;

/**
 * Measures a branch against the commit where it left its base. With its worktree at hand, files and lines include what is
 * not committed. Null: branch or base is missing, or they have no commit in common.
 */
export async function readChanges(
  git: Asks,
  request: { projectPath: string; worktreePath: string | null; branch: string; base: string },
): Promise<RunChanges | null> {
  const { projectPath, worktreePath, branch, base } = request;
  const names = [`refs/heads/${branch}`, `refs/heads/${base}`, base];
  const [tip = null, baseBranch = null, baseOther = null] = await resolveCommits(git, projectPath, names);
  const baseCommit = baseBranch ?? baseOther;
  if (tip === null || baseCommit === null) return null;
  const isThere = worktreePath !== null && (await checkoutState(git, projectPath, worktreePath)) === 'present';
  const [counts, status] = await Promise.all([
    git.read({
      name: 'count the commits',
      cwd: projectPath,
      args: ['rev-list', '--left-right', '--count', `${baseCommit}...${tip}`],
    }),
    isThere ? readStatus(git, worktreePath) : null,
  ]);
  const isOnBranch = isThere && status?.head === tip;
  const files =
    (isOnBranch ? await numstat(git, worktreePath, ['--merge-base', baseCommit]) : null) ??
    // Also where there are several merge bases, of which this takes one.
    (await numstat(git, projectPath, [`${baseCommit}...${tip}`]));
  if (files === null) return null;
  const untracked = isOnBranch ? (status?.entries.filter(({ kind }) => kind === 'untracked') ?? []) : [];
  const newLines = isOnBranch
    ? await countLines(
        worktreePath,
        untracked.map(({ path }) => path),
      )
    : 0;
  const [behind, commits] = counts.text.trim().split('\t').map(Number);
  return {
    commits: commits ?? 0,
    behind: behind ?? 0,
    files: files.length + untracked.length,
    insertions: sum(files.map(({ insertions }) => insertions ?? 0)) + newLines,
    deletions: sum(files.map(({ deletions }) => deletions ?? 0)),
    uncommitted: status?.entries.length ?? 0,
  };
}

async function readStatus(git: Asks, worktreePath: string): Promise<Status> {
  const { text } = await git.read({
    name: 'find what is not committed',
    cwd: worktreePath,
    args: ['status', '--porcelain=v2', '-z', '--branch', '--no-ahead-behind', '--untracked-files=all'],
  });
  return parseStatus(text);
}

/** Null: there is no merge base, or none that is the only one. */
async function numstat(git: Asks, cwd: string, what: readonly string[]): Promise<readonly NumstatEntry[] | null> {
  const { exitCode, text } = await git.read({
    name: 'count the changed lines',
    cwd,
    args: ['diff', '--numstat', '-z', ...what, '--'],
    okExitCodes: [0, 128],
  });
  return exitCode === 0 ? parseNumstat(text) : null;
}

/** Beyond these the number on the card is not worth the reading. */
const mostFilesCounted = 200;
const mostBytesCounted = 1_000_000;
/** Git's own rule: a file with a NUL in its first 8000 bytes is binary. */
const binaryProbeBytes = 8000;

/** Lines of files that Git does not know yet, which `git diff` leaves out. */
async function countLines(worktreePath: string, paths: readonly string[]): Promise<number> {
  const counted = paths.slice(0, mostFilesCounted).map((path) => countLinesOf(join(worktreePath, path)));
  return sum(await Promise.all(counted));
}

async function countLinesOf(path: string): Promise<number> {
  // No link is followed, and a pipe without a writer does not hold us up.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(
    () => null,
  );
  if (file === null) return 0;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > mostBytesCounted) return 0;
    const bytes = await file.readFile();
    if (bytes.subarray(0, binaryProbeBytes).includes(0)) return 0;
    const lineEnds = bytes.filter((byte) => byte === 10).length;
    return bytes.length > 0 && bytes.at(-1) !== 10 ? lineEnds + 1 : lineEnds;
  } finally {
    await file.close();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
