import { useDraggable, useDroppable } from '@dnd-kit/core';
import { useCallback, useMemo, type CSSProperties, type PointerEvent, type ReactNode } from 'react';

import { useRun } from '#renderer/state/mirror.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import type { RunId } from '#shared/ids.ts';

import type { Direction, Rect } from './pane-layout.ts';
import styles from './PaneSlot.module.css';
import { TerminalPane } from './TerminalPane.tsx';

export interface PaneSlotProps {
  runId: RunId;
  index: number;
  /** Null while another pane is maximised: this one keeps its terminal, unseen and unpainted. */
  rect: Rect | null;
  isFocused: boolean;
  isMaximised: boolean;
  onMove: (id: RunId, direction: Direction) => void;
}

/** A place in the grid with the pane that stands in it. The pane can be dragged onto another place. */
export function PaneSlot({ runId, index, rect, isFocused, isMaximised, onMove }: PaneSlotProps): ReactNode {
  const run = useRun(runId);
  const { listeners, setNodeRef: setDraggable, isDragging } = useDraggable({ id: runId, disabled: isMaximised });
  const { setNodeRef: setDroppable, isOver, active } = useDroppable({ id: runId });
  const setNode = useCallback(
    (element: HTMLElement | null) => {
      setDraggable(element);
      setDroppable(element);
    },
    [setDraggable, setDroppable],
  );
  // The same at each rendering: where a pane stands is the slot's, and the pane renders only when it itself has changed.
  const drag = useMemo(
    () => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        // The buttons in the header are for pressing.
        if (event.target instanceof Element && event.target.closest('[role="toolbar"]')) return;
        listeners?.['onPointerDown']?.(event);
      },
    }),
    [listeners],
  );
  const move = useCallback(
    (direction: Direction) => {
      onMove(runId, direction);
    },
    [onMove, runId],
  );
  if (!run) return null;
  const style: CSSProperties = rect ?? { display: 'none' };
  return (
    <div ref={setNode} className={classNames(styles.slot, isDragging && styles.leaving)} style={style}>
      <TerminalPane run={run} index={index} isFocused={isFocused} isMaximised={isMaximised} drag={drag} onMove={move} />
      {isOver && active && active.id !== runId ? <div className={styles.target}>Swap places</div> : null}
    </div>
  );
}
