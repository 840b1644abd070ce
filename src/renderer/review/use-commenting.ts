import { useCallback, useEffect, useMemo, type RefObject } from 'react';

import type { LineMark, LinePlace } from '#renderer/monaco/line-marks.ts';
import type { monaco } from '#renderer/monaco/monaco.ts';
import { registerCommands } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';
import type { Comment } from '#shared/contract/comments.ts';
import type { ReviewContent } from '#shared/contract/review.ts';
import type { RunId } from '#shared/ids.ts';

import { beginComment } from './comment-draft.ts';

interface Commenting {
  runId: RunId;
  path: string;
  /** What is shown of the file; null while it is loading. */
  content: ReviewContent | null;
  comments: readonly Comment[];
  diff: RefObject<monaco.editor.IStandaloneDiffEditor | null>;
  text: RefObject<monaco.editor.IStandaloneCodeEditor | null>;
  /** The line of a comment was clicked. */
  onComment: (comment: string) => void;
  /** Told what gives the keyboard to the code; null when there is no code any more. */
  onCode: (focus: (() => void) | null) => void;
}

/** Comments on the lines of a file: the keys and the clicks that begin one, and the marks of those that are there. */
export function useCommenting(given: Commenting): {
  marks: readonly LineMark[];
  onMargin: (place: LinePlace) => void;
} {
  const { runId, path, content, comments, diff, text, onComment, onCode } = given;
  const shape = shapeOf(content);
  const begin = useCallback(
    (at: LinePlace | null) => {
      beginComment({ runId, path, side: at?.side ?? 'after', line: at?.line ?? null });
    },
    [runId, path],
  );
  const cursor = useCallback((): LinePlace | null => {
    const before = diff.current?.getOriginalEditor();
    const isBefore = shape === 'before' || (shape === 'both' && before?.hasTextFocus() === true);
    const both = isBefore ? before : diff.current?.getModifiedEditor();
    const editor = shape === 'none' ? null : shape === 'both' ? both : text.current;
    const line = editor?.getPosition()?.lineNumber;
    return line === undefined ? null : { side: isBefore ? 'before' : 'after', line };
  }, [shape, diff, text]);

  useEffect(() => {
    onCode(() => {
      if (shape === 'both') diff.current?.getModifiedEditor().focus();
      else text.current?.focus();
    });
    const commands = registerCommands([
      { id: 'review.comment', run: () => begin(cursor()) },
      { id: 'review.commentFile', run: () => begin(null) },
      {
        id: 'review.why',
        reason: () => (shape === 'none' ? 'This file is not shown as lines.' : null),
        run: () => {
          const at = cursor();
          if (at) useView.getState().openDialog({ kind: 'why-line', runId, path, ...at });
        },
      },
    ]);
    return () => {
      onCode(null);
      commands.dispose();
    };
  }, [shape, diff, text, begin, cursor, onCode, runId, path]);

  const marks = useMemo(
    () =>
      comments.flatMap(({ path: commented, side, line, standing, text: words }): LineMark[] =>
        commented === path && line !== null ? [{ side, line, tone: standing, hint: words.slice(0, 300) }] : [],
      ),
    [comments, path],
  );
  const onMargin = useCallback(
    ({ side, line }: LinePlace) => {
      const there = comments.find((each) => each.path === path && each.side === side && each.line === line);
      if (there) onComment(there.id);
      else begin({ side, line });
    },
    [comments, path, onComment, begin],
  );
  return { marks, onMargin };
}

/** Which sides of a file are shown as lines. */
function shapeOf(content: ReviewContent | null): 'both' | 'before' | 'after' | 'none' {
  if (content?.kind !== 'text' || content.original === content.modified) return 'none';
  if (content.modified === null) return 'before';
  return content.original === null ? 'after' : 'both';
}
