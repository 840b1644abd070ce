import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';

import { currentBoard } from '#renderer/state/board.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { runMenu } from '#renderer/state/run-menu.tsx';
import { useSeveral } from '#renderer/state/several.ts';
import { useView } from '#renderer/state/view.ts';
import type { MenuItem } from '#renderer/ui/menu-item.ts';
import { ContextMenu } from '#renderer/ui/Menu.tsx';
import type { BoardCard, BoardGroupId } from '#shared/board/derive-board.ts';

import type { BoardRow } from './board-rows.ts';
import styles from './BoardList.module.css';
import { draftMenu } from './draft-menu.tsx';
import { DraftCardView, StrayCardView } from './DraftCardView.tsx';
import { GroupHeader } from './GroupHeader.tsx';
import { rowCommands } from './row-commands.ts';
import { keyAction } from './row-keys.ts';
import { RunCardView } from './RunCardView.tsx';

export interface BoardListProps {
  rows: readonly BoardRow[];
  onToggleGroup: (group: BoardGroupId) => void;
  /** The person goes up from the first row: to the filter. */
  onLeaveTop: () => void;
}

/** Heights before a row has been measured, in pixels. */
const estimates = { group: 34, run: 96, draft: 52, stray: 52 };

const estimate = (row: BoardRow | undefined): number =>
  row === undefined ? 0 : row.kind === 'group' ? estimates.group : estimates[row.card.kind];

/** The board's rows, of which only those in sight exist. One row is current: arrows, j and k move it, and it is in the tab order. */
export function BoardList(props: BoardListProps): ReactNode {
  const { rows, onToggleGroup } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [currentKey, setCurrentKey] = useState<string | null>(null);
  /** Another row has the keyboard, or none has: the commands of the board are to be asked again whether they make sense. */
  const [focusedKey, setFocusedKey] = useState<string | null>(null);
  /** The row to be focused as soon as it exists. */
  const wanted = useRef<string | null>(null);
  const [menuKey, setMenuKey] = useState<string | null>(null);

  // oxlint-disable-next-line react/incompatible-library -- the virtualizer keeps its own state; nothing here is memoised over it
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    paddingEnd: 16,
    gap: 1,
  });

  /** What the handlers below go by: they stay the same functions, so that a card renders only when it changed. */
  const latest = useRef({ ...props, virtual });
  useEffect(() => {
    latest.current = { ...props, virtual };
  });

  const focusRow = useCallback((key: string): void => {
    const element = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
    element?.focus({ preventScroll: true });
    if (element) wanted.current = null;
  }, []);
  useEffect(() => {
    if (wanted.current !== null) focusRow(wanted.current);
  });

  const moveFrom = useCallback(
    (key: string, by: number): void => {
      const { rows: now, virtual: list, onLeaveTop } = latest.current;
      const index = now.findIndex((row) => row.key === key);
      if (index === -1) return;
      if (index === 0 && by === -1) {
        onLeaveTop();
        return;
      }
      const to = Math.max(0, Math.min(now.length - 1, index + by));
      const target = now[to];
      if (!target) return;
      wanted.current = target.key;
      setCurrentKey(target.key);
      list.scrollToIndex(to);
      focusRow(target.key);
    },
    [focusRow],
  );
  const onKeyDown = useCallback(
    (event: KeyboardEvent, key: string): void => {
      const row = latest.current.rows.find((one) => one.key === key);
      const act = row ? keyAction(event, row) : null;
      if (!act) return;
      event.preventDefault();
      if (act.kind === 'toggle') latest.current.onToggleGroup(act.group);
      else moveFrom(key, act.by);
    },
    [moveFrom],
  );
  const onFocus = useCallback((key: string): void => {
    setCurrentKey(key);
    setFocusedKey(key);
  }, []);
  const onBlur = ({ relatedTarget }: FocusEvent): void => {
    // Where the window alone lost the focus, to its menu for instance, the row still has the keyboard.
    const next = relatedTarget ?? document.activeElement;
    if (!(next instanceof Node && scroller.current?.contains(next))) setFocusedKey(null);
  };
  useEffect(() => {
    const row = (): BoardRow | null => {
      const active = document.activeElement;
      const key =
        active instanceof HTMLElement && scroller.current?.contains(active) ? active.dataset['row'] : undefined;
      return latest.current.rows.find((one) => one.key === key) ?? null;
    };
    const move = (by: number): void => {
      const from = row();
      if (from) moveFrom(from.key, by);
    };
    const commands = registerCommands(rowCommands({ row, move, pick: pickRow }));
    return () => {
      commands.dispose();
    };
  }, [focusedKey, moveFrom]);

  useSelectionInSight(latest);

  const menuItems = (): readonly MenuItem[] => {
    const row = rows.find((one) => one.key === menuKey);
    if (row?.kind !== 'card') return [];
    if (row.card.kind === 'run') return runMenu(row.card.run);
    return row.card.kind === 'draft' ? draftMenu(row.card.spec) : [];
  };
  const hasCurrent = rows.some((row) => row.key === currentKey);
  const shared = { onFocus, onKeyDown };
  return (
    <div ref={scroller} className={styles.scroller} data-board-list onBlur={onBlur}>
      <ContextMenu items={menuItems}>
        <ul
          className={styles.content}
          style={{ height: virtual.getTotalSize() }}
          aria-label="Runs and drafts"
          onContextMenuCapture={(event) => {
            const key = rowKeyAt(event.target);
            setMenuKey(key);
            // Where there is nothing to do, there is no menu either.
            if (key === null) event.stopPropagation();
          }}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isCurrent = hasCurrent ? row.key === currentKey : item.index === 0;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={styles.row}
                style={{ transform: `translateY(${String(item.start)}px)` }}
              >
                <Row row={row} isCurrent={isCurrent} onToggle={onToggleGroup} {...shared} />
              </li>
            );
          })}
        </ul>
      </ContextMenu>
    </div>
  );
}

/** Chooses the run of a card, or takes it back; on the head of a group, all of the group's. */
function pickRow(row: BoardRow): void {
  if (row.kind === 'card') {
    if (row.card.kind === 'run') useSeveral.getState().toggle(row.card.run.id);
    return;
  }
  const cards: readonly BoardCard[] = currentBoard()[row.group];
  useSeveral.getState().toggleAll(cards.flatMap((card) => (card.kind === 'run' ? [card.run.id] : [])));
}

/** The row that was pointed at, if it is a card that has a menu. */
function rowKeyAt(target: EventTarget): string | null {
  const card = target instanceof Element ? target.closest('[data-run], [data-draft]') : null;
  return card?.querySelector<HTMLElement>('[data-row]')?.dataset['row'] ?? null;
}

interface RowProps {
  row: BoardRow;
  isCurrent: boolean;
  onToggle: (group: BoardGroupId) => void;
  onFocus: (rowKey: string) => void;
  onKeyDown: (event: KeyboardEvent, rowKey: string) => void;
}

function Row({ row, isCurrent, onToggle, onFocus, onKeyDown }: RowProps): ReactNode {
  const isSelectedRun = useView((view) => row.key === selectedKeyOf(view));
  const runId = row.kind === 'card' && row.card.kind === 'run' ? row.card.run.id : null;
  const isInGrid = useView((view) => runId !== null && view.grid.runIds.includes(runId));
  const slug = row.kind === 'card' && row.card.kind === 'draft' ? row.card.spec.slug : null;
  const isUnsaved = useView((view) => slug !== null && view.unsavedSpecs.has(slug));
  const shared = { rowKey: row.key, isCurrent, onFocus, onKeyDown };

  if (row.kind === 'group') {
    return (
      <GroupHeader {...shared} group={row.group} count={row.count} collapsed={row.collapsed} onToggle={onToggle} />
    );
  }
  switch (row.card.kind) {
    case 'run':
      return (
        <RunCardView
          {...shared}
          run={row.card.run}
          need={row.card.need}
          isSelected={isSelectedRun}
          isInGrid={isInGrid}
        />
      );
    case 'draft':
      return <DraftCardView {...shared} spec={row.card.spec} isSelected={isSelectedRun} isUnsaved={isUnsaved} />;
    case 'stray':
      return <StrayCardView {...shared} file={row.card.file} />;
  }
}

/** The row of what the person looks at: the open spec, or the selected run. */
function selectedKeyOf({
  centre,
  selectedRunId,
}: Pick<ReturnType<typeof useView.getState>, 'centre' | 'selectedRunId'>) {
  if (centre.kind === 'spec') return `draft:${centre.slug}`;
  return selectedRunId === null ? null : `run:${selectedRunId}`;
}

interface Scrollable {
  current: {
    rows: readonly BoardRow[];
    virtual: Pick<
      Virtualizer<HTMLDivElement, Element>,
      'scrollToIndex' | 'scrollOffset' | 'scrollRect' | 'getVirtualItems'
    >;
  };
}

/** Brings a selection that was made elsewhere (Next, the palette, a pane) into sight, without taking the focus. */
function useSelectionInSight(latest: Scrollable): void {
  const key = useView(selectedKeyOf);
  useEffect(() => {
    const { rows, virtual } = latest.current;
    const index = rows.findIndex((row) => row.key === key);
    if (index >= 0 && !isInSight(virtual, index)) virtual.scrollToIndex(index, { align: 'auto' });
  }, [key, latest]);
}

/** By what the list knows already: to ask the page, which has just changed, would have it laid out once more. */
function isInSight(virtual: Scrollable['current']['virtual'], index: number): boolean {
  const { scrollOffset: top, scrollRect } = virtual;
  const item = virtual.getVirtualItems().find((one) => one.index === index);
  if (!item || top === null || scrollRect === null) return false;
  return item.start >= top && item.end <= top + scrollRect.height;
}
