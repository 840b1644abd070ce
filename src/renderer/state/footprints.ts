import type { Run } from '#shared/contract/runs.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import type { Footprint } from '#shared/footprint/footprint.ts';
import type { RunId } from '#shared/ids.ts';

const isOver = ({ merged, decision }: Run): boolean => merged !== null || decision.kind === 'discard';

const footprintOf = ({ slug, title, footprint }: SpecSummary): Footprint => ({ slug, title, globs: footprint });

/** The footprints of the specs on which runs are under way, or wait to be. */
export function footprintsUnderWay(
  specs: readonly SpecSummary[],
  runs: ReadonlyMap<RunId, Run> | null,
): readonly Footprint[] {
  const active = new Set(Array.from(runs?.values() ?? []).flatMap((run) => (isOver(run) ? [] : [run.spec.slug])));
  return specs.filter(({ slug }) => active.has(slug)).map(footprintOf);
}

/** The same with the drafts: everything that is still to be merged. */
export function openFootprints(
  specs: readonly SpecSummary[],
  runs: ReadonlyMap<RunId, Run> | null,
): readonly Footprint[] {
  const known = Array.from(runs?.values() ?? []);
  return specs
    .filter(({ slug }) => {
      const own = known.filter((run) => run.spec.slug === slug);
      return own.length === 0 || own.some((run) => !isOver(run));
    })
    .map(footprintOf);
}

export const footprintsOf = (specs: readonly SpecSummary[]): readonly Footprint[] => specs.map(footprintOf);
