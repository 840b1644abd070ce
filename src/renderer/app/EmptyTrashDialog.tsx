import { useEffect, useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { TrashPlan } from '#shared/contract/trash.ts';
import { counted } from '#shared/counted.ts';

import { host } from './host.ts';
import styles from './SnapshotsDialog.module.css';

interface EmptyTrashDialogProps {
  /** The snapshots to delete; null: all of them. */
  refs: readonly string[] | null;
  onClose: () => void;
  onDeleted: () => void;
}

/** Says exactly what would be gone for good if snapshots were deleted, and deletes them when the person says so. */
export function EmptyTrashDialog({ refs, onClose, onDeleted }: EmptyTrashDialogProps): ReactNode {
  const project = useProject();
  const [plan, setPlan] = useState<TrashPlan | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    perform('Look what would be lost', async () => {
      const planned = await host.trash.plan({ projectId: project.id, refs: refs === null ? null : [...refs] });
      if (!isCurrent) return;
      if (planned.ok) setPlan(planned.value);
      else setProblem(`It could not be looked at: ${planned.error.message} Nothing was deleted.`);
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id, refs]);

  const empty = (): void => {
    if (!plan) return;
    perform('Delete the snapshots', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const { fingerprint } = plan;
        const emptied = await host.trash.empty({
          projectId: project.id,
          refs: refs === null ? null : [...refs],
          fingerprint,
        });
        if (emptied.ok) {
          notify.success({ title: `${counted(emptied.value.deleted, 'snapshot')} deleted` });
          onDeleted();
          return;
        }
        const { error } = emptied;
        if (error.kind === 'git-failed') {
          setProblem(`${error.message} Nothing was deleted.`);
          return;
        }
        setPlan(error.plan);
        setProblem('More would be lost than a moment ago, so nothing was deleted. This is what it is now:');
      } finally {
        setIsBusy(false);
      }
    });
  };

  const title = refs === null ? 'Empty the trash' : refs.length === 1 ? 'Delete this snapshot' : 'Delete snapshots';
  return (
    <ConfirmDialog
      open
      danger
      size="md"
      title={title}
      confirmLabel={plan === null ? 'Delete' : `Delete ${counted(plan.snapshots, 'snapshot')}`}
      busy={isBusy}
      reason={plan === null ? 'Looking what would be lost…' : plan.snapshots === 0 ? 'There is none.' : null}
      onConfirm={empty}
      onClose={onClose}
    >
      {problem ? <Callout tone="error">{problem}</Callout> : null}
      {plan === null ? problem ? null : <Spinner label="Looking what would be lost" /> : <Losses plan={plan} />}
    </ConfirmDialog>
  );
}

function Losses({ plan }: { plan: TrashPlan }): ReactNode {
  const { commits, commitCount, uncommitted, merges, runs } = plan;
  const isNothing = commitCount + uncommitted.length + merges.length + runs.length === 0;
  if (isNothing) {
    return <p className={styles.losses}>Everything in them is on a branch, too. Nothing of your work is lost.</p>;
  }
  const rest = commitCount - commits.length;
  return (
    <div className={styles.losses}>
      <p>This is then gone, and cannot be brought back from here:</p>
      <ul>
        {commitCount > 0 ? (
          <li>
            {counted(commitCount, 'commit')} on no branch:
            <ul className={styles.commits}>
              {commits.map(({ hash, subject }) => (
                <li key={hash}>
                  <code>{hash.slice(0, 8)}</code> <span dir="auto">{subject}</span>
                </li>
              ))}
              {rest > 0 ? <li>and {rest} more</li> : null}
            </ul>
          </li>
        ) : null}
        {uncommitted.length > 0 ? (
          <li>Files that were not committed, of {[...new Set(uncommitted)].join(', ')}</li>
        ) : null}
        {runs.length > 0 ? (
          <li>
            {counted(runs.length, 'deleted run')} with prompt, history and comments: {runs.join(', ')}
          </li>
        ) : null}
        {merges.length > 0 ? (
          <li>
            The way back from {counted(merges.length, 'merge')} into {[...new Set(merges)].join(', ')}. The merged work
            stays.
          </li>
        ) : null}
      </ul>
      <p>Git keeps the objects themselves until it next collects garbage, usually two weeks.</p>
    </div>
  );
}
