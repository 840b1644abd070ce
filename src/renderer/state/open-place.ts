import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import { specSlug, type SpecSlug } from '#shared/ids.ts';

import { useMirror } from './mirror.ts';
import { aimAt, type FileTarget } from './targets.ts';
import { useView } from './view.ts';

/**
 * Shows a place in a file of a run's worktree where it is best read: in the review when the run changed it, in the spec
 * editor when it is a spec, else as it is.
 */
export function openPlace(target: FileTarget): void {
  const { runId, path } = target;
  perform('Open the file', async () => {
    const changed = await host.files.isChanged({ id: runId, path });
    if (!changed.ok) {
      notify.warn({ title: 'This run is no longer there', description: 'It was removed meanwhile.' });
      return;
    }
    const view = useView.getState();
    const slug = specOf(path);
    if (changed.value) {
      aimAt({ review: target });
      view.showReview(runId);
    } else if (slug !== null) {
      view.showSpec(slug);
    } else {
      aimAt({ file: target });
      view.showFile({ runId, path });
    }
  });
}

/** The spec that a path means, if there is one. */
function specOf(path: string): SpecSlug | null {
  const name = /^specs\/(.+)\.md$/u.exec(path)?.[1];
  const slug = specSlug.safeParse(name);
  return slug.success && useMirror.getState().specs?.specs.some((spec) => spec.slug === slug.data) === true
    ? slug.data
    : null;
}
