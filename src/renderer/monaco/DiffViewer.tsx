import { useEffect, useRef, useState, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';
import { classNames } from '#renderer/ui/class-names.ts';

import styles from './Monaco.module.css';
import { inTasks } from './in-tasks.ts';
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

/** Longer than Monaco compares two texts at most (`maxComputationTime`), and its worker takes to start, milliseconds. */
const lingerMilliseconds = 15_000;

/** Texts that are shown no more. They may still be compared, and a diff that finds them gone would be an error. */
function letGo({ original, modified }: monaco.editor.IDiffEditorModel): void {
  setTimeout(() => {
    original.dispose();
    modified.dispose();
  }, lingerMilliseconds);
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
  const mounted = useRef(onMount);
  const [editor, setEditor] = useState<monaco.editor.IStandaloneDiffEditor | null>(null);
  /** What the editor shows; null until it shows something. */
  const [shown, setShown] = useState<monaco.editor.IDiffEditorModel | null>(null);
  const theme = useTheme();
  const fontSize = useMirror((mirror) => mirror.settings?.editorFontSize ?? 13);

  // An editor, long texts, and these in it take the page a while each.
  useEffect(() => {
    let made: monaco.editor.IStandaloneDiffEditor | null = null;
    const making = inTasks([
      () => {
        if (!host.current) return;
        made = monaco.editor.createDiffEditor(host.current, {
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
        setEditor(made);
        mounted.current?.(made);
      },
    ]);
    return () => {
      making.dispose();
      const models = made?.getModel();
      made?.dispose();
      if (models) letGo(models);
    };
  }, []);

  // Before it has anything to show: it draws less often.
  useEffect(() => {
    editor?.updateOptions({ renderSideBySide: sideBySide, fontSize, ariaLabel: label });
  }, [editor, sideBySide, fontSize, label]);

  useEffect(() => {
    if (!editor) return undefined;
    let models: monaco.editor.IDiffEditorModel | null = null;
    let isSet = false;
    const showing = inTasks([
      () => {
        models = {
          original: monaco.editor.createModel(original, language),
          modified: monaco.editor.createModel(modified, language),
        };
      },
      () => {
        if (!models) return;
        const before = editor.getModel();
        isSet = true;
        editor.setModel(models);
        setShown(models);
        if (before) letGo(before);
      },
    ]);
    return () => {
      showing.dispose();
      // What is in the editor stays until the next texts are, or the editor goes.
      if (isSet) return;
      models?.original.dispose();
      models?.modified.dispose();
    };
  }, [editor, original, modified, language]);

  useEffect(() => {
    if (!editor || !onMargin) return undefined;
    const clicks = [
      onMarginClick(editor.getOriginalEditor(), 'before', onMargin),
      onMarginClick(editor.getModifiedEditor(), 'after', onMargin),
    ];
    return () => {
      for (const click of clicks) click.dispose();
    };
  }, [editor, onMargin]);

  useEffect(() => {
    if (!editor || !shown) return undefined;
    const marked = [
      showMarks(editor.getOriginalEditor(), marks, 'before'),
      showMarks(editor.getModifiedEditor(), marks, 'after'),
    ];
    return () => {
      for (const each of marked) each.clear();
    };
  }, [editor, shown, marks]);

  useEffect(() => {
    if (!editor || !shown || !place) return undefined;
    const side = place.side === 'before' ? editor.getOriginalEditor() : editor.getModifiedEditor();
    showPlace(side, place);
    // Once more when the diff is there: it folds away what did not change, and moves what it shows.
    const updated = editor.onDidUpdateDiff(() => {
      updated.dispose();
      side.revealLineInCenter(place.line);
    });
    return () => {
      updated.dispose();
    };
  }, [editor, shown, place]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={classNames(styles.fill, onMargin && styles.commentable)} />;
}

const noMarks: readonly LineMark[] = [];
