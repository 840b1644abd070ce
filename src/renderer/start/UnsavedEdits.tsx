import { useState, type ReactNode } from 'react';

import { editedTexts, letGoOfEdits } from '#renderer/state/kept-documents.ts';
import { useSession } from '#renderer/state/session.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { counted } from '#shared/counted.ts';
import type { ProjectId } from '#shared/ids.ts';

/** Projects that the page was taken out of with edits that are not saved: says so, and lets none be lost unasked. */
export function UnsavedEdits({ onOpen }: { onOpen: (path: string) => void }): ReactNode {
  const paths = useSession((session) => session.paths);
  const unsavedIn = useView((view) => view.unsavedIn);
  const [asked, setAsked] = useState<ProjectId | null>(null);
  return (
    <>
      {Array.from(unsavedIn, ([id, files]) => (
        <Callout
          key={id}
          tone="warning"
          title={`Edits of ${counted(files.size, 'file')} are not saved`}
          actions={
            <>
              <Button size="sm" onClick={() => onOpen(paths.get(id) ?? '')}>
                Open it again
              </Button>
              <Button size="sm" onClick={() => copyEdits(id)}>
                Copy the texts
              </Button>
              <Button size="sm" onClick={() => setAsked(id)}>
                Let them go…
              </Button>
            </>
          }
        >
          They are of <code>{paths.get(id)}</code>, and only on this page: open it again to save them. Other projects
          can be opened meanwhile; closing or reloading the page would lose them.
        </Callout>
      ))}
      {asked === null ? null : (
        <ConfirmDialog
          open
          danger
          title="Let the edits go?"
          description={`What was written in ${editedTexts(asked)
            .map(({ name }) => name)
            .join(', ')} and not saved is lost. The files stay as they are.`}
          confirmLabel="Let them go"
          onConfirm={() => {
            letGoOfEdits(asked);
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function copyEdits(id: ProjectId): void {
  perform('Copy the texts', async () => {
    const texts = editedTexts(id);
    const whole = texts
      .map(({ name, text }) => (texts.length === 1 ? text : `===== ${name} =====\n${text}`))
      .join('\n');
    await navigator.clipboard.writeText(whole);
    notify.success({ title: 'Copied the texts', description: texts.map(({ name }) => name).join(', ') });
  });
}
