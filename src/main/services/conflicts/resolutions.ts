import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import { commitTree } from '#main/services/merges/commits.ts';
import { mergedRef } from '#main/services/merges/merges.ts';
import { moveBase } from '#main/services/merges/move-base.ts';
import { branchRef, deleteRefs } from '#main/services/merges/refs.ts';
import type { conflicts as contract, FailedCheck, Resolution, ResolutionProgress } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { checkResolution } from './check-resolution.ts';
import type { ConflictingRun, ConflictsOptions } from './conflict-ports.ts';
import { commitsOf, lookAtConflict, otherSpecs, type CannotLook } from './look-at-conflict.ts';
import { openMerge, readFiles, resolvedTree } from './resolve-by-hand.ts';
import { sideChecks, type SideCheck, type SidePromises } from './side-checks.ts';

type Api = DomainApi<typeof contract>;
type FoundFiles = Extract<Awaited<ReturnType<Api['files']>>, { ok: true }>['value'];
type Kept = Extract<Awaited<ReturnType<Api['keep']>>, { ok: true }>['value'];
export type KeepFailure = Extract<Awaited<ReturnType<Api['keep']>>, { ok: false }>['error'];

export interface KeepInput {
  baseCommit: string;
  branchCommit: string;
  files: readonly { path: string; resolution: Resolution }[];
}

/** Conflicts that are solved by hand: checked in a worktree of our own, and kept on the run's branch alone. */
export class Resolutions implements Disposable {
  readonly #options: ConflictsOptions;
  readonly #underWay = new Map<RunId, { abort: AbortController; progress: ResolutionProgress }>();
  readonly #turns = new SerialQueue();
  readonly #didProgress = new Emitter<{ id: RunId; progress: ResolutionProgress }>();

  constructor(options: ConflictsOptions) {
    this.#options = options;
  }

  dispose(): void {
    for (const { abort } of this.#underWay.values()) abort.abort();
    this.#didProgress.dispose();
  }

  /** The files in conflict with all their sides. */
  async files(run: ConflictingRun): Promise<Result<FoundFiles, CannotLook>> {
    const commits = await commitsOf(this.#options.git, run);
    if (!commits.ok) return commits;
    const open = await openMerge(this.#options.git, run.projectPath, commits.value);
    if (open === null) return fail({ kind: 'no-conflict' });
    return ok({ ...commits.value, files: await readFiles(this.#options.git, open, run) });
  }

  onDidProgress(id: RunId, listener: (progress: ResolutionProgress) => void): Disposable {
    listener(this.#underWay.get(id)?.progress ?? { kind: 'idle' });
    return this.#didProgress.event((event) => {
      if (event.id === id) listener(event.progress);
    });
  }

  /** Makes the merge with these resolutions, has it checked, and moves the branch to it. */
  async keep(run: ConflictingRun, input: KeepInput): Promise<Result<Kept, KeepFailure>> {
    const { id } = run;
    if (this.#underWay.has(id)) return fail({ kind: 'under-way' });
    const abort = new AbortController();
    this.#underWay.set(id, { abort, progress: { kind: 'idle' } });
    try {
      return await this.#keep(run, input, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return fail({ kind: 'cancelled' });
      throw error;
    } finally {
      this.#underWay.delete(id);
      this.#didProgress.fire({ id, progress: { kind: 'idle' } });
    }
  }

  cancel(id: RunId): void {
    this.#underWay.get(id)?.abort.abort();
  }

  async #keep(run: ConflictingRun, input: KeepInput, signal: AbortSignal): Promise<Result<Kept, KeepFailure>> {
    const { git, projectOf, evidenceOf, now = Date.now } = this.#options;
    const { baseCommit, branchCommit } = input;
    const { id, projectPath: cwd } = run;
    const project = projectOf(run.projectId);
    if (project === null) return fail({ kind: 'run-missing' });
    if (run.isAtWork) return fail({ kind: 'at-work' });
    const commits = await commitsOf(git, run);
    if (!commits.ok) return commits;
    if (commits.value.baseCommit !== baseCommit || commits.value.branchCommit !== branchCommit) {
      return fail({ kind: 'moved' });
    }
    const open = await openMerge(git, cwd, { baseCommit, branchCommit });
    if (open === null) return fail({ kind: 'no-conflict' });
    const resolutions = new Map(input.files.map(({ path, resolution }) => [path, resolution]));
    const tree = await resolvedTree(git, open, resolutions);
    if (!tree.ok) return tree;
    const looked = await lookAtConflict(this.#options, run);
    const others = looked.ok ? otherSpecs(looked.value, run) : [];
    const { checks, unproven, impossible } = await this.#checks(run, others);
    const unreadable = [
      ...project.unreadable.map((reason) => ({ title: 'A check of the project', reason })),
      ...impossible,
    ].map(({ title, reason }): FailedCheck => ({ title, command: '', reason, output: '' }));
    // A result that is kept counts as checked, and these are part of it.
    if (unreadable.length > 0) return fail({ kind: 'checks-failed', failed: unreadable });
    // A spec's own commands need no leave, in a run's worktree as here: the person has written them.
    if (!project.isTrusted && project.needsTrust) return fail({ kind: 'not-trusted' });
    const message = `Merge ${run.base} into ${run.branch}\n\nSolved by hand: ${open.paths.map(({ path }) => oneLine(path)).join(', ')}\n`;
    const made = await commitTree(git, cwd, { tree: tree.value, parents: [branchCommit, baseCommit], message });
    // All resolutions of a project are checked in the same worktree.
    const failed = await this.#turns.run(run.projectId, () =>
      checkResolution({
        git,
        project,
        commands: this.#options.commands,
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
      }),
    );
    if (signal.aborted) return fail({ kind: 'cancelled' });
    if (failed.length > 0) return fail({ kind: 'checks-failed', failed });
    const moved = await this.#move(run, { from: branchCommit, to: made });
    if (moved !== null) return moved;
    this.#options.runs.alsoHold(id, others);
    return ok({ commit: made, checks: checks.length, unproven });
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
  async #checks(run: ConflictingRun, slugs: readonly string[]): Promise<SidePromises> {
    const gates = this.#options.gatesOf(run.projectId).map((gate): SideCheck => ({
      id: `gate:${gate.id}`,
      title: gate.title,
      command: gate.run,
      test: null,
      timeoutMilliseconds: gate.timeoutMinutes * 60_000,
    }));
    const { checks, unproven, impossible } = await sideChecks(this.#options, run.projectId, [run.spec.slug, ...slugs]);
    const isNoGate = ({ command }: SideCheck): boolean => !gates.some((gate) => gate.command === command);
    return { checks: [...gates, ...checks.filter(isNoGate)], unproven, impossible };
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
