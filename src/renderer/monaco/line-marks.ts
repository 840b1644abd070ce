import styles from './Monaco.module.css';
import { monaco } from './monaco.ts';

/** Which text a line is in: the one on the left, or the one on the right. A text that stands alone is either. */
export type LineSide = 'before' | 'after';

export interface LinePlace {
  side: LineSide;
  /** From 1. */
  line: number;
}

/** A line that something is said about. */
export interface LineMark extends LinePlace {
  tone: 'draft' | 'open' | 'addressed' | 'outdated';
  /** Shown when the pointer is on the mark; as plain text. */
  hint: string;
}

/** Shows marks beside the lines of one side. The caller clears what this returns. */
export function showMarks(
  editor: monaco.editor.ICodeEditor,
  marks: readonly LineMark[],
  side: LineSide,
): monaco.editor.IEditorDecorationsCollection {
  const lines = editor.getModel()?.getLineCount() ?? 0;
  return editor.createDecorationsCollection(
    marks
      .filter((mark) => mark.side === side && mark.line <= lines)
      .map((mark) => ({
        range: new monaco.Range(mark.line, 1, mark.line, 1),
        options: {
          isWholeLine: true,
          linesDecorationsClassName: `${styles['mark'] ?? ''} ${styles[mark.tone] ?? ''}`,
          linesDecorationsTooltip: mark.hint,
          className: styles['marked'] ?? null,
        },
      })),
  );
}

const inMargin = new Set([
  monaco.editor.MouseTargetType.GUTTER_LINE_NUMBERS,
  monaco.editor.MouseTargetType.GUTTER_LINE_DECORATIONS,
  monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN,
]);

/** Tells of a click on a line's number or on what stands beside it. */
export function onMarginClick(
  editor: monaco.editor.ICodeEditor,
  side: LineSide,
  listener: (place: LinePlace) => void,
): monaco.IDisposable {
  return editor.onMouseUp(({ target, event }) => {
    if (!event.leftButton || !inMargin.has(target.type) || !target.position) return;
    listener({ side, line: target.position.lineNumber });
  });
}
