import type { HostApi } from '#shared/contract/index.ts';
import type { TerminalExit, TerminalFrame } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';

import type { OutputQueue, OutputTurns } from './output-turns.ts';
import type { TerminalSize } from './size-claim.ts';

/** What a feed draws on. Text, resizes and callbacks take effect in the order in which they are given. */
export interface FeedScreen {
  write(data: string, parsed?: () => void): void;
  resize(size: TerminalSize): void;
  /** How many lines there are below what is in sight: 0 when the end is. */
  linesBelow(): number;
  scrollToLinesBelow(lines: number): void;
}

export type Connection =
  | { kind: 'attaching' }
  | { kind: 'running' }
  | { kind: 'exited'; exit: TerminalExit }
  | { kind: 'gone'; reason: string };

export interface FeedEvents {
  onConnection(connection: Connection): void;
  onTitle(title: string): void;
  /** The terminal's size at the host, each time it is said. */
  onSize(size: TerminalSize): void;
  onFault(error: unknown): void;
}

export interface TerminalFeedOptions {
  id: TerminalId;
  /** Names this viewer to the host, which counts for each what it has parsed. */
  viewer: string;
  terminals: Pick<HostApi['terminals'], 'attach' | 'acknowledge'>;
  turns: OutputTurns;
  screen: FeedScreen;
  events: FeedEvents;
}

/** CAN leaves an escape sequence that was cut off; RIS empties screen, scrollback and modes. In order with the output. */
const clearAll = '\x18\x1bc';
/** Nothing is painted in between, so that a new snapshot does not flash. */
const holdPaint = '\x1b[?2026h';
const releasePaint = '\x1b[?2026l';
/** Parsed in about a millisecond, so that a snapshot of 10,000 lines does not stop the page. */
const snapshotPiece = 64 * 1024;

/**
 * Turns the frames of one terminal into what is on its screen, and tells the host how much of it has been parsed. Every
 * character that came is acknowledged exactly once, so the host never waits for one that nobody counts.
 */
export class TerminalFeed implements Disposable {
  readonly #options: TerminalFeedOptions;
  readonly #queue: OutputQueue;
  readonly #attachment: Disposable;
  #disposed = false;

  constructor(options: TerminalFeedOptions) {
    this.#options = options;
    const { id, viewer, terminals, turns, screen } = options;
    this.#queue = turns.open((data) => {
      screen.write(data, () => {
        this.#acknowledge(data.length);
      });
    });
    this.#attachment = terminals.attach({ id, viewer }, (frame) => {
      if (!this.#disposed) this.#receive(frame);
    });
  }

  /** The terminal that has the keyboard is parsed at once. */
  setForemost(foremost: boolean): void {
    this.#queue.setForemost(foremost);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#attachment.dispose();
    this.#queue.dispose();
  }

  #receive(frame: TerminalFrame): void {
    const { events } = this.#options;
    switch (frame.kind) {
      case 'output':
        this.#queue.push(frame.data);
        return;
      case 'snapshot':
        this.#drawSnapshot(frame);
        return;
      case 'resized':
        this.#afterOutput((screen) => {
          screen.resize(frame);
          events.onSize({ cols: frame.cols, rows: frame.rows });
        });
        return;
      case 'title':
        events.onTitle(frame.title);
        return;
      case 'exited':
        this.#afterOutput(() => {
          events.onConnection({ kind: 'exited', exit: frame.exit });
        });
        return;
      case 'gone':
        this.#afterOutput(() => {
          events.onConnection({ kind: 'gone', reason: frame.reason });
        });
        return;
      default:
        assertNever(frame);
    }
  }

  #drawSnapshot(frame: Extract<TerminalFrame, { kind: 'snapshot' }>): void {
    const { screen, events } = this.#options;
    let linesBelow = 0;
    this.#afterOutput(() => {
      linesBelow = screen.linesBelow();
    });
    screen.write(clearAll, () => {
      screen.resize(frame);
    });
    screen.write(holdPaint);
    for (let from = 0; from < frame.data.length; from += snapshotPiece) {
      const piece = frame.data.slice(from, from + snapshotPiece);
      screen.write(piece, () => {
        this.#acknowledge(piece.length);
      });
    }
    screen.write(releasePaint, () => {
      if (this.#disposed) return;
      // Who was reading further up goes on reading there.
      if (linesBelow > 0) screen.scrollToLinesBelow(linesBelow);
      events.onSize({ cols: frame.cols, rows: frame.rows });
      events.onTitle(frame.title);
      events.onConnection(frame.exit ? { kind: 'exited', exit: frame.exit } : { kind: 'running' });
    });
  }

  /** Does something when all output that came before has been parsed. */
  #afterOutput(action: (screen: FeedScreen) => void): void {
    const { screen } = this.#options;
    this.#queue.flush();
    screen.write('', () => {
      if (!this.#disposed) action(screen);
    });
  }

  #acknowledge(chars: number): void {
    if (this.#disposed || chars === 0) return;
    const { id, viewer, terminals, events } = this.#options;
    terminals.acknowledge({ id, viewer, chars }).catch((error: unknown) => {
      events.onFault(error);
    });
  }
}
