import { AlarmClock, BellRing, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

import { openItem, snoozeChoices, snoozeRun, wakeRun } from '#renderer/state/attention.ts';
import { useRun } from '#renderer/state/mirror.ts';
import { agentName, dotKind } from '#renderer/state/run-words.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge, type BadgeProps } from '#renderer/ui/Badge.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { Menu } from '#renderer/ui/Menu.tsx';
import { RelativeTime } from '#renderer/ui/RelativeTime.tsx';
import { StatusDot } from '#renderer/ui/StatusDot.tsx';
import { reasonWords } from '#shared/attention/reason-words.ts';
import type { AttentionItem, AttentionReason, SnoozedItem } from '#shared/contract/attention.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

import styles from './InboxPane.module.css';

const tones: Readonly<Record<AttentionReason, NonNullable<BadgeProps['tone']>>> = {
  permission: 'warning',
  question: 'warning',
  failed: 'danger',
  stuck: 'warning',
  stopped: 'warning',
  lost: 'warning',
  'gate-failed': 'danger',
  collides: 'danger',
  review: 'accent',
};

/** What pressing the row does. */
const answers: Readonly<Record<AttentionItem['place'], string>> = {
  terminal: 'Go to the terminal',
  review: 'Review',
  checks: 'See the checks',
  collisions: 'See the collision',
};

/** One run that needs the person: why, since when, what an answer sets free. Pressing it goes where it can be answered. */
export function InboxRow({ item }: { item: AttentionItem }): ReactNode {
  return (
    <li className={styles.row} data-row>
      <Main item={item} />
      <Menu
        align="end"
        items={() => snoozeMenu(item.runId)}
        trigger={<IconButton size="sm" label="Snooze" icon={<AlarmClock />} />}
      />
    </li>
  );
}

/** One that was put off, until when, and the way back. */
export function SnoozedRow({ item }: { item: SnoozedItem }): ReactNode {
  const { until } = item;
  return (
    <li className={styles.row} data-row data-snoozed>
      <Main item={item} note={until === null ? 'until it changes' : `until ${timeText(until)}`} />
      <IconButton
        size="sm"
        label="Bring it back now"
        icon={<BellRing />}
        onClick={() => {
          wakeRun(item.runId);
        }}
      />
    </li>
  );
}

function Main({ item, note }: { item: AttentionItem; note?: string }): ReactNode {
  const run = useRun(item.runId);
  if (!run) return null;
  const { reason, detail, since, also, unblocks, place } = item;
  return (
    <button
      type="button"
      className={styles.item}
      data-item
      onFocus={() => {
        useView.getState().selectRun(run.id);
      }}
      onClick={() => {
        openItem(item);
      }}
    >
      <span className={styles.dot}>
        <StatusDot kind={dotKind(run)} />
      </span>
      <span className={styles.text}>
        <span className={styles.first}>
          <span className={styles.title} dir="auto" title={run.spec.title}>
            {run.spec.title}
          </span>
          <Badge tone={tones[reason]}>{reasonWords[reason]}</Badge>
          {also.map((other) => (
            <Badge key={other} quiet>
              {reasonWords[other]}
            </Badge>
          ))}
        </span>
        {detail === null ? null : (
          <span className={styles.detail} title={detail} dir="auto">
            {detail}
          </span>
        )}
        <span className={styles.meta}>
          {agentName(run)} · <RelativeTime at={since} ago />
          {unblocks.length > 0 ? (
            <>
              {' · '}
              <span className={styles.unblocks}>
                {counted(unblocks.length, 'run')} {unblocks.length === 1 ? 'waits' : 'wait'} for it
              </span>
            </>
          ) : null}
          {note === undefined ? null : ` · ${note}`}
        </span>
      </span>
      <span className={styles.go}>
        {answers[place]}
        <ChevronRight aria-hidden />
      </span>
    </button>
  );
}

const snoozeMenu = (runId: RunId): readonly MenuItem[] => [
  { kind: 'label', id: 'label', label: 'Snooze' },
  ...snoozeChoices.map(({ id, label }): MenuItem => ({
    kind: 'item',
    id,
    label,
    onSelect: () => {
      snoozeRun(runId, id, 'stay');
    },
  })),
];

/** A time as one would say it: the day only when it is another one. */
function timeText(at: number): string {
  const time = new Date(at);
  const clock = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (time.toDateString() === new Date().toDateString()) return clock;
  return `${time.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short' })}, ${clock}`;
}
