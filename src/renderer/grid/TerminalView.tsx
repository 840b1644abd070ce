import {
  ArrowDown,
  ChevronsUp,
  ClipboardCopy,
  ClipboardList,
  ClipboardPaste,
  Copy,
  FileDown,
  MessageSquare,
  Search,
  TextSelect,
} from 'lucide-react';
import { useEffect, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { openPlace } from '#renderer/state/open-place.ts';
import { aimAt, useTargets } from '#renderer/state/targets.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { ConfirmDialog } from '#renderer/ui/ConfirmDialog.tsx';
import { isMac } from '#renderer/ui/keys.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { ContextMenu } from '#renderer/ui/Menu.tsx';
import { notify } from '#renderer/ui/notify.ts';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import type { RunId } from '#shared/ids.ts';

import { CopyQuestion } from './CopyQuestion.tsx';
import { FindBar } from './FindBar.tsx';
import { gridKeys } from './grid-keys.ts';
import { hostOf, shownAddress } from './link-address.ts';
import { changePaneState, usePaneState } from './pane-state.ts';
import { copyOutput, copyTranscript, saveTranscript } from './take-transcript.ts';
import { keyInWords } from './terminal-keys.ts';
import type { TerminalState } from './terminal-state.ts';
import styles from './TerminalView.module.css';
import { formWords, type TranscriptForm } from './transcript.ts';
import { usePainted } from './use-painted.ts';
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
  const [view, setView] = useState<HTMLDivElement | null>(null);
  const isPainted = usePainted();

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
  // Past React: the pane is the same, whatever its size.
  useLayoutEffect(() => {
    if (!view) return undefined;
    const observer = new ResizeObserver(() => {
      session.fit();
    });
    observer.observe(view);
    return () => {
      observer.disconnect();
    };
  }, [session, view]);

  useEffect(() => {
    session.fileLinks.setHost({
      find: async (names) => {
        const found = await host.files.find({ id: runId, names: Array.from(names) });
        return found.ok ? found.value : [];
      },
      open: ({ path, line, column }) => {
        openPlace({ runId, path, line, column });
      },
    });
    return () => {
      session.fileLinks.setHost(null);
    };
  }, [session, runId]);
  useReveal(
    session,
    runId,
    state.connection.kind === 'attaching' ? 'not-there' : state.lacksLines ? 'in-part' : 'whole',
  );

  const closeFind = (): void => {
    changePaneState(runId, { isFinding: false });
    session.endFind();
    session.focus();
  };
  return (
    <div ref={setView} className={styles.view}>
      <ContextMenu items={() => menuOf(session, runId, state.hasSelection)}>
        <div ref={setScreen} className={styles.screen} data-keys={isLocked ? 'locked' : 'terminal'} />
      </ContextMenu>
      {state.connection.kind === 'attaching' ? (
        <div className={styles.attaching}>
          <Spinner /> Attaching to the terminal…
        </div>
      ) : null}
      {isFinding ? <FindBar session={session} runId={runId} found={state.found} onClose={closeFind} /> : null}
      {state.link === null ? null : (
        <div className={styles.link}>
          <span className={styles.address}>{shownAddress(state.link)}</span> {isMac ? '⌘' : 'Ctrl'}+click opens it
        </div>
      )}
      {state.file === null ? null : (
        <div className={styles.link}>
          <span className={styles.address}>{state.file}</span> {isMac ? '⌘' : 'Ctrl'}+click opens it in review or editor
        </div>
      )}
      {state.refusedLink === null ? null : (
        <div className={styles.link}>
          <span className={styles.address}>{shownAddress(state.refusedLink)}</span> is not opened: only http and https
          are
        </div>
      )}
      {state.pendingCopy === null ? null : (
        <CopyQuestion
          pending={state.pendingCopy}
          onAnswer={(answer) => {
            session.answerCopy(answer);
            session.focus();
          }}
        />
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
      {isPainted ? <Questions session={session} state={state} /> : null}
    </div>
  );
}

/** What is asked before something is done that cannot be taken back. */
function Questions({ session, state }: { session: TerminalSession; state: TerminalState }): ReactNode {
  return (
    <>
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
      <ConfirmDialog
        open={state.pendingLink !== null}
        title={`Open a page of ${hostOf(state.pendingLink ?? '')}?`}
        description="The text of this link does not say where it leads. It leads here:"
        confirmLabel="Open"
        onConfirm={() => {
          answerLink(session, 'open');
        }}
        onClose={() => {
          answerLink(session, 'cancel');
        }}
      >
        <pre className={styles.preview}>{shownAddress(state.pendingLink ?? '')}</pre>
      </ConfirmDialog>
    </>
  );
}

/** Shows the hit that a search asked for, as soon as the terminal is there. */
function useReveal(session: TerminalSession, runId: RunId, extent: 'not-there' | 'in-part' | 'whole'): void {
  const target = useTargets((targets) => targets.terminal);
  useEffect(() => {
    if (extent === 'not-there' || target?.runId !== runId) return;
    if (extent === 'in-part') {
      session.fillIn();
      return;
    }
    aimAt({ terminal: null });
    const revealed = session.reading.reveal(target.match);
    if (revealed === 'shown') return;
    notify.info(
      revealed === 'gone'
        ? { title: 'That line has scrolled away', description: 'The terminal does not keep it any more.' }
        : {
            title: 'That line is not in view now',
            description:
              'A program draws the whole screen, or has ended doing so. What it covers can be searched meanwhile.',
          },
    );
  }, [session, runId, extent, target]);
}

function answerPaste(session: TerminalSession, answer: 'paste' | 'cancel'): void {
  session.input.answerPaste(answer);
  // The dialog lets go of the keyboard when it has closed, and gives it back to nobody.
  requestAnimationFrame(() => {
    session.focus();
  });
}

function answerLink(session: TerminalSession, answer: 'open' | 'cancel'): void {
  session.links.answer(answer);
  requestAnimationFrame(() => {
    session.focus();
  });
}

const pasteTitle = (lines: number): string =>
  lines === 1 ? 'Paste a line with its line end?' : `Paste ${String(lines)} lines?`;

const forms: readonly TranscriptForm[] = ['text', 'ansi', 'markdown'];
const menuWords: Readonly<Record<TranscriptForm, string>> = {
  text: 'Text',
  ansi: 'Text with colours (ANSI)',
  markdown: 'Markdown',
};

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
    {
      kind: 'submenu',
      id: 'copy-as',
      label: hasSelection ? 'Copy the selection as' : 'Copy the whole terminal as',
      icon: <Copy />,
      items: forms.map((form) => ({
        kind: 'item',
        id: form,
        label: menuWords[form],
        onSelect: () => {
          copyTranscript(runId, form);
        },
      })),
    },
    {
      kind: 'submenu',
      id: 'save-as',
      label: 'Save the transcript as',
      icon: <FileDown />,
      items: forms.map((form) => ({
        kind: 'item',
        id: form,
        label: menuWords[form],
        hint: `.${formWords[form].extension}`,
        onSelect: () => {
          saveTranscript(runId, form);
        },
      })),
    },
    { kind: 'separator', id: 'after-edit' },
    {
      kind: 'item',
      id: 'prompt-previous',
      label: 'Previous prompt',
      icon: <ChevronsUp />,
      keys: gridKeys.previousPrompt,
      reason: session.reading.whyNoPrompt(),
      onSelect: () => {
        session.reading.goToPrompt('previous');
      },
    },
    {
      kind: 'item',
      id: 'output-copy',
      label: 'Copy the command’s output',
      icon: <ClipboardList />,
      reason: session.reading.whyNoOutput(),
      onSelect: () => {
        copyOutput(runId);
      },
    },
    { kind: 'separator', id: 'after-prompts' },
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
