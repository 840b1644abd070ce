import { useEffect, useRef, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { useTheme } from '#renderer/state/theme.ts';

import styles from './Monaco.module.css';
import { applyMonacoTheme, monaco } from './monaco.ts';

export interface CodeEditorProps {
  /** Owned by whoever made it: it outlives this component. */
  model: monaco.editor.ITextModel;
  label: string;
  /** Called once with the editor, for commands and positions. */
  onMount?: (editor: monaco.editor.IStandaloneCodeEditor) => void;
}

/** Monaco on a model that somebody else owns. */
export function CodeEditor({ model, label, onMount }: CodeEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const mounted = useRef(onMount);
  const theme = useTheme();
  const fontSize = useMirror((mirror) => mirror.settings?.editorFontSize ?? 13);

  useEffect(() => {
    if (!host.current) return undefined;
    const made = monaco.editor.create(host.current, {
      model: null,
      theme: 'switchyard',
      automaticLayout: true,
      wordWrap: 'on',
      wrappingIndent: 'same',
      minimap: { enabled: false },
      lineNumbersMinChars: 3,
      scrollBeyondLastLine: false,
      padding: { top: 12, bottom: 24 },
      renderLineHighlight: 'line',
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
      overviewRulerBorder: false,
      unicodeHighlight: { ambiguousCharacters: false },
      fixedOverflowWidgets: true,
    });
    editor.current = made;
    mounted.current?.(made);
    return () => {
      editor.current = null;
      made.dispose();
    };
  }, []);

  useEffect(() => {
    editor.current?.setModel(model);
  }, [model]);

  useEffect(() => {
    editor.current?.updateOptions({ fontSize, ariaLabel: label });
  }, [fontSize, label]);

  useEffect(() => {
    applyMonacoTheme(theme);
  }, [theme]);

  return <div ref={host} className={styles.fill} />;
}
