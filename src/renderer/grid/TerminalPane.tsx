import { memo, useEffect, useRef, useSyncExternalStore, type HTMLAttributes, type ReactNode } from 'react';

import { waitsForOthers } from '#renderer/state/run-actions.ts';
import { useKeyPass } from '#renderer/state/key-pass.ts';
import { dismissSince, sinceWords, useSince } from '#renderer/state/since-looked.ts';
import { useSeveral } from '#renderer/state/several.ts';
import { useView } from '#renderer/state/view.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import { SinceBar } from '#renderer/ui/SinceBar.tsx';
import type { Run } from '#shared/contract/runs.ts';
import type { TerminalId } from '#shared/ids.ts';

import { pageFrames } from './frame-clock.ts';
import { MessageComposer } from './MessageComposer.tsx';
import type { Direction } from './pane-layout.ts';
import { changePaneState, usePaneState } from './pane-state.ts';
import { DraftsBar, ExitedBar, GoneBar, HeldBar } from './PaneEnding.tsx';
import { PaneHeader } from './PaneHeader.tsx';
import { NoTerminal, PreparingCard } from './PreparingCard.tsx';
import { terminalSessions } from './terminal-sessions.ts';
import type { TerminalState } from './terminal-state.ts';
import styles from './TerminalPane.module.css';
import { TerminalView } from './TerminalView.tsx';
import { useSize } from './use-size.ts';
import type { TerminalSession } from './xterm-session.ts';

export interface TerminalPaneProps {
  run: Run;
  /** Its place in the grid, from 0. */
  index: number;
  isFocused: boolean;
  isMaximised: boolean;
  drag: HTMLAttributes<HTMLElement>;
  onMove: (direction: Direction) => void;
}

/** One run in the grid: whose it is, its terminal, and what it asks or how it ended. */
export const TerminalPane = memo(function TerminalPane({
  run,
  index,
  isFocused,
  isMaximised,
  drag,
  onMove,
}: TerminalPaneProps): ReactNode {
  const session = useSession(run.terminalId);
  const state = useTerminalState(session);
  const { isComposing } = usePaneState(run.id);
  const since = useSince(run.id);
  const isReceiving = useSeveral((several) => several.receiving.has(run.id));
  const isPassing = useKeyPass((pass) => pass.isArmed) && isFocused;
  // Asked for again while it is the focused one, it takes the keyboard again: the person was on the board meanwhile.
  const requests = useView((view) => (isFocused ? view.terminalRequests : null));
  const pane = useRef<HTMLElement>(null);
  const isPreparing = run.status.kind === 'preparing';
  const [measure, size] = useSize();

  useEffect(() => {
    if (!isFocused) return undefined;
    if (mayTakeFocus(pane.current)) session?.focus();
    // Not under the pointer: what was pressed would move away from it.
    if (pane.current?.matches(':active')) return undefined;
    // When the page is laid out in any case.
    const frame = pageFrames.next(() => {
      pane.current?.scrollIntoView({ block: 'nearest' });
    });
    return () => {
      frame.dispose();
    };
  }, [isFocused, isMaximised, session, requests]);

  // What the run's status says of its process may be news of its terminal too.
  useEffect(() => {
    session?.attachAgain();
  }, [session, run.status.kind, run.status.since, run.status.detail]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only notices where the person is
    <section
      ref={pane}
      className={classNames(styles.pane, isFocused && styles.focused)}
      aria-label={`${run.spec.title}, ${run.agent.label}, terminal ${String(index + 1)}`}
      data-status={run.status.kind}
      data-run={run.id}
      data-receiving={isReceiving || undefined}
      onFocus={() => {
        if (useView.getState().grid.focused !== run.id) useView.getState().focusTerminal(run.id);
      }}
      onPointerDown={() => {
        if (useView.getState().grid.focused !== run.id) useView.getState().focusTerminal(run.id);
      }}
    >
      <PaneHeader
        run={run}
        index={index}
        title={state?.title ?? ''}
        isMaximised={isMaximised}
        hasTerminal={run.terminalId !== null}
        drag={drag}
        onMove={onMove}
        onTake={() => {
          session?.focus();
        }}
      />
      <div ref={isPreparing ? measure : null} className={styles.body}>
        {since ? (
          <SinceBar at={since.at} lines={since.lines.map(sinceWords)} floating onDismiss={dismissSince} />
        ) : null}
        {session && run.terminalId !== null ? (
          <>
            <TerminalView
              session={session}
              runId={run.id}
              label={`Terminal of ${run.spec.title}, ${run.agent.label}`}
            />
            {isPassing ? (
              <div className={styles.passing} role="status">
                The next key goes to this terminal
              </div>
            ) : null}
            {isPreparing ? (
              <PreparingCard run={run} isSmall={size !== null && (size.height < 280 || size.width < 420)} />
            ) : null}
          </>
        ) : run.terminalId === null ? (
          <NoTerminal run={run} />
        ) : null}
      </div>
      {run.task === 'split' && ['idle', 'exited', 'waiting'].includes(run.status.kind) ? <DraftsBar run={run} /> : null}
      {waitsForOthers(run) ? <HeldBar run={run} /> : null}
      {state?.connection.kind === 'exited' ? <ExitedBar run={run} exit={state.connection.exit} /> : null}
      {state?.connection.kind === 'gone' ? <GoneBar run={run} reason={state.connection.reason} /> : null}
      {isComposing && run.terminalId !== null ? (
        <MessageComposer
          run={run}
          onClose={() => {
            changePaneState(run.id, { isComposing: false });
            session?.focus();
          }}
        />
      ) : null}
    </section>
  );
});

/** The session of a terminal while this pane shows it. */
function useSession(id: TerminalId | null): TerminalSession | null {
  useEffect(() => {
    if (id === null) return undefined;
    terminalSessions.use(id);
    return () => {
      terminalSessions.release(id);
    };
  }, [id]);
  return useSyncExternalStore(terminalSessions.subscribe, () => terminalSessions.find(id));
}

const neverChanges = (): (() => void) => () => undefined;

function useTerminalState(session: TerminalSession | null): TerminalState | null {
  return useSyncExternalStore(session?.subscribe ?? neverChanges, () => session?.getState() ?? null);
}

/** Whoever types elsewhere, or stands in a dialog, is not pulled away; a pane takes the focus from the page and from panes. */
function mayTakeFocus(pane: Element | null): boolean {
  const active = document.activeElement;
  if (!active || active === document.body) return true;
  if (pane?.contains(active)) return !active.matches('input, textarea');
  if (active.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return false;
  return active.closest('[data-run]') !== null || !active.matches('input, textarea, select, [contenteditable="true"]');
}
