import { deflateRawSync, inflateRawSync } from 'node:zlib';

import type { Terminal } from '@xterm/headless';

import type { RowCount } from './row-count.ts';
import { coreOf, type CoreLine, type CoreLines } from './xterm-core.ts';

/** Rows that are packed together: 184 kB of cells at 120 columns, a millisecond of work. */
const rowsOfBlock = 128;
/** So many rows above the screen are never packed: who asks for the last lines asks often. */
const freshRows = 128;

/** Rows of one epoch, from a number on that stays theirs while others scroll out at the top. */
interface Block {
  first: number;
  /** The cells of its rows one after the other. */
  packed: Uint8Array;
  /** How many cells each row has. */
  lengths: readonly number[];
  /** The rows have no cells now: they are only here. */
  isOut: boolean;
}

const noCells = new Uint32Array(0);
const nothing: CoreLine['_combined'] = {};
const isEmpty = (record: object): boolean => {
  for (const _key in record) return false;
  return true;
};

/** Three numbers a cell. */
const numbersPerCell = 3;

/**
 * Packs the rows that have been above the screen for a while: 12 bytes a cell become a fraction of one. Every row stays in
 * its place in the terminal with all but its cells, so that output goes on as if nothing had been packed; whoever reads
 * rows, or folds them at another width, has them unpacked first. What is unpacked is exactly what was packed.
 */
export class PackedRows {
  readonly #terminal: Terminal;
  readonly #rowCount: RowCount;
  #blocks: Block[] = [];
  #epoch: number;
  /** The number of the first row that was on the screen when it was last looked. */
  #screenAtLook = 0;
  /** What is to be packed ends before the row of this number. */
  #before = 0;
  #hasMore = false;
  #wasRead = false;

  constructor(terminal: Terminal, rowCount: RowCount) {
    this.#terminal = terminal;
    this.#rowCount = rowCount;
    this.#epoch = rowCount.epoch;
  }

  /** How many rows have no cells now. */
  get count(): number {
    const lines = this.#lines();
    return this.#blocks.reduce((sum, block) => sum + (block.isOut && lines ? this.#rowsOf(block, lines).length : 0), 0);
  }

  /**
   * Packs what was above the screen at the look before already; what was read since stays as it is for this once. True: the
   * time was up, and the next call goes on with the same look.
   */
  pack(end: number): boolean {
    const lines = this.#lines();
    if (!lines) return false;
    const { trimmed } = this.#rowCount;
    if (!this.#hasMore) {
      const screen = trimmed + this.#terminal.buffer.normal.baseY;
      this.#before = Math.min(this.#screenAtLook, screen - freshRows);
      this.#screenAtLook = screen;
    }
    this.#hasMore = false;
    this.#blocks = this.#blocks.filter(({ first, lengths }) => first + lengths.length > trimmed);
    if (this.#wasRead) {
      this.#wasRead = false;
      return false;
    }
    for (const block of this.#blocks) {
      if (!block.isOut) this.#takeOut(block, lines);
    }
    for (let first = this.#end(trimmed); first + rowsOfBlock <= this.#before; first = this.#end(trimmed)) {
      if (performance.now() >= end) {
        this.#hasMore = true;
        return true;
      }
      const block = makeBlock(first, rowsFrom(lines, first - trimmed, rowsOfBlock));
      if (!block) return false;
      this.#blocks.push(block);
      this.#takeOut(block, lines);
    }
    return false;
  }

  /** Gives the rows from this one on their cells again; the first that is kept is row 0. */
  unpack(from = 0): void {
    if (this.#blocks.length === 0) return;
    const lines = this.#lines();
    if (!lines) return;
    const { trimmed } = this.#rowCount;
    for (const block of this.#blocks) {
      if (block.first + block.lengths.length - trimmed <= from) continue;
      this.#wasRead = true;
      if (block.isOut) this.#bringBack(block, lines);
    }
  }

  /** Unpacks all, and begins anew: rows are about to be others. */
  release(): void {
    this.unpack();
    this.#blocks = [];
  }

  /** The rows that there are. After a reset these are others, and none of them is packed. */
  #lines(): Required<CoreLines> | null {
    const { epoch } = this.#rowCount;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#blocks = [];
      this.#screenAtLook = 0;
      this.#hasMore = false;
    }
    const lines = coreOf(this.#terminal)._bufferService?.buffers?.normal?.lines;
    return lines?.get ? (lines as Required<CoreLines>) : null;
  }

  #end(trimmed: number): number {
    const last = this.#blocks.at(-1);
    return last ? last.first + last.lengths.length : trimmed;
  }

  /** Those of its rows that have not scrolled out. */
  #rowsOf({ first, lengths }: Block, lines: Required<CoreLines>): readonly CoreLine[] {
    const { trimmed } = this.#rowCount;
    const from = Math.max(first, trimmed);
    return rowsFrom(lines, from - trimmed, first + lengths.length - from);
  }

  #takeOut(block: Block, lines: Required<CoreLines>): void {
    block.isOut = true;
    for (const line of this.#rowsOf(block, lines)) {
      const { buffer } = line._data;
      line._data = noCells;
      line.length = 0;
      if (isEmpty(line._combined)) line._combined = nothing;
      if (isEmpty(line._extendedAttrs)) line._extendedAttrs = nothing;
      free(buffer);
    }
  }

  #bringBack(block: Block, lines: Required<CoreLines>): void {
    block.isOut = false;
    const cells = inflateRawSync(block.packed);
    const rows = this.#rowsOf(block, lines);
    const gone = block.lengths.length - rows.length;
    let at = 0;
    for (const [index, length] of block.lengths.entries()) {
      const bytes = length * numbersPerCell * Uint32Array.BYTES_PER_ELEMENT;
      const line = rows[index - gone];
      if (line) {
        const start = cells.byteOffset + at;
        // A memory of its own: xterm.js takes what lies behind a row for room to widen it.
        line._data = new Uint32Array(cells.buffer.slice(start, start + bytes));
        line.length = length;
        if (line._combined === nothing) line._combined = {};
        if (line._extendedAttrs === nothing) line._extendedAttrs = {};
      }
      at += bytes;
    }
  }
}

/** Gives memory back now: an idle process does not come to collect it. Node has this from version 22 on. */
function free(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && 'transfer' in buffer) buffer.transfer(0);
}

function rowsFrom(lines: Required<CoreLines>, from: number, count: number): readonly CoreLine[] {
  return Array.from({ length: count }, (_, index) => lines.get(from + index)).filter((line) => line !== undefined);
}

/** Null: these are no rows as they are known here. */
function makeBlock(first: number, rows: readonly CoreLine[]): Block | null {
  if (rows.length !== rowsOfBlock) return null;
  const isKnown = ({ _data, length }: CoreLine): boolean =>
    (_data as unknown) instanceof Uint32Array && _data.length === length * numbersPerCell;
  if (!rows.every(isKnown)) return null;
  const cells = new Uint32Array(rows.reduce((sum, { _data }) => sum + _data.length, 0));
  let at = 0;
  for (const { _data } of rows) {
    cells.set(_data, at);
    at += _data.length;
  }
  // A copy: the answer lies in a memory that is larger.
  const packed = Uint8Array.from(deflateRawSync(new Uint8Array(cells.buffer), { level: 1 }));
  free(cells.buffer);
  return { first, packed, lengths: rows.map(({ length }) => length), isOut: false };
}
