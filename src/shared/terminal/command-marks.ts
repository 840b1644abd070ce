import type { Disposable } from '#shared/disposable.ts';

import { LineMarks, type LineMark } from './line-marks.ts';
import { readLine, type ReadableBuffer } from './lines.ts';

interface MarkableBuffer extends ReadableBuffer {
  readonly type: 'normal' | 'alternate';
  readonly baseY: number;
  readonly cursorX: number;
  readonly cursorY: number;
}

/** What of an xterm.js terminal is needed here: the headless one and the one in the page both have it. */
export interface MarkableTerminal {
  readonly cols: number;
  readonly buffer: { readonly active: MarkableBuffer; readonly normal: MarkableBuffer };
  readonly parser: {
    registerOscHandler(code: number, callback: (data: string) => boolean): Disposable;
    registerCsiHandler(id: { final: string }, callback: (params: (number | number[])[]) => boolean): Disposable;
    registerEscHandler(id: { final: string }, callback: () => boolean): Disposable;
  };
}

/** A command that a shell has marked, as far as it is still kept. Rows count from the first that is kept. */
export interface MarkedCommand {
  /** Where its prompt begins; null when that has scrolled out. */
  promptRow: number | null;
  /** The rows of what it printed: from (inclusive) and to (exclusive); null before it has run. */
  output: { from: number; to: number } | null;
  /** What was typed, as far as it can be told; on one line. */
  text: string;
  exitCode: number | null;
  /** It has ended, or another prompt has come. */
  isOver: boolean;
}

interface Command {
  prompt: LineMark | null;
  output: LineMark | null;
  end: LineMark | null;
  text: string;
  exitCode: number | null;
}

/** A program that marks every line comes to so many in no time. */
const mostCommands = 200;
const longestText = 300;

/**
 * Follows the marks that shells put around prompts, commands and their output (OSC 133): A before the prompt, B behind it,
 * C before the output, D with the exit code behind that. Where none are put, there is nothing.
 */
export class CommandMarks implements Disposable {
  readonly #terminal: MarkableTerminal;
  readonly #onChange: () => void;
  readonly #lineMarks: LineMarks;
  readonly #owned: readonly Disposable[];
  #commands: Command[] = [];
  /** Where typing began. */
  #typed: { marker: LineMark; col: number } | null = null;

  constructor(terminal: MarkableTerminal, onChange: () => void = () => undefined) {
    this.#terminal = terminal;
    this.#onChange = onChange;
    this.#lineMarks = new LineMarks(terminal);
    this.#owned = [
      terminal.parser.registerOscHandler(133, (data) => {
        this.#mark(data);
        return true;
      }),
      terminal.parser.registerCsiHandler({ final: 'J' }, ([how]) => {
        this.#erased(how);
        return false;
      }),
      // A full reset drops the lines and does not tell their markers.
      terminal.parser.registerEscHandler({ final: 'c' }, () => {
        this.#forget();
        return false;
      }),
    ];
  }

  /** The commands that are kept, the latest last. */
  commands(): MarkedCommand[] {
    this.#prune();
    const { normal } = this.#terminal.buffer;
    return this.#commands.map(({ prompt, output, end, text, exitCode }, index) => {
      const next = this.#commands[index + 1];
      const from = output === null ? null : rowOf(output);
      const to = rowOf(end) ?? rowOf(next?.prompt ?? null) ?? rowOf(next?.output ?? null);
      return {
        promptRow: rowOf(prompt),
        // What it printed first may have scrolled out; then what is left is from the first row on.
        output: output === null ? null : { from: from ?? 0, to: to ?? normal.baseY + normal.cursorY + 1 },
        text,
        exitCode,
        isOver: end !== null || next !== undefined,
      };
    });
  }

  /** The rows of the prompts that are kept, in their order. */
  promptRows(): number[] {
    return this.commands().flatMap(({ promptRow }) => (promptRow === null ? [] : [promptRow]));
  }

  /** The marks by row, as the sequences that make them again in another terminal of the same width. */
  sequences(): ReadonlyMap<number, string> {
    this.#prune();
    const byRow = new Map<number, string>();
    const put = (marker: LineMark | null, data: string): void => {
      const row = rowOf(marker);
      if (row !== null) byRow.set(row, `${byRow.get(row) ?? ''}\x1b]133;${data}\x1b\\`);
    };
    for (const { prompt, output, end, text, exitCode } of this.#commands) {
      put(prompt, 'A');
      put(output, text === '' ? 'C' : `C;cmdline_url=${encodeURIComponent(text)}`);
      put(end, exitCode === null ? 'D' : `D;${String(exitCode)}`);
    }
    return byRow;
  }

  dispose(): void {
    this.#forget();
    for (const owned of this.#owned) owned.dispose();
    this.#lineMarks.dispose();
  }

  #mark(data: string): void {
    if (this.#terminal.buffer.active.type === 'alternate') return;
    const [kind = '', ...parameters] = data.slice(0, 4096).split(';');
    if (kind === 'A') this.#prompt();
    else if (kind === 'B') this.#typing();
    else if (kind === 'C') this.#running(parameters);
    else if (kind === 'D') this.#ended(parameters[0]);
    else return;
    this.#onChange();
  }

  #markRow(below: number): LineMark {
    const { active } = this.#terminal.buffer;
    return this.#lineMarks.add(active.baseY + active.cursorY + below);
  }

  /** What is erased from the screen has no marks any more. */
  #erased(how: number | number[] | undefined): void {
    const { active } = this.#terminal.buffer;
    if (active.type === 'alternate') return;
    const cursor = active.baseY + active.cursorY;
    if (how === 2) this.#lineMarks.erase(active.baseY, Infinity);
    // A prompt that is drawn again erases what is below it, and itself from its first column on.
    else if (how === undefined || how === 0) this.#lineMarks.erase(cursor + 1, Infinity);
  }

  #prompt(): void {
    const prompt = this.#markRow(0);
    const last = this.#commands.at(-1);
    // A prompt that is drawn again, or that nothing was run from and that is written over.
    if (last && last.output === null && rowOf(last.prompt) === rowOf(prompt)) {
      last.prompt?.dispose();
      last.prompt = prompt;
      return;
    }
    this.#add({ prompt, output: null, end: null, text: '', exitCode: null });
  }

  #typing(): void {
    this.#typed?.marker.dispose();
    this.#typed = { marker: this.#markRow(0), col: this.#terminal.buffer.active.cursorX };
  }

  #running(parameters: readonly string[]): void {
    const text = textIn(parameters) ?? this.#typedText();
    this.#typed?.marker.dispose();
    this.#typed = null;
    const output = this.#markRow(0);
    const last = this.#commands.at(-1);
    if (last && last.output === null) Object.assign(last, { output, text });
    else this.#add({ prompt: null, output, end: null, text, exitCode: null });
  }

  #ended(exit: string | undefined): void {
    const last = this.#commands.at(-1);
    if (!last || last.output === null || last.end !== null) return;
    // Behind a line that was not ended, the output ends with that line.
    last.end = this.#markRow(this.#terminal.buffer.active.cursorX === 0 ? 0 : 1);
    last.exitCode = exit !== undefined && /^-?\d{1,9}$/.test(exit) ? Number(exit) : null;
  }

  #typedText(): string {
    const typed = this.#typed;
    const { active } = this.#terminal.buffer;
    const first = rowOf(typed?.marker ?? null);
    if (!typed || first === null) return '';
    const end = active.baseY + active.cursorY + (active.cursorX > 0 ? 1 : 0);
    let text = '';
    for (let row = first; row < end && text.length < longestText;) {
      const line = readLine(active, row, this.#terminal.cols, 'text', end);
      if (!line) break;
      // Columns are no characters: a prompt may have wide ones.
      const prompt = row === first ? (active.getLine(first)?.translateToString(false, 0, typed.col) ?? '') : '';
      text += `${line.text.slice(prompt.length)} `;
      row += line.rows;
    }
    return asText(text);
  }

  #add(command: Command): void {
    this.#commands.push(command);
    // The first is the next to scroll out anyway.
    if (this.#commands.length > mostCommands) drop(this.#commands.shift());
  }

  /** Drops what has scrolled out as a whole. */
  #prune(): void {
    const isKept = ({ prompt, output, end }: Command): boolean =>
      [prompt, output, end].some((marker) => rowOf(marker) !== null);
    const gone = new Set(
      // What runs now is kept, even when its output is longer than what is kept of it.
      this.#commands.filter(
        (command, index) => !isKept(command) && (index < this.#commands.length - 1 || command.end !== null),
      ),
    );
    if (gone.size === 0) return;
    // Their rows would be followed for as long as the terminal lives.
    for (const command of gone) drop(command);
    this.#commands = this.#commands.filter((command) => !gone.has(command));
  }

  #forget(): void {
    for (const command of this.#commands) drop(command);
    this.#commands = [];
    this.#typed?.marker.dispose();
    this.#typed = null;
    this.#onChange();
  }
}

const rowOf = (marker: LineMark | null): number | null => (marker === null || marker.row < 0 ? null : marker.row);

/** On one line and no longer than is kept; of a pair that is torn at the end nothing is left. */
const asText = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, longestText)
    .replace(/\p{Cs}/gu, '');

function drop(command: Command | undefined): void {
  command?.prompt?.dispose();
  command?.output?.dispose();
  command?.end?.dispose();
}

/** Some shells say what was typed; so do our own snapshots. */
function textIn(parameters: readonly string[]): string | null {
  const given = parameters.find((parameter) => parameter.startsWith('cmdline_url='));
  if (given === undefined) return null;
  try {
    return asText(decodeURIComponent(given.slice('cmdline_url='.length)));
  } catch {
    return null;
  }
}
