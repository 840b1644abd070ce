import { z } from 'zod';

import { runId, specSlug, type ProjectId } from '#shared/ids.ts';

import type { View } from './view.ts';

const savedView = z.object({
  centre: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('welcome') }),
    z.object({ kind: z.literal('grid') }),
    z.object({ kind: z.literal('inbox') }),
    z.object({ kind: z.literal('figures') }),
    z.object({ kind: z.literal('radar') }),
    z.object({ kind: z.literal('prompts') }),
    z.object({ kind: z.literal('spec'), slug: specSlug }),
    z.object({ kind: z.literal('review'), runId }),
    z.object({ kind: z.literal('variants'), slug: specSlug }),
    z.object({ kind: z.literal('search') }),
    z.object({ kind: z.literal('file'), runId, path: z.string() }),
  ]),
  openSpec: specSlug.nullable(),
  openReview: runId.nullable(),
  openVariants: specSlug.nullable().default(null),
  isRadarOpen: z.boolean().default(false),
  openFile: z.object({ runId, path: z.string() }).nullable().default(null),
  isSearchOpen: z.boolean().default(false),
  selectedRunId: runId.nullable(),
  grid: z.object({ runIds: z.array(runId).max(16), focused: runId.nullable(), maximised: runId.nullable() }),
});

export type SavedView = Pick<
  View,
  | 'centre'
  | 'openSpec'
  | 'openReview'
  | 'openVariants'
  | 'openFile'
  | 'isSearchOpen'
  | 'isRadarOpen'
  | 'selectedRunId'
  | 'grid'
>;

const keyOf = (id: ProjectId): string => `switchyard.view.${id}`;

/** What was kept for this project, or nothing when it is absent or no longer readable: a view is cheap to lose. */
export function readSavedView(id: ProjectId): Partial<SavedView> {
  let saved: unknown;
  try {
    saved = JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null');
  } catch {
    return {};
  }
  const parsed = savedView.safeParse(saved);
  return parsed.success ? parsed.data : {};
}

export function saveView(id: ProjectId, view: SavedView): void {
  const { centre, openSpec, openReview, openVariants, openFile, isSearchOpen, isRadarOpen, selectedRunId, grid } = view;
  try {
    localStorage.setItem(
      keyOf(id),
      JSON.stringify({
        centre,
        openSpec,
        openReview,
        openVariants,
        openFile,
        isSearchOpen,
        isRadarOpen,
        selectedRunId,
        grid,
      }),
    );
  } catch {
    // Storage is full or forbidden: the view is then not remembered, which harms nothing.
  }
}
