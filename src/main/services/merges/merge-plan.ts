import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import { parseNumstat, parseStatus, type WorktreeEntry } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import type { CheckoutEffect, MergeMethod, MergePreview } from '#shared/contract/merges.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { checkoutsOf, obstacleTo, type Checkout } from './checkout.ts';
import { proposeMessage } from './merge-message.ts';
import type { GitPort, MergeableRun } from './merge-ports.ts';
import { mergeTrees } from './merge-tree.ts';
import { branchRef } from './refs.ts';
import { replay, type ReplayedCommit } from './replay.ts';

/** A merge worked out to the end, with nothing done: what it is shown as, and what is needed to do it. */
export interface MergePlan {
  preview: MergePreview;
  /** What the base would get; null when there are conflicts or there is nothing to merge. */
  result: { tree: string; replayed: readonly ReplayedCommit[] } | null;
  /** Where the base is checked out. */
  checkouts: readonly Checkout[];
}

export type CannotPlan =
  | { kind: 'branch-missing'; branch: string }
  | { kind: 'base-missing'; base: string }
  | { kind: 'unrelated-histories' }
  | { kind: 'git-failed'; message: string };

/** So many files are named of each list; the rest would not be read. */
const listedFiles = 1000;

/** Works a merge out from the branches as they are now. Writes objects, but no ref and no file. */
export async function planMerge(
  git: Omit<GitPort, 'writes' | 'version'>,
  run: MergeableRun,
  method: MergeMethod,
): Promise<Result<MergePlan, CannotPlan>> {
  const { projectPath, base, branch } = run;
  const [refs, worktrees] = await Promise.all([
    resolveCommits(git, projectPath, [branchRef(base), branchRef(branch)]),
    listWorktrees(git, projectPath),
  ]);
  const [baseCommit, branchCommit] = refs;
  if (!baseCommit) return fail({ kind: 'base-missing', base });
  if (!branchCommit) return fail({ kind: 'branch-missing', branch });
  const mergeBase = await mergeBaseOf(git, projectPath, baseCommit, branchCommit);
  if (mergeBase === null) return fail({ kind: 'unrelated-histories' });

  const checkouts = await checkoutsOf(git, worktrees, base);
  const cwd = checkouts[0]?.path ?? projectPath;
  const worked = await workOut({ git, cwd, method, run, baseCommit, branchCommit, mergeBase });
  if (!worked.ok) return worked;
  const { outcome, result } = worked.value;

  const [subjects, stat, uncommittedFiles, obstacle] = await Promise.all([
    readSubjects(git, projectPath, baseCommit, branchCommit),
    readStat(git, projectPath, result === null ? mergeBase : baseCommit, result === null ? branchCommit : result.tree),
    readUncommitted(git, run, worktrees),
    obstacleTo(git, checkouts, { branch: base, from: baseCommit, to: result?.tree ?? null }),
  ]);
  let checkout: CheckoutEffect = { kind: 'fast-forward' };
  if (checkouts.length === 0) {
    checkout = { kind: 'not-checked-out', headBranch: worktrees[0]?.branch?.replace(/^refs\/heads\//u, '') ?? null };
  } else if (obstacle !== null) {
    checkout = { kind: 'dirty', ...obstacle, files: obstacle.files.slice(0, listedFiles) };
  }
  const preview: MergePreview = {
    base,
    baseCommit,
    branch,
    branchCommit,
    commits: subjects.length,
    ...stat,
    uncommittedFiles,
    outcome,
    checkout,
    message: proposeMessage(run, method, subjects),
  };
  return ok({ preview, result, checkouts });
}

interface WorkedOut {
  outcome: MergePreview['outcome'];
  result: MergePlan['result'];
}

async function workOut(request: {
  git: Pick<GitPort, 'read' | 'direct'>;
  cwd: string;
  method: MergeMethod;
  run: MergeableRun;
  baseCommit: string;
  branchCommit: string;
  mergeBase: string;
}): Promise<Result<WorkedOut, CannotPlan>> {
  const { git, cwd, method, run, baseCommit, branchCommit, mergeBase } = request;
  const nothing: WorkedOut = { outcome: { kind: 'nothing-to-merge' }, result: null };
  if (mergeBase === branchCommit) return ok(nothing);
  const sides = { ours: run.base, theirs: run.branch };
  const merged = await mergeTrees({ git, cwd, ours: baseCommit, theirs: branchCommit, sides });
  // The base has all of it already, as after a squash: another commit would say nothing.
  if (merged.kind === 'clean' && merged.tree === (await treeOf(git, cwd, baseCommit))) return ok(nothing);
  if (method !== 'rebase') {
    return merged.kind === 'clean'
      ? ok({ outcome: { kind: 'clean' }, result: { tree: merged.tree, replayed: [] } })
      : ok({ outcome: merged, result: null });
  }

  const replayed = await replay({ git, cwd, base: baseCommit, branch: branchCommit, sides });
  if (replayed.kind === 'has-merges') {
    const named = replayed.merges.map((hash) => hash.slice(0, 9)).join(', ');
    const message = `${run.branch} contains merge commits (${named}). A rebase would drop them and what was resolved in them. Use a merge commit or a squash.`;
    return fail({ kind: 'git-failed', message });
  }
  if (replayed.kind === 'conflicts') return ok({ outcome: replayed, result: null });
  return ok({ outcome: { kind: 'clean' }, result: { tree: replayed.tree, replayed: replayed.commits } });
}

async function treeOf(git: Pick<GitPort, 'read'>, cwd: string, commit: string): Promise<string> {
  const { text } = await git.read({
    name: 'look up a tree',
    cwd,
    args: ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`],
  });
  return text.trim();
}

/** The subjects of the commits that the base does not have, oldest first. */
async function readSubjects(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  baseCommit: string,
  branchCommit: string,
): Promise<readonly string[]> {
  const { text } = await git.read({
    name: 'list the commits to merge',
    cwd,
    args: ['log', '-z', '--reverse', '--topo-order', '--format=%s', branchCommit, `^${baseCommit}`],
  });
  return text === '' ? [] : text.replace(/\0$/u, '').split('\0');
}

async function readStat(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  from: string,
  to: string,
): Promise<Pick<MergePreview, 'files' | 'insertions' | 'deletions'>> {
  const { text } = await git.read({
    name: 'count what would change',
    cwd,
    args: ['diff-tree', '-r', '-z', '--numstat', '-M', from, to],
  });
  const entries = parseNumstat(text);
  return {
    files: entries.length,
    insertions: entries.reduce((sum, entry) => sum + (entry.insertions ?? 0), 0),
    deletions: entries.reduce((sum, entry) => sum + (entry.deletions ?? 0), 0),
  };
}

/** What lies in the run's worktree and would not be part of the merge. */
async function readUncommitted(
  git: Omit<GitPort, 'writes' | 'version'>,
  run: MergeableRun,
  worktrees: readonly WorktreeEntry[],
): Promise<readonly string[]> {
  const path = await findRunWorktree(git, worktrees, run);
  if (path === null) return [];
  const { text } = await git.read({
    name: 'look for work that is not committed',
    cwd: path,
    args: ['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames'],
  });
  return parseStatus(text)
    .entries.slice(0, listedFiles)
    .map((entry) => entry.path);
}
