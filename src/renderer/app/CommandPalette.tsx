import { Command } from 'cmdk';
import { FileText } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useMemo, useRef, useState, type ReactNode } from 'react';

import { currentBoard } from '#renderer/state/board.ts';
import { isOffered, useCommands } from '#renderer/state/commands.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { openRun } from '#renderer/state/run-actions.ts';
import { agentName, dotKind } from '#renderer/state/run-words.ts';
import { useView } from '#renderer/state/view.ts';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { giveFocusBack } from '#renderer/ui/give-focus-back.ts';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { StatusDot, statusWords } from '#renderer/ui/StatusDot.tsx';
import { boardGroupIds } from '#shared/board/derive-board.ts';
import type { Run } from '#shared/contract/runs.ts';

import styles from './CommandPalette.module.css';
import { searchPalette, type PaletteEntry } from './search-palette.ts';

/** As many as anybody reads; the rest is found by writing another letter. */
const shownEntries = 60;

/** Every run, every spec and every command, found by a few letters. */
export function CommandPalette({ onClose }: { onClose: () => void }): ReactNode {
  const hasChosen = useRef(false);
  const [text, setText] = useState('');
  const commands = useCommands((registry) => registry.commands);
  const specs = useMirror((mirror) => mirror.specs);
  const runs = useMirror((mirror) => mirror.runs);
  const [pointed, setPointed] = useState('');

  const entries = useMemo((): readonly PaletteEntry[] => {
    const board = currentBoard();
    const cards = boardGroupIds.flatMap((id) => (id === 'drafts' ? [] : board[id]));
    return [
      ...cards.map(({ run }): PaletteEntry => ({
        id: `run:${run.id}`,
        group: 'Runs',
        title: run.spec.title,
        detail: agentName(run),
        keywords: `${run.branch} ${statusWords[dotKind(run)]}`,
        item: { kind: 'run', run },
      })),
      ...(specs?.specs ?? []).map((spec): PaletteEntry => ({
        id: `spec:${spec.slug}`,
        group: 'Specs',
        title: spec.title,
        detail: spec.path,
        keywords: spec.slug,
        item: { kind: 'spec', slug: spec.slug },
      })),
      ...Array.from(commands.values())
        // Those of the board are about the row that has the keyboard, and now the palette has it.
        .filter((command) => command.inPalette !== false && command.where !== 'board' && isOffered(command))
        .map((command): PaletteEntry => ({
          id: `command:${command.id}`,
          group: 'Commands',
          title: command.title,
          detail: command.group,
          keywords: (command.keywords ?? []).join(' '),
          item: { kind: 'command', command },
        })),
    ];
    // `runs` is what the board is derived from: without it here, an open palette would show old statuses.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [commands, specs, runs]);
  // Not deferred: Enter, pressed right after the last letter, means what that letter found.
  const found = useMemo(() => searchPalette(entries, text, shownEntries), [entries, text]);

  // What is pointed at, or the best there is: with every letter the list is another one, and Enter must always mean something.
  const isThere = found.some(({ entries: members }) => members.some((entry) => entry.id === pointed));
  const current = isThere ? pointed : (found[0]?.entries[0]?.id ?? '');

  const choose = (entry: PaletteEntry): void => {
    const { item } = entry;
    if (item.kind === 'command' && item.command.reason?.()) return;
    hasChosen.current = true;
    // Closed first: a command may open another dialog in its place.
    onClose();
    if (item.kind === 'run') openRun(item.run);
    else if (item.kind === 'spec') useView.getState().showSpec(item.slug);
    else item.command.run();
  };

  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={styles.overlay} />
        <Dialog.Content
          className={styles.content}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            // What was chosen decides where the focus goes; only turning back returns it.
            if (hasChosen.current) event.preventDefault();
            else giveFocusBack(event);
          }}
        >
          <Dialog.Title className="visually-hidden">Go to a run, a spec or a command</Dialog.Title>
          <Command
            label="Go to a run, a spec or a command"
            shouldFilter={false}
            value={current}
            onValueChange={setPointed}
            loop
          >
            <Command.Input
              className={styles.input}
              value={text}
              onValueChange={(next) => {
                setText(next);
                setPointed('');
              }}
              placeholder="Go to a run, a spec, a command"
            />
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>Nothing is called that.</Command.Empty>
              {found.map(({ group, entries: members }) => (
                <Command.Group key={group} heading={group} className={styles.group}>
                  {members.map((entry) => (
                    <Command.Item
                      key={entry.id}
                      value={entry.id}
                      className={styles.item}
                      onSelect={() => {
                        choose(entry);
                      }}
                    >
                      <Entry entry={entry} />
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Entry({ entry }: { entry: PaletteEntry }): ReactNode {
  const { item } = entry;
  const reason = item.kind === 'command' ? (item.command.reason?.() ?? null) : null;
  return (
    <>
      <span className={styles.icon}>{iconOf(entry)}</span>
      <span className={styles.title} data-off={reason !== null || undefined}>
        {entry.title}
      </span>
      <span className={styles.detail}>{reason ?? (item.kind === 'run' ? runDetail(item.run) : entry.detail)}</span>
      {item.kind === 'command' ? <Kbd keys={keysOf(item.command.id)} /> : null}
    </>
  );
}

const runDetail = (run: Run): string => `${agentName(run)} · ${statusWords[dotKind(run)]}`;

function iconOf({ item }: PaletteEntry): ReactNode {
  if (item.kind === 'run') return <StatusDot kind={dotKind(item.run)} />;
  return item.kind === 'spec' ? <FileText /> : null;
}
