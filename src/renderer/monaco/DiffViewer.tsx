import { useEffect, useRef, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';

import styles from './Monaco.module.css';
import { applyMonacoTheme, monaco } from './monaco.ts';
import { showPlace } from './TextViewer.tsx';

export interface DiffViewerProps {
  original: string;
  modified: string;
  /** A language id of Monaco's, or empty: plain text. */
  language: string;
  sideBySide: boolean;
  label: string;
  /** A place of the modified side, brought into view and marked; from 1. */
  place?: { line: number; column: number } | null | undefined;
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
    if (!made || !place) return undefined;
    showPlace(made.getModifiedEditor(), place);
    // Once more when the diff is there: it folds away what did not change, and moves what it shows.
    const shown = made.onDidUpdateDiff(() => {
      shown.dispose();
      made.getModifiedEditor().revealLineInCenter(place.line);
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

  return <div ref={host} className={styles.fill} />;
}
