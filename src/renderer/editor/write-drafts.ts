import { host } from '#renderer/app/host.ts';
import { useView } from '#renderer/state/view.ts';
import { notify } from '#renderer/ui/notify.ts';
import { counted } from '#shared/counted.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import { leftDrafts, type EditedDraft } from './edited-drafts.ts';

export interface DraftsToWrite {
  projectId: ProjectId;
  /** Whose drafts they are: what is left of them stays under it. */
  of: ProjectId | RunId;
  drafts: readonly EditedDraft[];
  /** Changes those that are before the person. */
  edit: (change: (drafts: readonly EditedDraft[]) => readonly EditedDraft[]) => void;
}

/**
 * Writes those that are wanted, says what became of it, and shows the first where all were; what could not be written stays.
 * True: there was one, and none was refused.
 */
export async function writeDrafts({ projectId, of, drafts, edit }: DraftsToWrite): Promise<boolean> {
  const { written, isDone } = await writeWanted(projectId, drafts);
  const withoutWritten = (all: readonly EditedDraft[]): readonly EditedDraft[] =>
    all.filter(({ slug }) => !written.includes(slug));
  edit(withoutWritten);
  if (isDone) leftDrafts.keep(of, withoutWritten(drafts));
  return isDone;
}

async function writeWanted(
  projectId: ProjectId,
  drafts: readonly EditedDraft[],
): Promise<{ written: readonly SpecSlug[]; isDone: boolean }> {
  const wanted = drafts.filter(({ isWanted, isTaken }) => isWanted && !isTaken);
  const done = await host.imports.write({ projectId, drafts: wanted.map(({ slug, text }) => ({ slug, text })) });
  if (!done.ok) return { written: [], isDone: false };
  const { written, refused } = done.value;
  for (const { slug, reason } of refused)
    notify.error({ title: `specs/${slug}.md was not written`, description: reason });
  const [first] = written;
  if (first === undefined) return { written, isDone: false };
  notify.success({ title: `Made ${counted(written.length, 'spec')}`, description: 'Nothing is committed.' });
  if (refused.length === 0) useView.getState().showSpec(first);
  return { written, isDone: refused.length === 0 };
}
