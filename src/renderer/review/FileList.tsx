import { useVirtualizer } from '@tanstack/react-virtual';
import { Maximize2, Search } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { classNames } from '#renderer/ui/class-names.ts';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import { Tooltip } from '#renderer/ui/Tooltip.tsx';
import type { Review, ReviewFile } from '#shared/contract/review.ts';
import { counted } from '#shared/counted.ts';

import type { ReviewScope } from './file-order.ts';
import styles from './FileList.module.css';

const rowHeight = 28;

const marks: Readonly<Record<ReviewFile['change'], { letter: string; words: string; className: string | undefined }>> =
  {
    added: { letter: 'A', words: 'Added', className: styles.added },
    modified: { letter: 'M', words: 'Modified', className: styles.modified },
    deleted: { letter: 'D', words: 'Deleted', className: styles.deleted },
    renamed: { letter: 'R', words: 'Renamed', className: styles.renamed },
    copied: { letter: 'C', words: 'Copied', className: styles.renamed },
    'type-changed': { letter: 'T', words: 'Another kind of file now', className: styles.modified },
    'mode-changed': { letter: 'X', words: 'Only its mode changed', className: styles.modified },
  };

interface FileListProps {
  review: Review;
  files: readonly ReviewFile[];
  scope: ReviewScope;
  onScope: (scope: ReviewScope) => void;
  filter: string;
  onFilter: (filter: string) => void;
  selected: string | null;
  onSelect: (path: string) => void;
  onViewed: (file: ReviewFile, viewed: boolean) => void;
  /** Whether a path is outside of what the spec says it changes. */
  isOutside: (path: string) => boolean;
}

/** The changed files, however many, with what happened to each and which were looked at. */
export function FileList(props: FileListProps): ReactNode {
  const { review, files, scope, onScope, filter, onFilter, selected, onSelect, onViewed, isOutside } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const index = files.findIndex((file) => file.path === selected);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  }, [index, rows]);

  const viewed = review.files.filter((file) => file.viewed).length;
  const uncommitted = review.files.filter((file) => file.uncommitted).length;
  return (
    <div className={styles.list}>
      <div className={styles.head}>
        <TextField
          hideLabel
          label="Filter changed files"
          size="sm"
          icon={<Search />}
          value={filter}
          placeholder="Filter files"
          onChange={onFilter}
        />
        {uncommitted > 0 ? (
          <Segmented
            size="sm"
            label="Which changes"
            value={scope}
            options={[
              { value: 'all', label: 'All' },
              { value: 'committed', label: 'Committed' },
              { value: 'uncommitted', label: `Not committed (${String(uncommitted)})` },
            ]}
            onChange={onScope}
          />
        ) : null}
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label="Changed files"
        aria-activedescendant={index >= 0 ? `file-${String(index)}` : undefined}
        onKeyDown={(event) => {
          const steps = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (steps === 0 || event.altKey) return;
          event.preventDefault();
          const next = files[Math.min(files.length - 1, Math.max(0, index + steps))];
          if (next) onSelect(next.path);
        }}
      >
        <div className={styles.rows} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const file = files[row.index];
            if (!file) return null;
            return (
              <FileRow
                key={file.path}
                id={`file-${String(row.index)}`}
                top={row.start}
                file={file}
                isOutside={isOutside(file.path)}
                isSelected={file.path === selected}
                onSelect={onSelect}
                onViewed={onViewed}
              />
            );
          })}
        </div>
      </div>
      <footer className={styles.foot}>
        <span>
          {viewed} of {review.files.length} viewed
        </span>
        <span>{counted(review.commits.length, 'commit')}</span>
        {review.omittedFiles > 0 ? <span>{review.omittedFiles} more files are not listed</span> : null}
      </footer>
    </div>
  );
}

interface FileRowProps {
  id: string;
  top: number;
  file: ReviewFile;
  isOutside: boolean;
  isSelected: boolean;
  onSelect: (path: string) => void;
  onViewed: (file: ReviewFile, viewed: boolean) => void;
}

function FileRow({ id, top, file, isOutside, isSelected, onSelect, onViewed }: FileRowProps): ReactNode {
  const mark = marks[file.change];
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      className={classNames(styles.row, isSelected && styles.selected, file.viewed && styles.viewed)}
      style={{ transform: `translateY(${String(top)}px)` }}
      onClick={() => onSelect(file.path)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSelect(file.path);
      }}
    >
      <Tooltip content={file.oldPath === null ? mark.words : `${mark.words}, was ${file.oldPath}`} side="right">
        <span className={classNames(styles.mark, mark.className)}>{mark.letter}</span>
      </Tooltip>
      <span className={styles.path}>
        <MiddleTruncate text={file.path} tail={24} />
      </span>
      {isOutside ? (
        <Tooltip content="Outside of the spec’s footprint" side="right">
          <span className={styles.outside} aria-label="outside of the footprint">
            <Maximize2 aria-hidden />
          </span>
        </Tooltip>
      ) : null}
      {file.uncommitted ? (
        <Tooltip content="Not committed: not part of a merge" side="right">
          <span className={styles.uncommitted} aria-label="not committed" />
        </Tooltip>
      ) : null}
      <span className={styles.size}>
        {file.insertions > 0 ? <span className={styles.added}>+{file.insertions}</span> : null}
        {file.deletions > 0 ? <span className={styles.deleted}>−{file.deletions}</span> : null}
      </span>
      <input
        type="checkbox"
        checked={file.viewed}
        aria-label={`Viewed: ${file.path}`}
        title="Viewed"
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => onViewed(file, event.target.checked)}
      />
    </div>
  );
}
