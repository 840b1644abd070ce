import { Check, Circle } from 'lucide-react';
import type { ReactNode } from 'react';

import { Badge } from '#renderer/ui/Badge.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import type { Agreement, Variant, VariantChange, VariantFile } from '#shared/contract/variants.ts';

import type { Column } from './column.ts';
import { choiceOf, isChosen, type Picks } from './picks.ts';
import { agreementWords } from './variant-rows.ts';
import styles from './VariantsTable.module.css';

interface FileRowProps {
  top: number;
  /** Names a cell, by the place of its variant. */
  cellId: (index: number) => string;
  file: VariantFile;
  columns: readonly Column[];
  variants: readonly Variant[];
  picks: Picks;
  /** Which variant of it is looked at; null: another file is. */
  lookedAt: number | null;
  onSelect: (path: string, index: number | null) => void;
  onPick: (path: string, index: number) => void;
}

/** The head of the files in which the variants agree in the same way. */
export function GroupRow({ top, agreement, count }: { top: number; agreement: Agreement; count: number }): ReactNode {
  const { title, hint } = agreementWords[agreement];
  return (
    <div className={styles.groupRow} role="row" style={{ transform: `translateY(${String(top)}px)` }}>
      <div className={styles.group} role="rowheader" data-agreement={agreement}>
        <span className={styles.groupTitle}>{title}</span>
        <span className={styles.groupCount}>{count}</span>
        <span className={styles.groupHint}>{hint}</span>
      </div>
    </div>
  );
}

/** A file, and what each variant made of it. A press on a cell looks at it, and on its circle takes the file from there. */
export function FileRow(props: FileRowProps): ReactNode {
  const { top, cellId, file, columns, variants, picks, lookedAt, onSelect, onPick } = props;
  const isUndecided = choiceOf(file, variants, picks) === undefined;
  return (
    <div
      className={classNames(styles.row, lookedAt !== null && styles.selected)}
      role="row"
      aria-selected={lookedAt !== null}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <div
        className={styles.path}
        role="rowheader"
        tabIndex={-1}
        onClick={() => {
          onSelect(file.path, null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSelect(file.path, null);
        }}
      >
        <MiddleTruncate text={file.path} tail={22} />
        {isUndecided ? (
          <Badge quiet tone="warning" title="Choose which variant it comes from">
            choose
          </Badge>
        ) : null}
      </div>
      {columns.map(({ index, name, variant }) => (
        <Cell
          key={variant.runId}
          id={cellId(index)}
          name={name}
          path={file.path}
          change={file.changes[index] ?? null}
          isCompared={variant.tree !== null}
          isChosen={isChosen(file, variants, picks, index)}
          isLookedAt={lookedAt === index}
          whyNotPick={file.obstacle}
          onSelect={() => {
            onSelect(file.path, index);
          }}
          onPick={() => {
            onSelect(file.path, index);
            onPick(file.path, index);
          }}
        />
      ))}
    </div>
  );
}

interface CellProps {
  id: string;
  name: string;
  path: string;
  change: VariantChange | null;
  isCompared: boolean;
  isChosen: boolean;
  isLookedAt: boolean;
  whyNotPick: string | null;
  onSelect: () => void;
  onPick: () => void;
}

function Cell({
  id,
  name,
  path,
  change,
  isCompared,
  isChosen: chosen,
  isLookedAt,
  whyNotPick,
  onSelect,
  onPick,
}: CellProps): ReactNode {
  if (!isCompared) return <div id={id} className={styles.cell} role="gridcell" aria-label={`${name}: not compared`} />;
  const words = change === null ? 'left as it was' : cellWords(change, path);
  return (
    <div
      id={id}
      className={classNames(styles.cell, styles.pressable, chosen && styles.chosen, isLookedAt && styles.lookedAt)}
      role="gridcell"
      tabIndex={-1}
      aria-selected={chosen}
      aria-label={`${name}: ${words}${chosen ? ', chosen' : ''}`}
      title={`${name}: ${words}`}
      onClick={onSelect}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onPick();
      }}
    >
      <span className={styles.what} aria-hidden>
        {change === null ? <span className={styles.untouched}>–</span> : <Change change={change} path={path} />}
      </span>
      {whyNotPick === null ? (
        <button
          type="button"
          className={styles.pick}
          tabIndex={-1}
          aria-label={`Take ${path} from ${name}`}
          title={change === null ? 'Leave the file as it was' : `Take it from ${name}`}
          onClick={(event) => {
            event.stopPropagation();
            onPick();
          }}
        >
          {chosen ? <Check aria-hidden /> : <Circle aria-hidden />}
        </button>
      ) : null}
    </div>
  );
}

const letters: Readonly<Record<VariantChange['kind'], { letter: string; words: string; tone: string | undefined }>> = {
  added: { letter: 'A', words: 'added', tone: styles.added },
  modified: { letter: 'M', words: 'modified', tone: styles.modified },
  deleted: { letter: 'D', words: 'deleted', tone: styles.deleted },
  renamed: { letter: 'R', words: 'renamed', tone: styles.renamed },
  'type-changed': { letter: 'T', words: 'another kind of file now', tone: styles.modified },
  'mode-changed': { letter: 'X', words: 'only its mode changed', tone: styles.modified },
};

/** What kind of thing it is, where that is not a plain file. */
const modeWords: Readonly<Record<string, string>> = {
  '120000': 'link',
  '160000': 'submodule',
  '100755': 'executable',
};

function Change({ change, path }: { change: VariantChange; path: string }): ReactNode {
  const { letter, tone } = letters[change.kind];
  const { insertions, deletions, mode } = change;
  return (
    <>
      <span className={classNames(styles.mark, tone)}>{letter}</span>
      {change.path === path ? null : <span className={styles.moved}>→ {change.path.split('/').at(-1)}</span>}
      {mode !== null && mode !== '100644' ? <span className={styles.mode}>{modeWords[mode] ?? mode}</span> : null}
      {insertions === null && mode !== '160000' ? <span className={styles.mode}>binary</span> : null}
      {insertions !== null && insertions > 0 ? <span className={styles.added}>+{insertions}</span> : null}
      {deletions !== null && deletions > 0 ? <span className={styles.deleted}>−{deletions}</span> : null}
    </>
  );
}

function cellWords(change: VariantChange, path: string): string {
  const { insertions, deletions, mode } = change;
  const parts = [
    letters[change.kind].words,
    ...(change.path === path ? [] : [`now ${change.path}`]),
    ...(mode !== null && modeWords[mode] !== undefined ? [modeWords[mode]] : []),
    ...(insertions === null || deletions === null ? [] : [`+${String(insertions)} −${String(deletions)}`]),
  ];
  return parts.join(', ');
}
