import type { PendingCopy } from './clipboard-requests.ts';
import type { PendingPaste } from './paste.ts';
import type { TerminalSize } from './size-claim.ts';
import type { Connection } from './terminal-feed.ts';

/** What the pane shows about a terminal. A new object with every change. */
export interface TerminalState {
  connection: Connection;
  /** What the program calls its window; empty when it has not said. */
  title: string;
  size: TerminalSize | null;
  /** Lines are missing above the screen; they come in a moment, or when asked for. */
  lacksLines: boolean;
  hasSelection: boolean;
  /** Whether the end is out of sight because the person scrolled up. */
  isScrolledUp: boolean;
  /** The target of the link under the pointer. */
  link: string | null;
  /** The file under the pointer, as a place in the worktree. */
  file: string | null;
  /** Whether what runs there has ever marked a prompt. */
  hasPrompts: boolean;
  /** The target of a link under the pointer that is not opened, whatever is pressed. */
  refusedLink: string | null;
  /** A link whose text does not say where it leads, and that waits for the person's word. */
  pendingLink: string | null;
  /** How many hits the search has and which one is shown, from 0; -1 when there are too many to count. */
  found: { index: number; count: number } | null;
  /** A paste that waits for the person's word. */
  pendingPaste: PendingPaste | null;
  /** What the program wants on the clipboard. */
  pendingCopy: PendingCopy | null;
}

const atFirst: TerminalState = {
  connection: { kind: 'attaching' },
  title: '',
  size: null,
  lacksLines: false,
  hasSelection: false,
  isScrolledUp: false,
  link: null,
  file: null,
  hasPrompts: false,
  refusedLink: null,
  pendingLink: null,
  found: null,
  pendingPaste: null,
  pendingCopy: null,
};

/** Holds the state and tells React when it has changed. */
export class TerminalStateHolder {
  readonly #listeners = new Set<() => void>();
  #state = atFirst;

  readonly get = (): TerminalState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Called for every line of a flood too: where nothing is another, nothing is made. */
  change(change: Partial<TerminalState>): void {
    const keys = Object.keys(change) as (keyof TerminalState)[];
    if (keys.every((key) => change[key] === this.#state[key])) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of Array.from(this.#listeners)) listener();
  }
}
