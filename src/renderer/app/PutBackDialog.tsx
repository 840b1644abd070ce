import { useEffect, useState, type ReactNode } from 'react';

import { useProject } from '#renderer/state/mirror.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { PutBackPlan } from '#shared/contract/merges.ts';
import { counted } from '#shared/counted.ts';

import { host } from './host.ts';
import styles from './SnapshotsDialog.module.css';

interface PutBackDialogProps {
  /** The snapshot of a base that has moved on since. */
  snapshot: string;
  onClose: () => void;
  onDone: () => void;
}

/** Says exactly what would come off a base if it were put back to where a merge found it, and does so when the person says so. */
export function PutBackDialog({ snapshot, onClose, onDone }: PutBackDialogProps): ReactNode {
  const project = useProject();
  const [plan, setPlan] = useState<PutBackPlan | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    perform('Look what would come off', async () => {
      const planned = await host.merges.planPutBack({ projectId: project.id, snapshot });
      if (!isCurrent) return;
      if (planned.ok) setPlan(planned.value);
      else setProblem(problemOf(planned.error));
    });
    return () => {
      isCurrent = false;
    };
  }, [project.id, snapshot]);

  const putBack = (): void => {
    if (!plan) return;
    perform('Put the branch back', async () => {
      setIsBusy(true);
      setProblem(null);
      try {
        const done = await host.merges.putBack({ projectId: project.id, snapshot, from: plan.from });
        if (done.ok) {
          notify.success({
            title: `${done.value.base} is back where it was`,
            description: `At ${done.value.commit.slice(0, 8)}. What came off it is kept in a snapshot.`,
          });
          onDone();
          return;
        }
        const { error } = done;
        setProblem(problemOf(error));
        if (error.kind === 'moved') setPlan(error.plan);
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
      title={plan === null ? 'Put the branch back' : `Put ${plan.base} back to before “${plan.reason}”`}
      confirmLabel={plan === null ? 'Put it back' : `Put ${plan.base} back`}
      busy={isBusy}
      reason={plan === null ? 'Looking what would come off…' : null}
      onConfirm={putBack}
      onClose={onClose}
    >
      {problem ? <Callout tone="error">{problem}</Callout> : null}
      {plan === null ? problem ? null : <Spinner label="Looking what would come off" /> : <ComesOff plan={plan} />}
    </ConfirmDialog>
  );
}

type Problem = Extract<Awaited<ReturnType<typeof host.merges.putBack>>, { ok: false }>['error'];

function problemOf(error: Problem): string {
  switch (error.kind) {
    case 'snapshot-missing':
      return 'This snapshot, or its branch, is no longer there. Nothing was changed.';
    case 'moved':
      return 'It has moved since you looked, so nothing was changed. This is what would come off it now:';
    case 'checkout-dirty':
      return `${error.obstacle ?? `There are changes in ${error.path} that are not committed: ${error.files.join(', ')}.`} Nothing was changed.`;
    case 'git-failed':
      return `${error.message} Nothing was changed.`;
  }
}

function ComesOff({ plan }: { plan: PutBackPlan }): ReactNode {
  const { base, from, to, commits, commitCount } = plan;
  const rest = commitCount - commits.length;
  return (
    <div className={styles.losses}>
      <p>
        {base} goes from <code>{from.slice(0, 8)}</code> to <code>{to.slice(0, 8)}</code>.{' '}
        {commitCount === 0
          ? 'Nothing comes off it.'
          : `${counted(commitCount, 'commit')} on it ${commitCount === 1 ? 'comes' : 'come'} off, the latest first:`}
      </p>
      <ul className={styles.commits}>
        {commits.map(({ hash, subject }) => (
          <li key={hash}>
            <code>{hash.slice(0, 8)}</code> <span dir="auto">{subject}</span>
          </li>
        ))}
        {rest > 0 ? <li>and {rest} more</li> : null}
      </ul>
      <p>
        Nothing is deleted: the branches that were merged stay as they are, and a snapshot keeps {base} as it is now,
        from which it can be restored. What was pushed stays pushed.
      </p>
    </div>
  );
}
