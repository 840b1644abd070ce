import { createHash } from 'node:crypto';

import type { Log } from '#main/base/log.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords } from '#main/services/git/parse.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Snapshot } from '#shared/contract/runs.ts';
import type { TrashPlan, trash as contract } from '#shared/contract/trash.ts';
import type { ProjectId } from '#shared/ids.ts';
import { fail, ok, type Failure, type Result } from '#shared/result.ts';

import type { Snapshots } from './snapshots.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

interface TrashOptions {
  git: Git;
  snapshots: Pick<Snapshots, 'list'>;
  /** The project's main checkout; null when it is not open. */
  pathOf: (id: ProjectId) => string | null;
  removedRuns: {
    /** Titles of the deleted runs that these snapshots can bring back. */
    titles(id: ProjectId, refs: readonly string[]): readonly string[];
    forget(id: ProjectId, refs: readonly string[]): void;
  };
  log: Log;
}

const shownCommits = 50;
const commitFields = logRecords({ hash: '%H', subject: '%s' });

/** The snapshots as a trash: they stay until the person empties it, who is told before exactly what then is gone. */
export class Trash implements Api {
  readonly #options: TrashOptions;

  constructor(options: TrashOptions) {
    this.#options = options;
  }

  plan(input: { projectId: ProjectId; refs: readonly string[] | null }): Answer<'plan'> {
    return this.#telling(async () => ok((await this.#plan(input)).plan));
  }

  empty(input: { projectId: ProjectId; refs: readonly string[] | null; fingerprint: string }): Answer<'empty'> {
    return this.#telling<{ deleted: number }, { kind: 'more-would-be-lost'; plan: TrashPlan }>(async () => {
      const { plan, path, chosen } = await this.#plan(input);
      if (plan.fingerprint !== input.fingerprint) return fail({ kind: 'more-would-be-lost', plan });
      if (path === null || chosen.length === 0) return ok({ deleted: 0 });
      const { git, removedRuns, log } = this.#options;
      const refs = chosen.map(({ ref }) => ref);
      const notes = await this.#notes(path, refs);
      // Git does all of it or nothing.
      await git.write({
        name: 'delete the snapshots',
        cwd: path,
        commonDir: await git.commonDir(path),
        args: ['update-ref', '--stdin', '-z'],
        input: [...refs, ...notes].map((ref) => `delete ${ref}\0\0`).join(''),
      });
      removedRuns.forget(input.projectId, refs);
      log.info('emptied the trash', { snapshots: refs.length });
      return ok({ deleted: refs.length });
    });
  }

  async #plan(input: { projectId: ProjectId; refs: readonly string[] | null }): Promise<{
    plan: TrashPlan;
    path: string | null;
    chosen: readonly Snapshot[];
  }> {
    const path = this.#options.pathOf(input.projectId);
    const all = path === null ? [] : await this.#options.snapshots.list(path);
    const wanted = input.refs === null ? null : new Set(input.refs);
    const chosen = wanted === null ? all : all.filter(({ ref }) => wanted.has(ref));
    const refs = chosen.map(({ ref }) => ref);
    const held = path === null ? [] : await this.#onlyHere(path, chosen, all);
    const dirty = new Map(chosen.flatMap(({ dirtyCommit, branch }) => (dirtyCommit ? [[dirtyCommit, branch]] : [])));
    const isOurs = ({ hash, subject }: { hash: string; subject: string }): boolean =>
      dirty.has(hash) || /^(?:Staged|Not committed): /u.test(subject);
    const commits = held.filter((commit) => !isOurs(commit));
    const notes = path === null ? [] : await this.#notes(path, refs);
    const plan: Omit<TrashPlan, 'fingerprint'> = {
      snapshots: chosen.length,
      commits: commits.slice(0, shownCommits),
      commitCount: commits.length,
      uncommitted: held.flatMap(({ hash }) => dirty.get(hash) ?? []),
      merges: chosen.flatMap(({ ref, branch }) => (notes.includes(noteOf(ref)) ? [branch] : [])),
      runs: this.#options.removedRuns.titles(input.projectId, refs),
    };
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([plan, refs.toSorted(), held.map(({ hash }) => hash)]))
      .digest('hex');
    return { plan: { ...plan, fingerprint }, path, chosen };
  }

  /** Commits that are in the chosen snapshots and in nothing else: no branch, tag, worktree or other snapshot. */
  async #onlyHere(
    path: string,
    chosen: readonly Snapshot[],
    all: readonly Snapshot[],
  ): Promise<readonly { hash: string; subject: string }[]> {
    if (chosen.length === 0) return [];
    const gone = new Set(chosen.map(({ ref }) => ref));
    const rest = all.filter(({ ref }) => !gone.has(ref));
    const { text } = await this.#options.git.read({
      name: 'find what only the snapshots hold',
      cwd: path,
      args: [
        'log',
        '--encoding=UTF-8',
        `--format=${commitFields.format}`,
        '--ignore-missing',
        '--stdin',
        '--not',
        '--exclude=refs/switchyard/*',
        '--all',
      ],
      // A snapshot's own commit is only the record of it; what it holds are that one's parents.
      input: [...chosen.map(({ ref }) => `${ref}^@`), ...rest.map(({ ref }) => `^${ref}`)]
        .map((line) => `${line}\n`)
        .join(''),
    });
    return commitFields.parse(text);
  }

  /** The notes of what merges made that lie beside these snapshots. */
  async #notes(path: string, refs: readonly string[]): Promise<readonly string[]> {
    const { text } = await this.#options.git.read({
      name: 'look up our notes of merges',
      cwd: path,
      args: ['for-each-ref', '--format=%(refname)', 'refs/switchyard/merged/'],
    });
    const present = new Set(text.split('\n'));
    return refs.map(noteOf).filter((note) => present.has(note));
  }

  async #telling<T, E extends Failure>(
    task: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { kind: 'git-failed'; message: string }>> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('git failed with the trash', error, { call: error.call });
      return fail({ kind: 'git-failed', message: error.stderr.trim() || error.message });
    }
  }
}

const noteOf = (ref: string): string => ref.replace(/^refs\/switchyard\//u, 'refs/switchyard/merged/');
