import { host } from '#renderer/app/host.ts';
import { useView } from '#renderer/state/view.ts';
import { notify } from '#renderer/ui/notify.ts';
import { counted } from '#shared/counted.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';

import type { EditedDraft } from './edited-drafts.ts';

/**
 * Writes those that are wanted, says what became of it, and shows the first where all were. `isDone`: there was one, and
 * none was refused.
 */
export async function writeDrafts(
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
