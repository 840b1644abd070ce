import { GitError } from '#main/services/git/git.ts';
import { logRecords } from '#main/services/git/parse.ts';
import type { MergeQuestion } from '#main/services/radar/merge-batch.ts';
import type { RadarNode } from '#main/services/radar/project-radar.ts';
import { readRawChanges } from '#main/services/radar/branch-changes.ts';
import type { RawChange } from '#main/services/review/raw-diff.ts';
import { findRange } from '#main/services/review/review-range.ts';
import type { Run } from '#shared/contract/runs.ts';
import { mostVariants } from '#shared/contract/variants.ts';
import type { ProjectId } from '#shared/ids.ts';

import { compareChanges, type ComparedFile, type PairOutcome } from './compare-changes.ts';
import type { GitPort, RadarPort } from './variant-ports.ts';

/** A run of the comparison, and what there is of it to compare. */
export interface ComparedRun {
  run: Run;
  /** Null: `obstacle` says why. */
  work: Work | null;
  obstacle: string | null;
}

export interface Work {
  node: RadarNode;
  /** The commit that its own work begins after. */
  start: string;
  changes: readonly RawChange[];
  /** The first line of its last commit; null: it has none of its own. */
  subject: string | null;
}

export interface Comparison {
  runs: readonly ComparedRun[];
  /** The latest commit that the starts of all compared runs have in common; null where there is none. */
  from: string | null;
  haveSameStart: boolean;
  files: readonly ComparedFile[];
}

/** A variant that changes more is not compared file by file. */
const mostChanges = 20_000;
const mostChangeBytes = 20_000_000;
/** What was found out about trees is kept for this many of them. */
const mostKnown = 200;

interface CompareOptions {
  radar: Pick<RadarPort, 'lookAt' | 'tryMerges' | 'gitOf'>;
  projectId: ProjectId;
  projectPath: string;
}

/**
 * Compares runs as they are now. What is found out holds for commits and trees, which never change: a look at which nothing
 * has moved asks Git for the trees alone.
 */
export class RunComparer {
  readonly #options: CompareOptions;
  readonly #starts = new Map<string, string | null>();
  readonly #changes = new Map<string, readonly RawChange[] | null>();
  readonly #subjects = new Map<string, string>();
  readonly #bases = new Map<string, string | null>();

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  async compare(runs: readonly Run[]): Promise<Comparison> {
    const { radar, projectId } = this.#options;
    const place = radar.gitOf(projectId);
    if (place === null) throw new Error(`the project ${projectId} is not open`);
    this.#forget();
    const wanted = runs.filter(({ presence }) => presence.branch).slice(0, mostVariants);
    const nodes = new Map(
      (
        await radar.lookAt(
          projectId,
          wanted.map(({ id }) => id),
        )
      ).map((node) => [node.run.id, node]),
    );
    const compared: ComparedRun[] = [];
    for (const run of runs) compared.push(await this.#work(place, run, wanted.includes(run), nodes.get(run.id)));
    await this.#tellSubjects(place, compared);
    const works = compared.map(({ work }) => work);
    const starts = [...new Set(works.flatMap((work) => work?.start ?? []))];
    const from = await this.#commonStart(place, starts);
    const files = compareChanges(
      works.map((work) => work?.changes ?? null),
      await this.#pairs(compared),
    );
    return { runs: this.#withSubjects(compared), from, haveSameStart: starts.length < 2, files };
  }

  async #work(
    place: { git: GitPort; cwd: string },
    run: Run,
    isWanted: boolean,
    node: RadarNode | undefined,
  ): Promise<ComparedRun> {
    const without = (obstacle: string): ComparedRun => ({ run, work: null, obstacle });
    if (!run.presence.branch || !node) {
      if (isWanted || run.presence.branch) {
        return without(
          isWanted
            ? 'Its branch could not be found just now.'
            : `Only ${String(mostVariants)} are compared at once. Discard or delete one to compare it.`,
        );
      }
      return without(
        run.status.kind === 'queued' || run.status.kind === 'preparing'
          ? 'Its branch is not made yet.'
          : 'Its branch is gone.',
      );
    }
    const start = await this.#start(place, run, node);
    if (start === null)
      return without(`It has no commit in common with ${run.base}, so there is no start to compare with.`);
    const changes = await this.#changesOf(place, start, node.tree);
    if (changes === null) {
      return without(
        `It changes more than ${String(mostChanges)} files: too much to be compared file by file. It can be kept whole.`,
      );
    }
    return { run, work: { node, start, changes, subject: null }, obstacle: null };
  }

  async #start(place: { git: GitPort; cwd: string }, run: Run, node: RadarNode): Promise<string | null> {
    const key = `${node.commit} ${node.base ?? run.base} ${run.baseCommit ?? ''}`;
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    const { branch, base, baseCommit, worktreePath } = run;
    const range = await findRange(place.git, {
      id: run.id,
      projectPath: this.#options.projectPath,
      branch,
      base,
      baseCommit,
      worktreePath,
    });
    const start = 'kind' in range ? null : range.from;
    this.#starts.set(key, start);
    return start;
  }

  /** Null: more than can be compared. */
  async #changesOf(
    { git, cwd }: { git: GitPort; cwd: string },
    from: string,
    tree: string,
  ): Promise<readonly RawChange[] | null> {
    const key = `${from} ${tree}`;
    const known = this.#changes.get(key);
    if (known !== undefined) return known;
    let changes: readonly RawChange[] | null;
    try {
      changes = await readRawChanges(git, cwd, { from, tree }, { maxBytes: mostChangeBytes });
    } catch (error) {
      if (!(error instanceof GitError) || !error.stderr.includes('printed more than')) throw error;
      changes = null;
    }
    if (changes !== null && changes.length > mostChanges) changes = null;
    this.#changes.set(key, changes);
    return changes;
  }

  async #commonStart({ git, cwd }: { git: GitPort; cwd: string }, starts: readonly string[]): Promise<string | null> {
    const [first = null, ...others] = starts;
    if (first === null || others.length === 0) return first;
    const key = starts.join(' ');
    const known = this.#bases.get(key);
    if (known !== undefined) return known;
    const { text } = await git.read({
      name: 'find where the variants began',
      cwd,
      args: ['merge-base', '--octopus', ...starts],
      okExitCodes: [0, 1],
    });
    const from = text.trim() === '' ? null : text.trim();
    this.#bases.set(key, from);
    return from;
  }

  async #pairs(compared: readonly ComparedRun[]): Promise<readonly PairOutcome[]> {
    const { radar, projectId } = this.#options;
    const asked: { a: number; b: number; question: MergeQuestion }[] = [];
    for (const [a, one] of compared.entries()) {
      for (const [b, other] of compared.entries()) {
        if (a >= b || !one.work || !other.work) continue;
        // Equal trees cannot conflict, whatever Git would say to their histories.
        if (one.work.node.tree === other.work.node.tree) continue;
        const sides = { ours: nameOf(one.run), theirs: nameOf(other.run) };
        asked.push({ a, b, question: { ours: one.work.node.commit, theirs: other.work.node.commit, sides } });
      }
    }
    const answers = await radar.tryMerges(
      projectId,
      asked.map(({ question }) => question),
    );
    return asked.map(({ a, b }, index) => {
      const answer = answers[index];
      if (answer?.kind === 'clean') return { a, b, conflicts: [] };
      return { a, b, conflicts: answer?.kind === 'conflicts' ? answer.conflicts : null };
    });
  }

  async #tellSubjects({ git, cwd }: { git: GitPort; cwd: string }, compared: readonly ComparedRun[]): Promise<void> {
    const tips = compared.flatMap(({ work }) => (work && work.node.tip !== work.start ? [work.node.tip] : []));
    const asked = [...new Set(tips)].filter((tip) => !this.#subjects.has(tip));
    if (asked.length === 0) return;
    const { text } = await git.read({
      name: 'read the last commits of the variants',
      cwd,
      args: ['log', '--no-walk=unsorted', '--encoding=UTF-8', `--format=${subjects.format}`, ...asked, '--'],
    });
    for (const { hash, subject } of subjects.parse(text)) this.#subjects.set(hash, subject);
  }

  #withSubjects(compared: readonly ComparedRun[]): readonly ComparedRun[] {
    return compared.map((each) => {
      const { work } = each;
      if (work === null || work.node.tip === work.start) return each;
      return { ...each, work: { ...work, subject: this.#subjects.get(work.node.tip) ?? null } };
    });
  }

  #forget(): void {
    for (const known of [this.#starts, this.#changes, this.#subjects, this.#bases]) {
      if (known.size > mostKnown) known.clear();
    }
  }
}

const subjects = logRecords({ hash: '%H', subject: '%s' });

/** Who worked on a run, as which of several. */
export const nameOf = ({ agent, variant }: Pick<Run, 'agent' | 'variant'>): string =>
  variant === null ? agent.label : `${agent.label} #${String(variant)}`;
