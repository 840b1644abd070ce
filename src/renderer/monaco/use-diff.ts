import { useEffect, useRef, useState, type RefObject } from 'react';

import type { CommandId } from '#renderer/state/command-catalogue.ts';
import { registerCommands } from '#renderer/state/commands.ts';

import type { monaco } from './monaco.ts';

export type DiffLayout = 'side-by-side' | 'inline';

/** One for all diffs, wherever it was chosen. */
const layoutKey = 'switchyard.review.layout';

export interface DiffControl {
  /** The viewer tells itself here; null when it goes. */
  onDiff: (editor: monaco.editor.IStandaloneDiffEditor | null) => void;
  /** The viewer that is shown; null while none is. */
  diffRef: RefObject<monaco.editor.IStandaloneDiffEditor | null>;
  layout: DiffLayout;
  setLayout: (layout: DiffLayout) => void;
  goTo: (target: 'next' | 'previous') => void;
}

/** What a diff is steered with, and its two commands, which are there as long as the place that shows it. */
export function useDiff(commands: { previous: CommandId; next: CommandId }): DiffControl {
  const { previous, next } = commands;
  const [layout, setLayout] = useState<DiffLayout>(() =>
    localStorage.getItem(layoutKey) === 'inline' ? 'inline' : 'side-by-side',
  );
  const diffRef = useRef<monaco.editor.IStandaloneDiffEditor | null>(null);
  const goTo = (target: 'next' | 'previous'): void => diffRef.current?.goToDiff(target);
  useEffect(() => {
    const registered = registerCommands([
      { id: next, run: () => diffRef.current?.goToDiff('next') },
      { id: previous, run: () => diffRef.current?.goToDiff('previous') },
    ]);
    return () => {
      registered.dispose();
    };
  }, [previous, next]);
  return {
    onDiff: (editor) => {
      diffRef.current = editor;
    },
    diffRef,
    layout,
    setLayout: (chosen) => {
      localStorage.setItem(layoutKey, chosen);
      setLayout(chosen);
    },
    goTo,
  };
}
