import { create } from 'zustand';

import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import type { Picks } from './picks.ts';

/** What the person has chosen in the comparison of one spec, and where they were. */
export interface Chosen {
  picks: Picks;
  /** The file, and the variant of it, that were looked at. */
  path: string | null;
  looked: RunId | null;
}

const nothing: Chosen = { picks: new Map(), path: null, looked: null };

/** By project and spec. It outlives the screen: who looks into a terminal meanwhile does not choose all over again. */
const useChosenBySpec = create<{ chosen: ReadonlyMap<string, Chosen> }>()(() => ({ chosen: new Map() }));

const keyOf = (projectId: ProjectId, slug: SpecSlug): string => `${projectId} ${slug}`;

export const useChosen = (projectId: ProjectId, slug: SpecSlug): Chosen =>
  useChosenBySpec(({ chosen }) => chosen.get(keyOf(projectId, slug)) ?? nothing);

export function choose(projectId: ProjectId, slug: SpecSlug, change: (before: Chosen) => Partial<Chosen>): void {
  useChosenBySpec.setState(({ chosen }) => {
    const key = keyOf(projectId, slug);
    const before = chosen.get(key) ?? nothing;
    return { chosen: new Map(chosen).set(key, { ...before, ...change(before) }) };
  });
}
