import { ArrowDown, ClipboardCopy, ClipboardPaste, MessageSquare, Search, TextSelect } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { isMac } from '#renderer/ui/keys.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { ContextMenu } from '#renderer/ui/Menu.tsx';
import { notify } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { RunId } from '#shared/ids.ts';

import { FindBar } from './FindBar.tsx';
import { gridKeys } from './grid-keys.ts';
import { changePaneState, usePaneState } from './pane-state.ts';
import { keyInWords } from './terminal-keys.ts';
import styles from './TerminalView.module.css';
import { useSize } from './use-size.ts';
import type { TerminalSession } from './xterm-session.ts';

export interface TerminalViewProps {
  session: TerminalSession;
  runId: RunId;
  /** What a screen reader calls the terminal. */
  label: string;
}

/** A terminal on screen, with what floats over it: search, link target, the way back to the end, a question before a paste. */
export function TerminalView({ session, runId, label }: TerminalViewProps): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  const { isFinding, isLocked } = usePaneState(runId);
  const [screen, setScreen] = useState<HTMLDivElement | null>(null);
  const [measure, size] = useSize();

  useEffect(() => {
    if (!screen) return undefined;
    session.show(screen);
    return () => {
      session.hide();
    };
  }, [session, screen]);
  useEffect(() => {
    session.setLabel(label);
  }, [session, screen, label]);
  useEffect(() => {
    session.fit();
  }, [session, size]);

  const closeFind = (): void => {
    changePaneState(runId, { isFinding: false });
    session.endFind();
    session.focus();
  };
  return (
    <div ref={measure} className={styles.view}>
      <ContextMenu items={menuOf(session, runId, state.hasSelection)}>
        <div ref={setScreen} className={styles.screen} data-keys={isLocked ? 'locked' : 'terminal'} />
      </ContextMenu>
      {state.connection.kind === 'attaching' ? (
        <div className={styles.attaching}>
          <Spinner /> Attaching to the terminal…
        </div>
      ) : null}
      {isFinding ? <FindBar session={session} found={state.found} onClose={closeFind} /> : null}
      {state.link === null ? null : (
        <div className={styles.link}>
          <span className={styles.address}>{state.link}</span> {isMac ? '⌘' : 'Ctrl'}+click opens it
        </div>
      )}
      {state.isScrolledUp ? (
        <Button
          className={styles.toEnd}
          size="sm"
          icon={<ArrowDown />}
          onClick={() => {
            session.scrollToEnd();
            session.focus();
          }}
        >
          To the end
        </Button>
      ) : null}
      <ConfirmDialog
        open={state.pendingPaste !== null}
        title={pasteTitle(state.pendingPaste?.lines ?? 0)}
        description="What runs in this terminal takes a paste line by line, as if each line had been typed and Enter pressed."
        confirmLabel="Paste"
        onConfirm={() => {
          answerPaste(session, 'paste');
        }}
        onClose={() => {
          answerPaste(session, 'cancel');
        }}
      >
        <pre className={styles.preview}>{state.pendingPaste?.preview}</pre>
      </ConfirmDialog>
    </div>
  );
}

function answerPaste(session: TerminalSession, answer: 'paste' | 'cancel'): void {
  session.input.answerPaste(answer);
  // The dialog lets go of the keyboard when it has closed, and gives it back to nobody.
  requestAnimationFrame(() => {
    session.focus();
  });
}

const pasteTitle = (lines: number): string =>
  lines === 1 ? 'Paste a line with its line end?' : `Paste ${String(lines)} lines?`;

function menuOf(session: TerminalSession, runId: RunId, hasSelection: boolean): readonly MenuItem[] {
  return [
    {
      kind: 'item',
      id: 'copy',
      label: 'Copy',
      icon: <ClipboardCopy />,
      keys: keyInWords('copy'),
      reason: hasSelection ? null : 'Nothing is selected.',
      onSelect: () => {
        session.input.copy();
      },
    },
    {
      kind: 'item',
      id: 'paste',
      label: 'Paste',
      icon: <ClipboardPaste />,
      keys: keyInWords('paste'),
      onSelect: () => {
        navigator.clipboard.readText().then(
          (text) => {
            session.input.paste(text);
            session.focus();
          },
          () => {
            notify.info({
              title: 'The browser did not hand over the clipboard',
              description: `Nothing was pasted. Press ${isMac ? '⌘V' : 'Ctrl+Shift+V'} in the terminal instead.`,
            });
          },
        );
      },
    },
    {
      kind: 'item',
      id: 'select-all',
      label: 'Select all',
      icon: <TextSelect />,
      onSelect: () => {
        session.selectAll();
      },
    },
    { kind: 'separator', id: 'after-edit' },
    {
      kind: 'item',
      id: 'find',
      label: 'Find…',
      icon: <Search />,
      keys: gridKeys.find,
      onSelect: () => {
        changePaneState(runId, { isFinding: true });
      },
    },
    {
      kind: 'item',
      id: 'message',
      label: 'Write a message…',
      icon: <MessageSquare />,
      keys: gridKeys.compose,
      onSelect: () => {
        changePaneState(runId, { isComposing: true });
      },
    },
  ];
}
