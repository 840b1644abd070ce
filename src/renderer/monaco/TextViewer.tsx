import { useEffect, useRef, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';

import styles from './Monaco.module.css';
import { applyMonacoTheme, monaco } from './monaco.ts';

export interface TextViewerProps {
  text: string;
  /** A language id of Monaco's, or empty: plain text. */
  language: string;
  /** All of it is new, or all of it is gone. */
  tone: 'added' | 'removed';
  label: string;
}

/** A text that has no other side to compare with, to be read. */
export function TextViewer({ text, language, tone, label }: TextViewerProps): ReactNode {
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
    // The empty line behind the last line end is nobody's.
    const lines = text.endsWith('\n') ? model.getLineCount() - 1 : model.getLineCount();
    made.createDecorationsCollection([
      {
        range: new monaco.Range(1, 1, Math.max(1, lines), 1),
        options: { isWholeLine: true, className: styles[tone] ?? null, marginClassName: styles[tone] ?? null },
      },
    ]);
    return () => {
      made.dispose();
      model.dispose();
    };
  }, [text, language, tone, label, fontSize]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={styles.fill} />;
}
