import { Check, CircleDashed, CircleHelp, Clock, ScrollText, RotateCw, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { CheckState, CheckStateKind } from '#shared/contract/gates.ts';

import styles from './ChecksBar.module.css';

export interface CheckRowProps {
  check: CheckState;
  /** Checks of this run are under way. */
  isBusy: boolean;
  onRun: () => void;
  onShow: () => void;
  onAnswer: (met: boolean) => void;
}

/** One check: what it is, how it stands and since when, and what can be done about it. */
export function CheckRow({ check, isBusy, onRun, onShow, onAnswer }: CheckRowProps): ReactNode {
  const { state, isStale, evidence, command, question } = check;
  return (
    <li className={styles.row} data-state={isStale ? 'stale' : state}>
      <span className={styles.sign}>{signs[state]}</span>
      <div className={styles.what}>
        <p className={styles.title}>
          {check.title} <span className={styles.state}>{stateWords(check)}</span>
          {isStale ? <Badge quiet>of an earlier state</Badge> : null}
        </p>
        {check.otherSpec === null ? null : (
          <p className={styles.reason}>Promised by “{check.otherSpec}”, whose work it brings in.</p>
        )}
        {command !== null || question !== null ? <p className={styles.command}>{command ?? question}</p> : null}
        {evidence?.reason ? <p className={styles.reason}>{evidence.reason}</p> : null}
        {evidence?.treeMoved ? (
          <p className={styles.reason}>The worktree changed while it ran, so it proves nothing about it as it is.</p>
        ) : null}
        {check.obstacle === null ? null : <p className={styles.reason}>{check.obstacle}</p>}
      </div>
      {evidence ? (
        <span className={styles.age}>
          <RelativeTime at={evidence.endedAt} ago />
          {command === null ? null : `, ${duration(evidence.endedAt - evidence.startedAt)}`}
        </span>
      ) : null}
      {question === null ? null : (
        <>
          <Button
            size="sm"
            icon={<Check />}
            onClick={() => {
              onAnswer(true);
            }}
          >
            Met
          </Button>
          <Button
            size="sm"
            icon={<X />}
            onClick={() => {
              onAnswer(false);
            }}
          >
            Not met
          </Button>
        </>
      )}
      {command === null ? null : (
        <>
          <IconButton
            size="sm"
            label={`Output of ${check.title}`}
            icon={<ScrollText />}
            reason={evidence ? null : 'It has not been run yet.'}
            onClick={onShow}
          />
          <IconButton
            size="sm"
            label={`Run ${check.title}`}
            icon={<RotateCw />}
            reason={check.obstacle ?? (isBusy ? 'Checks of this run are under way.' : null)}
            onClick={onRun}
          />
        </>
      )}
    </li>
  );
}

const signs: Readonly<Record<CheckStateKind, ReactNode>> = {
  unproven: <CircleDashed />,
  'not-run': <CircleDashed />,
  queued: <Clock />,
  running: <Spinner />,
  passed: <Check />,
  failed: <X />,
  asks: <CircleHelp />,
  unreadable: <X />,
};

function stateWords({ state, evidence }: CheckState): string {
  switch (state) {
    case 'unproven':
      return 'unproven: no check';
    case 'not-run':
      return evidence?.outcome === 'cancelled' ? 'cancelled' : 'not run';
    case 'queued':
      return 'queued';
    case 'running':
      return 'running';
    case 'passed':
      return evidence?.outcome === 'met' ? 'met, you say' : 'passed';
    case 'failed':
      return (
        { 'not-met': 'not met, you say', 'timed-out': 'took too long', 'not-started': 'not run', ended: 'ended' }[
          evidence?.outcome as string
        ] ?? 'failed'
      );
    case 'asks':
      return 'yours to say';
    case 'unreadable':
      return 'cannot be read';
  }
}

const duration = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${String(Math.round(milliseconds / 60_000))} min`;
