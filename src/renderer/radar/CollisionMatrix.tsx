import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { findPair } from '#renderer/state/collisions.ts';
import { useView, type ChosenPair } from '#renderer/state/view.ts';
import { classNames } from '#renderer/ui/class-names.ts';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import type { RadarBranch, RadarPair, RadarState } from '#shared/contract/radar.ts';
import { counted } from '#shared/counted.ts';

import styles from './CollisionMatrix.module.css';

/** Half of a square: each pair once, and the base in the first column. */
export function CollisionMatrix({ radar }: { radar: RadarState }): ReactNode {
  const { branches } = radar;
  const chosen = useView((view) => view.chosenPair);
  const table = useRef<HTMLTableElement>(null);
  const [current, setCurrent] = useState<readonly [row: number, column: number]>([0, 0]);
  const move = (event: KeyboardEvent, row: number, column: number): void => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const [rows = 0, columns = 0] = by;
    const nextRow = Math.min(branches.length - 1, Math.max(0, row + rows));
    const nextColumn = Math.min(nextRow, Math.max(0, column + columns));
    setCurrent([nextRow, nextColumn]);
    table.current?.querySelector<HTMLElement>(`[data-cell="${String(nextRow)} ${String(nextColumn)}"]`)?.focus();
  };
  return (
    <div className={styles.scroller}>
      <table ref={table} className={styles.matrix} aria-label="Which branches collide">
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              Branch
            </th>
            <th scope="col" className={styles.column} title="The base of each branch, as it is now">
              base
            </th>
            {branches.slice(0, -1).map((branch, index) => (
              <th key={branch.id} scope="col" className={styles.column} title={branch.title}>
                {index + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {branches.map((branch, row) => (
            <tr key={branch.id}>
              <th scope="row" className={styles.name}>
                <span className={styles.number}>{row + 1}</span>
                <span className={styles.title} title={nameHint(branch)}>
                  {branch.title}
                  <span className={styles.branch}>
                    <MiddleTruncate text={branch.branch} mono tail={12} />
                  </span>
                </span>
              </th>
              {[null, ...branches.slice(0, row)].map((other, column) => (
                <td key={other?.id ?? 'base'}>
                  <Cell
                    branch={branch}
                    other={other}
                    pair={findPair(radar, branch.id, other?.id ?? null)}
                    isChosen={isSame(chosen, branch, other)}
                    place={`${String(row)} ${String(column)}`}
                    tabIndex={isAt(current, row, column, branches.length) ? 0 : -1}
                    onFocus={() => {
                      setCurrent([row, column]);
                    }}
                    onKeyDown={(event) => {
                      move(event, row, column);
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className={styles.legend} aria-label="What the squares mean">
        <li>
          <i className={styles.square} data-outcome="clean" /> merges
        </li>
        <li>
          <i className={styles.square} data-outcome="conflicts">
            2
          </i>{' '}
          files collide
        </li>
        <li>
          <i className={styles.square} data-outcome="signal" /> merges, look all the same
        </li>
        <li>
          <i className={styles.square} data-outcome="variants" /> variants: only one is kept
        </li>
      </ul>
    </div>
  );
}

const nameHint = ({ title, branch, base, leftOut }: RadarBranch): string =>
  `${title}\n${branch}, from ${base}${leftOut === null ? '' : `\n${leftOut}`}`;

const isSame = (chosen: ChosenPair | null, branch: RadarBranch, other: RadarBranch | null): boolean =>
  chosen !== null &&
  ((chosen.a === branch.id && chosen.b === (other?.id ?? null)) ||
    (other !== null && chosen.a === other.id && chosen.b === branch.id));

/** The current square may have gone with its branch; then the first one is in the tab order. */
function isAt([row, column]: readonly [number, number], atRow: number, atColumn: number, count: number): boolean {
  return row < count ? row === atRow && column === atColumn : atRow === 0 && atColumn === 0;
}

interface CellProps {
  branch: RadarBranch;
  other: RadarBranch | null;
  pair: RadarPair | undefined;
  isChosen: boolean;
  place: string;
  tabIndex: number;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Cell({ branch, other, pair, isChosen, place, tabIndex, onFocus, onKeyDown }: CellProps): ReactNode {
  const words = cellWords(branch, other, pair);
  const files = pair?.outcome.kind === 'conflicts' ? pair.outcome.conflicts.length : 0;
  return (
    <button
      type="button"
      className={classNames(styles.cell, isChosen && styles.chosen)}
      data-cell={place}
      data-outcome={outcomeName(pair)}
      aria-label={words}
      aria-pressed={isChosen}
      title={words}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={() => {
        useView.getState().choosePair({ a: branch.id, b: other?.id ?? null });
      }}
    >
      {files > 0 ? files : null}
    </button>
  );
}

function outcomeName(pair: RadarPair | undefined): string {
  if (pair === undefined) return 'same';
  if (pair.areVariants) return 'variants';
  if (pair.outcome.kind === 'clean' && pair.signals.length > 0) return 'signal';
  return pair.outcome.kind;
}

function cellWords(branch: RadarBranch, other: RadarBranch | null, pair: RadarPair | undefined): string {
  const names = `${branch.title} and ${other ? other.title : branch.base}`;
  if (pair === undefined) return `${names}: nothing to merge`;
  const variants = pair.areVariants ? ' They are variants of one spec.' : '';
  switch (pair.outcome.kind) {
    case 'clean':
      return `${names}: ${pair.signals.length > 0 ? 'Git merges them, and there is something to look at' : 'merge'}.${variants}`;
    case 'conflicts':
      return `${names}: ${counted(pair.outcome.conflicts.length, 'file collides', 'files collide')}.${variants}`;
    case 'unrelated':
      return `${names}: no common history.`;
  }
}
