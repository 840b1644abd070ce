import { CircleStop, GitCompareArrows, History, Play, RotateCcw, Split } from 'lucide-react';
import type { ReactNode } from 'react';

import {
  failedToSpawn,
  isLive,
  restartRun,
  retryRun,
  startNow,
  stopRun,
  whyNoReview,
} from '#renderer/state/run-actions.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import { leftRunningWords } from '#shared/left-running-words.ts';

import { exitInWords } from './exit-words.ts';
import styles from './PaneEnding.module.css';

/** Under a terminal whose process has ended: how it ended, and what can be done now. */
export function ExitedBar({ run, exit }: { run: Run; exit: TerminalExit }): ReactNode {
  const { title, reason, isFailure } = exitInWords(exit);
  const left = leftRunningWords(run);
  const text = [reason, left?.sentence].filter((sentence) => typeof sentence === 'string').join(' ');
  return (
    <Bar tone={isFailure ? 'failure' : 'quiet'} title={title} text={text === '' ? null : text}>
      {left === null ? null : (
        <Button size="sm" icon={<CircleStop />} onClick={() => stopRun(run)}>
          {run.leftRunning?.length === 1 ? 'Stop it' : 'Stop them'}
        </Button>
      )}
      {failedToSpawn(run) ? <RetryButton run={run} /> : <NextSteps run={run} />}
    </Bar>
  );
}

/** Under the terminal of an agent that was asked to split a spec and rests: where its drafts can be read. */
export function DraftsBar({ run }: { run: Run }): ReactNode {
  return (
    <Bar
      tone="quiet"
      title="It drafts smaller specs"
      text="You edit and accept them; nothing is in specs/ before that."
    >
      <Button
        size="sm"
        icon={<Split />}
        onClick={() => useView.getState().openDialog({ kind: 'split-drafts', runId: run.id })}
      >
        See its drafts
      </Button>
    </Bar>
  );
}

/** Under the terminal of a run that waits for others: what for, and how not to. */
export function HeldBar({ run }: { run: Run }): ReactNode {
  return (
    <Bar tone="quiet" title="In the queue" text={run.status.detail}>
      <Button size="sm" onClick={() => stopRun(run)}>
        Cancel
      </Button>
      <Button size="sm" icon={<Play />} onClick={() => startNow(run)}>
        Start now
      </Button>
    </Bar>
  );
}

/** Under a terminal that the host has lost: why, what is safe, and what can be done now. */
export function GoneBar({ run, reason }: { run: Run; reason: string }): ReactNode {
  // Its process goes on where this app cannot show it. Nothing is to be done, and nothing has been lost.
  if (isLive(run) && run.status.source === 'restored') {
    return (
      <Bar tone="quiet" title={reason} text={null}>
        <ReviewButton run={run} />
      </Bar>
    );
  }
  return (
    <Bar
      tone="failure"
      title={reason}
      text={
        run.presence.worktree
          ? 'What is above is the last that was seen. The files in the worktree and all commits are untouched.'
          : 'What is above is the last that was seen. All commits are untouched.'
      }
    >
      <NextSteps run={run} />
    </Bar>
  );
}

function Bar({
  tone,
  title,
  text,
  children,
}: {
  tone: 'quiet' | 'failure';
  title: string;
  text: string | null;
  children: ReactNode;
}): ReactNode {
  return (
    <footer className={classNames(styles.bar, styles[tone])} role="status">
      <p className={styles.words}>
        <strong>{title}</strong>
        {text === null ? null : <span className={styles.text}>{text}</span>}
      </p>
      <div className={styles.actions}>{children}</div>
    </footer>
  );
}

/** What can be done with a run that is not running. */
export function NextSteps({ run }: { run: Run }): ReactNode {
  // Not `isLive`: the terminal knows that its process has ended before the run's status does.
  const isStarting = run.status.kind === 'preparing' || run.status.kind === 'queued';
  const blocked = isStarting
    ? 'It is being started.'
    : run.presence.worktree
      ? null
      : 'Its worktree is gone. What was committed is safe on its branch.';
  return (
    <>
      <Button
        size="sm"
        icon={<History />}
        reason={blocked}
        onClick={() => {
          restartRun(run, 'resume');
        }}
      >
        Resume
      </Button>
      <Button
        size="sm"
        icon={<RotateCcw />}
        reason={blocked}
        onClick={() => {
          restartRun(run, 'afresh');
        }}
      >
        Restart
      </Button>
      <ReviewButton run={run} />
    </>
  );
}

export function ReviewButton({ run }: { run: Run }): ReactNode {
  return (
    <Button
      size="sm"
      icon={<GitCompareArrows />}
      reason={whyNoReview(run)}
      onClick={() => {
        useView.getState().showReview(run.id);
      }}
    >
      Review
    </Button>
  );
}

export function RetryButton({ run }: { run: Run }): ReactNode {
  return (
    <Button
      size="sm"
      variant="primary"
      icon={<RotateCcw />}
      onClick={() => {
        retryRun(run);
      }}
    >
      Retry
    </Button>
  );
}
