import type { Log } from '#main/base/log.ts';
import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords, parseStatus } from '#main/services/git/parse.ts';
import { resolveBase, resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { mergeTrees } from '#main/services/merges/merge-tree.ts';
import { readConflictHunks } from '#main/services/radar/conflict-hunks.ts';
import { markedTree, readText } from '#main/services/radar/radar.ts';
import type { ConflictHelp, ConflictOrigin, conflicts as contract } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { CollidingFile } from '#shared/contract/radar.ts';
import { runId, specSlug, type ProjectId, type RunId, type SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { conflictBrief, type SpecIntent } from './conflict-brief.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;
type CannotLook =
  Awaited<Answer<'look'>> extends infer R ? (R extends { ok: false; error: infer E } ? E : never) : never;

/** What there is to know about a run whose branch conflicts. */
export interface ConflictingRun {
  projectId: ProjectId;
  projectPath: string;
  branch: string;
  base: string;
  worktreePath: string;
  spec: { slug: string; title: string };
  lastMessage: string | null;
}

export interface ConflictsOptions {
  git: Pick<Git, 'read' | 'direct' | 'commonDir' | 'gitDir' | 'version'>;
  runs: { find(id: RunId): ConflictingRun | null };
  messages: {
    /** `asks`: it waits for an answer. */
    find(id: RunId): { asks: boolean } | null;
    send(id: RunId, text: string): Promise<'sent' | 'not-running'>;
    resume(id: RunId): Promise<string | null>;
  };
  /** A spec as it is in the project now; null: there is none. */
  specOf: (id: ProjectId, slug: string) => Promise<SpecIntent | null>;
  gatesOf: (id: ProjectId) => readonly { title: string; run: string }[];
  log: Log;
}

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

/** Help with a branch that does not merge: what collides, what both sides are for, and a way to have the agent solve it. */
export class Conflicts implements Api {
  readonly #options: ConflictsOptions;

  constructor(options: ConflictsOptions) {
    this.#options = options;
  }

  async look({ id }: { id: RunId }): Answer<'look'> {
    const looked = await this.#look(id);
    return looked.ok ? ok(looked.value.help) : looked;
  }

  async brief({ id }: { id: RunId }): Answer<'brief'> {
    const looked = await this.#look(id);
    if (!looked.ok) return looked;
    const { help, run } = looked.value;
    const { specOf, gatesOf } = this.#options;
    const slugs = new Set(help.origins.flatMap(({ spec }) => spec?.slug ?? []));
    slugs.delete(run.spec.slug as SpecSlug);
    const others: SpecIntent[] = [];
    for (const slug of Array.from(slugs).slice(0, 4)) {
      const spec = await specOf(run.projectId, slug);
      if (spec) others.push(spec);
    }
    const own = await specOf(run.projectId, run.spec.slug);
    const gates = gatesOf(run.projectId);
    return ok({ text: conflictBrief({ help, own, others, summary: run.lastMessage, gates }) });
  }

  async ask({ id, text }: { id: RunId; text: string }): Answer<'ask'> {
    const { runs, messages, git } = this.#options;
    const run = runs.find(id);
    const agent = messages.find(id);
    if (run === null || agent === null) return fail({ kind: 'run-missing' });
    const worktree = await findRunWorktree(git, await listWorktrees(git, run.projectPath), run);
    if (worktree === null) return fail({ kind: 'worktree-missing' });
    if (agent.asks) return fail({ kind: 'asks' });
    if ((await messages.send(id, text)) === 'sent') return ok({ resumed: false });
    const obstacle = await messages.resume(id);
    if (obstacle !== null) return fail({ kind: 'not-running', reason: obstacle });
    if ((await messages.send(id, text)) === 'sent') return ok({ resumed: true });
    return fail({ kind: 'not-running', reason: 'It was resumed, and ended before it could take the message.' });
  }

  async #look(id: RunId): Promise<Result<{ help: ConflictHelp; run: ConflictingRun }, CannotLook>> {
    const run = this.#options.runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    try {
      const help = await this.#help(run);
      return help.ok ? ok({ help: await this.#withTitles(run.projectId, help.value), run }) : help;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('could not look at a conflict', error, { run: id });
      return fail({ kind: 'git-failed', message: error.stderr.trim() || error.message });
    }
  }

  async #help(run: ConflictingRun): Promise<Result<ConflictHelp, CannotLook>> {
    const { git } = this.#options;
    const { projectPath: cwd, base, branch } = run;
    const baseCommit = await resolveBase(git, cwd, base);
    const [branchCommit = null] = await resolveCommits(git, cwd, [`refs/heads/${branch}`]);
    if (branchCommit === null) return fail({ kind: 'branch-missing', branch });
    if (baseCommit === null) return fail({ kind: 'base-missing', base });
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
      this.#origins(cwd, { from, to: baseCommit }, paths),
      this.#own(cwd, { from: baseCommit, to: branchCommit }, paths),
      this.#isUncommitted(run),
    ]);
    return ok({ base, baseCommit, branch, branchCommit, files, origins, own, isUncommitted });
  }

  /** The commits name specs by their slugs; a person knows them by their titles. */
  async #withTitles(id: ProjectId, help: ConflictHelp): Promise<ConflictHelp> {
    const titles = new Map<string, string>();
    for (const slug of new Set(help.origins.flatMap(({ spec }) => spec?.slug ?? []))) {
      titles.set(slug, (await this.#options.specOf(id, slug))?.title ?? slug);
    }
    const origins = help.origins.map((origin) => ({
      ...origin,
      spec: origin.spec && { ...origin.spec, title: titles.get(origin.spec.slug) ?? origin.spec.slug },
    }));
    return { ...help, origins };
  }

  /** What was brought into the base, one entry a merge: what a merge brought with it is the merge's. */
  async #origins(
    cwd: string,
    range: { from: string; to: string },
    paths: readonly string[],
  ): Promise<readonly ConflictOrigin[]> {
    const { text } = await this.#options.git.read({
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

  async #own(cwd: string, range: { from: string; to: string }, paths: readonly string[]): Promise<ConflictHelp['own']> {
    const { text } = await this.#options.git.read({
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

  async #isUncommitted(run: ConflictingRun): Promise<boolean> {
    const { git } = this.#options;
    const worktree = await findRunWorktree(git, await listWorktrees(git, run.projectPath), run);
    if (worktree === null) return false;
    const { text } = await git.read({
      name: 'look for work that is not committed',
      cwd: worktree,
      args: ['status', '--porcelain=v2', '-z', '--untracked-files=normal', '--no-renames'],
    });
    return parseStatus(text).entries.length > 0;
  }
}
