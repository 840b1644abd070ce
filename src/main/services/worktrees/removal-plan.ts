import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalPath } from '#main/base/canonical-path.ts';
import { isSamePlace } from '#main/base/same-place.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords, type WorktreeEntry } from '#main/services/git/parse.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import { checkoutState, listWorktrees, lockReason, recordFolder } from '#main/services/git/worktree-checkout.ts';
import { findUncommittedWork, type UncommittedWork } from '#main/services/snapshots/uncommitted-work.ts';
import type { RemovalPlan } from '#shared/contract/runs.ts';

export interface RemovalRequest {
  projectPath: string;
  worktreePath: string;
  branch: string;
  base: string;
  processIsRunning: boolean;
}

/** Everything that a removal has to know, found at one time. */
export interface Findings {
  plan: RemovalPlan;
  isMainCheckout: boolean;
  /** Git's record of the run's worktree and what is in its place; null: Git knows of none. */
  worktree: { entry: WorktreeEntry; state: 'present' | 'gone' | 'replaced' } | null;
  /** The branch's commit; null: there is no such branch. */
  tip: string | null;
  /** Why it may not be deleted at all, in a sentence with the next step; null: it may. */
  obstacle: string | null;
}

type Asks = Pick<Git, 'read' | 'direct' | 'gitDir' | 'commonDir'>;

/** Looks, and changes nothing. */
export async function examineRemoval(git: Asks, request: RemovalRequest): Promise<Findings> {
  const { projectPath, branch } = request;
  const entries = await listWorktrees(git, projectPath);
  const [tip = null] = await resolveCommits(git, projectPath, [`refs/heads/${branch}`]);
  const entry = await locateWorktree(entries, request);
  const isMainCheckout = await isMain(entries, request);
  const state = entry === null ? null : await checkoutState(git, projectPath, entry.path);
  const worktreePath = entry?.path ?? request.worktreePath;
  const examined =
    entry !== null && state === 'present' && !isMainCheckout ? await examineWork(git, worktreePath) : null;
  const work = examined?.work ?? null;
  const heads = [tip, work?.head ?? entry?.head ?? null].filter((head) => head !== null && !/^0+$/.test(head));
  const commits = await findUnmergedCommits(
    git,
    projectPath,
    branch,
    heads.filter((head) => head !== null),
  );
  const lost = [
    ...(state === 'present' ? [`worktree ${worktreePath}`] : []),
    ...(work?.files ?? []).map((file) => `file ${file}`),
    ...(work?.autostashes ?? []).map((stash) => `stash ${stash}`),
    ...(work?.beyondSnapshot ?? []).map((file) => `beyond ${file}`),
    ...commits.map(({ hash }) => `commit ${hash}`),
  ];
  return {
    plan: {
      uncommittedFiles: [
        ...(work?.files ?? []),
        ...(work?.autostashes ?? []).map((stash) => `(set aside by a rebase or merge: ${stash.slice(0, 10)})`),
        ...(work?.beyondSnapshot ?? []),
      ],
      unmergedCommits: commits.map(({ hash, subject }) => ({ hash: hash.slice(0, 10), subject })),
      processIsRunning: request.processIsRunning,
      worktreePath,
      branch,
      fingerprint: fingerprintOf(lost),
    },
    isMainCheckout,
    worktree: entry === null || state === null ? null : { entry, state },
    tip,
    obstacle:
      examined?.obstacle ??
      whyNot(entries, entry, branch, work) ??
      (state === 'present' || entry === null ? null : await whyNotForget(git, projectPath, entry.path)),
  };
}

/**
 * The run's worktree: the one at its path, or else the one that has its branch, because the person moved it. Never the
 * main checkout.
 */
export async function locateWorktree(
  entries: readonly WorktreeEntry[],
  { worktreePath, branch }: { worktreePath: string; branch: string },
): Promise<WorktreeEntry | null> {
  const linked = entries.slice(1);
  const path = await canonicalPath(worktreePath);
  const paths = await Promise.all(linked.map((entry) => canonicalPath(entry.path)));
  const places = await Promise.all(paths.map((each) => isSamePlace(each, path)));
  return (
    linked.find((entry) => entry.path === worktreePath) ??
    linked[places.indexOf(true)] ??
    // Ours are locked with our reason, also after `git worktree move`. Another worktree is the person's own.
    linked.find((entry) => entry.branch === `refs/heads/${branch}` && entry.locked === lockReason) ??
    null
  );
}

async function isMain(entries: readonly WorktreeEntry[], { worktreePath }: { worktreePath: string }): Promise<boolean> {
  const [main, ...linked] = entries;
  // A link to the main checkout in the place of a worktree is not the main checkout, and is not followed.
  if (main === undefined || linked.some(({ path }) => path === worktreePath)) return false;
  return (await canonicalPath(main.path)) === (await canonicalPath(worktreePath));
}

async function examineWork(
  git: Asks,
  worktreePath: string,
): Promise<{ work: UncommittedWork | null; obstacle: string | null }> {
  try {
    return { work: await findUncommittedWork(git, worktreePath), obstacle: null };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const obstacle =
      `It cannot be seen what would be lost in ${worktreePath}: ${error.message}. Nothing was deleted. ` +
      'Repair the worktree, or delete it by hand.';
    return { work: null, obstacle };
  }
}

function whyNot(
  entries: readonly WorktreeEntry[],
  entry: WorktreeEntry | null,
  branch: string,
  work: UncommittedWork | null,
): string | null {
  const elsewhere = entries.find((other) => other !== entry && other.branch === `refs/heads/${branch}`);
  if (elsewhere !== undefined) {
    return `The branch ${branch} is checked out in ${elsewhere.path}. Switch that checkout to another branch, then delete again. Nothing was deleted.`;
  }
  if (entry !== null && entry.locked !== null && entry.locked !== lockReason) {
    return `The worktree ${entry.path} was locked by someone (${entry.locked || 'no reason given'}). Unlock it with “git worktree unlock”, then delete again. Nothing was deleted.`;
  }
  if (work !== null && work.beyondSnapshot.length > 0) {
    return (
      `The worktree holds work that no snapshot can keep, because it is in a repository of its own: ${work.beyondSnapshot.slice(0, 5).join(', ')}. ` +
      'Commit and push it there, or move it out, then delete again. Nothing was deleted.'
    );
  }
  return null;
}

/** A worktree's submodules have their repositories in Git's record of it, which outlives the folder. */
async function whyNotForget(git: Asks, projectPath: string, path: string): Promise<string | null> {
  const record = await recordFolder(git, projectPath, path);
  const modules = record === null ? null : join(record, 'modules');
  if (modules === null || (await readdir(modules).catch(() => [])).length === 0) return null;
  return `The folder ${path} is gone, but the repositories of its submodules are still in ${modules}. Move what you need out of there and delete it, then delete again. Nothing was deleted.`;
}

const commitRecords = logRecords({ hash: '%H', subject: '%s' });
/** More than anyone reads; the fingerprint of a longer list still names its newest commit. */
const mostCommitsListed = 500;

/** Commits that nothing else keeps: no other branch, no remote's branch, no tag. */
async function findUnmergedCommits(
  git: Asks,
  projectPath: string,
  branch: string,
  heads: readonly string[],
): Promise<readonly { hash: string; subject: string }[]> {
  if (heads.length === 0) return [];
  const { text } = await git.read({
    name: 'find commits that nothing else has',
    cwd: projectPath,
    args: [
      'log',
      `--format=${commitRecords.format}`,
      `--max-count=${String(mostCommitsListed)}`,
      ...heads,
      '--not',
      `--exclude=${branch}`,
      '--branches',
      '--remotes',
      '--tags',
      '--',
    ],
    // 128: a head whose commit is gone, in a damaged repository.
    okExitCodes: [0, 128],
  });
  return commitRecords.parse(text);
}

const fingerprintVersion = '1.';
const itemLength = 12;

/** Names each thing that would be lost, so that a later look can tell whether something came on top. */
export function fingerprintOf(lost: readonly string[]): string {
  const items = lost.map((item) => createHash('sha256').update(item).digest('base64url').slice(0, itemLength));
  return fingerprintVersion + items.toSorted().join('');
}

/** Whether all that `now` names was named by what the person was `shown`. */
export function isCovered(now: string, shown: string): boolean {
  const seen = new Set(itemsOf(shown));
  return shown.startsWith(fingerprintVersion) && itemsOf(now).every((item) => seen.has(item));
}

const itemsOf = (fingerprint: string): readonly string[] =>
  fingerprint.slice(fingerprintVersion.length).match(new RegExp(`.{${String(itemLength)}}`, 'g')) ?? [];
