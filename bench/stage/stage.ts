import type { Page } from '@playwright/test';

/**
 * Terminals with a shell in each, in a page in a real browser. Ours and the baseline's are driven and watched through this,
 * in the same way.
 */
export interface Stage {
  /** For the lines of the report. */
  readonly name: string;
  readonly page: Page;
  /** What a screen reader calls the terminal of this index, from its beginning. */
  label(index: number): string;
  /** Sends to the shell, past the page: setting up, not typing. */
  send(index: number, text: string): Promise<void>;
  /** Gives a terminal the keyboard. */
  focus(index: number): Promise<void>;
  /** The size of a terminal, in cells. */
  size(index: number): Promise<{ cols: number; rows: number }>;
  /** Ends everything that was started. */
  dispose(): Promise<void>;
}
