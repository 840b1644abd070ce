import type { IBuffer, Terminal } from '@xterm/headless';

import { RowSerializer } from './row-serializer.ts';
import { coreOf, type CoreBuffer, type XtermCore } from './xterm-core.ts';

/** A snapshot crosses a socket in one frame; a screen of hostile size or colouring gives up scrollback to fit. */
const longestSnapshot = 8_000_000;

/**
 * What a fresh terminal of the same size has to be written to become like this one: lines above the screen, text,
 * colours, links, cursor, modes, and the marks that are given by row. Not kept: tab stops, and what saved cursors were to bring back besides their place.
 */
export function serializeScreen(terminal: Terminal, scrollback: number, marks?: ReadonlyMap<number, string>): string {
  for (let lines = scrollback; ; lines = Math.floor(lines / 4)) {
    const text = serialize(terminal, lines, marks);
    if (text.length <= longestSnapshot || lines === 0) return text;
  }
}

function serialize(terminal: Terminal, scrollback: number, marks?: ReadonlyMap<number, string>): string {
  const core = coreOf(terminal);
  const rows = new RowSerializer(terminal);
  const { normal, active, alternate } = terminal.buffer;
  const end = normal.baseY + terminal.rows;
  let text = rows.rows(normal, Math.max(0, normal.baseY - scrollback), end, marks);
  if (active.type === 'alternate') {
    text += savedCursor(terminal, core._bufferService?.buffers?.normal, rows);
    // 1049 would save the cursor once more, and fill the other screen with the colour that is set.
    text += `${rows.setStyle(undefined)}${cursorAt(normal.cursorY, Math.min(normal.cursorX, terminal.cols - 1))}\x1b[?1047h\x1b[H`;
    text += rows.rows(alternate, 0, terminal.rows);
  }
  text += savedCursor(terminal, core._bufferService?.buffer, rows);
  text += regionAndCursor(terminal, core, active, rows);
  text += rows.setStyle(core._inputHandler?._curAttrData);
  return text + otherModes(terminal, core);
}

function savedCursor(terminal: Terminal, buffer: CoreBuffer | undefined, rows: RowSerializer): string {
  const { savedX = 0, savedY = 0, ybase = 0, savedCurAttrData } = buffer ?? {};
  // It may have scrolled out of the screen; then it comes back at the top.
  const row = Math.min(terminal.rows - 1, Math.max(0, savedY - ybase));
  const style = rows.setStyle(savedCurAttrData);
  if (savedX === 0 && row === 0 && style === '') return '';
  return `${cursorAt(row, Math.min(savedX, terminal.cols - 1))}${style}\x1b7`;
}

/** The scroll region and origin mode move the cursor, so it is put in its place after them. */
function regionAndCursor(terminal: Terminal, core: XtermCore, active: IBuffer, rows: RowSerializer): string {
  const { scrollTop = 0, scrollBottom = terminal.rows - 1 } = core._bufferService?.buffer ?? {};
  let text = '';
  if (scrollTop !== 0 || scrollBottom !== terminal.rows - 1) {
    text += `\x1b[${String(scrollTop + 1)};${String(scrollBottom + 1)}r`;
  }
  if (terminal.modes.originMode) text += '\x1b[?6h';
  const row = active.cursorY - (terminal.modes.originMode ? scrollTop : 0);
  if (active.cursorX < terminal.cols) return text + cursorAt(row, active.cursorX);
  // Behind the last column, where the next character will fold: printing the last one again leads there.
  const line = active.getLine(active.baseY + active.cursorY);
  const last = line?.getCell(terminal.cols - 2)?.getWidth() === 2 ? terminal.cols - 2 : terminal.cols - 1;
  return text + cursorAt(row, last) + rows.cell(active, active.baseY + active.cursorY, last);
}

function cursorAt(row: number, col: number): string {
  return `\x1b[${String(row + 1)};${String(col + 1)}H`;
}

function otherModes({ modes }: Terminal, core: XtermCore): string {
  let text = '';
  if (modes.applicationCursorKeysMode) text += '\x1b[?1h';
  if (modes.applicationKeypadMode) text += '\x1b[?66h';
  if (modes.bracketedPasteMode) text += '\x1b[?2004h';
  if (modes.insertMode) text += '\x1b[4h';
  if (modes.reverseWraparoundMode) text += '\x1b[?45h';
  if (!modes.wraparoundMode) text += '\x1b[?7l';
  if (modes.sendFocusMode) text += '\x1b[?1004h';
  text += mouseModes[modes.mouseTrackingMode];
  if (core.coreMouseService?.activeEncoding === 'SGR') text += '\x1b[?1006h';
  if (core.coreMouseService?.activeEncoding === 'SGR_PIXELS') text += '\x1b[?1016h';

  const { isCursorHidden = false, decPrivateModes = {} } = core.coreService ?? {};
  if (isCursorHidden) text += '\x1b[?25l';
  if (decPrivateModes.cursorStyle) {
    const blinks = decPrivateModes.cursorBlink === true;
    text += `\x1b[${String(cursorStyles[decPrivateModes.cursorStyle] - (blinks ? 1 : 0))} q`;
  }

  // A program that draws lines may be between its switch to the line-drawing characters and back.
  if (core._charsetService?.charset?.['q'] === '\u2500') {
    text += core._charsetService.glevel === 1 ? '\x1b)0\x0e' : '\x1b(0';
  }
  return text;
}

const mouseModes = {
  none: '',
  x10: '\x1b[?9h',
  vt200: '\x1b[?1000h',
  drag: '\x1b[?1002h',
  any: '\x1b[?1003h',
} as const;
const cursorStyles = { block: 2, underline: 4, bar: 6 } as const;
