import { useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { dropSpec } from '#renderer/state/spec-documents.ts';
import { useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

/** Deletes a spec's file, with a way back for as long as the notice stays. */
export function DeleteSpecDialog({ spec, onClose }: { spec: SpecSummary; onClose: () => void }): ReactNode {
  const project = useProject();
  const hasEdits = useView((view) => view.unsavedSpecs.has(spec.slug));
  const [isBusy, setIsBusy] = useState(false);
  const remove = (): void => {
    perform('Delete the spec', async () => {
      setIsBusy(true);
      try {
        const removed = await host.specs.remove({ projectId: project.id, slug: spec.slug });
        onClose();
        if (removed.ok) {
          const view = useView.getState();
          if (view.openSpec === spec.slug) view.closeSpec();
          dropSpec(project.id, spec.slug);
          offerUndo(project.id, spec, removed.value.text);
          return;
        }
        switch (removed.error.kind) {
          case 'spec-missing':
            notify.info({ title: 'It was deleted already', description: `${spec.path} is no longer there.` });
            return;
          case 'could-not-write':
            notify.error({
              title: 'It could not be deleted',
              description: `${removed.error.path} is as it was: ${removed.error.message}`,
            });
            return;
          default:
            assertNever(removed.error);
        }
      } finally {
        setIsBusy(false);
      }
    });
  };
  return (
    <ConfirmDialog
      open
      danger
      title={`Delete “${spec.title}”?`}
      description={`This deletes ${spec.path}. Runs that were made from it stay as they are.${hasEdits ? ' Your edits that are not saved are lost.' : ''}`}
      confirmLabel="Delete spec"
      busy={isBusy}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}

function offerUndo(projectId: ProjectId, spec: { slug: SpecSlug; title: string; path: string }, text: string): void {
  notify.success({
    title: `Deleted “${spec.title}”`,
    description: spec.path,
    duration: 20_000,
    action: {
      label: 'Undo',
      run: () => {
        perform('Bring the spec back', async () => {
          const saved = await host.specs.save({ projectId, slug: spec.slug, text, version: null });
          if (saved.ok) {
            useView.getState().showSpec(spec.slug);
            return;
          }
          notify.error({
            title: 'It could not be brought back',
            description:
              saved.error.kind === 'changed-on-disk'
                ? `There is another ${spec.path} by now, and it was left alone.`
                : `${saved.error.path} could not be written: ${saved.error.message}`,
          });
        });
      },
    },
  });
}
