import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import styles from './GridGutter.module.css';
import { moveGutter, type GridWeights, type Gutter, type LayoutRules, type Size } from './pane-layout.ts';

/** How far one press of an arrow key moves a gutter, in pixels. */
const keyStep = 24;

export interface GridGutterProps {
  gutter: Gutter;
  /** How the grid is divided now. */
  weights: GridWeights;
  space: Size;
  rules: LayoutRules;
  /** While it moves. */
  onDivide: (weights: GridWeights) => void;
  /** When it has come to rest; null: all panes equal again. */
  onDivided: (weights: GridWeights | null) => void;
}

/** The line between two panes: dragged, or moved by the arrow keys. A double click makes all panes equal again. */
export function GridGutter({ gutter, weights, space, rules, onDivide, onDivided }: GridGutterProps): ReactNode {
  /** Where the pointer and the weights were when the drag began. */
  const [start, setStart] = useState<{ at: number; weights: GridWeights } | null>(null);
  const isVertical = gutter.orientation === 'vertical';
  const along = (event: PointerEvent): number => (isVertical ? event.clientX : event.clientY);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setStart({ at: along(event), weights });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start) onDivide(moveGutter(start.weights, gutter, along(event) - start.at, { space, rules }));
  };
  const stop = (): void => {
    if (!start) return;
    setStart(null);
    if (start.weights !== weights) onDivided(weights);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [less, more] = isVertical ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === 'Enter') onDivided(null);
    else if (event.key === less || event.key === more) {
      const pixels = event.key === less ? -keyStep : keyStep;
      onDivided(moveGutter(weights, gutter, pixels, { space, rules }));
    } else return;
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a control (WAI-ARIA)
    <div
      className={isVertical ? styles.vertical : styles.horizontal}
      style={gutter.rect}
      role="separator"
      aria-label={isVertical ? 'Width of the panes beside this line' : 'Height of the rows beside this line'}
      aria-orientation={gutter.orientation}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={gutter.percent}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
      onLostPointerCapture={stop}
      onDoubleClick={() => {
        onDivided(null);
      }}
      onKeyDown={onKeyDown}
    />
  );
}
