import { History, Trash2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { restoreSnapshot } from '#renderer/state/snapshot-actions.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { Snapshot } from '#shared/contract/runs.ts';

import { EmptyTrashDialog } from './EmptyTrashDialog.tsx';
import { host } from './host.ts';
import { PutBackDialog } from './PutBackDialog.tsx';
import styles from './SnapshotsDialog.module.css';

/** What was kept before each destructive step, the latest first, each to be brought back. */
export function SnapshotsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const project = useProject();
  const [snapshots, setSnapshots] = useState<readonly Snapshot[] | null>(null);
  const [restoring, setRestoring] = useState<string | null>(null);
  /** What is asked about before it is deleted: these, or all of them. */
  const [deleting, setDeleting] = useState<{ refs: readonly string[] | null } | null>(null);
  /** The snapshot of a base that has moved on, about which is asked before the base is put back. */
  const [puttingBack, setPuttingBack] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    perform('List the snapshots', async () => {
      const listed = await host.runs.listSnapshots({ projectId: project.id });
      if (isCurrent && listed.ok) setSnapshots(listed.value.toSorted((a, b) => b.takenAt - a.takenAt));
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id, turn]);

  const restore = (ref: string): void => {
    perform('Restore the snapshot', async () => {
      setRestoring(ref);
      try {
        const restored = await restoreSnapshot(project.id, ref);
        if (restored === 'base-moved') setPuttingBack(ref);
        else if (restored) onClose();
      } finally {
        setRestoring(null);
      }
    });
  };

  return (
    <Dialog
      open
      flush
      size="lg"
      onClose={onClose}
      title="Snapshots"
      description="Taken before anything is deleted or merged, as refs in your repository under refs/switchyard/. They stay until you delete them here."
      footerStart={
        snapshots !== null && snapshots.length > 0 ? (
          <Button icon={<Trash2 />} onClick={() => setDeleting({ refs: null })}>
            Empty the trash…
          </Button>
        ) : null
      }
    >
      {snapshots === null ? (
        <div className={styles.waiting}>
          <Spinner label="Reading the snapshots" />
        </div>
      ) : snapshots.length === 0 ? (
        <EmptyState compact icon={<History />} title="No snapshots yet">
          When a run is deleted or merged, what was there before is kept here.
        </EmptyState>
      ) : (
        <ul className={styles.list}>
          {snapshots.map((snapshot) => (
            <li key={snapshot.ref} className={styles.row}>
              <div className={styles.what}>
                <p className={styles.reason}>{snapshot.reason}</p>
                <p className={styles.where}>
                  <MiddleTruncate text={snapshot.branch} mono />
                  <code>{snapshot.commit.slice(0, 8)}</code>
                  {snapshot.dirtyCommit ? <Badge tone="accent">with uncommitted files</Badge> : null}
                </p>
              </div>
              <RelativeTime at={snapshot.takenAt} className={styles.age} ago />
              <Button
                size="sm"
                busy={restoring === snapshot.ref}
                reason={
                  restoring !== null && restoring !== snapshot.ref ? 'Another one is being restored just now.' : null
                }
                onClick={() => {
                  restore(snapshot.ref);
                }}
              >
                Restore
              </Button>
              <IconButton
                size="sm"
                label="Delete this snapshot…"
                icon={<Trash2 />}
                onClick={() => {
                  setDeleting({ refs: [snapshot.ref] });
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {puttingBack !== null ? (
        <PutBackDialog snapshot={puttingBack} onClose={() => setPuttingBack(null)} onDone={onClose} />
      ) : null}
      {deleting ? (
        <EmptyTrashDialog
          refs={deleting.refs}
          onClose={() => setDeleting(null)}
          onDeleted={() => {
            setDeleting(null);
            setTurn((before) => before + 1);
          }}
        />
      ) : null}
    </Dialog>
  );
}
