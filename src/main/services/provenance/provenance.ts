import type { Log } from '#main/base/log.ts';
import { isAncestor } from '#main/services/git/ancestry.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { logRecords } from '#main/services/git/parse.ts';
import { resolveBase } from '#main/services/git/resolve.ts';
import type { CommentSide } from '#shared/contract/comments.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { LineOrigin, OriginCommit, OriginRun, provenance as contract } from '#shared/contract/provenance.ts';
import { runId, specSlug, type ProjectId, type RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { parseBlame, type Blamed } from './blame.ts';
import type { MergeRecord } from './merge-records.ts';

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** Where a run's files are: in a worktree, or only in commits. */
export interface FilesOfRun {
  projectPath: string;
  /** Null: it has none any more. */
  worktreePath: string | null;
  /** The branch's tip, and the commit that it is compared with. */
  head: string;
  mergeBase: string;
  /** The file's name in that commit. */
  oldPath: string;
}

export interface ProvenanceOptions {
  git: Pick<Git, 'read'>;
  runs: {
    find(id: RunId): { projectId: ProjectId; base: string } | null;
    /** What is on record of a run; null: nothing. */
    origin(id: RunId): RecordedRun | null;
    /** The run of which a commit is the merge into its base, by the record; null: none. */
    mergedAs(id: ProjectId, commit: string): RunId | null;
  };
  /** What is kept of a run of this project that was deleted; null: nothing. */
  deletedRun: (id: ProjectId, run: RunId) => Omit<RecordedRun, 'projectId' | 'hasPrompt'> | null;
  /** Every merge of ours that is on record, the latest last. */
  mergesOf: (id: ProjectId) => readonly MergeRecord[];
  filesOf: (id: RunId, path: string) => Promise<FilesOfRun | null>;
  titleOf: (id: ProjectId, slug: string) => Promise<string | null>;
  log: Log;
}

/** What is on record of a run that a line can come from. */
export type RecordedRun = Omit<OriginRun, 'isThis' | 'isDeleted'> & {
  projectId: ProjectId;
  spec: { slug: string; title: string };
};

/** So far back the base's own line of commits is searched for the one that brought a line. */
const mostArrivals = 50_000;

const commitFields = logRecords({
  hash: '%H',
  subject: '%s',
  author: '%an',
  at: '%ct',
  trailers: '%(trailers:only,unfold)',
});

/** Why a line is there: from the line to its commit, to the merge that brought it, to the run, spec and decision behind it. */
export class Provenance implements Api {
  readonly #options: ProvenanceOptions;

  constructor(options: ProvenanceOptions) {
    this.#options = options;
  }

  async line(input: { id: RunId; path: string; side: CommentSide; line: number }): Answer<'line'> {
    const { runs, filesOf, log } = this.#options;
    const run = runs.find(input.id);
    if (run === null) return fail({ kind: 'run-missing' });
    try {
      const files = await filesOf(input.id, input.path);
      if (files === null) return fail({ kind: 'line-missing' });
      const blamed = await this.#blame(files, input);
      if (blamed === null) return fail({ kind: 'line-missing' });
      return ok(await this.#origin(input.id, run, files, blamed));
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      log.error('could not find out where a line comes from', error, { run: input.id });
      return fail({ kind: 'git-failed', message: error.stderr.trim() || error.message });
    }
  }

  async #blame(
    files: FilesOfRun,
    { path, side, line }: { path: string; side: CommentSide; line: number },
  ): Promise<Blamed | null> {
    const { projectPath, worktreePath, head, mergeBase, oldPath } = files;
    const isOnDisk = side === 'after' && worktreePath !== null;
    const revision = side === 'before' ? [mergeBase] : isOnDisk ? [] : [head];
    const { text, exitCode } = await this.#options.git.read({
      name: 'find the commit of a line',
      cwd: isOnDisk ? worktreePath : projectPath,
      args: [
        '--literal-pathspecs',
        '-c',
        'core.quotePath=false',
        'blame',
        '--porcelain',
        '-L',
        `${String(line)},${String(line)}`,
        ...revision,
        '--',
        side === 'before' ? oldPath : path,
      ],
      // 128: there is no such file, or no such line in it; or it is not in any commit yet.
      okExitCodes: [0, 128],
    });
    return exitCode === 0 ? parseBlame(text) : null;
  }

  async #origin(
    id: RunId,
    run: { projectId: ProjectId; base: string },
    { projectPath: cwd }: FilesOfRun,
    blamed: Blamed,
  ): Promise<LineOrigin> {
    const place = { path: blamed.path, line: blamed.line, text: blamed.text };
    if (blamed.isUncommitted) {
      return {
        ...place,
        commit: null,
        arrival: null,
        trailers: [],
        ...(await this.#behind(run.projectId, id, id, null)),
      };
    }
    const base = await resolveBase(this.#options.git, cwd, run.base);
    const arrivalHash = base === null ? null : await this.#arrival(cwd, blamed.hash, base);
    const [commit = null, arrived = null] = await this.#commits(cwd, [blamed.hash, arrivalHash ?? blamed.hash]);
    const arrival = arrivalHash === null || arrived === null ? null : arrived;
    // A commit that was replayed, or made by hand, can say where it is from by itself.
    const trailers = [...(arrival?.trailers ?? []), ...(commit?.trailers ?? [])];
    const said = (key: string): string | null => trailers.find((each) => each.key === key)?.value ?? null;
    const named = runId.safeParse(said('Run'));
    let ofRun = named.success ? named.data : null;
    let spec = said('Spec');
    if (ofRun === null && arrival === null) ofRun = id;
    else if (ofRun === null && arrival !== null && base !== null) {
      const merge = await this.#mergeThatBrought(run.projectId, cwd, arrival.hash, base);
      // What was merged before merges were on record by themselves is known by the run, while that is there.
      ofRun = merge?.runId ?? this.#options.runs.mergedAs(run.projectId, arrival.hash);
      spec ??= merge?.spec ?? null;
    }
    return {
      ...place,
      commit: commit && plain(commit),
      arrival: arrival && { ...plain(arrival), base: run.base },
      trailers: (arrival?.trailers ?? commit?.trailers ?? []).slice(0, 20),
      ...(await this.#behind(run.projectId, id, ofRun, spec)),
    };
  }

  /** The merge of ours with which a commit came onto the base's own line, by the record; null: none has brought it. */
  async #mergeThatBrought(project: ProjectId, cwd: string, arrival: string, base: string): Promise<MergeRecord | null> {
    const merges = new Map(this.#options.mergesOf(project).map((merge) => [merge.mergedCommit, merge]));
    if (merges.size === 0) return null;
    const { text } = await this.#options.git.read({
      name: 'list the commits of the base',
      cwd,
      args: ['rev-list', '--first-parent', `--max-count=${String(mostArrivals)}`, base, `^${arrival}`],
    });
    // From the commit itself on: the first of ours is the one that brought it, unless the base had it before that.
    const passed = new Set<string>();
    for (const commit of [arrival, ...text.split('\n').filter(Boolean).toReversed()]) {
      const merge = merges.get(commit);
      if (merge) return passed.has(merge.previousCommit) ? null : merge;
      passed.add(commit);
    }
    return null;
  }

  /** The first commit on the base's own line that has this one in its history; null: the base does not have it. */
  async #arrival(cwd: string, hash: string, base: string): Promise<string | null> {
    const { git } = this.#options;
    if (!(await isAncestor(git, cwd, { ancestor: hash, of: base }))) return null;
    const { text } = await git.read({
      name: 'list the commits of the base',
      cwd,
      args: ['rev-list', '--first-parent', `--max-count=${String(mostArrivals)}`, base, `^${hash}`],
    });
    // The newest first; all down to the one that brought it have it in their history, and none below.
    const line = text === '' ? [] : text.trimEnd().split('\n');
    let known = 0;
    let below = line.length;
    while (known < below) {
      const middle = Math.floor((known + below) / 2);
      if (await isAncestor(git, cwd, { ancestor: hash, of: line[middle] ?? '' })) known = middle + 1;
      else below = middle;
    }
    const first = line[known - 1];
    // It is on that line itself when what follows it there has it as its first parent.
    if (first === undefined) return hash;
    return (await this.#isFirstParent(cwd, first, hash)) ? hash : first;
  }

  async #isFirstParent(cwd: string, commit: string, parent: string): Promise<boolean> {
    const { text } = await this.#options.git.read({
      name: 'find the parent of a commit',
      cwd,
      args: ['rev-list', '--max-count=1', '--parents', commit],
    });
    return text.trim().split(' ')[1] === parent;
  }

  async #commits(cwd: string, hashes: readonly string[]): Promise<readonly Told[]> {
    const { text } = await this.#options.git.read({
      name: 'read commits',
      cwd,
      args: ['log', '--no-walk=unsorted', '--encoding=UTF-8', `--format=${commitFields.format}`, ...new Set(hashes)],
    });
    const found = new Map(
      commitFields
        .parse(text)
        .map(({ trailers, at, ...commit }): [string, Told] => [
          commit.hash,
          { ...commit, at: Number(at) * 1000, trailers: parseTrailers(trailers) },
        ]),
    );
    return hashes.flatMap((hash) => found.get(hash) ?? []);
  }

  async #behind(
    project: ProjectId,
    looked: RunId,
    id: RunId | null,
    saidSpec: string | null,
  ): Promise<Pick<LineOrigin, 'run' | 'spec'>> {
    const { runs, deletedRun, titleOf } = this.#options;
    const origin = id === null ? null : runs.origin(id);
    // An id in a commit's message is anybody's word: only runs of this project are meant.
    const present = origin?.projectId === project ? { ...origin, isDeleted: false } : null;
    const deleted = present === null && id !== null ? deletedRun(project, id) : null;
    const known = present ?? (deleted && { ...deleted, hasPrompt: false, isDeleted: true });
    const slug = specSlug.safeParse(known?.spec.slug ?? saidSpec);
    const title = slug.success ? (known?.spec.title ?? (await titleOf(project, slug.data)) ?? slug.data) : null;
    const run =
      known === null
        ? null
        : {
            id: known.id,
            title: known.title,
            agent: known.agent,
            branch: known.branch,
            decision: known.decision,
            hasPrompt: known.hasPrompt,
            isDeleted: known.isDeleted,
            isThis: known.id === looked,
          };
    return { run, spec: slug.success && title !== null ? { slug: slug.data, title } : null };
  }
}

type Told = OriginCommit & { trailers: readonly { key: string; value: string }[] };

const plain = ({ hash, subject, author, at }: Told): OriginCommit => ({ hash, subject, author, at });

const parseTrailers = (text: string): Told['trailers'] =>
  text.split('\n').flatMap((line) => {
    const match = /^([A-Za-z0-9-]+): (.*)$/u.exec(line);
    return match ? [{ key: match[1] ?? '', value: (match[2] ?? '').slice(0, 300) }] : [];
  });
