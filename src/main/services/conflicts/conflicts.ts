import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import type { Gate } from '#main/services/gates/gate-config.ts';
import { mergeBaseOf } from '#main/services/git/ancestry.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords, parseStatus } from '#main/services/git/parse.ts';
import { resolveBase, resolveCommits } from '#main/services/git/resolve.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { commitTree } from '#main/services/merges/commits.ts';
import { mergedRef } from '#main/services/merges/merges.ts';
import { mergeTrees } from '#main/services/merges/merge-tree.ts';
import { moveBase } from '#main/services/merges/move-base.ts';
import { branchRef, deleteRefs } from '#main/services/merges/refs.ts';
import { readConflictHunks } from '#main/services/radar/conflict-hunks.ts';
import { markedTree, readText } from '#main/services/radar/radar.ts';
import type { Snapshots } from '#main/services/snapshots/snapshots.ts';
import { ScratchUnusable } from '#main/services/train/scratch-worktree.ts';
import type { RunsCommands, TrainProject } from '#main/services/train/train-ports.ts';
import type {
  ConflictHelp,
  ConflictOrigin,
  conflicts as contract,
  Resolution,
  ResolutionProgress,
} from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { CollidingFile } from '#shared/contract/radar.ts';
import { runId, specSlug, type ProjectId, type RunId, type SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Failure, type Result } from '#shared/result.ts';

import { checkResolution, type ResolutionCheck } from './check-resolution.ts';
import { conflictBrief, type SpecIntent } from './conflict-brief.ts';
import { openMerge, readFiles, resolvedTree } from './resolve-by-hand.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;
type CannotLook =
  Awaited<Answer<'look'>> extends infer R ? (R extends { ok: false; error: infer E } ? E : never) : never;

/** What there is to know about a run whose branch conflicts. */
export interface ConflictingRun {
  id: RunId;
  projectId: ProjectId;
  projectPath: string;
  branch: string;
  base: string;
  worktreePath: string;
  spec: { slug: string; title: string };
  lastMessage: string | null;
  /** Its agent is at work, or waits for an answer. */
  isAtWork: boolean;
}

export interface ConflictsOptions {
  git: Git;
  runs: { find(id: RunId): ConflictingRun | null };
  messages: {
    /** `asks`: it waits for an answer. */
    find(id: RunId): { asks: boolean } | null;
    send(id: RunId, text: string): Promise<'sent' | 'not-running'>;
    resume(id: RunId): Promise<string | null>;
  };
  /** A spec as it is in the project now; null: there is none. */
  specOf: (id: ProjectId, slug: string) => Promise<SpecIntent | null>;
  gatesOf: (id: ProjectId) => readonly Gate[];
  /** Where resolutions are checked; null: the project is not open. */
  projectOf: (id: ProjectId) => TrainProject | null;
  evidenceOf: (id: ProjectId) => EvidenceStore | null;
  snapshots: Pick<Snapshots, 'takeRef'>;
  /** Runs a command in a terminal of its own to its end. */
  run: RunsCommands;
  log: Log;
  now?: () => number;
}

type Kept = Extract<Awaited<Answer<'keep'>>, { ok: true }>['value'];
type KeepFailure = Extract<Awaited<Answer<'keep'>>, { ok: false }>['error'];

/** A criterion's command takes no longer than a gate does by default. */
const checkMilliseconds = 20 * 60_000;

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

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
export class Conflicts implements Api, Disposable {
  readonly #options: ConflictsOptions;
  readonly #underWay = new Map<RunId, { abort: AbortController; progress: ResolutionProgress }>();
  readonly #didProgress = new Emitter<{ id: RunId; progress: ResolutionProgress }>();

  constructor(options: ConflictsOptions) {
    this.#options = options;
  }

  dispose(): void {
    for (const { abort } of this.#underWay.values()) abort.abort();
    this.#didProgress.dispose();
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

  async files({ id }: { id: RunId }): Answer<'files'> {
    return this.#telling(id, async (run) => {
      const commits = await this.#commits(run);
      if (!commits.ok) return commits;
      const open = await openMerge(this.#options.git, run.projectPath, commits.value);
      if (open === null) return fail({ kind: 'no-conflict' });
      return ok({ ...commits.value, files: await readFiles(this.#options.git, open) });
    });
  }

  onDidProgress({ id }: { id: RunId }, listener: (progress: ResolutionProgress) => void): Disposable {
    listener(this.#underWay.get(id)?.progress ?? { kind: 'idle' });
    return this.#didProgress.event((event) => {
      if (event.id === id) listener(event.progress);
    });
  }

  async keep(input: {
    id: RunId;
    baseCommit: string;
    branchCommit: string;
    files: readonly { path: string; resolution: Resolution }[];
  }): Answer<'keep'> {
    const { id } = input;
    if (this.#underWay.has(id)) return fail({ kind: 'under-way' });
    const abort = new AbortController();
    this.#underWay.set(id, { abort, progress: { kind: 'idle' } });
    try {
      return await this.#telling<Kept, KeepFailure>(id, (run) => this.#keep(run, input, abort.signal));
    } catch (error) {
      if (abort.signal.aborted) return fail({ kind: 'cancelled' });
      throw error;
    } finally {
      this.#underWay.delete(id);
      this.#didProgress.fire({ id, progress: { kind: 'idle' } });
    }
  }

  cancel({ id }: { id: RunId }): Answer<'cancel'> {
    this.#underWay.get(id)?.abort.abort();
    return Promise.resolve(ok(undefined));
  }

  async #keep(
    run: ConflictingRun,
    input: {
      id: RunId;
      baseCommit: string;
      branchCommit: string;
      files: readonly { path: string; resolution: Resolution }[];
    },
    signal: AbortSignal,
  ): Promise<Result<Kept, KeepFailure>> {
    const { git, projectOf, evidenceOf, now = Date.now } = this.#options;
    const { id, baseCommit, branchCommit } = input;
    const { projectPath: cwd } = run;
    const project = projectOf(run.projectId);
    if (project === null) return fail({ kind: 'run-missing' });
    if (run.isAtWork) return fail({ kind: 'at-work' });
    const commits = await this.#commits(run);
    if (!commits.ok) return commits;
    if (commits.value.baseCommit !== baseCommit || commits.value.branchCommit !== branchCommit) {
      return fail({ kind: 'moved' });
    }
    const open = await openMerge(git, cwd, { baseCommit, branchCommit });
    if (open === null) return fail({ kind: 'no-conflict' });
    const resolutions = new Map(input.files.map(({ path, resolution }) => [path, resolution]));
    const tree = await resolvedTree(git, open, resolutions);
    if (!tree.ok) return tree;
    const { checks, unproven } = await this.#checks(id, run);
    if (!project.isTrusted && (project.needsTrust || checks.length > 0)) return fail({ kind: 'not-trusted' });
    const message = `Merge ${run.base} into ${run.branch}\n\nSolved by hand: ${open.paths.map(({ path }) => oneLine(path)).join(', ')}\n`;
    const made = await commitTree(git, cwd, { tree: tree.value, parents: [branchCommit, baseCommit], message });
    const failed = await checkResolution({
      git,
      project,
      run: this.#options.run,
      evidence: evidenceOf(run.projectId),
      runId: id,
      files: { commit: made, tree: tree.value },
      checks,
      progress: (progress) => {
        const underWay = this.#underWay.get(id);
        if (underWay) underWay.progress = progress;
        this.#didProgress.fire({ id, progress });
      },
      signal,
      now,
    });
    if (signal.aborted) return fail({ kind: 'cancelled' });
    if (failed.length > 0) return fail({ kind: 'checks-failed', failed });
    const moved = await this.#move(run, { from: branchCommit, to: made });
    return moved ?? ok({ commit: made, checks: checks.length, unproven });
  }

  /** Moves the run's branch, with its worktree, and keeps where it was. Null when it did. */
  async #move(
    run: ConflictingRun,
    { from, to }: { from: string; to: string },
  ): Promise<Result<never, KeepFailure> | null> {
    const { git, snapshots } = this.#options;
    const { projectPath, branch, base } = run;
    // The agent may have begun to work while the checks ran.
    if (this.#isAtWork(run)) return fail({ kind: 'at-work' });
    const ref = branchRef(branch);
    const snapshot = await snapshots.takeRef({ projectPath, ref, reason: `Merge ${base} into ${branch}` });
    const note = mergedRef(snapshot.ref);
    const commonDir = await git.commonDir(projectPath);
    return git.writes(commonDir, async () => {
      await git.direct({ name: 'note the merge', cwd: projectPath, args: ['update-ref', note, to] });
      const moved = await moveBase(git, projectPath, {
        branch,
        from,
        to,
        direction: 'forward',
        reflog: `switchyard: merge ${base}`,
      });
      if (moved.kind === 'moved') return null;
      // Nothing has happened, so there is nothing to come back from.
      await deleteRefs(git, projectPath, [note, snapshot.ref]);
      switch (moved.kind) {
        case 'elsewhere':
          return fail({ kind: 'moved' as const });
        case 'dirty':
          return fail({ ...moved.obstacle, kind: 'checkout-dirty' as const });
        case 'locked':
        case 'failed':
          return fail({ kind: 'git-failed' as const, message: moved.message });
      }
    });
  }

  #isAtWork = (run: ConflictingRun): boolean => this.#options.runs.find(run.id)?.isAtWork ?? true;

  /** What has to pass: the gates, and the acceptance of both sides' specs; and what nothing can prove. */
  async #checks(
    id: RunId,
    run: ConflictingRun,
  ): Promise<{ checks: readonly ResolutionCheck[]; unproven: readonly string[] }> {
    const { gatesOf, specOf } = this.#options;
    const looked = await this.#look(id);
    const slugs = looked.ok ? looked.value.help.origins.flatMap(({ spec }) => spec?.slug ?? []) : [];
    const checks: ResolutionCheck[] = gatesOf(run.projectId).map((gate) => ({
      id: `gate:${gate.id}`,
      title: gate.title,
      command: gate.run,
      timeoutMilliseconds: gate.timeoutMinutes * 60_000,
    }));
    const unproven: string[] = [];
    for (const slug of new Set([run.spec.slug, ...slugs])) {
      const spec = await specOf(run.projectId, slug);
      for (const { text, check } of spec?.acceptance ?? []) {
        if (check === null || check.startsWith('ask:')) unproven.push(text);
        else if (!checks.some(({ command }) => command === check)) {
          checks.push({ id: `resolve:${slug}`, title: text, command: check, timeoutMilliseconds: checkMilliseconds });
        }
      }
    }
    return { checks, unproven };
  }

  async #commits(run: ConflictingRun): Promise<Result<{ baseCommit: string; branchCommit: string }, CannotLook>> {
    const { git } = this.#options;
    const { projectPath: cwd, base, branch } = run;
    const baseCommit = await resolveBase(git, cwd, base);
    const [branchCommit = null] = await resolveCommits(git, cwd, [branchRef(branch)]);
    if (branchCommit === null) return fail({ kind: 'branch-missing', branch });
    if (baseCommit === null) return fail({ kind: 'base-missing', base });
    return ok({ baseCommit, branchCommit });
  }

  /** What Git refuses is an answer here, and goes to the log. */
  async #telling<T, E extends Failure>(
    id: RunId,
    task: (run: ConflictingRun) => Promise<Result<T, E>>,
  ): Promise<Result<T, E | CannotLook>> {
    const run = this.#options.runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    try {
      return await task(run);
    } catch (error) {
      if (error instanceof ScratchUnusable) return fail({ kind: 'git-failed', message: error.message });
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('git failed in solving a conflict', error, { run: id, call: error.call });
      return fail({ kind: 'git-failed', message: error.stderr.trim() || error.message });
    }
  }

  async #look(id: RunId): Promise<Result<{ help: ConflictHelp; run: ConflictingRun }, CannotLook>> {
    return this.#telling<{ help: ConflictHelp; run: ConflictingRun }, CannotLook>(id, async (run) => {
      const help = await this.#help(run);
      return help.ok ? ok({ help: await this.#withTitles(run.projectId, help.value), run }) : help;
    });
  }

  async #help(run: ConflictingRun): Promise<Result<ConflictHelp, CannotLook>> {
    const { git } = this.#options;
    const { projectPath: cwd, base, branch } = run;
    const commits = await this.#commits(run);
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
