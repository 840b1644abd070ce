import type { ReactNode } from 'react';

import styles from './StatusDot.module.css';

export type StatusDotKind =
  'queued' | 'preparing' | 'working' | 'waiting' | 'idle' | 'exited' | 'failed' | 'unknown' | 'done' | 'paused';

/** What each status is called on screen. */
export const statusWords: Readonly<Record<StatusDotKind, string>> = {
  queued: 'Queued',
  preparing: 'Preparing',
  working: 'Working',
  waiting: 'Waiting for you',
  idle: 'Idle',
  exited: 'Exited',
  failed: 'Failed',
  unknown: 'Unknown',
  done: 'Done',
  paused: 'Paused',
};

/** A run's status as a sign: each has a shape of its own, so that colour is never the only difference. */
export function StatusDot({ kind, size = 14 }: { kind: StatusDotKind; size?: number }): ReactNode {
  return (
    <svg
      className={styles.dot}
      data-kind={kind}
      width={size}
      height={size}
      viewBox="0 0 14 14"
      fill="none"
      role="img"
      aria-label={statusWords[kind]}
    >
      {shapes[kind]}
    </svg>
  );
}

const ring = <circle cx="7" cy="7" r="5.25" stroke="currentColor" strokeWidth="1.5" />;
const disc = <circle cx="7" cy="7" r="6" fill="currentColor" />;
const onDisc = { stroke: 'var(--surface-panel)', strokeWidth: 1.6, strokeLinecap: 'round' as const };

const shapes: Readonly<Record<StatusDotKind, ReactNode>> = {
  queued: <circle cx="7" cy="7" r="5.25" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.6 2.52" />,
  preparing: (
    <g className={styles.turning}>
      <circle cx="7" cy="7" r="5.25" stroke="currentColor" strokeWidth="1.5" strokeDasharray="4.6 3.65" />
    </g>
  ),
  working: (
    <>
      <circle cx="7" cy="7" r="5.25" stroke="currentColor" strokeOpacity="0.28" strokeWidth="1.5" />
      <g className={styles.turning}>
        <path d="M7 1.75A5.25 5.25 0 0 1 12.25 7" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      </g>
      <circle cx="7" cy="7" r="2" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      {disc}
      <path d="M7 3.9v3.5M7 9.9v.1" {...onDisc} />
    </>
  ),
  idle: (
    <>
      {ring}
      <path d="M7 3.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" />
    </>
  ),
  exited: (
    <>
      {ring}
      <rect x="5" y="5" width="4" height="4" rx="0.8" fill="currentColor" />
    </>
  ),
  failed: (
    <>
      {disc}
      <path d="m5.1 5.1 3.8 3.8M8.9 5.1 5.1 8.9" {...onDisc} />
    </>
  ),
  unknown: (
    <>
      {ring}
      <path
        d="M5.7 5.7c.1-1.7 2.7-1.7 2.6 0 0 .9-1.3.9-1.3 1.8M7 9.6v.1"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinecap="round"
      />
    </>
  ),
  paused: (
    <>
      {ring}
      <path d="M5.4 4.9v4.2M8.6 4.9v4.2" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  done: (
    <>
      {disc}
      <path d="m4.5 7.2 1.8 1.8 3.3-3.7" {...onDisc} strokeLinejoin="round" />
    </>
  ),
};
