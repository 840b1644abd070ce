import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { GitError } from '#main/services/git/git.ts';
import { saysNobody } from '#main/services/git/own-identity.ts';
import { unfitGit } from '#main/services/git/needed-git.ts';
import { resolveCommits } from '#main/services/git/resolve.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Merged, MergeMethod, MergePreview, PutBackPlan, merges as contract } from '#shared/contract/merges.ts';
import type { ProjectId, RunId } from '#shared/ids.ts';
import { fail, ok, type Failure, type Result } from '#shared/result.ts';

import { commitTree, committerLine } from './commits.ts';
import { mergedRef } from './merged-ref.ts';
import { provenance } from './merge-message.ts';
import { planMerge, type MergePlan } from './merge-plan.ts';
import type { GitPort, ProjectsPort, MergeableRun, RunsPort, SnapshotsPort } from './merge-ports.ts';
import { moveBase, type BaseMoved } from './move-base.ts';
import { planPutBack, putBaseBack } from './put-base-back.ts';
import { branchRef, deleteRefs } from './refs.ts';
import { writeReplay } from './replay.ts';
import { withTrailers, type Trailer } from './trailers.ts';

export { mergedRef } from './merged-ref.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;
type ErrorOf<M extends keyof Api> =
  Awaited<Answer<M>> extends infer R ? (R extends { ok: false; error: infer E } ? E : never) : never;

/** A merge of a run that is about to be made, or was. */
export interface MergeEvent {
  runId: RunId;
  projectPath: string;
  method: MergeMethod;
  base: string;
  /** Where the base is before. */
  previousCommit: string;
  /** Where it is after. */
  commit: string;
  /** The branch's commit that is merged. */
  branchCommit: string;
}

interface MergesOptions {
  git: GitPort;
  runs: RunsPort;
  projects: ProjectsPort;
  snapshots: SnapshotsPort;
  /** What both sides promise of a run that brings them together, and has not passed on what would be merged; see `Conflicts`. */
  unproved: (id: RunId, made: { tree: string; branchCommit: string }) => Promise<readonly string[]>;
  log: Log;
}

/** A merge that is worked out and not made. */
export interface MadeMerge {
  /** Nothing refers to it. */
  commit: string;
  tree: string;
  baseCommit: string;
  branchCommit: string;
}

/** Whether a merge may be made; `checked-no` carries the caller's own word. */
export type MergeCheck = (
  made: MadeMerge,
) => Promise<Result<{ trailers: readonly Trailer[] }, { kind: 'checked-no'; reason: string }>>;

export type CheckedFailure = ErrorOf<'merge'> | { kind: 'checked-no'; reason: string };

/**
 * Brings a kept run's branch into its base. Everything is worked out from trees, so until the base moves nothing that
 * anybody can see has changed; the base moves in one step, together with the checkout it is checked out in.
 */
export class Merges implements Api, Disposable {
  readonly #options: MergesOptions;
  readonly #willMerge = new Emitter<MergeEvent>();
  readonly #didNotMerge = new Emitter<MergeEvent>();
  readonly #didMerge = new Emitter<MergeEvent>();
  readonly #didUndo = new Emitter<{ projectPath: string }>();

  /** The base moves next. If no other event follows, it is for the base to say whether it has moved. */
  readonly onWillMerge = this.#willMerge.event;
  readonly onDidNotMerge = this.#didNotMerge.event;
  /** A run's work has become part of its base. */
  readonly onDidMerge = this.#didMerge.event;
  readonly onDidUndo = this.#didUndo.event;

  constructor(options: MergesOptions) {
    this.#options = options;
  }

  dispose(): void {
    this.#willMerge.dispose();
    this.#didNotMerge.dispose();
    this.#didMerge.dispose();
    this.#didUndo.dispose();
  }

  preview(input: { id: RunId; method: MergeMethod }): Answer<'preview'> {
    return this.#telling<MergePreview, ErrorOf<'preview'>>('preview', async () => {
      const planned = await this.#plan(input.id, input.method);
      return planned.ok ? ok(planned.value.plan.preview) : planned;
    });
  }

  merge(input: {
    id: RunId;
    method: MergeMethod;
    baseCommit: string;
    branchCommit: string;
    message: string;
  }): Answer<'merge'> {
    return this.#telling<Merged, ErrorOf<'merge'>>('merge', async () => {
      const planned = await this.#plan(input.id, input.method);
      if (!planned.ok) return planned;
      const { run, plan } = planned.value;
      const { preview, result } = plan;
      if (run.decision !== 'keep') return fail({ kind: 'not-kept' });
      if (preview.baseCommit !== input.baseCommit || preview.branchCommit !== input.branchCommit) {
        return fail({ kind: 'moved', preview });
      }
      if (preview.outcome.kind === 'conflicts') return fail(preview.outcome);
      if (preview.outcome.kind === 'nothing-to-merge' || result === null) return fail({ kind: 'nothing-to-merge' });
      if (preview.checkout.kind === 'dirty') return fail({ ...preview.checkout, kind: 'checkout-dirty' });
      const { branchCommit } = preview;
      const criteria = await this.#options.unproved(run.id, { tree: result.tree, branchCommit });
      if (criteria.length > 0) return fail({ kind: 'sides-unproved', criteria });

      const commit = await this.#write(run, input, preview, result);
      const { base, projectPath } = run;
      const previousCommit = preview.baseCommit;
      const event = { runId: run.id, projectPath, method: input.method, base, previousCommit, commit, branchCommit };
      const moved = await this.#moveTo(run, event);
      if (moved.kind === 'moved') {
        const merged: Merged = {
          commit,
          base,
          previousCommit,
          snapshot: moved.snapshot,
          checkout: moved.checkout,
        };
        this.#didMerge.fire(event);
        return ok(merged);
      }
      switch (moved.kind) {
        case 'dirty':
          return fail({ ...moved.obstacle, kind: 'checkout-dirty' });
        case 'locked':
          return fail({ kind: 'base-locked', message: moved.message });
        case 'failed':
          return fail({ kind: 'git-failed', message: moved.message });
        case 'elsewhere': {
          const again = await this.#plan(input.id, input.method);
          return again.ok ? fail({ kind: 'moved', preview: again.value.plan.preview }) : again;
        }
      }
    });
  }

  /**
   * As `merge` of the branch as it is now, with a last word before the base moves: `check` is given a commit of what the base
   * would be, and says whether it may. What it says in `trailers` is written into the commit.
   */
  mergeChecked(input: { id: RunId; method: MergeMethod; check: MergeCheck }): Promise<Result<Merged, CheckedFailure>> {
    return this.#telling<Merged, CheckedFailure>('merge', async () => {
      const planned = await this.#plan(input.id, input.method);
      if (!planned.ok) return planned;
      const { run, plan } = planned.value;
      const { preview, result } = plan;
      if (run.decision !== 'keep') return fail({ kind: 'not-kept' });
      if (preview.outcome.kind === 'conflicts') return fail(preview.outcome);
      if (preview.outcome.kind === 'nothing-to-merge' || result === null) return fail({ kind: 'nothing-to-merge' });
      if (preview.checkout.kind === 'dirty') return fail({ ...preview.checkout, kind: 'checkout-dirty' });
      const { baseCommit, branchCommit } = preview;
      const draft = await this.#write(run, { method: input.method, message: '' }, preview, result);
      const checked = await input.check({ commit: draft, tree: result.tree, baseCommit, branchCommit });
      if (!checked.ok) return checked;
      const message = withTrailers(preview.message, checked.value.trailers);
      // The branch or the base may have moved while it was checked; then what was checked is not what would be merged.
      return this.merge({ id: input.id, method: input.method, baseCommit, branchCommit, message });
    });
  }

  undo(input: { projectId: ProjectId; snapshot: string }): Answer<'undo'> {
    return this.#telling<{ base: string; commit: string }, ErrorOf<'undo'>>('undo', async () => {
      const { git, projects, snapshots } = this.#options;
      const projectPath = projects.pathOf(input.projectId);
      const snapshot = projectPath === null ? null : await snapshots.find(projectPath, input.snapshot);
      if (projectPath === null || snapshot === null) return fail({ kind: 'snapshot-missing' });
      const base = snapshot.branch;
      const [merged, now] = await resolveCommits(git, projectPath, [mergedRef(snapshot.ref), branchRef(base)]);
      // Without the note of what a merge made, this snapshot is of something else.
      if (!merged) return fail({ kind: 'snapshot-missing' });
      if (now !== merged) return fail({ kind: 'base-moved', base });
      const commonDir = await git.commonDir(projectPath);
      const moved = await git.writes(commonDir, () =>
        moveBase(git, projectPath, {
          branch: base,
          from: merged,
          to: snapshot.commit,
          direction: 'back',
          reflog: `switchyard: undo the merge into ${base}`,
        }),
      );
      switch (moved.kind) {
        case 'moved':
          this.#didUndo.fire({ projectPath });
          return ok({ base, commit: snapshot.commit });
        case 'elsewhere':
          return fail({ kind: 'base-moved', base });
        case 'dirty':
          return fail({ ...moved.obstacle, kind: 'checkout-dirty' });
        case 'locked':
        case 'failed':
          return fail({ kind: 'git-failed', message: moved.message });
      }
    });
  }

  planPutBack(input: { projectId: ProjectId; snapshot: string }): Answer<'planPutBack'> {
    return this.#telling<PutBackPlan, ErrorOf<'planPutBack'>>('plan to put a base back', async () => {
      const projectPath = this.#options.projects.pathOf(input.projectId);
      const plan = projectPath === null ? null : await planPutBack(this.#options, projectPath, input.snapshot);
      return plan === null ? fail({ kind: 'snapshot-missing' }) : ok(plan);
    });
  }

  putBack(input: { projectId: ProjectId; snapshot: string; from: string }): Answer<'putBack'> {
    return this.#telling<{ base: string; commit: string; snapshot: string }, ErrorOf<'putBack'>>(
      'put a base back',
      async () => {
        const projectPath = this.#options.projects.pathOf(input.projectId);
        const plan = projectPath === null ? null : await planPutBack(this.#options, projectPath, input.snapshot);
        if (projectPath === null || plan === null) return fail({ kind: 'snapshot-missing' });
        if (plan.from !== input.from) return fail({ kind: 'moved', plan });
        const moved = await putBaseBack(this.#options, projectPath, plan);
        switch (moved.kind) {
          case 'moved':
            this.#didUndo.fire({ projectPath });
            return ok({ base: plan.base, commit: plan.to, snapshot: moved.snapshot });
          case 'elsewhere': {
            const now = await planPutBack(this.#options, projectPath, input.snapshot);
            return fail(now === null ? { kind: 'snapshot-missing' } : { kind: 'moved', plan: now });
          }
          case 'dirty':
            return fail({ ...moved.obstacle, kind: 'checkout-dirty' });
          case 'locked':
          case 'failed':
            return fail({ kind: 'git-failed', message: moved.message });
        }
      },
    );
  }

  async #plan(
    id: RunId,
    method: MergeMethod,
  ): Promise<Result<{ run: MergeableRun; plan: MergePlan }, ErrorOf<'preview'>>> {
    const run = this.#options.runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    const unfit = await unfitGit(this.#options.git);
    if (unfit?.kind === 'git-missing') return fail({ kind: 'git-failed', message: 'There is no Git to be found.' });
    if (unfit !== null) return fail(unfit);
    const planned = await planMerge(this.#options.git, run, method);
    return planned.ok ? ok({ run, plan: planned.value }) : planned;
  }

  /** Writes the commits that the base will move to, and returns the last. Nothing refers to them yet. */
  async #write(
    run: MergeableRun,
    input: { method: MergeMethod; message: string },
    preview: MergePreview,
    result: NonNullable<MergePlan['result']>,
  ): Promise<string> {
    const { git } = this.#options;
    const { baseCommit, branchCommit } = preview;
    const cwd = run.projectPath;
    if (input.method === 'rebase') {
      const committer = await committerLine(git, cwd);
      return writeReplay({ git, cwd, base: baseCommit, commits: result.replayed, committer });
    }
    const written = withTrailers(input.message, []);
    const message = withTrailers(written === '' ? preview.message : written, provenance(run));
    const parents = input.method === 'merge' ? [baseCommit, branchCommit] : [baseCommit];
    return commitTree(git, cwd, { tree: result.tree, parents, message });
  }

  /** Takes the snapshot, notes beside it what the merge makes, so that it can be undone, and moves the base. */
  async #moveTo(
    run: MergeableRun,
    event: MergeEvent,
  ): Promise<Exclude<BaseMoved, { kind: 'moved' }> | (Extract<BaseMoved, { kind: 'moved' }> & { snapshot: string })> {
    const { git, snapshots } = this.#options;
    const { projectPath, base, branch } = run;
    const { commit, previousCommit, branchCommit } = event;
    const snapshot = await snapshots.takeRef({
      projectPath,
      ref: branchRef(base),
      reason: `Merge ${branch} into ${base}`,
    });
    const note = mergedRef(snapshot.ref);
    const commonDir = await git.commonDir(projectPath);
    return git.writes(commonDir, async () => {
      const [branchNow] = await resolveCommits(git, projectPath, [branchRef(branch)]);
      let moved: BaseMoved = { kind: 'elsewhere' };
      if (branchNow === branchCommit && snapshot.commit === previousCommit) {
        await git.direct({
          name: 'note the merge',
          cwd: projectPath,
          args: ['update-ref', note, commit, noCommit(commit)],
        });
        this.#willMerge.fire(event);
        moved = await moveBase(git, projectPath, {
          branch: base,
          from: previousCommit,
          to: commit,
          direction: 'forward',
          reflog: `switchyard: merge ${branch}`,
        });
      }
      if (moved.kind === 'moved') return { ...moved, snapshot: snapshot.ref };
      // Nothing has happened, so there is nothing to come back from; unless the base was deleted meanwhile, whose last
      // commits nothing else may hold then.
      const [baseNow = null] = await resolveCommits(git, projectPath, [branchRef(base)]);
      await deleteRefs(git, projectPath, baseNow === null ? [note] : [note, snapshot.ref]);
      // Where the base is elsewhere, it may have been at the merge meanwhile.
      if (moved.kind !== 'elsewhere') this.#didNotMerge.fire(event);
      return moved;
    });
  }

  /** What Git refuses is an answer here, and goes to the log; anything else is a bug and stays one. */
  async #telling<T, E extends Failure>(
    what: string,
    task: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { kind: 'git-failed'; message: string }>> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error(`git failed in ${what}`, error, { call: error.call });
      return fail({ kind: 'git-failed', message: messageOf(error) });
    }
  }
}

/** The hash that means to Git that there is no such ref yet. */
const noCommit = (commit: string): string => '0'.repeat(commit.length);

function messageOf(error: GitError): string {
  if (saysNobody(error.stderr)) {
    return 'Git does not know who you are, and a merge is made in your name. Tell it with `git config --global user.name "…"` and `git config --global user.email "…"`.';
  }
  return error.message;
}
