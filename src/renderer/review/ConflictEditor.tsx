import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { CodeEditor } from '#renderer/monaco/CodeEditor.tsx';
import { monaco } from '#renderer/monaco/monaco.ts';
import { TextViewer } from '#renderer/monaco/TextViewer.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { SplitPane } from '#renderer/ui/SplitPane.tsx';
import type { ConflictFile } from '#shared/contract/conflicts.ts';
import { counted } from '#shared/counted.ts';

import { linesOf, markedPlaces, type Taken } from './conflict-markers.ts';
import styles from './ConflictDialog.module.css';

type Side = 'ours' | 'base' | 'theirs';

interface ConflictEditorProps {
  file: ConflictFile & { marked: string };
  base: string;
  branch: string;
  text: string;
  onText: (text: string) => void;
}

/** The three sides of a file to read, and the result to write, place by place or freely. */
export function ConflictEditor({ file, base, branch, text, onText }: ConflictEditorProps): ReactNode {
  const [side, setSide] = useState<Side>('ours');
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const model = useResult(text, file.language, onText);
  const places = useMemo(() => markedPlaces(text), [text]);

  useEffect(() => {
    const made = editor.current;
    if (!made || !model) return undefined;
    const shown = made.createDecorationsCollection(
      places.map(({ from, to }) => ({
        range: new monaco.Range(from, 1, to, 1),
        options: { isWholeLine: true, className: styles['place'] ?? null },
      })),
    );
    return () => {
      shown.clear();
    };
  }, [places, model]);

  const goTo = (line: number): void => {
    editor.current?.setPosition({ lineNumber: line, column: 1 });
    editor.current?.revealLineInCenter(line);
    editor.current?.focus();
  };
  /** The place at the cursor, or the next one, or the first. */
  const current = (): (typeof places)[number] | undefined => {
    const line = editor.current?.getPosition()?.lineNumber ?? 1;
    return places.find(({ to }) => to >= line) ?? places[0];
  };
  const take = (taken: Taken): void => {
    const place = current();
    if (!place || !model) return;
    const lines = linesOf(place, taken).map((line) => line.replace(/\r$/u, ''));
    const isLast = place.to === model.getLineCount();
    const end = isLast ? model.getLineMaxColumn(place.to) : 1;
    const range = new monaco.Range(place.from, 1, isLast ? place.to : place.to + 1, end);
    const eol = model.getEOL();
    editor.current?.pushUndoStop();
    model.pushEditOperations([], [{ range, text: lines.map((line) => `${line}${eol}`).join('') }], () => null);
    editor.current?.pushUndoStop();
    const next = markedPlaces(model.getValue()).find(({ to }) => to >= place.from);
    goTo(next?.from ?? place.from);
  };
  const none = places.length === 0 ? 'Nothing in this file is in conflict any more.' : null;
  const sideText = file[side];
  return (
    <div className={styles.editor}>
      <div className={styles.tools}>
        <Segmented
          size="sm"
          label="Side to read"
          value={side}
          options={[
            { value: 'ours', label: base },
            { value: 'base', label: 'Before both' },
            { value: 'theirs', label: branch },
          ]}
          onChange={setSide}
        />
        <span className={styles.left} role="status">
          {places.length === 0 ? 'No place left in conflict' : `${counted(places.length, 'place')} in conflict`}
        </span>
        <Button size="sm" reason={none} onClick={() => goTo(current()?.from ?? 1)}>
          Go there
        </Button>
        <Button size="sm" reason={none} onClick={() => take('ours')}>
          Take {base}
        </Button>
        <Button size="sm" reason={none} onClick={() => take('theirs')}>
          Take the branch
        </Button>
        <Button size="sm" reason={none} onClick={() => take('both')}>
          Take both
        </Button>
      </div>
      <SplitPane
        id="conflict"
        parts={[
          {
            id: 'side',
            minSize: 200,
            content:
              sideText === null ? (
                <p className={styles.nothing}>Neither had this file before.</p>
              ) : (
                <TextViewer
                  text={sideText}
                  language={file.language}
                  tone={null}
                  label={`${file.path} as it is on one side`}
                />
              ),
          },
          {
            id: 'result',
            minSize: 240,
            content: model ? (
              <CodeEditor
                model={model}
                label={`Result for ${file.path}`}
                onMount={(made) => {
                  editor.current = made;
                }}
              />
            ) : null,
          },
        ]}
      />
    </div>
  );
}

/** A model for as long as the component is there; whatever is typed into it is told. */
function useResult(text: string, language: string, onText: (text: string) => void): monaco.editor.ITextModel | null {
  const [model, setModel] = useState<monaco.editor.ITextModel | null>(null);
  const told = useRef(onText);
  useEffect(() => {
    told.current = onText;
  }, [onText]);
  useEffect(() => {
    const made = monaco.editor.createModel(text, language);
    const heard = made.onDidChangeContent(() => {
      told.current(made.getValue());
    });
    setModel(made);
    return () => {
      heard.dispose();
      setModel(null);
      // The editor lets go of it in its own effect, which runs after this one.
      setTimeout(() => {
        made.dispose();
      });
    };
    // The text is what it starts with; afterwards the model itself knows it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [language]);
  return model;
}
