import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { whyNoTerminal } from '#renderer/state/run-actions.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { StatusDot } from '#renderer/ui/StatusDot.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { stageWords } from '#shared/stage-words.ts';

import { NextSteps, RetryButton, ReviewButton } from './PaneEnding.tsx';
import styles from './PreparingCard.module.css';
import { StageList } from './StageList.tsx';

/**
 * Over the terminal of a run that is being made: its stages. It folds to one line, so that all of the output can be read,
 * and begins so in a pane that is too small for both.
 */
export function PreparingCard({ run, isSmall }: { run: Run; isSmall: boolean }): ReactNode {
  const [choice, setChoice] = useState<'folded' | 'open' | null>(null);
  const isFolded = choice === null ? isSmall : choice === 'folded';
  const current = run.stages.findLast((stage) => stage.state === 'running' || stage.state === 'failed');
  const done = run.stages.filter((stage) => stage.state === 'done' || stage.state === 'skipped').length;
  return (
    <section className={styles.card} aria-label="Getting ready">
      <header className={styles.head}>
        <StatusDot kind={run.status.kind} />
        <h3 className={styles.title}>{isFolded && current ? stageWords[current.id].doing : 'Getting ready'}</h3>
        <span className={styles.count}>
          {done} of {run.stages.length}
        </span>
        <IconButton
          size="sm"
          label={isFolded ? 'Show the stages' : 'Fold the stages'}
          icon={isFolded ? <ChevronDown /> : <ChevronUp />}
          aria-expanded={!isFolded}
          onClick={() => {
            setChoice(isFolded ? 'open' : 'folded');
          }}
        />
      </header>
      {isFolded ? null : <StageList stages={run.stages} />}
    </section>
  );
}

/** Stands where a terminal would: the run waits, is being made, could not be made, or has lost its terminal. */
export function NoTerminal({ run }: { run: Run }): ReactNode {
  const failed = run.stages.find((stage) => stage.state === 'failed');
  if (failed) {
    return (
      <div className={styles.place}>
        <div className={styles.column}>
          <Callout
            tone="error"
            title={`This run could not be made: ${lowerFirst(stageWords[failed.id].doing)} failed`}
            actions={
              <>
                <RetryButton run={run} />
                {run.presence.branch ? <ReviewButton run={run} /> : null}
              </>
            }
          >
            {failed.detail === null ? null : <p className={styles.why}>{failed.detail}</p>}
            What this attempt had made was taken back. Nothing else was changed.
          </Callout>
          <StageList stages={run.stages} />
        </div>
      </div>
    );
  }
  if (run.status.kind === 'preparing' || (run.status.kind === 'queued' && run.stages.some(hasStarted))) {
    return (
      <div className={styles.place}>
        <div className={styles.column}>
          <StageList stages={run.stages} />
        </div>
      </div>
    );
  }
  if (run.status.kind === 'queued') {
    return (
      <EmptyState compact icon={<StatusDot kind="queued" size={20} />} title="In the queue">
        {whyNoTerminal(run)}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      compact
      icon={<StatusDot kind={run.status.kind} size={20} />}
      title={whyNoTerminal(run) ?? 'No terminal'}
      actions={<NextSteps run={run} />}
    >
      {run.presence.branch ? `What was committed is safe on ${run.branch}.` : 'Its branch is gone as well.'}
    </EmptyState>
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const hasStarted = (stage: Run['stages'][number]): boolean => stage.state !== 'pending';
