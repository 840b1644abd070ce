import { sgrOf, type Cell } from './cell-style.ts';

/** What is needed of a buffer of xterm.js: the headless one and the one in the page both have it. */
export interface ReadableBuffer {
  /** Rows above the screen and on it. */
  readonly length: number;
  getLine(row: number): ReadableRow | undefined;
}

export interface ReadableRow {
  readonly isWrapped: boolean;
  readonly length: number;
  getCell(col: number): { getChars(): string; getWidth(): number } | undefined;
  translateToString(trimRight?: boolean, from?: number, to?: number): string;
}

/** As plain text, or with the sequences that give it its colours again. */
export type LineForm = 'text' | 'ansi';

/** A line as a program printed it: rows into which it was folded are one again. */
export interface Line {
  /** Its first row, and how many there are. */
  row: number;
  rows: number;
  text: string;
  /** It was cut here, because it is of no sensible length; the next one is the rest of it. */
  goesOn: boolean;
}

/** A line of more characters than about this is given in several. */
export const longestLine = 20_000;

/** The first row of the line that this row is part of. */
export function firstRowOf(buffer: ReadableBuffer, row: number): number {
  let first = row;
  while (first > 0 && buffer.getLine(first)?.isWrapped === true) first -= 1;
  return first;
}

/** The line that begins in this row; null below the last one. `end`: the row to stop before. */
export function readLine(
  buffer: ReadableBuffer,
  row: number,
  cols: number,
  form: LineForm = 'text',
  end = buffer.length,
): Line | null {
  if (row >= end || !buffer.getLine(row)) return null;
  const most = Math.max(1, Math.ceil(longestLine / cols));
  const isFold = (at: number): boolean => at < end && buffer.getLine(at)?.isWrapped === true;
  let rows = 1;
  while (rows < most && isFold(row + rows)) rows += 1;
  const goesOn = isFold(row + rows);
  const pieces = Array.from({ length: rows }, (_, index) => {
    const line = buffer.getLine(row + index);
    if (!line) return '';
    const width = index < rows - 1 || goesOn ? foldedWidth(line, buffer.getLine(row + index + 1)) : null;
    return form === 'text' ? textOf(line, width) : ansiOf(line, width);
  });
  const text = pieces.join('');
  return { row, rows, text: goesOn ? text : trimEnd(text), goesOn };
}

/** The columns of a row that goes on below: a wide character that did not fit has left the last one empty. */
function foldedWidth(line: ReadableRow, below: ReadableRow | undefined): number {
  const isLeftOut = below?.getCell(0)?.getWidth() === 2 && line.getCell(line.length - 1)?.getChars() === '';
  return isLeftOut ? line.length - 1 : line.length;
}

/** `width`: null for the last row of a line, of which the empty end is nobody's. */
const textOf = (line: ReadableRow, width: number | null): string =>
  width === null ? line.translateToString(true) : line.translateToString(false, 0, width);

/** Ends without a colour set. */
function ansiOf(line: ReadableRow, width: number | null, from = 0, to = line.length): string {
  let text = '';
  let look = plain;
  const end = Math.min(to, width ?? lastUsed(line) + 1);
  for (let col = from; col < end; col++) {
    const cell = line.getCell(col) as Cell | undefined;
    if (!cell || cell.getWidth() === 0) continue;
    const next = sgrOf(cell);
    if (next !== look) text += next;
    look = next;
    text += cell.getChars() || ' ';
  }
  return look === plain ? text : text + plain;
}

const plain = '\x1b[m';

/** The last column with text or a colour behind it; -1 when there is none. */
function lastUsed(line: ReadableRow): number {
  for (let col = line.length - 1; col >= 0; col--) {
    const cell = line.getCell(col) as Cell | undefined;
    if (!cell) continue;
    if (cell.getWidth() === 0 || cell.getChars().trim() !== '' || !cell.isBgDefault() || cell.isInverse()) return col;
  }
  return -1;
}

// Spaces at the end of a line are how a program clears the rest of it.
const trimEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === ' ') end -= 1;
  return text.slice(0, end);
};

/** A place in a buffer. */
export interface CellPlace {
  row: number;
  col: number;
}

/** What is selected, with its colours: from one place to another (exclusive), line by line. */
export function selectedAnsi(buffer: ReadableBuffer, from: CellPlace, to: CellPlace): string {
  let text = '';
  for (let row = from.row; row <= to.row; row++) {
    const line = buffer.getLine(row);
    if (!line) break;
    const below = buffer.getLine(row + 1);
    const goesOn = row < to.row && below?.isWrapped === true;
    const first = row === from.row ? from.col : 0;
    const last = row === to.row ? to.col : line.length;
    const width = goesOn ? foldedWidth(line, below) : null;
    text += ansiOf(line, width, first, last) + (goesOn || row === to.row ? '' : '\n');
  }
  return text;
}

/** Where the character at this offset of a line's text is drawn. */
export function placeInLine(buffer: ReadableBuffer, line: Pick<Line, 'row' | 'rows'>, offset: number): CellPlace {
  let left = offset;
  for (let row = line.row; row < line.row + line.rows; row++) {
    const cells = buffer.getLine(row);
    if (!cells) break;
    const isLast = row === line.row + line.rows - 1;
    const width = isLast ? cells.length : foldedWidth(cells, buffer.getLine(row + 1));
    for (let col = 0; col < width; col++) {
      const cell = cells.getCell(col);
      if (!cell || cell.getWidth() === 0) continue;
      const length = cell.getChars().length || 1;
      if (left < length) return { row, col };
      left -= length;
    }
    if (isLast) return { row, col: width };
  }
  return { row: line.row, col: 0 };
}
