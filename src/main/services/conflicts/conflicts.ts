import type { Disposable } from '#main/base/lifecycle.ts';
import { GitError } from '#main/services/git/git.ts';
import { findRunWorktree } from '#main/services/git/run-worktree.ts';
import { listWorktrees } from '#main/services/git/worktree-checkout.ts';
import { ScratchUnusable } from '#main/services/train/scratch-worktree.ts';
import type { ConflictHelp, conflicts as contract, ResolutionProgress } from '#shared/contract/conflicts.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';
import { fail, ok, type Failure, type Result } from '#shared/result.ts';

import { conflictBrief, type SpecIntent } from './conflict-brief.ts';
import type { ConflictingRun, ConflictsOptions } from './conflict-ports.ts';
import { lookAtConflict, type CannotLook } from './look-at-conflict.ts';
import { Resolutions, type KeepInput } from './resolutions.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

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
