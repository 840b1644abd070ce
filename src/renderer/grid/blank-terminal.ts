import { Terminal, type ILinkHandler } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

import type { Disposable } from '#shared/disposable.ts';
import { scrollbackLines } from '#shared/terminal/scrollback.ts';
import type { WindowsPty } from '#shared/terminal/windows-pty.ts';

import { calmScrollbar } from './calm-scrollbar.ts';
import { calmSelection } from './calm-selection.ts';
import { appearanceOptions, type TerminalAppearance } from './terminal-appearance.ts';
import './terminal.css';

/** An xterm as this page uses them, in an element of its own, with nothing in it yet. */
export class BlankTerminal implements Disposable {
  readonly terminal: Terminal;
  /** What it is drawn in: to be put where it is to be seen. */
  readonly root = document.createElement('div');
  /** Who is told of links. At every change of an option xterm writes all its styles anew, so that the option stays as it is. */
  linkHandler: ILinkHandler | null = null;
  readonly #owned: Disposable[] = [];

  constructor(appearance: TerminalAppearance, windowsPty: WindowsPty | null) {
    this.root.className = 'terminal-root';
    this.terminal = new Terminal({
      allowProposedApi: true, // decorations of search hits, grapheme widths
      logLevel: 'off', // binary output makes xterm log each malformed sequence: megabytes of it
      cursorBlink: false,
      cursorInactiveStyle: 'outline',
      macOptionClickForcesSelection: true,
      overviewRuler: { width: 10 },
      linkHandler: {
        activate: (event, text, range) => this.linkHandler?.activate(event, text, range),
        hover: (event, text, range) => this.linkHandler?.hover?.(event, text, range),
        leave: (event, text, range) => this.linkHandler?.leave?.(event, text, range),
        // They are not opened; but where they lead is shown.
        allowNonHttpProtocols: true,
      },
      // As for a narrow pane: less is asked for when it is known how wide it is.
      scrollback: scrollbackLines(appearance.scrollbackBytes, 40),
      ...(windowsPty && { windowsPty }),
      ...appearanceOptions(appearance),
    });
  }

  /** Begins to draw. The root has to be in the page by then. */
  open(): void {
    if (this.terminal.element) return;
    this.terminal.open(this.root);
    this.#owned.push(calmScrollbar(this.terminal), calmSelection(this.terminal));
  }

  dispose(): void {
    for (const owned of this.#owned) owned.dispose();
    this.terminal.dispose();
    this.root.remove();
  }
}
