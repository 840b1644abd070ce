import type { IBuffer, Terminal } from '@xterm/headless';

import { colourOf, extendedOf, rgbMode, sgrOf } from '#shared/terminal/cell-style.ts';

import { coreOf, type Cell, type Style, type XtermCore } from './xterm-core.ts';

/** Of what the terminal knows of a character: whether it joined the one before, and its kind, 0 for nearly all. */
const joins = 1;
const kindOf = (properties: number): number => (properties >> 3) & 15;

/**
 * Writes rows of a buffer as text and sequences that draw the same cells in a fresh terminal of the same width. The
 * serialize add-on of xterm.js is not used: it lets background colours run into lines that have none, loses links, and
 * leaves stray characters where a wrapped line was edited.
 */
export class RowSerializer {
  readonly #core: XtermCore;
  readonly #cols: number;
  #cell: Cell | undefined;
  #text = '';
  /** What the terminal that reads this has set by now, as the sequences that set it. */
  #sgr = '';
  #link = 0;
  readonly #unicode: XtermCore['unicodeService'];
  /** What the terminal knows of the plainest of characters. */
  readonly #plain: number;
  /** What the reader knows of the character printed last; 0 when a sequence or a control character came after it. */
  #preceding = 0;
  /** Set while the numbers are those of the last cell: most cells look like the one before. */
  #last = { fg: NaN, bg: NaN, ext: NaN, urlId: NaN };

  constructor(terminal: Terminal) {
    this.#core = coreOf(terminal);
    this.#cols = terminal.cols;
    this.#unicode = this.#core.unicodeService;
    this.#plain = this.#unicode?.charProperties(0x61, 0) ?? 0;
  }

  /**
   * Draws rows `from` to `to` (exclusive), beginning at the left of the line the cursor is in. `marks` are sequences that
   * draw nothing, to be written where a row begins.
   */
  rows(buffer: IBuffer, from: number, to: number, marks?: ReadonlyMap<number, string>): string {
    this.#text = '';
    this.#preceding = 0;
    for (let row = from; row < to; row++) {
      const line = buffer.getLine(row);
      if (!line) break;
      const isFolded = row > from && line.isWrapped;
      if (row > from && !isFolded) {
        // A line that scrolls in is filled with the colour that is set.
        this.#style(null);
        this.#text += '\r\n';
        this.#preceding = 0;
      }
      this.#text += marks?.get(row) ?? '';
      const below = row + 1 < to ? buffer.getLine(row + 1) : undefined;
      this.#row(line, isFolded, below?.isWrapped === true ? below : null);
    }
    this.#style(null);
    return this.#text;
  }

  /** Draws one cell again, to leave the cursor behind the last column as it was. */
  cell(buffer: IBuffer, row: number, col: number): string {
    this.#text = '';
    this.#preceding = 0;
    const cell = buffer.getLine(row)?.getCell(col) as Cell | undefined;
    if (cell) this.#style(cell);
    this.#text += cell?.getChars() || ' ';
    return this.#text;
  }

  /** Sets the look of what is printed next. */
  setStyle(style: Style | undefined): string {
    this.#text = '';
    this.#style(style ?? null);
    return this.#text;
  }

  #style(style: Style | null): void {
    const { fg = 0, bg = 0 } = style ?? {};
    const { ext = 0, urlId = 0 } = extendedOf(style) ?? {};
    const length = this.#text.length;
    const last = this.#last;
    if (fg === last.fg && bg === last.bg && ext === last.ext && urlId === last.urlId) return;
    this.#last = { fg, bg, ext, urlId };
    const sgr = style ? sgrOf(style) : '\x1b[m';
    if (sgr !== this.#sgr) this.#text += sgr;
    this.#sgr = sgr;
    this.#linkTo(urlId);
    if (this.#text.length > length) this.#preceding = 0;
  }

  #linkTo(urlId: number): void {
    const link = urlId === 0 ? undefined : this.#core._oscLinkService?.getLinkData(urlId);
    // A link is forgotten with the lines it was on; what still names it is no link any more.
    const known = link ? urlId : 0;
    if (known === this.#link) return;
    this.#link = known;
    const id = link?.id === undefined ? '' : `id=${link.id}`;
    this.#text += `\x1b]8;${id};${link?.uri ?? ''}\x1b\\`;
  }

  /**
   * `isFolded`: the row goes on from the one above, and `below` from this one. The terminal is to know them as one line,
   * so the cells at both sides of a fold are printed, if only as spaces: then it folds there by itself.
   */
  #row(line: Line, isFolded: boolean, below: Line | null): void {
    const cols = Math.min(this.#cols, line.length);
    // A wide character that does not fit into the last column folds from there and leaves it empty.
    const foldsByItself = below?.getCell(0)?.getWidth() === 2;
    for (let col = 0; col < cols;) {
      const cell = line.getCell(col, this.#cell) as Cell;
      this.#cell = cell;
      const width = cell.getWidth();
      const chars = cell.getChars();
      if (chars !== '' && width > 0 && col + width <= cols) {
        this.#print(cell, chars, col + width < cols ? col + width : null);
        col += width;
      } else if ((col === 0 && isFolded) || (col === cols - 1 && below && !foldsByItself)) {
        this.#print(cell, ' ', null);
        col += 1;
      } else {
        col += this.#empty(line, col, isFolded, below !== null);
      }
    }
  }

  /** `next`: the column that follows, when there is one in this row. */
  #print(cell: Cell, chars: string, next: number | null): void {
    this.#style(cell);
    this.#keepApart(chars);
    this.#text += chars;
    // Whatever width a reader gives to a cluster, what follows is in its place.
    if (chars.length > 1 && next !== null) {
      this.#text += `\x1b[${String(next + 1)}G`;
      this.#preceding = 0;
    }
  }

  /** Keeps a character from being drawn into the cell before: marks, joiners, flags, the parts of a Hangul syllable. */
  #keepApart(chars: string): void {
    const unicode = this.#unicode;
    const isPlain = chars.length === 1 && chars.charCodeAt(0) < 0x300;
    if (!unicode || (isPlain && (this.#preceding === 0 || this.#preceding === this.#plain))) {
      this.#preceding = this.#plain;
      return;
    }
    if ((unicode.charProperties(chars.codePointAt(0) ?? 0, this.#preceding) & joins) !== 0) {
      // Any sequence does.
      this.#text += this.#sgr || '\x1b[m';
      this.#preceding = 0;
    }
    for (const char of chars) this.#preceding = unicode.charProperties(char.codePointAt(0) ?? 0, this.#preceding);
    if (kindOf(this.#preceding) === 0) this.#preceding = this.#plain;
  }

  /**
   * Draws a run of empty cells of one colour, and returns its length. In a row that a fold has brought in they are drawn
   * even when they have none: such a row comes filled with the colour of the text.
   */
  #empty(line: Line, from: number, isFolded: boolean, goesOn: boolean): number {
    const first = line.getCell(from, this.#cell) as Cell;
    const mode = first.getBgColorMode();
    const colour = first.getBgColor();
    // The last column is left to what follows, when the row goes on below.
    const end = goesOn && from < this.#cols - 1 ? this.#cols - 1 : this.#cols;
    let to = from + 1;
    for (; to < end; to++) {
      const cell = line.getCell(to, this.#cell) as Cell | undefined;
      if (!cell) continue;
      const isEmpty = cell.getChars() === '' || cell.getWidth() === 0;
      if (!isEmpty || cell.getBgColorMode() !== mode || cell.getBgColor() !== colour) break;
    }
    const length = to - from;
    if (mode !== 0 || isFolded) {
      this.#style(null);
      if (mode !== 0) this.#text += `\x1b[${colourOf(48, mode === rgbMode, colour)}m`;
      this.#text += to === this.#cols ? '\x1b[K' : `\x1b[${String(length)}X`;
      if (mode !== 0) this.#text += '\x1b[m';
    }
    if (to < this.#cols) this.#text += `\x1b[${String(length)}C`;
    this.#preceding = 0;
    return length;
  }
}

type Line = NonNullable<ReturnType<IBuffer['getLine']>>;
