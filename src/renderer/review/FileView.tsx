import { ChevronDown, ChevronUp } from 'lucide-react';
import { useMemo, useRef, useState, type ReactNode } from 'react';

import { DiffTools } from '#renderer/monaco/DiffTools.tsx';
import { DiffViewer } from '#renderer/monaco/DiffViewer.tsx';
import type { LineMark, LinePlace } from '#renderer/monaco/line-marks.ts';
import type { monaco } from '#renderer/monaco/monaco.ts';
import { OtherContent } from '#renderer/monaco/OtherContent.tsx';
import { TextViewer } from '#renderer/monaco/TextViewer.tsx';
import { useDiff, type DiffLayout } from '#renderer/monaco/use-diff.ts';
import type { FileTarget } from '#renderer/state/targets.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { keysOf } from '#renderer/ui/command-chords.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { MiddleTruncate } from '#renderer/ui/MiddleTruncate.tsx';
import type { Comment } from '#shared/contract/comments.ts';
import type { ReviewContent, ReviewFile } from '#shared/contract/review.ts';
import type { RunId } from '#shared/ids.ts';

import { useCommenting } from './use-commenting.ts';
import { useContent } from './use-review.ts';

import styles from './FileView.module.css';

interface FileViewProps {
  runId: RunId;
  file: ReviewFile;
  position: number;
  count: number;
  onStep: (steps: number) => void;
  onViewed: (file: ReviewFile, viewed: boolean) => void;
  /** A place that was asked for. */
  aim?: FileTarget | null;
  comments: readonly Comment[];
  /** The line of a comment was clicked. */
  onComment: (comment: string) => void;
  /** Told what gives the keyboard to the code; null when there is no code any more. */
  onCode: (focus: (() => void) | null) => void;
}

/** One changed file: both sides as text, or what can be said of it when it is none. */
export function FileView(props: FileViewProps): ReactNode {
  const { runId, file, position, count, onStep, onViewed, aim = null, comments, onComment, onCode } = props;
  const control = useDiff({ previous: 'review.previousChange', next: 'review.nextChange' });
  const { diffRef: diff, layout } = control;
  const [shownHuge, setShownHuge] = useState<string | null>(null);
  const loaded = useContent(runId, file, shownHuge === file.path);

  const text = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const content = loaded.kind === 'loaded' ? loaded.content : null;
  const { path } = file;
  const { marks, onMargin } = useCommenting({ runId, path, content, comments, diff, text, onComment, onCode });

  const place = useMemo(() => (aim?.line ? { line: aim.line, column: aim.column ?? 1, side: aim.side } : null), [aim]);
  const isText = loaded.kind === 'loaded' && loaded.content.kind === 'text';
  const noDiff = isText ? null : 'This file is not shown as text.';
  return (
    <div className={styles.view}>
      <header className={styles.bar}>
        <div className={styles.what}>
          <span className={styles.path}>
            <MiddleTruncate text={file.path} tail={24} mono />
          </span>
          {file.oldPath === null ? null : (
            <span className={styles.note}>
              was <MiddleTruncate text={file.oldPath} mono />
            </span>
          )}
          {file.oldMode !== null && file.newMode !== null && file.oldMode !== file.newMode ? (
            <Badge quiet>
              mode {file.oldMode.slice(-3)} → {file.newMode.slice(-3)}
            </Badge>
          ) : null}
          {file.uncommitted ? <Badge tone="warning">not committed</Badge> : null}
        </div>
        <div className={styles.tools}>
          <DiffTools control={control} previous="review.previousChange" next="review.nextChange" reason={noDiff} />
          <span className={styles.position}>
            {position + 1} / {count}
          </span>
          <IconButton
            size="sm"
            label="Previous file"
            keys={keysOf('review.previousFile')}
            icon={<ChevronUp />}
            reason={position === 0 ? 'This is the first file.' : null}
            onClick={() => onStep(-1)}
          />
          <IconButton
            size="sm"
            label="Next file"
            keys={keysOf('review.nextFile')}
            icon={<ChevronDown />}
            reason={position === count - 1 ? 'This is the last file.' : null}
            onClick={() => onStep(1)}
          />
          <Checkbox checked={file.viewed} label="Viewed" onChange={(viewed) => onViewed(file, viewed)} />
        </div>
      </header>
      <div className={styles.content}>
        {loaded.kind === 'loading' ? (
          <Loading label="Loading the file" />
        ) : loaded.kind === 'left' ? (
          <EmptyState compact title="No longer changed">
            This file is now as it was when the branch started.
          </EmptyState>
        ) : (
          <Content
            file={file}
            content={loaded.content}
            layout={layout}
            place={place}
            marks={marks}
            onMargin={onMargin}
            onShowHuge={() => setShownHuge(file.path)}
            onDiff={control.onDiff}
            onText={(editor) => {
              text.current = editor;
            }}
          />
        )}
      </div>
    </div>
  );
}

interface ContentProps {
  file: ReviewFile;
  content: ReviewContent;
  layout: DiffLayout;
  place: { line: number; column: number; side: 'before' | undefined } | null;
  marks: readonly LineMark[];
  onMargin: (place: LinePlace) => void;
  onShowHuge: () => void;
  onDiff: (editor: monaco.editor.IStandaloneDiffEditor) => void;
  onText: (editor: monaco.editor.IStandaloneCodeEditor) => void;
}

function Content(props: ContentProps): ReactNode {
  const { file, content, layout, place, marks, onMargin, onShowHuge, onDiff, onText } = props;
  if (content.kind !== 'text') return <OtherContent content={content} path={file.path} onShowHuge={onShowHuge} />;
  if (content.original === content.modified) {
    return (
      <EmptyState compact title={file.change === 'renamed' ? 'Renamed, nothing else' : 'The text is the same'}>
        {file.oldMode === file.newMode ? 'Its content did not change.' : 'Only its mode changed.'}
      </EmptyState>
    );
  }
  if (content.original === null || content.modified === null) {
    const text = content.modified ?? content.original ?? '';
    const tone = content.modified === null ? 'removed' : 'added';
    return (
      <TextViewer
        text={text}
        language={content.language}
        tone={tone}
        label={file.path}
        place={place}
        marks={marks}
        onMargin={onMargin}
        onMount={onText}
      />
    );
  }
  return (
    <DiffViewer
      original={content.original}
      modified={content.modified}
      language={content.language}
      sideBySide={layout === 'side-by-side'}
      label={`Changes of ${file.path}`}
      place={place}
      marks={marks}
      onMargin={onMargin}
      onMount={onDiff}
    />
  );
}
