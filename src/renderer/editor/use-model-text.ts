import { useEffect, useState } from 'react';

import type { monaco } from '#renderer/monaco/monaco.ts';

/** The model's text, a little after typing has paused. */
export function useModelText(model: monaco.editor.ITextModel, delay: number): string {
  const [text, setText] = useState(() => model.getValue());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = model.onDidChangeContent(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        setText(model.getValue());
      }, delay);
    });
    return () => {
      clearTimeout(timer);
      heard.dispose();
    };
  }, [model, delay]);
  return text;
}
