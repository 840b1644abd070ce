import { useState, type ReactNode } from 'react';

import { DiffTools } from '#renderer/monaco/DiffTools.tsx';
import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import type { monaco } from '#renderer/monaco/monaco.ts';
import { OtherContent } from '#renderer/monaco/OtherContent.tsx';
import { TextViewer } from '#renderer/monaco/TextViewer.tsx';
import { useDiff, type DiffLayout } from '#renderer/monaco/use-diff.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import { Select } from '#renderer/ui/Select.tsx';
import type { VariantFile, VariantSides } from '#shared/contract/variants.ts';
import { counted } from '#shared/counted.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import type { Column } from './column.ts';
import type { Against } from './sides.ts';
import { useSides } from './use-variants.ts';
import { agreementWords, versionOf } from './variant-rows.ts';
import styles from './SidesView.module.css';

/** In the list of what to hold it against: as it was before. */
const before = 'before';

interface SidesViewProps {
  projectId: ProjectId;
  slug: SpecSlug;
  file: VariantFile;
  columns: readonly Column[];
  sides: { left: Against; right: RunId | null };
  onLeft: (left: Against) => void;
  onRight: (right: RunId) => void;
}

/** A file in two variants, or in one and as it was before; and where the two really disagree. */
export function SidesView({ projectId, slug, file, columns, sides, onLeft, onRight }: SidesViewProps): ReactNode {
  const { left, right } = sides;
  const control = useDiff({ previous: 'variants.previousChange', next: 'variants.nextChange' });
  const [showHuge, setShowHuge] = useState(false);
  const [place, setPlace] = useState<{ line: number; column: number; side: 'before' } | null>(null);
  const treeOf = (id: RunId | null): string => columns.find(({ run }) => run.id === id)?.variant.tree ?? '';
  const version = `${versionOf(file)} ${treeOf(left)} ${treeOf(right)}`;
  const loaded = useSides({ projectId, slug, path: file.path, left, right, showHuge, version });

  const nameOf = (id: Against): string =>
    id === null ? 'Before' : (columns.find(({ run }) => run.id === id)?.name ?? 'A variant');
  const compared = columns.filter(({ variant }) => variant.tree !== null);
  const isText = loaded.kind === 'loaded' && loaded.sides.content.kind === 'text';
  const noDiff = isText ? null : 'This file is not shown as text.';
  const places = loaded.kind === 'loaded' ? loaded.sides.places : null;
  return (
    <section className={styles.view} aria-label={`Sides of ${file.path}`}>
      <header className={styles.bar}>
        <span className={styles.path}>
          <MiddleTruncate text={file.path} tail={24} mono />
        </span>
        <div className={styles.choice}>
          <Select
            size="sm"
            hideLabel
            label="Left side"
            value={left ?? before}
            options={[
              { value: before, label: 'Before' },
              ...compared.map(({ run, name }) => ({
                value: run.id as string,
                label: name,
                reason: run.id === right ? 'It is on the right side.' : null,
              })),
            ]}
            onChange={(value) => {
              onLeft(value === before ? null : (compared.find(({ run }) => run.id === value)?.run.id ?? null));
            }}
          />
          <span className={styles.against}>and</span>
          <Select
            size="sm"
            hideLabel
            label="Right side"
            value={(right ?? '') as string}
            options={compared.map(({ run, name }) => ({ value: run.id as string, label: name }))}
            onChange={(value) => {
              const chosen = compared.find(({ run }) => run.id === value);
              if (chosen) onRight(chosen.run.id);
            }}
          />
        </div>
        <div className={styles.tools}>
          <DiffTools control={control} previous="variants.previousChange" next="variants.nextChange" reason={noDiff} />
        </div>
      </header>
      <p className={styles.words} role="status">
        <span className={styles.agreement} data-agreement={file.agreement}>
          {agreementWords[file.agreement].title}.
        </span>{' '}
        {pairWords(file, columns, left, right)}
        {places !== null && places.length > 0 ? (
          <>
            {' '}
            They disagree in {counted(places.length, 'place')}:{' '}
            {places.slice(0, mostPlaces).map(({ line, ours }) => (
              <button
                key={line}
                type="button"
                className={styles.place}
                onClick={() => {
                  setPlace({ line, column: 1, side: 'before' });
                }}
              >
                {linesWords(line, ours.length)}
              </button>
            ))}
            {places.length > mostPlaces ? ` and ${String(places.length - mostPlaces)} more` : ''}
          </>
        ) : null}
      </p>
      {file.obstacle === null ? null : <Callout compact>{file.obstacle}</Callout>}
      <div className={styles.content}>
        {loaded.kind === 'loading' ? (
          <Loading label="Loading the file" />
        ) : loaded.kind === 'left' ? (
          <EmptyState compact title="No longer changed">
            No variant changes this file any more, or one of the two is gone.
          </EmptyState>
        ) : loaded.kind === 'failed' ? (
          <EmptyState compact title="Git could not read it">
            {loaded.message}
          </EmptyState>
        ) : (
          <Content
            sides={loaded.sides}
            path={file.path}
            names={{ original: nameOf(left), modified: nameOf(right) }}
            layout={control.layout}
            place={place}
            onShowHuge={() => setShowHuge(true)}
            onDiff={control.onDiff}
          />
        )}
      </div>
    </section>
  );
}

/** More places have no button of their own. */
const mostPlaces = 12;

const linesWords = (line: number, count: number): string =>
  count > 1 ? `lines ${String(line)}–${String(line + count - 1)}` : `line ${String(line)}`;

/** What Git says of the two that are shown, where they do not go together. */
function pairWords(file: VariantFile, columns: readonly Column[], left: Against, right: RunId | null): string {
  const [one, other] = [left, right].map((id) => columns.find(({ run }) => run.id === id)?.index);
  if (one === undefined || other === undefined) return '';
  const found = file.conflicts.find(({ a, b }) => (a === one && b === other) || (a === other && b === one));
  if (found) return `${found.reason.charAt(0).toUpperCase()}${found.reason.slice(1)}.`;
  const [a = null, b = null] = [file.changes[one], file.changes[other]];
  if (a?.outcome === b?.outcome) return 'These two have the same.';
  return a === null || b === null ? '' : 'Git can merge these two.';
}

interface ContentProps {
  sides: VariantSides;
  path: string;
  names: { original: string; modified: string };
  layout: DiffLayout;
  place: { line: number; column: number; side: 'before' } | null;
  onShowHuge: () => void;
  onDiff: (editor: monaco.editor.IStandaloneDiffEditor) => void;
}

function Content({ sides, path, names, layout, place, onShowHuge, onDiff }: ContentProps): ReactNode {
  const { content, leftPath, rightPath } = sides;
  if (content.kind !== 'text') {
    return <OtherContent content={content} path={path} names={names} onShowHuge={onShowHuge} />;
  }
  if (content.original === content.modified) {
    const isGone = content.original === null;
    return (
      <EmptyState compact title={isGone ? 'In neither of the two' : 'The text is the same'}>
        {isGone
          ? 'Both sides have no such file.'
          : leftPath === rightPath
            ? 'What it says is the same in both; only its mode may differ.'
            : `${names.original} has it as ${leftPath ?? ''}, ${names.modified} as ${rightPath ?? ''}.`}
      </EmptyState>
    );
  }
  if (content.original === null || content.modified === null) {
    const [text, who, absent] =
      content.modified === null
        ? [content.original ?? '', names.original, names.modified]
        : [content.modified, names.modified, names.original];
    return (
      <div className={styles.alone}>
        <p className={styles.aloneWords}>
          Only in “{who}”. {absent === 'Before' ? 'It was not there before.' : `“${absent}” has no such file.`}
        </p>
        <div className={styles.aloneText}>
          <TextViewer
            text={text}
            language={content.language}
            tone={names.original !== 'Before' ? null : content.modified === null ? 'removed' : 'added'}
            label={path}
          />
        </div>
      </div>
    );
  }
  return (
    <DiffViewer
      original={content.original}
      modified={content.modified}
      language={content.language}
      sideBySide={layout === 'side-by-side'}
      label={`${names.original} and ${names.modified} of ${path}`}
      place={place}
      onMount={onDiff}
    />
  );
}
