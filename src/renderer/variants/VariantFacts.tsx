import { useSyncExternalStore, type ReactNode } from 'react';

import { countWords, hasFailed, summarise, type CheckCount } from '#renderer/state/check-summary.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { dotKind, shownStatus } from '#renderer/state/run-words.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { onTick } from '#renderer/ui/clock.ts';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { statusWords } from '#renderer/ui/StatusDot.tsx';
import { timeText } from '#renderer/ui/time-text.ts';
import type { RunChecks } from '#shared/contract/gates.ts';
import { counted } from '#shared/counted.ts';

import type { Column } from './column.ts';
import { wallTime, workedTime } from './variant-time.ts';
import styles from './VariantsTable.module.css';

interface Fact {
  name: string;
  hint: string;
  show: (column: Column, checks: RunChecks | undefined) => ReactNode;
}

/** How each variant stands, line by line. */
export function VariantFacts({ columns }: { columns: readonly Column[] }): ReactNode {
  const checks = useMirror((mirror) => mirror.checks);
  return facts.map(({ name, hint, show }) => (
    <div key={name} className={styles.fact} role="row">
      <div className={styles.factName} role="rowheader" title={hint}>
        {name}
      </div>
      {columns.map((column) => (
        <div key={column.run.id} className={styles.factCell} role="gridcell">
          {show(column, checks?.get(column.run.id))}
        </div>
      ))}
    </div>
  ));
}

const facts: readonly Fact[] = [
  {
    name: 'Status',
    hint: 'What it is doing.',
    show: ({ run }) => (
      <span className={styles.status} data-kind={dotKind(run)}>
        {statusWords[dotKind(run)]} <RelativeTime at={shownStatus(run).since} className={styles.age} untitled />
      </span>
    ),
  },
  {
    name: 'Acceptance',
    hint: 'Criteria of the spec that are proved on its files as they are now.',
    show: (_column, checks) => <Count count={summarise(checks).criteria} what="criteria" none="no criteria" />,
  },
  {
    name: 'Gates',
    hint: 'Gates of the project that passed on its files as they are now.',
    show: (_column, checks) => <Count count={summarise(checks).gates} what="gates" none="no gates" />,
  },
  {
    name: 'Size',
    hint: 'What it changed since it began, with what is not committed.',
    show: ({ variant }) =>
      variant.tree === null ? (
        <span className={styles.quiet}>{variant.obstacle}</span>
      ) : (
        <span className={styles.sizes}>
          {counted(variant.files, 'file')} <span className={styles.added}>+{variant.insertions}</span>{' '}
          <span className={styles.deleted}>−{variant.deletions}</span>
          {variant.hasUncommitted ? (
            <span
              className={styles.uncommitted}
              role="img"
              aria-label="not all committed"
              title="Not all of it is committed. A merge takes commits alone."
            />
          ) : null}
        </span>
      ),
  },
  {
    name: 'Time',
    hint: 'How long its agent was at work, and how long it took in all.',
    show: (column) => <Time column={column} />,
  },
  {
    name: 'Summary',
    hint: 'The last that its agent said, or the first line of its last commit.',
    show: ({ run, variant }) => {
      const text = run.lastMessage ?? variant.subject;
      return text === null ? (
        <span className={styles.quiet}>—</span>
      ) : (
        <span className={styles.summary} title={text} dir="auto">
          {text}
        </span>
      );
    },
  },
];

function Count({ count, what, none }: { count: CheckCount; what: string; none: string }): ReactNode {
  if (count.total === 0) return <span className={styles.quiet}>{none}</span>;
  const tone = hasFailed(count) ? 'danger' : count.passed === count.total ? 'success' : 'neutral';
  const more = [
    ...(count.failed > 0 ? [`${String(count.failed)} failed`] : []),
    ...(count.unreadable > 0 ? [`${String(count.unreadable)} cannot be read`] : []),
    ...(count.underWay > 0 ? [`${String(count.underWay)} under way`] : []),
    ...(count.stale > 0 ? [`${String(count.stale)} of before`] : []),
  ];
  return (
    <span className={styles.count} title={countWords(count, what) ?? undefined}>
      <Badge tone={tone}>
        {count.passed}/{count.total}
      </Badge>
      {more.length > 0 ? <span className={styles.quiet}>{more.join(', ')}</span> : null}
    </span>
  );
}

/** Ticks while its agent is at work. */
function Time({ column }: { column: Column }): ReactNode {
  const { run, variant } = column;
  const text = useSyncExternalStore(onTick, () => {
    const now = Date.now();
    const worked = workedTime(variant, run, now);
    return worked === 0 ? '—' : `${timeText(worked)} of ${timeText(wallTime(variant, run, now))}`;
  });
  return (
    <span className={text === '—' ? styles.quiet : undefined} title="At work, of all the time that it took">
      {text}
    </span>
  );
}
