import { useEffect, useState } from 'react';

import { monaco } from '#renderer/monaco/monaco.ts';

/** A Monaco model for as long as the component is there; whatever is typed into it is told. */
export function useTextModel(text: string, onChange: (text: string) => void): monaco.editor.ITextModel | null {
  const [model, setModel] = useState<monaco.editor.ITextModel | null>(null);
  useEffect(() => {
    const made = monaco.editor.createModel(text, 'markdown');
    const heard = made.onDidChangeContent(() => {
      onChange(made.getValue());
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
  }, []);
  return model;
}
