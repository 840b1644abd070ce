import { defaultFilter } from 'cmdk';

import type { Command } from '#renderer/state/commands.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { SpecSlug } from '#shared/ids.ts';

export type PaletteGroup = 'Runs' | 'Specs' | 'Commands';

export interface PaletteEntry {
  id: string;
  group: PaletteGroup;
  title: string;
  detail: string;
  /** Found by, but not shown. */
  keywords: string;
  item: { kind: 'run'; run: Run } | { kind: 'spec'; slug: SpecSlug } | { kind: 'command'; command: Command };
}

export interface FoundGroup {
  group: PaletteGroup;
  entries: readonly PaletteEntry[];
}

/** Letters that are scattered over a long title fit many times worse than a word. Beside a good fit that is none. */
const worstFit = 0.12;

/** With nothing written, this many of each group: enough to see what there is. */
const glimpse: Readonly<Record<PaletteGroup, number>> = { Runs: 6, Specs: 4, Commands: 40 };

/**
 * What fits the text, the best fit first within each group and the group with the best fit first. At most `limit`
 * entries, so that two hundred runs cost no more than twenty.
 */
export function searchPalette(entries: readonly PaletteEntry[], text: string, limit: number): readonly FoundGroup[] {
  const wish = text.trim();
  if (wish === '') {
    return (['Runs', 'Specs', 'Commands'] as const).flatMap((group) => {
      const members = entries.filter((entry) => entry.group === group).slice(0, glimpse[group]);
      return members.length === 0 ? [] : [{ group, entries: members }];
    });
  }
  const scored = entries
    .map((entry) => ({ entry, score: score(entry, wish) }))
    .filter(({ score: fit }) => fit > 0)
    .toSorted((a, b) => b.score - a.score);
  const best = scored[0]?.score ?? 0;
  const fitting = scored.filter(({ score: fit }) => fit >= best * worstFit).slice(0, limit);
  const groups = Map.groupBy(fitting, ({ entry }) => entry.group);
  return Array.from(groups, ([group, members]) => ({ group, entries: members.map(({ entry }) => entry) }));
}

/** How well an entry fits, 0 to 1. Each word has to be found; a title counts in full, what is not shown a little less. */
function score(entry: PaletteEntry, wish: string): number {
  return Math.max(
    defaultFilter(entry.title, wish),
    0.9 * defaultFilter(`${entry.title} ${entry.detail} ${entry.keywords}`, wish),
  );
}
