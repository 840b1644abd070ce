import type { Terminal } from '@xterm/xterm';

/**
 * Remembers what is selected, by its distance from the end. What it returns selects it again after the same lines were drawn
 * anew, and nothing where another text has come there.
 */
export function holdSelection(terminal: Terminal): () => void {
  const position = terminal.getSelectionPosition();
  if (!position) return () => undefined;
  const text = terminal.getSelection();
  const { start, end } = position;
  const fromEnd = terminal.buffer.active.length - start.y;
  const length = (end.y - start.y) * terminal.cols + end.x - start.x;
  return () => {
    const row = terminal.buffer.active.length - fromEnd;
    if (row < 0) return;
    terminal.select(start.x, row, length);
    if (terminal.getSelection() !== text) terminal.clearSelection();
  };
}
