import { useVirtualizer } from '@tanstack/react-virtual';
import { Maximize2, Search } from 'lucide-react';
import { memo, useEffect, useRef, type ReactNode } from 'react';

import { classNames } from '#renderer/ui/class-names.ts';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
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
      <FileRows files={files} selected={selected} onSelect={onSelect} onViewed={onViewed} isOutside={isOutside} />
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

type FileRowsProps = Pick<FileListProps, 'files' | 'selected' | 'onSelect' | 'onViewed' | 'isOutside'>;

/** The list itself. Scrolling draws it again at every step, and nothing beside it. */
function FileRows({ files, selected, onSelect, onViewed, isOutside }: FileRowsProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const index = files.findIndex((file) => file.path === selected);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  }, [index, rows]);
  return (
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
              index={row.index}
              top={row.start}
              file={file}
              isOutside={isOutside}
              isSelected={file.path === selected}
              onSelect={onSelect}
              onViewed={onViewed}
            />
          );
        })}
      </div>
    </div>
  );
}

interface FileRowProps extends Pick<FileListProps, 'onSelect' | 'onViewed' | 'isOutside'> {
  index: number;
  top: number;
  file: ReviewFile;
  isSelected: boolean;
}

/** One file. A fast scroll makes dozens of these at each step, so their hints are the browser's own. */
const FileRow = memo(function FileRow(props: FileRowProps): ReactNode {
  const { index, top, file, isOutside, isSelected, onSelect, onViewed } = props;
  const mark = marks[file.change];
  return (
    <div
      id={`file-${String(index)}`}
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
      <span
        className={classNames(styles.mark, mark.className)}
        title={file.oldPath === null ? mark.words : `${mark.words}, was ${file.oldPath}`}
      >
        {mark.letter}
      </span>
      <span className={styles.path}>
        <MiddleTruncate text={file.path} tail={24} />
      </span>
      {isOutside(file.path) ? (
        <span className={styles.outside} aria-label="outside of the footprint" title="Outside of the spec’s footprint">
          <Maximize2 aria-hidden />
        </span>
      ) : null}
      {file.uncommitted ? (
        <span className={styles.uncommitted} aria-label="not committed" title="Not committed: not part of a merge" />
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
});
