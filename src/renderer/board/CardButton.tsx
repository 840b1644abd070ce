import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';

import { classNames } from '#renderer/ui/class-names.ts';

import styles from './Card.module.css';

/** What the board's list gives each of its cards. */
export interface CardRowProps {
  /** Names the row for the keyboard; only the current row is in the tab order. */
  rowKey: string;
  isCurrent: boolean;
  /** The same functions at each rendering: a card renders again only when something about it changed. */
  onFocus: (rowKey: string) => void;
  onKeyDown: (event: KeyboardEvent, rowKey: string) => void;
}

export interface CardButtonProps extends CardRowProps {
  isSelected?: boolean;
  className?: string | undefined;
  onPress: (event: MouseEvent) => void;
  /** The pointer has gone down on it, and the press may come. */
  onPressBegin?: () => void;
  children: ReactNode;
}

/** All of a card that can be pressed: its whole face, reached by arrow keys. */
export function CardButton({
  rowKey,
  isCurrent,
  onFocus,
  onKeyDown,
  isSelected = false,
  className,
  onPress,
  onPressBegin,
  children,
}: CardButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={classNames(styles.main, className)}
      data-row={rowKey}
      aria-current={isSelected || undefined}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => {
        onFocus(rowKey);
      }}
      onKeyDown={(event) => {
        onKeyDown(event, rowKey);
      }}
      onPointerDown={onPressBegin}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
