import type { HostApi } from '#shared/contract/index.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';

import { Screen } from './screen.ts';

/** Everything that a page shows of a terminal, to be compared. */
export interface Shown {
  /** Text, colours, cursor, modes and the lines above, as a fresh terminal has to be written them. */
  screen: string;
  title: string;
  cols: number;
  rows: number;
  exit: TerminalExit | null;
}

/** Follows a terminal as a page does, for tests: draws each frame on a screen of its own, and acknowledges it. */
export class TestFollower implements Disposable {
  readonly #feed: Disposable;
  #screen = new Screen({ cols: 80, rows: 24, scrollback: 5000 });
  #title = '';
  #exit: TerminalExit | null = null;
  #hasBegun = false;

  constructor(terminals: Pick<HostApi['terminals'], 'attach' | 'acknowledge'>, id: TerminalId, viewer: string) {
    this.#feed = terminals.attach({ id, viewer }, (frame) => {
      if (frame.kind === 'snapshot') {
        this.#screen.dispose();
        this.#screen = new Screen({ cols: frame.cols, rows: frame.rows, scrollback: 5000 });
        this.#title = frame.title;
        this.#exit = frame.exit;
        this.#hasBegun = true;
      }
      if (frame.kind === 'resized') this.#screen.resize(frame.cols, frame.rows);
      if (frame.kind === 'title') this.#title = frame.title;
      if (frame.kind === 'exited') this.#exit = frame.exit;
      if ((frame.kind !== 'snapshot' && frame.kind !== 'output') || frame.data === '') return;
      this.#screen.write(frame.data);
      // Refused when the host goes away just then.
      terminals.acknowledge({ id, viewer, chars: frame.data.length }).catch(() => undefined);
    });
  }

  /** With so many of the lines above, which must be no more than the pty host keeps. Null until there is something to see. */
  shown(linesAbove = 1000): Shown | null {
    if (!this.#hasBegun) return null;
    const { cols, rows } = this.#screen;
    return { screen: this.#screen.serialize(linesAbove), title: this.#title, cols, rows, exit: this.#exit };
  }

  /** The last lines with text. */
  text(lines = 2000): string {
    return this.#screen.text(lines);
  }

  /** What is in view, a string a row, without the spaces at the ends. */
  rows(): readonly string[] {
    return this.#screen
      .visibleText()
      .split('\n')
      .slice(0, this.#screen.rows)
      .map((row) => row.trimEnd());
  }

  dispose(): void {
    this.#feed.dispose();
    this.#screen.dispose();
  }
}
