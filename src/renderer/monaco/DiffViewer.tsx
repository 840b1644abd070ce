import { useEffect, useRef, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { classNames } from '#renderer/ui/class-names.ts';

import styles from './Monaco.module.css';
import { onMarginClick, showMarks, type LineMark, type LinePlace } from './line-marks.ts';
import { applyMonacoTheme, monaco } from './monaco.ts';
import { showPlace } from './TextViewer.tsx';

export interface DiffViewerProps {
  original: string;
  modified: string;
  /** A language id of Monaco's, or empty: plain text. */
  language: string;
  sideBySide: boolean;
  label: string;
  /** A place, of the modified side where nothing else is said, brought into view and marked; from 1. */
  place?: { line: number; column: number; side?: 'before' | undefined } | null | undefined;
  /** Lines that something is said about. */
  marks?: readonly LineMark[];
  /** The number of a line was clicked, or what stands beside it. */
  onMargin?: ((place: LinePlace) => void) | undefined;
  /** Called once with the editor, for going from change to change. */
  onMount?: (editor: monaco.editor.IStandaloneDiffEditor) => void;
}

/** Two texts and what differs between them, to be read. */
export function DiffViewer({
  original,
  modified,
  language,
  sideBySide,
  label,
  place = null,
  marks = noMarks,
  onMargin,
  onMount,
}: DiffViewerProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneDiffEditor | null>(null);
  const mounted = useRef(onMount);
  const theme = useTheme();
  const fontSize = useMirror((mirror) => mirror.settings?.editorFontSize ?? 13);

  useEffect(() => {
    if (!host.current) return undefined;
    const made = monaco.editor.createDiffEditor(host.current, {
      theme: 'switchyard',
      automaticLayout: true,
      readOnly: true,
      originalEditable: false,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderOverviewRuler: false,
      lineNumbersMinChars: 3,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 5 },
      maxComputationTime: 5000,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 640,
      unicodeHighlight: { ambiguousCharacters: false },
      fixedOverflowWidgets: true,
      renderWhitespace: 'selection',
    });
    editor.current = made;
    mounted.current?.(made);
    return () => {
      editor.current = null;
      const models = made.getModel();
      made.dispose();
      models?.original.dispose();
      models?.modified.dispose();
    };
  }, []);

  useEffect(() => {
    const made = editor.current;
    if (!made) return;
    const before = made.getModel();
    made.setModel({
      original: monaco.editor.createModel(original, language),
      modified: monaco.editor.createModel(modified, language),
    });
    if (!before) return;
    // The editor lets go of them in a timeout of its own, set just now. A diff of them that ends before that, and finds
    // them gone, would be an error.
    setTimeout(() => {
      before.original.dispose();
      before.modified.dispose();
    });
  }, [original, modified, language]);

  useEffect(() => {
    const made = editor.current;
    if (!made || !onMargin) return undefined;
    const clicks = [
      onMarginClick(made.getOriginalEditor(), 'before', onMargin),
      onMarginClick(made.getModifiedEditor(), 'after', onMargin),
    ];
    return () => {
      for (const click of clicks) click.dispose();
    };
  }, [onMargin]);

  useEffect(() => {
    const made = editor.current;
    if (!made) return undefined;
    const shown = [
      showMarks(made.getOriginalEditor(), marks, 'before'),
      showMarks(made.getModifiedEditor(), marks, 'after'),
    ];
    return () => {
      for (const each of shown) each.clear();
    };
  }, [marks, original, modified]);

  useEffect(() => {
    const made = editor.current;
    if (!made || !place) return undefined;
    const side = place.side === 'before' ? made.getOriginalEditor() : made.getModifiedEditor();
    showPlace(side, place);
    // Once more when the diff is there: it folds away what did not change, and moves what it shows.
    const shown = made.onDidUpdateDiff(() => {
      shown.dispose();
      side.revealLineInCenter(place.line);
    });
    return () => {
      shown.dispose();
    };
  }, [place, original, modified]);

  useEffect(() => {
    editor.current?.updateOptions({ renderSideBySide: sideBySide, fontSize, ariaLabel: label });
  }, [sideBySide, fontSize, label]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={classNames(styles.fill, onMargin && styles.commentable)} />;
}

const noMarks: readonly LineMark[] = [];
