import { BellOff, Inbox, Settings2 } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { useAgentsAtWork, useAttentionItems } from '#renderer/state/attention.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { counted } from '#shared/counted.ts';

import styles from './InboxPane.module.css';
import { InboxRow, SnoozedRow } from './InboxRow.tsx';

/** All that needs the person, in the order in which an answer helps most, and what they have put off. */
export function InboxPane(): ReactNode {
  const items = useAttentionItems();
  const snoozed = useMirror((mirror) => mirror.attention?.snoozed);
  const atWork = useAgentsAtWork();
  const list = useRef<HTMLDivElement>(null);
  const work = `${atWork === 0 ? 'No agent' : counted(atWork, 'agent')} at work`;

  useEffect(() => {
    const first = list.current?.querySelector<HTMLElement>('[data-item]');
    if (first && document.activeElement?.closest('[data-keys], [role="dialog"]') === null) first.focus();
  }, []);

  // A row that goes, because it was put off or answered, leaves the focus to the one that takes its place.
  const focusedRow = useRef<number | null>(null);
  useEffect(() => {
    const index = focusedRow.current;
    if (index === null || document.activeElement !== document.body) return;
    const rows = Array.from(list.current?.querySelectorAll<HTMLElement>('[data-item]') ?? []);
    rows[Math.min(index, rows.length - 1)]?.focus();
  }, [items]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = document.activeElement?.closest<HTMLElement>('[data-row]');
    if (step === undefined || !row) return;
    const rows = Array.from(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? []);
    const next = rows[rows.indexOf(row) + step];
    event.preventDefault();
    next?.querySelector<HTMLElement>('[data-item]')?.focus();
  };

  if (snoozed === undefined) return <Loading label="Looking who needs you" />;
  return (
    <section className={styles.pane} aria-label="Inbox">
      <header className={styles.head}>
        <p className={styles.sum} role="status">
          {items.length === 0
            ? ''
            : `${counted(items.length, 'run')} ${items.length === 1 ? 'needs' : 'need'} you · ${work}`}
        </p>
        {items.length > 0 ? (
          <p className={styles.note}>
            First what sets most agents free, then what waits longest. Next <Kbd keys={keysOf('app.next')} /> takes you
            through them.
          </p>
        ) : null}
        <IconButton
          label="Notifications and quiet hours"
          icon={<Settings2 />}
          onClick={() => {
            useView.getState().openDialog({ kind: 'settings', page: 'attention' });
          }}
        />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows go from row to row, which are buttons */}
      <div
        ref={list}
        className={styles.list}
        onKeyDown={onKeyDown}
        onFocus={({ target }) => {
          const rows = Array.from(list.current?.querySelectorAll('[data-row]') ?? []);
          focusedRow.current = rows.findIndex((row) => row.contains(target));
        }}
        onBlur={({ target, relatedTarget }) => {
          if (target.isConnected && relatedTarget === null) focusedRow.current = null;
        }}
      >
        {items.length === 0 ? (
          <EmptyState compact={snoozed.length > 0} icon={<Inbox />} title={`Nothing needs you. ${work}.`}>
            Questions, failures and finished work stand here as they come, with what helps most at the top.
          </EmptyState>
        ) : (
          <ul className={styles.rows} aria-label="Needs you">
            {items.map((item) => (
              <InboxRow key={item.runId} item={item} />
            ))}
          </ul>
        )}
        {snoozed.length > 0 ? (
          <>
            <h2 className={styles.heading}>
              <BellOff aria-hidden />
              Snoozed
            </h2>
            <ul className={styles.rows} aria-label="Snoozed">
              {snoozed.map((item) => (
                <SnoozedRow key={item.runId} item={item} />
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </section>
  );
}
