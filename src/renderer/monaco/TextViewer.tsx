import { useEffect, useRef, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { classNames } from '#renderer/ui/class-names.ts';

import styles from './Monaco.module.css';
import { onMarginClick, showMarks, type LineMark, type LinePlace } from './line-marks.ts';
import { applyMonacoTheme, monaco } from './monaco.ts';

export interface TextViewerProps {
  text: string;
  /** A language id of Monaco's, or empty: plain text. */
  language: string;
  /** All of it is new, or all of it is gone, or nothing is said of that. */
  tone: 'added' | 'removed' | null;
  label: string;
  /** Brought into view and marked; from 1. A new object brings it into view again. */
  place?: { line: number; column: number } | null | undefined;
  /** Lines that something is said about. */
  marks?: readonly LineMark[];
  /** The number of a line was clicked, or what stands beside it. */
  onMargin?: ((place: LinePlace) => void) | undefined;
  /** Called with the editor each time that one is made. */
  onMount?: ((editor: monaco.editor.IStandaloneCodeEditor) => void) | undefined;
}

/** Brings a place into the middle, puts the cursor there and marks its line. A line that is not there is the last one. */
export function showPlace(editor: monaco.editor.ICodeEditor, { line, column }: { line: number; column: number }): void {
  const model = editor.getModel();
  if (!model) return;
  const position = model.validatePosition({ lineNumber: line, column });
  editor.setPosition(position);
  editor.revealLineInCenter(position.lineNumber);
  editor.createDecorationsCollection([
    {
      range: new monaco.Range(position.lineNumber, 1, position.lineNumber, 1),
      options: { isWholeLine: true, className: styles['aimed'] ?? null },
    },
  ]);
}

/** A text that has no other side to compare with, to be read. */
export function TextViewer(props: TextViewerProps): ReactNode {
  const { text, language, tone, label, place = null, marks = noMarks, onMargin, onMount } = props;
  const mounted = useRef(onMount);
  const side = tone === 'removed' ? 'before' : 'after';
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const fontSize = useMirror((mirror) => mirror.settings?.editorFontSize ?? 13);

  useEffect(() => {
    if (!host.current) return undefined;
    const model = monaco.editor.createModel(text, language);
    const made = monaco.editor.create(host.current, {
      model,
      theme: 'switchyard',
      automaticLayout: true,
      readOnly: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      lineNumbersMinChars: 3,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      fontSize,
      ariaLabel: label,
      overviewRulerBorder: false,
      overviewRulerLanes: 0,
      renderLineHighlight: 'none',
      unicodeHighlight: { ambiguousCharacters: false },
      fixedOverflowWidgets: true,
    });
    editor.current = made;
    mounted.current?.(made);
    if (tone === null) {
      return () => {
        editor.current = null;
        made.dispose();
        model.dispose();
      };
    }
    // The empty line behind the last line end is nobody's.
    const lines = text.endsWith('\n') ? model.getLineCount() - 1 : model.getLineCount();
    made.createDecorationsCollection([
      {
        range: new monaco.Range(1, 1, Math.max(1, lines), 1),
        options: { isWholeLine: true, className: styles[tone] ?? null, marginClassName: styles[tone] ?? null },
      },
    ]);
    return () => {
      editor.current = null;
      made.dispose();
      model.dispose();
    };
  }, [text, language, tone, label, fontSize]);

  useEffect(() => {
    const made = editor.current;
    if (!made || !onMargin) return undefined;
    const clicks = onMarginClick(made, side, onMargin);
    return () => {
      clicks.dispose();
    };
    // All that the editor is made again for.
  }, [onMargin, side, text, language, tone, label, fontSize]);

  useEffect(() => {
    const made = editor.current;
    if (!made) return undefined;
    const shown = showMarks(made, marks, side);
    return () => {
      shown.clear();
    };
  }, [marks, side, text, language, tone, label, fontSize]);

  useEffect(() => {
    if (editor.current && place) showPlace(editor.current, place);
  }, [place, text]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={classNames(styles.fill, onMargin && styles.commentable)} />;
}

const noMarks: readonly LineMark[] = [];
