import { ChevronDown } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';

import { useBoard } from '#renderer/state/board.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import { awaitsReview } from '#shared/board/places.ts';
import { minutesInWords, reviewMinutes } from '#shared/board/review-time.ts';
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
        {group === 'review' ? <ReviewTime /> : null}
      </button>
    </h3>
  );
}

/** How long it would take to look through all that waits: quiet, and no more exact than it can be. */
function ReviewTime(): ReactNode {
  const waiting = useBoard().review.flatMap(({ run }) => (awaitsReview(run) ? [run] : []));
  const minutes = reviewMinutes(waiting);
  if (minutes === 0) return null;
  return (
    <span
      className={styles.time}
      title="An estimate from the files and lines that were changed. What is decided to be kept is not counted."
    >
      {minutesInWords(minutes)} to read
    </span>
  );
}
