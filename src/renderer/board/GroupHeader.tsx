import { ChevronDown } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';

import { classNames } from '#renderer/ui/class-names.ts';
import type { BoardGroupId } from '#shared/board/derive-board.ts';

import styles from './GroupHeader.module.css';

/** What the groups are called. */
const groupWords: Readonly<Record<BoardGroupId, string>> = {
  needsYou: 'Needs you',
  review: 'Review',
  running: 'Running',
  queued: 'Queued',
  drafts: 'Drafts',
  done: 'Done',
};

export interface GroupHeaderProps {
  group: BoardGroupId;
  count: number;
  collapsed: boolean;
  rowKey: string;
  isCurrent: boolean;
  onToggle: (group: BoardGroupId) => void;
  onFocus: (rowKey: string) => void;
  onKeyDown: (event: KeyboardEvent, rowKey: string) => void;
}

/** The head of a group: its name, how many it holds; a press folds it. */
export function GroupHeader({
  group,
  count,
  collapsed,
  rowKey,
  isCurrent,
  onToggle,
  onFocus,
  onKeyDown,
}: GroupHeaderProps): ReactNode {
  return (
    <h3 className={styles.heading}>
      <button
        type="button"
        className={classNames(styles.header, collapsed && styles.collapsed)}
        data-row={rowKey}
        data-group={group}
        aria-expanded={!collapsed}
        tabIndex={isCurrent ? 0 : -1}
        onClick={() => {
          onToggle(group);
        }}
        onFocus={() => {
          onFocus(rowKey);
        }}
        onKeyDown={(event) => {
          onKeyDown(event, rowKey);
        }}
      >
        <ChevronDown className={styles.chevron} aria-hidden />
        <span>{groupWords[group]}</span>
        <span className={styles.count}>{count}</span>
      </button>
    </h3>
  );
}
