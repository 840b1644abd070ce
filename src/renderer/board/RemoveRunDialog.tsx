import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { restoreSnapshot } from '#renderer/state/snapshot-actions.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { RemovalPlan, Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import { assertNever } from '#shared/result.ts';

import styles from './RemoveRunDialog.module.css';

/** Shows what would be lost if a run were deleted, and deletes it when the person says so. A snapshot is taken first. */
export function RemoveRunDialog({ run, onClose }: { run: Run; onClose: () => void }): ReactNode {
  const [plan, setPlan] = useState<RemovalPlan | null>(null);
  const [hasChanged, setHasChanged] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    perform('Look what would be lost', async () => {
      const planned = await host.runs.planRemoval({ id: run.id });
      if (!isCurrent) return;
      if (planned.ok) setPlan(planned.value);
      else onClose(); // the run is no longer there, and with it the question
    });
    return () => {
      isCurrent = false;
    };
  }, [run.id, onClose]);

  const remove = (): void => {
    if (!plan) return;
    perform('Delete the run', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const removed = await host.runs.remove({ id: run.id, fingerprint: plan.fingerprint });
        if (removed.ok) {
          onClose();
          announce(run, removed.value);
          return;
        }
        const { error } = removed;
        switch (error.kind) {
          case 'run-missing':
            onClose();
            notify.info({ title: 'It was deleted already' });
            break;
          case 'more-would-be-lost':
            setPlan(error.plan);
            setHasChanged(true);
            break;
          case 'main-checkout':
            setProblem(
              'This is your own checkout of the repository. It is never deleted from here, and nothing was changed.',
            );
            break;
          case 'failed':
            setProblem(
              `It stopped at “${error.step}”: ${error.message}. A snapshot was taken before, so nothing is lost. Try again, or see Snapshots.`,
            );
            break;
          default:
            assertNever(error);
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
      size="md"
      title={`Delete “${run.spec.title}”?`}
      description="This ends its agent and removes its worktree and its branch. A snapshot is taken first, so that it can be brought back."
      confirmLabel="Delete run"
      busy={isBusy}
      reason={plan ? null : 'Still looking what would be lost.'}
      onConfirm={remove}
      onClose={onClose}
    >
      <div className={styles.body}>
        {problem ? <Callout tone="error">{problem}</Callout> : null}
        {hasChanged ? (
          <Callout tone="warning" title="It has changed since you looked">
            More would be lost now than was shown before, so nothing was deleted. This is how it stands now.
          </Callout>
        ) : null}
        {plan ? (
          <Losses plan={plan} run={run} />
        ) : (
          <p className={styles.looking}>
            <Spinner /> Looking at what would be lost…
          </p>
        )}
      </div>
    </ConfirmDialog>
  );
}

function announce(run: Run, { snapshot, note }: { snapshot: string | null; note: string | null }): void {
  if (note !== null) notify.warn({ title: 'Deleted, but it may not have been cleared up', description: note });
  if (snapshot === null) {
    notify.success({ title: `Deleted “${run.spec.title}”`, description: 'There was nothing that needed a snapshot.' });
    return;
  }
  notify.success({
    title: `Deleted “${run.spec.title}”`,
    description: `${run.branch} is kept as a snapshot.`,
    action: {
      label: 'Undo',
      run: () => {
        perform('Bring the run back', async () => {
          await restoreSnapshot(run.projectId, snapshot);
        });
      },
    },
  });
}

function Losses({ plan, run }: { plan: RemovalPlan; run: Run }): ReactNode {
  const losesNothing = plan.uncommittedFiles.length === 0 && plan.unmergedCommits.length === 0;
  return (
    <>
      {plan.processIsRunning ? (
        <Callout tone="warning" compact>
          {run.agent.label} is still running. It will be ended.
        </Callout>
      ) : null}
      {losesNothing ? (
        <Callout tone="success" compact>
          Everything is committed, and every commit is on another branch too. No work is lost.
        </Callout>
      ) : null}
      {plan.unmergedCommits.length > 0 ? (
        <LossList title={`${counted(plan.unmergedCommits.length, 'commit')} that no other branch has`}>
          {plan.unmergedCommits.map((commit) => (
            <li key={commit.hash}>
              <code className={styles.hash}>{commit.hash}</code> {commit.subject}
            </li>
          ))}
        </LossList>
      ) : null}
      {plan.uncommittedFiles.length > 0 ? (
        <LossList title={`${counted(plan.uncommittedFiles.length, 'file')} with changes that are not committed`}>
          {plan.uncommittedFiles.map((file) => (
            <li key={file}>
              <code>{file}</code>
            </li>
          ))}
        </LossList>
      ) : null}
      <dl className={styles.facts}>
        <dt>Branch</dt>
        <dd>
          <code>{plan.branch}</code>
        </dd>
        <dt>Worktree</dt>
        <dd>
          <code>{plan.worktreePath}</code>
        </dd>
      </dl>
    </>
  );
}

function LossList({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.list}>{children}</ul>
    </section>
  );
}
