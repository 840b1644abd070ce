import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronsDownUp, ChevronsUpDown, Search } from 'lucide-react';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
} from 'react';

import { IconButton } from '#renderer/ui/IconButton.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Variant } from '#shared/contract/variants.ts';
import type { RunId } from '#shared/ids.ts';

import type { Column } from './column.ts';
import { FileRow, GroupRow } from './FileRow.tsx';
import type { Picks } from './picks.ts';
import { stepColumn } from './sides.ts';
import { VariantFacts } from './VariantFacts.tsx';
import { VariantHead } from './VariantHead.tsx';
import { filesOf, stepRow, type VariantRow } from './variant-rows.ts';
import styles from './VariantsTable.module.css';

const rowHeight = 28;
/** Of the line with the names, which stays in sight. */
const headHeight = 58;
const pageRows = 8;
const factsKey = 'switchyard.variants.facts';

interface VariantsTableProps {
  columns: readonly Column[];
  rows: readonly VariantRow[];
  variants: readonly Variant[];
  picks: Picks;
  filter: string;
  onFilter: (filter: string) => void;
  selected: string | null;
  /** Which variant of the file is looked at, by its place among the variants. */
  column: number;
  /** `index` null: the variant that was looked at. */
  onSelect: (path: string, index: number | null) => void;
  onPick: (path: string, index: number) => void;
  onPrefer: (index: number) => void;
  onKeep: (runId: RunId) => void;
}

/** A column for each variant: how it stands, and below that what it made of each file. */
export function VariantsTable(props: VariantsTableProps): ReactNode {
  const { columns, rows, variants, picks, filter, onFilter, selected, column } = props;
  const { onSelect, onPick, onPrefer, onKeep } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const facts = useRef<HTMLDivElement>(null);
  const [factsHeight, setFactsHeight] = useState(0);
  const [areFactsShown, setAreFactsShown] = useState(() => localStorage.getItem(factsKey) !== 'hidden');
  useLayoutEffect(() => {
    const element = facts.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setFactsHeight(element.offsetHeight));
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight + factsHeight,
    scrollPaddingStart: headHeight,
  });
  const at = rows.findIndex((row) => row.kind === 'file' && row.file.path === selected);
  const isFirst = useRef(true);
  useEffect(() => {
    // What is shown first is the head of the table and not the first file of a long list.
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    if (at < 0) return undefined;
    virtual.scrollToIndex(at, { align: 'auto' });
    // Sideways when the row is there.
    const frame = requestAnimationFrame(() => {
      document.getElementById(cellId(at, column))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [at, column, virtual]);

  const files = filesOf(rows);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const down: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: pageRows,
      PageUp: -pageRows,
      Home: -files.length,
      End: files.length,
    };
    const steps = down[event.key];
    const isPick = event.key === 'Enter' || event.key === ' ';
    if (steps !== undefined) {
      const next = stepRow(files, selected, steps);
      if (next) onSelect(next.path, null);
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      if (selected !== null) onSelect(selected, stepColumn(variants, column, event.key === 'ArrowLeft' ? -1 : 1));
    } else if (isPick && selected !== null) onPick(selected, column);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        className={styles.grid}
        style={{ '--variants': columns.length } as CSSProperties}
        role="grid"
        tabIndex={0}
        aria-label="Variants and their files"
        aria-rowcount={rows.length}
        aria-activedescendant={at >= 0 ? cellId(at, column) : undefined}
        onKeyDown={onKeyDown}
      >
        <div className={styles.heads} role="row">
          <div className={styles.corner} role="columnheader" aria-label="Files">
            <TextField
              hideLabel
              label="Filter the files"
              size="sm"
              icon={<Search />}
              value={filter}
              placeholder="Filter files"
              onChange={onFilter}
            />
            <IconButton
              className={styles.fold}
              size="sm"
              label={areFactsShown ? 'Hide how they stand' : 'Show how they stand'}
              icon={areFactsShown ? <ChevronsDownUp /> : <ChevronsUpDown />}
              aria-expanded={areFactsShown}
              onClick={() => {
                localStorage.setItem(factsKey, areFactsShown ? 'hidden' : 'shown');
                setAreFactsShown(!areFactsShown);
              }}
            />
          </div>
          {columns.map((each) => (
            <VariantHead
              key={each.run.id}
              column={each}
              isLookedAt={each.index === column}
              onPrefer={() => {
                onPrefer(each.index);
              }}
              onKeep={() => {
                onKeep(each.run.id);
              }}
            />
          ))}
        </div>
        <div ref={facts} role="rowgroup">
          {areFactsShown ? <VariantFacts columns={columns} /> : null}
        </div>
        <div className={styles.rows} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const top = item.start - virtual.options.scrollMargin;
            return row.kind === 'group' ? (
              <GroupRow key={row.agreement} top={top} agreement={row.agreement} count={row.count} />
            ) : (
              <FileRow
                key={row.file.path}
                top={top}
                cellId={(index) => cellId(item.index, index)}
                file={row.file}
                columns={columns}
                variants={variants}
                picks={picks}
                lookedAt={row.file.path === selected ? column : null}
                onSelect={onSelect}
                onPick={onPick}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const cellId = (row: number, column: number): string => `variant-cell-${String(row)}-${String(column)}`;
