import type { Terminal } from '@xterm/xterm';

import type { TerminalMatch } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';
import { CommandMarks, type MarkedCommand } from '#shared/terminal/command-marks.ts';
import { firstRowOf, placeInLine, readLine, selectedAnsi, type Line } from '#shared/terminal/lines.ts';

import type { TerminalStateHolder } from './terminal-state.ts';

/** `covered`: a program draws the whole screen, and what was printed before is behind it; or the other way round. */
export type Revealed = 'shown' | 'covered' | 'gone';

/** What a person does with what a terminal holds: goes to a hit or a prompt, takes a command's output, copies. */
export class TerminalReading implements Disposable {
  readonly #terminal: Terminal;
  readonly #state: TerminalStateHolder;
  readonly #marks: CommandMarks;

  constructor(terminal: Terminal, state: TerminalStateHolder) {
    this.#terminal = terminal;
    this.#state = state;
    this.#marks = new CommandMarks(terminal, () => {
      this.#tell();
    });
  }

  /** Selects a hit of a search and brings it into view. The line is found again by its text: more may have come since. */
  reveal(match: TerminalMatch): Revealed {
    const terminal = this.#terminal;
    const buffer = terminal.buffer.active;
    if (buffer.type !== match.screen) return 'covered';
    const line = this.#findLine(match);
    if (!line) return 'gone';
    const from = placeInLine(buffer, line, match.offset);
    const to = placeInLine(buffer, line, match.offset + match.length);
    terminal.select(from.col, from.row, (to.row - from.row) * terminal.cols + to.col - from.col);
    terminal.scrollToLine(Math.max(0, from.row - Math.floor(terminal.rows / 2)));
    return 'shown';
  }

  /** Brings the prompt before or behind what is at the top of the view there. */
  goToPrompt(which: 'previous' | 'next'): void {
    const terminal = this.#terminal;
    const top = terminal.buffer.active.viewportY;
    const rows = this.#marks.promptRows();
    const row = which === 'previous' ? rows.findLast((each) => each < top) : rows.find((each) => each > top);
    if (row === undefined && which === 'next') terminal.scrollToBottom();
    if (row !== undefined) terminal.scrollToLine(row);
  }

  /** Why there is no prompt to go to, or null. */
  whyNoPrompt(): string | null {
    if (this.#terminal.buffer.active.type === 'alternate') return 'A program draws the whole screen.';
    return this.#marks.promptRows().length > 0 ? null : 'What runs here does not mark its prompts (OSC 133).';
  }

  /** Why there is no output of a command to take, or null. */
  whyNoOutput(): string | null {
    return this.whyNoPrompt() ?? (this.#outputInView() ? null : 'No command has run here yet.');
  }

  /** The output of the command at the bottom of the view, with what was typed; null when there is none. */
  output(): { command: string; text: string } | null {
    const found = this.#outputInView();
    if (!found) return null;
    const { from, to } = found.output;
    const { normal } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = from; row < to;) {
      const line = readLine(normal, row, this.#terminal.cols, 'text', to);
      if (!line) break;
      lines.push(line.text);
      row += line.rows;
    }
    return { command: found.text, text: lines.join('\n').trimEnd() };
  }

  selectOutput(): void {
    const found = this.#outputInView();
    if (!found) return;
    this.#terminal.selectLines(found.output.from, Math.max(found.output.from, found.output.to - 1));
    this.#terminal.scrollToLine(Math.max(0, found.output.from - 1));
  }

  /** What is selected with the sequences that colour it; empty when nothing is. */
  selectionAnsi(): string {
    const range = this.#terminal.getSelectionPosition();
    if (!range) return '';
    const { start, end } = range;
    return selectedAnsi(this.#terminal.buffer.active, { row: start.y, col: start.x }, { row: end.y, col: end.x });
  }

  dispose(): void {
    this.#marks.dispose();
  }

  #outputInView(): (MarkedCommand & { output: { from: number; to: number } }) | null {
    const { viewportY } = this.#terminal.buffer.active;
    const bottom = viewportY + this.#terminal.rows;
    const command = this.#marks.commands().findLast(({ output }) => output !== null && output.from < bottom);
    return command?.output ? { ...command, output: command.output } : null;
  }

  #findLine({ rowsAboveEnd, lineStart }: TerminalMatch): Line | null {
    const { active } = this.#terminal.buffer;
    const guess = Math.min(active.length - 1, Math.max(0, active.length - rowsAboveEnd));
    const lineAt = (row: number): Line | null => {
      if (row < 0 || row >= active.length) return null;
      const first = firstRowOf(active, row);
      const line = readLine(active, first, this.#terminal.cols);
      return line?.text.startsWith(lineStart) === true ? line : null;
    };
    // What has come since pushes lines up, so it is rather above; a fold at another width moves it either way.
    for (let distance = 0; distance <= active.length; distance++) {
      const found = lineAt(guess - distance) ?? (distance > 0 ? lineAt(guess + distance) : null);
      if (found) return found;
    }
    return null;
  }

  /** Asks first what the pane does not know yet, so that a mark a line costs next to nothing. */
  #tell(): void {
    if (!this.#state.get().hasPrompts) this.#state.change({ hasPrompts: true });
  }
}
