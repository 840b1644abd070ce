import type { RunInvariants } from '#shared/contract/invariants.ts';
import { counted } from '#shared/counted.ts';

/** How a run stands with the rules, in a few words each; none where there is nothing to say. */
export function invariantWords(known: RunInvariants | undefined): readonly string[] {
  if (!known) return [];
  const { checked, findings, omitted, strays, behind, tree, unchecked } = known;
  const places = findings.length + omitted;
  const broken = new Set(findings.map(({ invariant }) => invariant)).size;
  return [
    ...(places > 0
      ? [`${counted(broken, 'invariant')} broken in ${counted(places, 'place')}`]
      : checked > 0 && tree !== null
        ? [`${counted(checked, 'invariant')} kept`]
        : []),
    ...(strays.count > 0 ? [`${counted(strays.count, 'file')} outside of the footprint`] : []),
    ...(behind.length > 0 ? [`${counted(behind.length, 'invariant')} changed since it was told`] : []),
    ...(unchecked.length > 0 && places === 0 && checked === 0 ? ['invariants that could not be checked'] : []),
  ];
}
