import { FolderInput, ListFilter, Plus, SquareKanban } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { useBoard } from '#renderer/state/board.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { useMirror, useProject } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Kbd } from '#renderer/ui/Kbd.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { BoardGroupId } from '#shared/board/derive-board.ts';

import { boardRows } from './board-rows.ts';
import styles from './BoardColumn.module.css';
import { BoardList } from './BoardList.tsx';
import { readCollapsed, saveCollapsed } from './collapsed-groups.ts';

/** The left column: every run and every draft, by what it needs of the person. */
export function BoardColumn(): ReactNode {
  const groups = useBoard();
  const isLoaded = useMirror((mirror) => mirror.runs !== null && mirror.specs !== null);
  const [filter, setFilter] = useState('');
  const [collapsed, setCollapsed] = useState<ReadonlySet<BoardGroupId>>(readCollapsed);
  const input = useRef<HTMLInputElement>(null);
  const column = useRef<HTMLElement>(null);
  const rows = useMemo(() => boardRows(groups, collapsed, filter), [groups, collapsed, filter]);
  const openDialog = useView((view) => view.openDialog);

  const focusList = (): void => {
    column.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus();
  };
  const focusFilter = (): void => {
    input.current?.focus();
    input.current?.select();
  };
  useEffect(() => {
    const commands = registerCommands([
      { id: 'board.focus', run: focusList },
      { id: 'board.filter', run: focusFilter },
    ]);
    return () => {
      commands.dispose();
    };
  }, []);

  const toggle = (group: BoardGroupId): void => {
    const next = new Set(collapsed);
    if (!next.delete(group)) next.add(group);
    setCollapsed(next);
    saveCollapsed(next);
  };

  return (
    <section ref={column} className={styles.column} aria-label="Board">
      <header className={styles.header}>
        <div className={styles.filter}>
          <TextField
            label="Filter the board"
            hideLabel
            size="sm"
            placeholder="Filter"
            value={filter}
            onChange={setFilter}
            icon={<ListFilter />}
            end={filter === '' ? <Kbd keys={keysOf('board.filter')} /> : null}
            inputRef={input}
            input={{
              type: 'search',
              onKeyDown: (event) => {
                if (event.key === 'Escape') {
                  setFilter('');
                  focusList();
                } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
                  event.preventDefault();
                  focusList();
                }
              },
            }}
          />
        </div>
        <IconButton
          label="Specs from elsewhere: Kiro, spec-kit, GitHub issues, pasted text"
          icon={<FolderInput />}
          onClick={() => {
            openDialog({ kind: 'import' });
          }}
        />
        <IconButton
          label="New spec"
          keys={keysOf('spec.new')}
          icon={<Plus />}
          onClick={() => {
            openDialog({ kind: 'new-spec' });
          }}
        />
      </header>
      {!isLoaded ? (
        <Loading label="Reading runs and specs" />
      ) : rows.length > 0 ? (
        <BoardList rows={rows} onToggleGroup={toggle} onLeaveTop={focusFilter} />
      ) : filter === '' ? (
        <EmptyBoard />
      ) : (
        <EmptyState
          compact
          title="Nothing matches"
          actions={
            <Button
              size="sm"
              onClick={() => {
                setFilter('');
              }}
            >
              Clear the filter
            </Button>
          }
        >
          No run and no draft has all of these words: {filter}
        </EmptyState>
      )}
    </section>
  );
}

function EmptyBoard(): ReactNode {
  const project = useProject();
  const openDialog = useView((view) => view.openDialog);
  return (
    <EmptyState
      compact
      icon={<SquareKanban />}
      title="No specs yet"
      actions={
        <Button
          size="sm"
          variant={project.isSetUp ? 'primary' : 'secondary'}
          icon={<Plus />}
          onClick={() => {
            openDialog({ kind: 'new-spec' });
          }}
        >
          New spec
        </Button>
      }
    >
      A spec says what one piece of work must do. Agents are spawned from specs, and their runs stand here.
    </EmptyState>
  );
}
