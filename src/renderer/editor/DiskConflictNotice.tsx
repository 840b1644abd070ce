import { useState, type ReactNode } from 'react';

import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import { specLanguage } from '#renderer/monaco/spec-language.ts';
import type { DiskConflict } from '#renderer/state/edited-document.ts';
import { dropSpec, keepEdits, takeDisk, type SpecDocument } from '#renderer/state/spec-documents.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';

import styles from './SpecEditor.module.css';

function letGo({ projectId, slug }: SpecDocument): void {
  useView.getState().closeSpec();
  dropSpec(projectId, slug);
}

/** The file changed under edits that are not saved: says so, shows the difference, and lets the person choose. */
export function DiskConflictNotice({
  document,
  conflict,
}: {
  document: SpecDocument;
  conflict: DiskConflict;
}): ReactNode {
  const [isComparing, setIsComparing] = useState(false);
  const { projectId, slug, model } = document;
  if (conflict.text === null) {
    return (
      <div className={styles.notice}>
        <Callout
          tone="warning"
          title="The file was deleted on disk"
          actions={
            <>
              <Button size="sm" onClick={() => keepEdits(projectId, slug)}>
                Keep this text
              </Button>
              <Button size="sm" onClick={() => letGo(document)}>
                Let it go
              </Button>
            </>
          }
        >
          What you see here is the only copy. Keep it, then save, and the file is written anew; or let it go, if it was
          meant to be deleted.
        </Callout>
      </div>
    );
  }
  return (
    <div className={styles.notice}>
      <Callout
        tone="warning"
        title="The file has changed on disk, and you have edits that are not saved"
        actions={
          <>
            <Button size="sm" onClick={() => setIsComparing(true)}>
              Compare
            </Button>
            <Button size="sm" onClick={() => keepEdits(projectId, slug)}>
              Keep my edits
            </Button>
            <Button size="sm" onClick={() => takeDisk(projectId, slug)}>
              Take the file’s text
            </Button>
          </>
        }
      >
        Nothing was overwritten. Keeping your edits replaces the file at the next save; taking the file’s text can be
        undone in the editor.
      </Callout>
      <Dialog
        open={isComparing}
        onClose={() => setIsComparing(false)}
        title="On disk, and your edits"
        description="On the left the file as it is on disk, on the right your edits."
        size="xl"
        flush
        footer={<Button onClick={() => setIsComparing(false)}>Close</Button>}
      >
        <div className={styles.compare}>
          <DiffViewer
            original={conflict.text}
            modified={model.getValue()}
            language={specLanguage}
            sideBySide
            label="Changes"
          />
        </div>
      </Dialog>
    </div>
  );
}
