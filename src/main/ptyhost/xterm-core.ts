import type { Terminal } from '@xterm/headless';

import type { Disposable } from '#shared/disposable.ts';
import type { Cell, Style } from '#shared/terminal/cell-style.ts';

export type { Cell, Style };

/**
 * What xterm.js 6.0.0 has no public reader for, and a snapshot needs. The version is pinned; screen.test.ts fails when
 * another names things otherwise. Where a part is missing, a snapshot loses that mode and nothing else.
 */
export interface XtermCore {
  coreMouseService?: { activeEncoding?: string };
  coreService?: {
    isCursorHidden?: boolean;
    decPrivateModes?: { cursorStyle?: 'block' | 'underline' | 'bar'; cursorBlink?: boolean };
  };
  _charsetService?: { glevel?: number; charset?: Readonly<Record<string, string>> };
  _bufferService?: { buffer?: CoreBuffer; buffers?: { normal?: CoreBuffer } };
  /** What the parser asks about each character, given what it was told about the one before. */
  unicodeService?: { charProperties(codepoint: number, preceding: number): number };
  _inputHandler?: { _curAttrData?: Style };
  _oscLinkService?: { getLinkData(id: number): { id?: string; uri: string } | undefined };
}

export interface CoreBuffer {
  scrollTop?: number;
  scrollBottom?: number;
  ybase?: number;
  lines?: CoreLines;
  /** Where the saved cursor is: the row counts from the first line of scrollback. */
  savedX?: number;
  savedY?: number;
  savedCurAttrData?: Style;
}

export interface CoreLines {
  get?: (row: number) => CoreLine | undefined;
  /** Tells how many lines went at the top. */
  onTrim?: (listener: (count: number) => void) => Disposable;
}

/** A row. */
export interface CoreLine {
  length: number;
  /** Three numbers a cell. */
  _data: Uint32Array;
  /** What does not fit into a cell's numbers, by column. */
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, unknown>;
}

export function coreOf(terminal: Terminal): XtermCore {
  return (terminal as unknown as { _core?: XtermCore })._core ?? {};
}
