import type { Disposable } from '#main/base/lifecycle.ts';
import { GitError } from '#main/services/git/git.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { ScratchUnusable } from '#main/services/train/scratch-worktree.ts';
import type { ConflictHelp, conflicts as contract, ResolutionProgress, Solver } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Failure, type Result } from '#shared/result.ts';
import { notReadInWords } from '#shared/terminal/not-read-in-words.ts';

import { conflictBrief, type SpecIntent } from './conflict-brief.ts';
import type { ConflictingRun, ConflictsOptions } from './conflict-ports.ts';
import { lookAtConflict, otherSpecs, type CannotLook } from './look-at-conflict.ts';
import { Resolutions, type KeepInput } from './resolutions.ts';
import { sideChecks, type SideCheck, type SidePromises } from './side-checks.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** The words of so many runs of the other side are told, the latest merged first. */
const mostWords = 4;

/** Help with a branch that does not merge: what collides, what both sides are for, and the ways to solve it. */
export class Conflicts implements Api, Disposable {
  readonly #options: ConflictsOptions;
  readonly #resolutions: Resolutions;

  constructor(options: ConflictsOptions) {
    this.#options = options;
    this.#resolutions = new Resolutions(options);
  }

  dispose(): void {
    this.#resolutions.dispose();
  }

  async look({ id }: { id: RunId }): Answer<'look'> {
    const looked = await this.#look(id);
    return looked.ok ? ok(looked.value.help) : looked;
  }

  async brief({ id, to }: { id: RunId; to: Solver['kind'] }): Answer<'brief'> {
    const looked = await this.#look(id);
    if (!looked.ok) return looked;
    const { help, run } = looked.value;
    const { specOf, gatesOf, invariantsOf } = this.#options;
    const slugs = new Set(help.origins.flatMap(({ spec }) => spec?.slug ?? []));
    slugs.delete(run.spec.slug as SpecSlug);
    const others: SpecIntent[] = [];
    for (const slug of Array.from(slugs).slice(0, 4)) {
      const spec = await specOf(run.projectId, slug);
      if (spec) others.push(spec);
    }
    const own = await specOf(run.projectId, run.spec.slug);
    const gates = gatesOf(run.projectId);
    const invariants = await invariantsOf(run.projectId);
    const otherSummaries = this.#lastWords(help, run);
    const { lastMessage: summary } = run;
    return ok({
      text: conflictBrief({ help, to, own, others, summary, otherSummaries, invariants, gates }),
    });
  }

  /** What the agents said last whose merged work the run collides with: of runs that are still there, and have said anything. */
  #lastWords({ origins }: ConflictHelp, run: ConflictingRun): readonly { title: string; summary: string }[] {
    const ids = [...new Set(origins.flatMap((origin) => origin.run ?? []))].filter((id) => id !== run.id);
    return ids
      .flatMap((id) => {
        const other = this.#options.runs.find(id);
        const summary = other?.lastMessage?.trim() ?? '';
        return other === null || summary === '' ? [] : [{ title: other.spec.title, summary }];
      })
      .slice(0, mostWords);
  }

  async ask({ id, text, to }: { id: RunId; text: string; to: Solver }): Answer<'ask'> {
    const { runs } = this.#options;
    const run = runs.find(id);
    if (run === null) return fail({ kind: 'run-missing' });
    const looked = await this.#look(id);
    const others = looked.ok ? otherSpecs(looked.value.help, run) : [];
    const asked = await this.#sendTo(run, text, to);
    if (asked.ok) runs.alsoHold(asked.value.run, [run.spec.slug, ...others]);
    return asked;
  }

  /**
   * What a merge would break a promise about: the criteria of both sides' specs, for a run that was asked to bring them together,
   * that have passed neither on the tree that the merge makes nor on the branch's own.
   */
  async unproved(id: RunId, made: { tree: string; branchCommit: string }): Promise<readonly string[]> {
    const { git, runs, evidenceOf } = this.#options;
    const run = runs.find(id);
    if (run === null || run.alsoHolds.length === 0) return [];
    const { checks, impossible } = await this.#sides(run);
    const never = impossible.map(({ title, reason }) => `${title}: ${reason}`);
    if (checks.length === 0) return never;
    const { text } = await git.read({
      name: 'look up the tree of a branch',
      cwd: run.projectPath,
      args: ['rev-parse', '--verify', '--end-of-options', `${made.branchCommit}^{tree}`],
    });
    const evidence = evidenceOf(run.projectId);
    const hasPassed = (tree: string, command: string): boolean => {
      const found = evidence?.find(tree, command);
      return found?.outcome === 'passed' && !found.treeMoved;
    };
    const trees = [made.tree, text.trim()];
    const open = checks.filter(({ command }) => !trees.some((tree) => hasPassed(tree, command)));
    return [...never, ...open.map(({ title }) => title)];
  }

  /** The commands that such a run's merge has to pass; none for any other run. */
  async promises(id: RunId): Promise<readonly SideCheck[]> {
    const run = this.#options.runs.find(id);
    return run === null || run.alsoHolds.length === 0 ? [] : (await this.#sides(run)).checks;
  }

  files({ id }: { id: RunId }): Answer<'files'> {
    return this.#telling(id, (run) => this.#resolutions.files(run));
  }

  onDidProgress({ id }: { id: RunId }, listener: (progress: ResolutionProgress) => void): Disposable {
    return this.#resolutions.onDidProgress(id, listener);
  }

  keep({ id, ...input }: { id: RunId } & KeepInput): Answer<'keep'> {
    return this.#telling(id, (run) => this.#resolutions.keep(run, input));
  }

  cancel({ id }: { id: RunId }): Answer<'cancel'> {
    this.#resolutions.cancel(id);
    return Promise.resolve(ok(undefined));
  }

  #sides(run: ConflictingRun): Promise<SidePromises> {
    return sideChecks(this.#options, run.projectId, [run.spec.slug, ...run.alsoHolds]);
  }

  async #sendTo(run: ConflictingRun, text: string, to: Solver): Answer<'ask'> {
    const { runs } = this.#options;
    switch (to.kind) {
      case 'same':
        return this.#tell(run, text);
      case 'hand-over': {
        const handed = await runs.handOver(run.id, to.agentId, text);
        return handed.ok ? ok({ run: run.id, resumed: false }) : handed;
      }
      case 'run': {
        const other = runs.find(to.id);
        if (other === null || other.id === run.id) return fail({ kind: 'run-missing' });
        if (other.projectId !== run.projectId || other.base !== run.base) {
          return fail({ kind: 'other-base', base: other.base });
        }
        return this.#tell(other, text);
      }
      case 'new': {
        const made = await runs.spawn(run, to.agentId, text);
        return made.ok ? ok({ run: made.value, resumed: false }) : made;
      }
    }
  }

  /** Into the run's terminal; an agent that has exited is resumed for it. */
  async #tell(run: ConflictingRun, text: string): Answer<'ask'> {
    const { messages, git } = this.#options;
    const { id } = run;
    const agent = messages.find(id);
    if (agent === null) return fail({ kind: 'run-missing' });
    const worktree = await findRunWorktree(git, await listWorktrees(git, run.projectPath), run);
    if (worktree === null) return fail({ kind: 'worktree-missing' });
    if (agent.asks) return fail({ kind: 'asks' });
    let sent = await messages.send(id, text);
    if (sent === 'sent') return ok({ run: id, resumed: false });
    // It began to ask in the meantime.
    if (sent === 'asks') return fail({ kind: 'asks' });
    if (sent === 'not-read') return fail({ kind: 'not-running', reason: notReadInWords });
    const obstacle = await messages.resume(id);
    if (obstacle !== null) return fail({ kind: 'not-running', reason: obstacle });
    sent = await messages.send(id, text);
    if (sent === 'sent') return ok({ run: id, resumed: true });
    if (sent === 'asks') return fail({ kind: 'asks' });
    if (sent === 'not-read') return fail({ kind: 'not-running', reason: notReadInWords });
    return fail({ kind: 'not-running', reason: 'It was resumed, and ended before it could take the message.' });
  }

  #look(id: RunId): Promise<Result<{ help: ConflictHelp; run: ConflictingRun }, CannotLook>> {
    return this.#telling<{ help: ConflictHelp; run: ConflictingRun }, CannotLook>(id, async (run) => {
      const help = await lookAtConflict(this.#options, run);
      return help.ok ? ok({ help: help.value, run }) : help;
    });
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
}
