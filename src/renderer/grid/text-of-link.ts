import type { Terminal } from '@xterm/xterm';

interface Place {
  x: number;
  y: number;
}

/** What a link says: places count from 1, and the last one belongs to it. */
export function textOfLink(terminal: Terminal, start: Place, end: Place): string {
  const { active } = terminal.buffer;
  let text = '';
  for (let row = start.y; row <= end.y; row++) {
    const from = row === start.y ? start.x - 1 : 0;
    text += active.getLine(row - 1)?.translateToString(true, from, row === end.y ? end.x : undefined) ?? '';
  }
  return text;
}
