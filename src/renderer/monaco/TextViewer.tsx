import { useEffect, useRef, useState, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { classNames } from '#renderer/ui/class-names.ts';

import styles from './Monaco.module.css';
import { inTasks } from './in-tasks.ts';
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
  /** Called once with the editor, which may show nothing yet. */
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
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<monaco.editor.IStandaloneCodeEditor | null>(null);
  /** What the editor shows; null until it shows something. */
  const [shown, setShown] = useState<monaco.editor.ITextModel | null>(null);
  const theme = useTheme();
  const fontSize = useMirror((mirror) => mirror.settings?.editorFontSize ?? 13);

  // An editor, a long text, and the one in the other take the page a while each.
  useEffect(() => {
    let made: monaco.editor.IStandaloneCodeEditor | null = null;
    const making = inTasks([
      () => {
        if (!host.current) return;
        made = monaco.editor.create(host.current, {
          model: null,
          theme: 'switchyard',
          automaticLayout: true,
          readOnly: true,
          minimap: { enabled: false },
          scrollBeyondLastLine: false,
          lineNumbersMinChars: 3,
          fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
          overviewRulerBorder: false,
          overviewRulerLanes: 0,
          renderLineHighlight: 'none',
          unicodeHighlight: { ambiguousCharacters: false },
          fixedOverflowWidgets: true,
        });
        setEditor(made);
        mounted.current?.(made);
      },
    ]);
    return () => {
      making.dispose();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    editor?.updateOptions({ fontSize, ariaLabel: label });
  }, [editor, fontSize, label]);

  useEffect(() => {
    if (!editor) return undefined;
    let model: monaco.editor.ITextModel | null = null;
    const showing = inTasks([
      () => {
        model = monaco.editor.createModel(text, language);
      },
      () => {
        if (!model) return;
        editor.setModel(model);
        if (tone !== null) showTone(editor, model, tone);
        setShown(model);
      },
    ]);
    return () => {
      showing.dispose();
      model?.dispose();
    };
  }, [editor, text, language, tone]);

  useEffect(() => {
    if (!editor || !onMargin) return undefined;
    const clicks = onMarginClick(editor, side, onMargin);
    return () => {
      clicks.dispose();
    };
  }, [editor, onMargin, side]);

  useEffect(() => {
    if (!editor || !shown) return undefined;
    const marked = showMarks(editor, marks, side);
    return () => {
      marked.clear();
    };
  }, [editor, shown, marks, side]);

  useEffect(() => {
    if (editor && shown && place) showPlace(editor, place);
  }, [editor, shown, place]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={classNames(styles.fill, onMargin && styles.commentable)} />;
}

function showTone(editor: monaco.editor.ICodeEditor, model: monaco.editor.ITextModel, tone: 'added' | 'removed'): void {
  // The empty line behind the last line end is nobody's.
  const count = model.getLineCount();
  const lines = model.getLineLength(count) === 0 ? count - 1 : count;
  editor.createDecorationsCollection([
    {
      range: new monaco.Range(1, 1, Math.max(1, lines), 1),
      options: { isWholeLine: true, className: styles[tone] ?? null, marginClassName: styles[tone] ?? null },
    },
  ]);
}

const noMarks: readonly LineMark[] = [];
