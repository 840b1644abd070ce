import { createRequire } from 'node:module';

import type { Terminal } from '@xterm/headless';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { CommandMarks, type MarkedCommand } from '#shared/terminal/command-marks.ts';
import { boundGraphemes } from '#shared/terminal/bound-graphemes.ts';
import { guardSequences } from '#shared/terminal/guard-sequences.ts';
import { readLine } from '#shared/terminal/lines.ts';
import { scrollbackLines } from '#shared/terminal/scrollback.ts';
import type { WindowsPty } from '#shared/terminal/windows-pty.ts';

import { KittyNotifications, readOsc777, readOsc9, type Message } from './notifications.ts';
import { PackedRows } from './packed-rows.ts';
import type { LinesRequest, TerminalLine, TerminalLines } from './protocol.ts';
import { RowCount } from './row-count.ts';
import { ScreenColours } from './screen-colours.ts';
import { serializeScreen } from './serialize-screen.ts';

// These two are CommonJS whose names an ES import does not see.
// Not named `require`: the bundler would add one of its own beside it.
const requireCommonJs = createRequire(import.meta.url);
const headless = requireCommonJs('@xterm/headless') as typeof import('@xterm/headless');
const graphemes = requireCommonJs('@xterm/addon-unicode-graphemes') as typeof import('@xterm/addon-unicode-graphemes');

export interface ScreenOptions {
  cols: number;
  rows: number;
  /** Lines kept above the screen, where nobody says how many bytes that may take. */
  scrollback: number;
  /** What is kept above the screen, in bytes of memory, whatever its width; `scrollbackLines` says how many lines that is. */
  scrollbackBytes?: number | undefined;
  /** Null, or left out: what prints on it is no console host of Windows. */
  windowsPty?: WindowsPty | null;
}

const leaveModes = [9, 1000, 1002, 1003, 1004, 1006, 1016, 2004, 2026]
  .map((mode) => `\x1b[?${String(mode)}l`)
  .concat('\x1b[!p', '\x1b[?7h')
  .join('');

/**
 * A terminal without a window: parses what a program prints and holds what would be seen. Parsing is synchronous, so
 * between two writes the screen is always exactly what was written so far.
 */
export class Screen implements Disposable {
  readonly #lines: number;
  readonly #windowsPty: WindowsPty | null;
  #scrollbackBytes: number | undefined;
  #terminal: Terminal;
  #rowCount: RowCount;
  #packed: PackedRows;
  #marks: CommandMarks;
  readonly #colours = new ScreenColours();
  readonly #notifications = new KittyNotifications();
  readonly #onDidReply = new Emitter<string>();
  readonly #onDidChangeTitle = new Emitter<string>();
  readonly #onDidRing = new Emitter<void>();
  readonly #onDidSay = new Emitter<Message>();
  readonly #onDidFault = new Emitter<unknown>();

  /** What the screen answers to a program's question (device attributes, cursor position, ...). Goes to its input. */
  readonly onDidReply = this.#onDidReply.event;
  /** The title as the program wrote it: of any length, with any character. */
  readonly onDidChangeTitle = this.#onDidChangeTitle.event;
  /** The program rang the bell. */
  readonly onDidRing = this.#onDidRing.event;
  readonly onDidSay = this.#onDidSay.event;
  /** The parser failed on what was written, and an empty screen took the old one's place. */
  readonly onDidFault = this.#onDidFault.event;

  constructor(options: ScreenOptions) {
    this.#lines = options.scrollback;
    this.#windowsPty = options.windowsPty ?? null;
    this.#scrollbackBytes = options.scrollbackBytes;
    this.#terminal = this.#build(options.cols, options.rows);
    this.#rowCount = new RowCount(this.#terminal);
    this.#packed = new PackedRows(this.#terminal, this.#rowCount);
    this.#marks = new CommandMarks(this.#terminal);
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** As many lines are kept above the screen at this width. */
  get scrollback(): number {
    return this.#terminal.options.scrollback ?? 0;
  }

  /**
   * Parses at once. Pieces of tens of kilobytes keep the process responsive; a longer one is parsed as a whole too.
   * False: the parser failed, and the screen is empty now.
   */
  write(data: string): boolean {
    if (data === '') return true;
    const terminal = this.#terminal;
    let parsed = false;
    try {
      // After input xterm.js parses the next write at once, to echo without delay. An empty input sends nothing and
      // makes it so for every write: what was written is on the screen when this returns, and no queue can grow.
      terminal.input('', true);
      terminal.write(data, () => {
        parsed = true;
      });
      if (!parsed) throw new Error('the screen did not parse at once');
      return true;
    } catch (error) {
      // The failed terminal would parse the same piece again for ever.
      terminal.dispose();
      this.#terminal = this.#build(terminal.cols, terminal.rows);
      this.#rowCount.dispose();
      this.#rowCount = new RowCount(this.#terminal, this.#rowCount.epoch + 1);
      this.#packed = new PackedRows(this.#terminal, this.#rowCount);
      this.#marks = new CommandMarks(this.#terminal);
      this.#onDidFault.fire(error);
      return false;
    }
  }

  /**
   * Packs some of the rows that have long been above the screen, until the time is up (of the performance clock); they are
   * unpacked when somebody asks for them. True: there is more.
   */
  pack(end: number): boolean {
    return this.#packed.pack(end);
  }

  /** How many rows are packed now. */
  get packedRows(): number {
    return this.#packed.count;
  }

  resize(cols: number, rows: number): void {
    this.#packed.release();
    const lines = this.#linesOf(cols);
    // Folded at the new width, lines may need more room than there was before: it is there first, or gone afterwards.
    if (lines > this.scrollback) this.#terminal.options.scrollback = lines;
    this.#terminal.resize(cols, rows);
    this.#terminal.options.scrollback = lines;
  }

  /** Keeps so much from now on. What is more than that goes at once, the oldest first. */
  setScrollback(bytes: number): void {
    // Every app that connects says it.
    if (bytes === this.#scrollbackBytes) return;
    this.#packed.release();
    this.#scrollbackBytes = bytes;
    this.#terminal.options.scrollback = this.#linesOf(this.cols);
  }

  /**
   * What a fresh terminal of the same size has to be written to look, and go on, like this one; with at most so many of
   * the lines above the screen.
   */
  serialize(linesAbove = this.scrollback): string {
    this.#packed.unpack(this.linesAbove - linesAbove);
    return this.#colours.sequences() + serializeScreen(this.#terminal, linesAbove, this.#marks.sequences());
  }

  /** How many lines there are above the screen now. */
  get linesAbove(): number {
    return this.#terminal.buffer.normal.baseY;
  }

  /** Whether a frame of synchronized output (DEC 2026) has begun and not ended. */
  get isMidFrame(): boolean {
    return this.#terminal.modes.synchronizedOutputMode;
  }

  /**
   * Written when another program is to go on where one has ended: switches off what one that was killed could not
   * (alternate screen, mouse, paste, focus, keys, colours, scroll region), and begins a new line.
   */
  leaveProgram(): string {
    // On the normal screen, leaving the alternate one would move the cursor to wherever it was last saved.
    const alternate = this.#terminal.buffer.active.type === 'alternate' ? '\x1b[?1049l' : '';
    const newLine = this.#terminal.buffer.normal.cursorX > 0 ? '\r\n' : '';
    return `${alternate}${leaveModes}${this.#colours.leave()}${newLine}`;
  }

  /** The last lines that have text, at most so many, as plain text; what was wrapped is one line again. */
  text(lines: number): string {
    const { active } = this.#terminal.buffer;
    const found: string[] = [];
    let wrapped = '';
    for (let row = active.baseY + this.rows - 1; row >= 0 && found.length < lines; row--) {
      if (active.type === 'normal') this.#packed.unpack(row);
      const line = active.getLine(row);
      if (!line) continue;
      // A line that goes on below keeps its last columns, blank or not.
      wrapped = line.translateToString(wrapped === '') + wrapped;
      if (line.isWrapped && row > 0) continue;
      if (wrapped !== '' || found.length > 0) found.push(wrapped.trimEnd());
      wrapped = '';
    }
    return found.toReversed().join('\n');
  }

  /**
   * Some of the lines that are kept, from a row on that an earlier answer has named, or from the first; about so many rows
   * of them. Where the rows were numbered anew meanwhile, the answer begins with the first line again.
   */
  lines({ buffer: name, from, rows, form }: LinesRequest): TerminalLines {
    const { normal, alternate, active } = this.#terminal.buffer;
    const buffer = name === 'normal' ? normal : alternate;
    const isFullScreen = active.type === 'alternate';
    const { epoch } = this.#rowCount;
    const trimmed = name === 'normal' ? this.#rowCount.trimmed : 0;
    const length = name === 'normal' ? normal.baseY + this.rows : isFullScreen ? this.rows : 0;
    const lines: TerminalLine[] = [];
    let row = from?.epoch === epoch ? Math.max(0, from.row - trimmed) : 0;
    if (name === 'normal') this.#packed.unpack(row);
    for (const end = Math.min(length, row + rows); row < end;) {
      const line = readLine(buffer, row, this.cols, form, length);
      if (!line) break;
      lines.push({ row: row + trimmed, text: line.text, goesOn: line.goesOn });
      row += line.rows;
    }
    return { epoch, lines, next: row < length ? row + trimmed : null, end: length + trimmed, isFullScreen };
  }

  /** The commands that a shell has marked, as far as they are kept. */
  commands(): readonly MarkedCommand[] {
    return this.#marks.commands();
  }

  /** The text that is in view now, without colours. Compared, never shown. */
  visibleText(): string {
    const { active } = this.#terminal.buffer;
    let text = '';
    for (let row = 0; row < this.rows; row++) {
      text += `${active.getLine(active.baseY + row)?.translateToString(true) ?? ''}\n`;
    }
    return text;
  }

  dispose(): void {
    this.#rowCount.dispose();
    this.#terminal.dispose();
    for (const emitter of [this.#onDidReply, this.#onDidChangeTitle, this.#onDidRing, this.#onDidSay]) {
      emitter.dispose();
    }
    this.#onDidFault.dispose();
  }

  #linesOf(cols: number): number {
    return this.#scrollbackBytes === undefined ? this.#lines : scrollbackLines(this.#scrollbackBytes, cols);
  }

  #build(cols: number, rows: number): Terminal {
    const terminal = new headless.Terminal({
      cols,
      rows,
      scrollback: this.#linesOf(cols),
      allowProposedApi: true,
      // Its parser logs each malformed byte otherwise: 68 MB of log for 20 MB of random output.
      logLevel: 'off',
      ...(this.#windowsPty && { windowsPty: this.#windowsPty }),
    });
    boundGraphemes(terminal, new graphemes.UnicodeGraphemesAddon());
    guardSequences(terminal);
    this.#colours.follow(terminal);
    terminal.onData((data) => {
      if (data !== '') this.#onDidReply.fire(data);
    });
    terminal.onTitleChange((title) => {
      this.#onDidChangeTitle.fire(title);
    });
    terminal.onBell(() => {
      this.#onDidRing.fire();
    });
    const say = (message: Message | null): boolean => {
      if (message) this.#onDidSay.fire(message);
      return true;
    };
    terminal.parser.registerOscHandler(9, (data) => say(readOsc9(data)));
    terminal.parser.registerOscHandler(99, (data) => say(this.#notifications.read(data)));
    terminal.parser.registerOscHandler(777, (data) => say(readOsc777(data)));
    return terminal;
  }
}
