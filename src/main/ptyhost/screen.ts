import { createRequire } from 'node:module';

import type { Terminal } from '@xterm/headless';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { boundGraphemes } from '#shared/terminal/bound-graphemes.ts';
import { guardSequences } from '#shared/terminal/guard-sequences.ts';

import { KittyNotifications, readOsc777, readOsc9, type Message } from './notifications.ts';
import { serializeScreen } from './serialize-screen.ts';

// These two are CommonJS whose names an ES import does not see.
// Not named `require`: the bundler would add one of its own beside it.
const requireCommonJs = createRequire(import.meta.url);
const headless = requireCommonJs('@xterm/headless') as typeof import('@xterm/headless');
const graphemes = requireCommonJs('@xterm/addon-unicode-graphemes') as typeof import('@xterm/addon-unicode-graphemes');

export interface ScreenOptions {
  cols: number;
  rows: number;
  /** Lines kept above the screen. A full line of 120 columns takes about 1.5 KB. */
  scrollback: number;
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
  readonly #scrollback: number;
  #terminal: Terminal;
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
    this.#scrollback = options.scrollback;
    this.#terminal = this.#build(options.cols, options.rows);
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
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
      this.#onDidFault.fire(error);
      return false;
    }
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  /**
   * What a fresh terminal of the same size has to be written to look, and go on, like this one; with at most so many of
   * the lines above the screen.
   */
  serialize(linesAbove = this.#scrollback): string {
    return serializeScreen(this.#terminal, linesAbove);
  }

  /** How many lines there are above the screen now. */
  get linesAbove(): number {
    return this.#terminal.buffer.normal.baseY;
  }

  /**
   * Written when another program is to go on where one has ended: switches off what one that was killed could not
   * (alternate screen, mouse, paste, focus, keys, colours, scroll region), and begins a new line.
   */
  leaveProgram(): string {
    // On the normal screen, leaving the alternate one would move the cursor to wherever it was last saved.
    const alternate = this.#terminal.buffer.active.type === 'alternate' ? '\x1b[?1049l' : '';
    const newLine = this.#terminal.buffer.normal.cursorX > 0 ? '\r\n' : '';
    return `${alternate}${leaveModes}${newLine}`;
  }

  /** The last lines that have text, at most so many, as plain text; what was wrapped is one line again. */
  text(lines: number): string {
    const { active } = this.#terminal.buffer;
    const found: string[] = [];
    let wrapped = '';
    for (let row = active.baseY + this.rows - 1; row >= 0 && found.length < lines; row--) {
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
    this.#terminal.dispose();
    for (const emitter of [this.#onDidReply, this.#onDidChangeTitle, this.#onDidRing, this.#onDidSay]) {
      emitter.dispose();
    }
    this.#onDidFault.dispose();
  }

  #build(cols: number, rows: number): Terminal {
    const terminal = new headless.Terminal({
      cols,
      rows,
      scrollback: this.#scrollback,
      allowProposedApi: true,
      // Its parser logs each malformed byte otherwise: 68 MB of log for 20 MB of random output.
      logLevel: 'off',
    });
    boundGraphemes(terminal, new graphemes.UnicodeGraphemesAddon());
    guardSequences(terminal);
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
