import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import type { Git } from '#main/services/git/git.ts';
import { logRecords, parseStatus } from '#main/services/git/parse.ts';
import { resolveBase, resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { mergeTrees } from '#main/services/merges/merge-tree.ts';
import { branchRef } from '#main/services/merges/refs.ts';
import { readConflictHunks } from '#main/services/radar/conflict-hunks.ts';
import { markedTree, readText } from '#main/services/radar/radar.ts';
import type { ConflictHelp, ConflictOrigin, conflicts as contract } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { CollidingFile } from '#shared/contract/radar.ts';
import { runId, specSlug, type ProjectId, type SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { ConflictingRun, ConflictsOptions } from './conflict-ports.ts';

export type CannotLook = Extract<Awaited<ReturnType<DomainApi<typeof contract>['look']>>, { ok: false }>['error'];

/** So many commits of each side are told. */
const mostCommits = 50;

const originFields = logRecords({
  hash: '%H',
  subject: '%s',
  author: '%an',
  at: '%ct',
  spec: '%(trailers:key=Spec,valueonly)',
  run: '%(trailers:key=Run,valueonly)',
});
const ownFields = logRecords({ hash: '%H', subject: '%s' });

/** What a run's branch and its base collide in, as they are committed now; what both sides are for. */
export async function lookAtConflict(
  options: ConflictsOptions,
  run: ConflictingRun,
): Promise<Result<ConflictHelp, CannotLook>> {
  const { git } = options;
  const { projectPath: cwd, base, branch } = run;
  const commits = await commitsOf(git, run);
  if (!commits.ok) return commits;
  const { baseCommit, branchCommit } = commits.value;
  const sides = { ours: base, theirs: branch };
  const merged = await mergeTrees({ git, cwd, ours: baseCommit, theirs: branchCommit, sides });
  if (merged.kind === 'clean') return fail({ kind: 'no-conflict' });
  const tree = await markedTree(git, cwd, baseCommit, branchCommit);
  const files: CollidingFile[] = [];
  for (const conflict of merged.conflicts) {
    const text = await readText(git, cwd, tree, conflict.path);
    const hunks = text === null ? [] : readConflictHunks(text);
    files.push({ ...conflict, hunks: hunks.length > 0 ? hunks : null });
  }
  const paths = files.map(({ path }) => path);
  // From where both left: with the branch itself left out, Git would not tell of a merge right on top of that place.
  const from = (await mergeBaseOf(git, cwd, baseCommit, branchCommit)) ?? branchCommit;
  const [origins, own, isUncommitted] = await Promise.all([
    originsOf(git, cwd, { from, to: baseCommit }, paths),
    ownOf(git, cwd, { from: baseCommit, to: branchCommit }, paths),
    isUncommittedIn(git, run),
  ]);
  const help = { base, baseCommit, branch, branchCommit, files, origins, own, isUncommitted };
  return ok(await withTitles(options, run.projectId, help));
}

/** The commits name specs by their slugs; a person knows them by their titles. */
async function withTitles(options: ConflictsOptions, id: ProjectId, help: ConflictHelp): Promise<ConflictHelp> {
  const titles = new Map<string, string>();
  for (const slug of new Set(help.origins.flatMap(({ spec }) => spec?.slug ?? []))) {
    titles.set(slug, (await options.specOf(id, slug))?.title ?? slug);
  }
  const origins = help.origins.map((origin) => ({
    ...origin,
    spec: origin.spec && { ...origin.spec, title: titles.get(origin.spec.slug) ?? origin.spec.slug },
  }));
  return { ...help, origins };
}

/** What was brought into the base, one entry a merge: what a merge brought with it is the merge's. */
async function originsOf(
  git: Git,
  cwd: string,
  range: { from: string; to: string },
  paths: readonly string[],
): Promise<readonly ConflictOrigin[]> {
  const { text } = await git.read({
    name: 'find what changed the files in conflict',
    cwd,
    args: [
      '--literal-pathspecs',
      'log',
      '--first-parent',
      `--max-count=${String(mostCommits)}`,
      '--encoding=UTF-8',
      `--format=${originFields.format}`,
      range.to,
      `^${range.from}`,
      '--',
      ...paths,
    ],
  });
  return originFields.parse(text).map(({ hash, subject, author, at, spec, run }) => {
    const slug = specSlug.safeParse(spec.trim());
    const id = runId.safeParse(run.trim());
    return {
      hash,
      subject,
      author,
      at: Number(at) * 1000,
      spec: slug.success ? { slug: slug.data, title: slug.data } : null,
      run: id.success ? id.data : null,
    };
  });
}

async function ownOf(
  git: Git,
  cwd: string,
  range: { from: string; to: string },
  paths: readonly string[],
): Promise<ConflictHelp['own']> {
  const { text } = await git.read({
    name: 'find what the branch did to the files in conflict',
    cwd,
    args: [
      '--literal-pathspecs',
      'log',
      `--max-count=${String(mostCommits)}`,
      '--encoding=UTF-8',
      `--format=${ownFields.format}`,
      range.to,
      `^${range.from}`,
      '--',
      ...paths,
    ],
  });
  return ownFields.parse(text);
}

async function isUncommittedIn(git: Git, run: ConflictingRun): Promise<boolean> {
  const worktree = await findRunWorktree(git, await listWorktrees(git, run.projectPath), run);
  if (worktree === null) return false;
  const { text } = await git.read({
    name: 'look for work that is not committed',
    cwd: worktree,
    args: ['status', '--porcelain=v2', '-z', '--untracked-files=normal', '--no-renames'],
  });
  return parseStatus(text).entries.length > 0;
}

/** The other specs whose work a run's branch collides with. */
export const otherSpecs = ({ origins }: ConflictHelp, run: Pick<ConflictingRun, 'spec'>): readonly SpecSlug[] =>
  [...new Set(origins.flatMap(({ spec }) => spec?.slug ?? []))].filter((slug) => slug !== run.spec.slug);

/** Where both sides are now. */
export async function commitsOf(
  git: Git,
  run: ConflictingRun,
): Promise<Result<{ baseCommit: string; branchCommit: string }, CannotLook>> {
  const { projectPath: cwd, base, branch } = run;
  const baseCommit = await resolveBase(git, cwd, base);
  const [branchCommit = null] = await resolveCommits(git, cwd, [branchRef(branch)]);
  if (branchCommit === null) return fail({ kind: 'branch-missing', branch });
  if (baseCommit === null) return fail({ kind: 'base-missing', base });
  return ok({ baseCommit, branchCommit });
}
