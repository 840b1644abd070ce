import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { keepDecision } from '#renderer/state/keep-decision.ts';
import { useView } from '#renderer/state/view.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { notify, perform } from '#renderer/ui/notify.ts';
import type { RemovalPlan, Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

import type { Column } from './column.ts';
import { lossWords, removalFailure } from './keep-words.ts';
import styles from './VariantDialogs.module.css';

interface KeepVariantDialogProps {
  run: Run;
  name: string;
  others: readonly Column[];
  onClose: () => void;
}

/** Keeps one variant whole, and offers to delete the others: each with what would be lost, and with a snapshot. */
export function KeepVariantDialog({ run, name, others, onClose }: KeepVariantDialogProps): ReactNode {
  const removable = others.filter(({ run: other }) => other.presence.branch || other.presence.worktree);
  const [plans, setPlans] = useState<ReadonlyMap<RunId, RemovalPlan>>(new Map());
  const [chosen, setChosen] = useState<ReadonlySet<RunId>>(new Set());
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const ids = removable.map((each) => each.run.id).join(' ');

  useEffect(() => {
    let isStale = false;
    perform('Look what would be lost', async () => {
      for (const id of ids.split(' ').filter(Boolean)) {
        const planned = await host.runs.planRemoval({ id: id as RunId });
        if (isStale) return;
        if (planned.ok) setPlans((known) => new Map(known).set(id as RunId, planned.value));
      }
    });
    return () => {
      isStale = true;
    };
  }, [ids]);

  const doomed = removable.filter((each) => chosen.has(each.run.id));
  const isLooking = doomed.some((each) => !plans.has(each.run.id));

  const confirm = (): void => {
    perform('Keep the variant', async () => {
      setIsBusy(true);
      setProblems([]);
      try {
        if (!(await keepDecision(run, 'keep'))) {
          setProblems([`${name} is no longer there, so nothing was kept and nothing was deleted.`]);
          return;
        }
        const found: string[] = [];
        let deleted = 0;
        for (const other of doomed) {
          const plan = plans.get(other.run.id);
          if (!plan) continue;
          const removed = await host.runs.remove({ id: other.run.id, fingerprint: plan.fingerprint });
          if (removed.ok) {
            deleted++;
            continue;
          }
          const { error } = removed;
          if (error.kind === 'more-would-be-lost') {
            setPlans((known) => new Map(known).set(other.run.id, error.plan));
          }
          const words = removalFailure(error, other.name);
          if (words !== null) found.push(words);
        }
        if (found.length > 0) {
          setProblems([
            `${name} is kept${deleted > 0 ? `, and ${counted(deleted, 'variant')} deleted` : ''}.`,
            ...found,
          ]);
          return;
        }
        onClose();
        tell(name, deleted);
        useView.getState().showReview(run.id);
      } finally {
        setIsBusy(false);
      }
    });
  };

  return (
    <ConfirmDialog
      open
      size="md"
      danger={doomed.length > 0}
      title={`Keep ${name}?`}
      description={
        <>
          <code>{run.branch}</code> is marked as kept, and its review opens, where it can be merged into {run.base}.
          Nothing is merged by this.
        </>
      }
      confirmLabel={doomed.length === 0 ? 'Keep it' : `Keep it and delete ${String(doomed.length)}`}
      busy={isBusy}
      reason={isLooking ? 'Still looking what would be lost.' : null}
      onConfirm={confirm}
      onClose={onClose}
    >
      <div className={styles.body}>
        {problems.length > 0 ? (
          <Callout tone="error" title="Not all of it was done">
            {problems.map((problem) => (
              <p key={problem} className={styles.problem}>
                {problem}
              </p>
            ))}
          </Callout>
        ) : null}
        {removable.length === 0 ? null : (
          <fieldset className={styles.others}>
            <legend className={styles.legend}>
              And the others? Deleting one ends its agent and removes its worktree and its branch. A snapshot is taken
              first, and stays until you empty the trash.
            </legend>
            {removable.map((other) => {
              const plan = plans.get(other.run.id);
              return (
                <Checkbox
                  key={other.run.id}
                  checked={chosen.has(other.run.id)}
                  label={`Delete ${other.name}`}
                  hint={plan ? lossWords(plan, other.run.agent.label) : 'Looking what would be lost…'}
                  onChange={(isChosen) => {
                    setChosen((before) => {
                      const next = new Set(before);
                      if (isChosen) next.add(other.run.id);
                      else next.delete(other.run.id);
                      return next;
                    });
                  }}
                />
              );
            })}
          </fieldset>
        )}
      </div>
    </ConfirmDialog>
  );
}

function tell(name: string, deleted: number): void {
  const others =
    deleted === 0
      ? 'The other variants stay as they are.'
      : `${counted(deleted, 'variant')} deleted. Each can be brought back: see Snapshots.`;
  notify.success({ title: `Kept ${name}`, description: others });
}
