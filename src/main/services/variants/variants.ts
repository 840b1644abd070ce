import { DisposableStore, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { GitError } from '#main/services/git/git.ts';
import type { Pace } from '#main/services/review/recomputer.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { variants as contract, VariantsState } from '#shared/contract/variants.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { RunComparer } from './compare-runs.ts';
import { SpecVariants } from './spec-variants.ts';
import { takeFiles } from './take-files.ts';
import type { GitPort, HistoryPort, RadarPort, RunsPort, VariantProject } from './variant-ports.ts';
import { readVariantSides, type MarkedTrees } from './variant-sides.ts';

interface VariantsOptions {
  /** Writes into the repository itself. */
  git: GitPort;
  projects: { find(id: ProjectId): VariantProject | null };
  runs: RunsPort;
  radar: RadarPort;
  history: HistoryPort;
  log: Log;
  pace?: Pace;
  now?: () => number;
}

type Api = DomainApi<typeof contract>;
type Answer<M extends keyof Api> = Api[M] extends (input: never) => infer R ? R : never;

/** The radar looks at most every eight seconds; what it has seen is shown soon. */
const defaultPace: Pace = { settle: 200, rest: 1000 };

interface Watch {
  spec: SpecVariants;
  marked: MarkedTrees;
  radar: Disposable;
}

/**
 * Runs of one spec beside each other: what is the same in all, what one alone touched, where they really disagree. One can
 * be kept whole, by a decision like any other; files of several can be taken into a run of their own.
 */
export class Variants implements Api, Disposable {
  readonly #options: VariantsOptions;
  readonly #owned = new DisposableStore();
  readonly #watches = new Map<string, Watch>();

  constructor(options: VariantsOptions) {
    this.#options = options;
    this.#owned.add(
      options.radar.onDidLook(({ runId, tree, commit }) => {
        for (const { spec } of this.#watches.values()) spec.seen(runId, tree, commit);
      }),
    );
    this.#owned.add(
      options.runs.onDidChange((id) => {
        for (const [key, { spec }] of this.#watches) if (key.startsWith(`${id}\0`)) spec.runsChanged();
      }),
    );
  }

  onDidChange(
    { projectId, slug }: { projectId: ProjectId; slug: SpecSlug },
    listener: (state: VariantsState) => void,
  ): Disposable {
    const key = keyOf(projectId, slug);
    const watch = this.#watches.get(key) ?? this.#watch(projectId, slug);
    if (watch === null) {
      listener(notOpen);
      return { dispose: () => undefined };
    }
    const listening = watch.spec.listen(listener);
    return toDisposable(() => {
      listening.dispose();
      if (watch.spec.isListenedTo || this.#watches.get(key) !== watch) return;
      watch.spec.dispose();
      watch.radar.dispose();
      this.#watches.delete(key);
    });
  }

  async file({ projectId, slug, path, left, right, showHuge }: Parameters<Api['file']>[0]): Answer<'file'> {
    const { radar } = this.#options;
    const watch = this.#watches.get(keyOf(projectId, slug));
    const comparison = watch?.spec.comparison ?? null;
    const file = comparison?.files.find((each) => each.file.path === path);
    const place = radar.gitOf(projectId);
    if (!watch || !comparison || !file || !place || (left === null && right === null))
      return fail({ kind: 'not-compared' });
    const placeOf = (id: RunId | null): number | null =>
      id === null ? null : comparison.runs.findIndex(({ run, work }) => run.id === id && work !== null);
    const [one, other] = [placeOf(left), placeOf(right)];
    if (one === -1 || other === -1) return fail({ kind: 'not-compared' });
    const works = comparison.runs.map(({ work }) => work);
    const { marked } = watch;
    try {
      return ok(await readVariantSides(place, { file, works, marked }, { left: one, right: other, showHuge }));
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#options.log.error('git could not read a file of variants', error, { call: error.call });
      return fail({ kind: 'git-failed', message: error.message });
    }
  }

  async take(input: Parameters<Api['take']>[0]): Answer<'take'> {
    const { git, projects, runs, radar, log } = this.#options;
    const { projectId, slug } = input;
    const project = projects.find(projectId);
    if (project === null) return fail({ kind: 'run-missing', runs: input.seen.map(({ runId }) => runId) });
    const taken = await takeFiles(
      { git, radar, runs, log, comparer: new RunComparer({ radar, projectId, projectPath: project.path }) },
      { ...input, project, all: this.#runsOf(projectId, slug) },
    );
    return taken.ok ? ok({ runId: taken.value }) : taken;
  }

  dispose(): void {
    this.#owned.dispose();
    for (const { spec, radar } of this.#watches.values()) {
      spec.dispose();
      radar.dispose();
    }
    this.#watches.clear();
  }

  #watch(projectId: ProjectId, slug: SpecSlug): Watch | null {
    const { projects, runs, radar, history, log, pace = defaultPace, now = Date.now } = this.#options;
    const project = projects.find(projectId);
    if (project === null || this.#owned.isDisposed) return null;
    const spec = new SpecVariants({
      project,
      slug,
      comparer: new RunComparer({ radar, projectId, projectPath: project.path }),
      runs: () => this.#runsOf(projectId, slug),
      proposeBranch: () => runs.proposeBranch(projectId, slug),
      history: (ids) => history(projectId, ids),
      log,
      pace,
      now,
    });
    const watch: Watch = { spec, marked: new Map(), radar: radar.onDidChange(projectId, () => undefined) };
    this.#watches.set(keyOf(projectId, slug), watch);
    return watch;
  }

  /** Those that carry the spec out, in the order in which they were spawned. */
  #runsOf(projectId: ProjectId, slug: SpecSlug): readonly Run[] {
    return this.#options.runs
      .all(projectId)
      .filter(({ spec, task }) => spec.slug === slug && task === 'build')
      .toSorted((one, other) => one.createdAt - other.createdAt || (one.variant ?? 0) - (other.variant ?? 0));
  }
}

const keyOf = (projectId: ProjectId, slug: SpecSlug): string => `${projectId}\0${slug}`;

const notOpen: VariantsState = {
  at: null,
  variants: [],
  discarded: 0,
  from: null,
  haveSameStart: true,
  files: [],
  omittedFiles: 0,
  proposedBranch: '',
  unavailable: 'This project is not open.',
};
