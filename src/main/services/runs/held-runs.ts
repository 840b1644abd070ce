import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';
import type { Run, RunStatus } from '#shared/contract/runs.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

import type { ProjectRuns } from './project-runs.ts';
import { pendingStages } from './run-record.ts';

export interface HeldRunsOptions {
  /** Whether the base holds the work of a spec, whoever merged it and when. */
  isMerged: (place: { projectPath: string; base: string; slug: SpecSlug }) => Promise<boolean>;
  /** Begins a run for which nothing is left to wait. */
  begin: (runs: ProjectRuns, id: RunId) => void;
  log: Log;
  now: () => number;
}

/** Whether the run waits for other specs to be merged before it is made. */
export const isHeld = (run: Pick<Run, 'status'>): boolean =>
  run.status.kind === 'queued' && (run.status.waitsFor ?? []).length > 0;

/**
 * Runs whose specs come `after` others. Each stays queued, with no branch and no worktree, until the work of those specs is
 * in its base; only then would its branch start from it. A run that is merely kept does not count: the base has none of it.
 * What a run waits for is in its record, so that it goes on waiting when the app is opened again.
 */
export class HeldRuns {
  readonly #options: HeldRunsOptions;
  readonly #turns = new SerialQueue();
  readonly #again = new Set<ProjectRuns>();

  constructor(options: HeldRunsOptions) {
    this.#options = options;
  }

  /** Which of these specs the base does not hold yet. */
  async missing(runs: ProjectRuns, base: string, after: readonly SpecSlug[]): Promise<readonly SpecSlug[]> {
    const missing: SpecSlug[] = [];
    for (const slug of after) {
      const byRun = runsOf(runs, slug).some((run) => run.merged?.into === base);
      if (byRun || (await this.#options.isMerged({ projectPath: runs.projectPath, base, slug }))) continue;
      missing.push(slug);
    }
    return missing;
  }

  /** The status of a run that waits for these. */
  status(runs: ProjectRuns, base: string, waitsFor: readonly SpecSlug[]): RunStatus {
    const names = waitsFor.map((slug) => (runsOf(runs, slug).length > 0 ? `“${slug}”` : `“${slug}” (no run yet)`));
    const detail = `Waits until ${listed(names)} ${names.length === 1 ? 'is' : 'are'} merged into ${base}.`;
    return { kind: 'queued', source: 'stages', since: this.#options.now(), detail, waitsFor };
  }

  /** Looks at every run that waits, and begins those that need not any more. Never rejects. */
  async look(runs: ProjectRuns): Promise<void> {
    // A merge changes several runs at once: one more look after the present one sees them all.
    if (this.#again.has(runs) || runs.isDisposed || !runs.all().some(isHeld)) return;
    this.#again.add(runs);
    await this.#turns.run(runs.projectId, async () => {
      this.#again.delete(runs);
      try {
        for (const run of runs.all().filter(isHeld)) await this.#lookAt(runs, run);
      } catch (error) {
        this.#options.log.error('could not look at runs that wait for others', error);
      }
    });
  }

  /** Makes a run that failed wait for what its base lacks; false: it lacks nothing. */
  async holdAgain(runs: ProjectRuns, { id, base }: Run, after: readonly SpecSlug[]): Promise<boolean> {
    const missing = await this.missing(runs, base, after);
    if (missing.length === 0) return false;
    runs.change(id, { stages: pendingStages() });
    runs.setStatus(id, this.status(runs, base, missing));
    return true;
  }

  /** The person does not want it any more, before anything was made. */
  cancel(runs: ProjectRuns, run: Run): void {
    const now = this.#options.now();
    const detail = 'Cancelled before it began. Nothing had been made.';
    const stages = run.stages.map((stage, index) =>
      index === 0 ? { ...stage, state: 'failed' as const, startedAt: now, endedAt: now, detail } : stage,
    );
    runs.change(run.id, { stages });
    runs.setStatus(run.id, { kind: 'failed', source: 'stages', since: now, detail });
  }

  async #lookAt(runs: ProjectRuns, { id, base }: Run): Promise<void> {
    const waitsFor = runs.find(id)?.status.waitsFor ?? [];
    const missing = await this.missing(runs, base, waitsFor);
    const now = runs.find(id);
    // It may have been started, cancelled or deleted while Git was asked.
    if (!now || !isHeld(now) || runs.isDisposed) return;
    if (missing.length === 0) this.#options.begin(runs, id);
    else runs.setStatus(id, { ...this.status(runs, base, missing), since: now.status.since });
  }
}

/** Those that carry it out: one that only drafts smaller specs brings nothing into a base. */
const runsOf = (runs: ProjectRuns, slug: SpecSlug): readonly Run[] =>
  runs.all().filter((run) => run.spec.slug === slug && run.task === 'build');

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/**
 * A circle of specs each of which comes after the next, through the one that is asked about; null when there is none. Specs
 * that are merged hold nobody up.
 */
export async function findCircle(
  slug: SpecSlug,
  after: (slug: SpecSlug) => Promise<readonly SpecSlug[]>,
): Promise<readonly SpecSlug[] | null> {
  const seen = new Set<SpecSlug>();
  const walk = async (at: SpecSlug, path: readonly SpecSlug[]): Promise<readonly SpecSlug[] | null> => {
    for (const next of await after(at)) {
      if (next === slug) return [...path, at, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = await walk(next, [...path, at]);
      if (found) return found;
    }
    return null;
  };
  return walk(slug, []);
}
