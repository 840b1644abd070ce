import type { HostApi } from '#shared/contract/index.ts';
import type { SnapshotExtent, TerminalExit, TerminalFrame } from '#shared/contract/terminals.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';
import { assertNever } from '#shared/result.ts';
import { clearAll } from '#shared/terminal/clear-screen.ts';

import type { OutputQueue, OutputTurns } from './output-turns.ts';
import type { TerminalSize } from './size-claim.ts';

/** What a feed draws on. Text, resizes and callbacks take effect in the order in which they are given. */
export interface FeedScreen {
  write(data: string, parsed?: () => void): void;
  /** Calls back once what has been parsed by now is seen. */
  painted(callback: () => void): void;
  resize(size: TerminalSize): void;
  /** How many lines there are below what is in sight: 0 when the end is. */
  linesBelow(): number;
  scrollToLinesBelow(lines: number): void;
  /** Remembers what is selected; what it returns selects it again, if the same text is there. */
  holdSelection(): () => void;
}

export type Connection =
  | { kind: 'attaching' }
  | { kind: 'running' }
  | { kind: 'exited'; exit: TerminalExit }
  | { kind: 'gone'; reason: string };

export interface FeedEvents {
  onConnection(connection: Connection): void;
  onTitle(title: string): void;
  /** Whether lines are missing above the screen, which come by themselves in a moment. */
  onLacksLines(lacksLines: boolean): void;
  /** The terminal's size at the host, each time it is said. */
  onSize(size: TerminalSize): void;
  onFault(error: unknown): void;
}

type SnapshotFrame = Extract<TerminalFrame, { kind: 'snapshot' }>;

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
const reset = '\x18\x1bc';
/** What was parsed of a terminal without the keyboard is told together, after so many milliseconds: about a frame. */
const tellMilliseconds = 12;
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
  /** Null while nobody sees the terminal: then it costs neither the host nor the page anything. */
  #attachment: Disposable | null = null;
  #attachments = 0;
  /** The last snapshot was one of the screen alone: above it lines are missing. */
  #lacksLines = false;
  /** Somebody reads further up, and what has come since can only be drawn over what they read. */
  #isHeld = false;
  /** What it shows is an earlier state of the same terminal. */
  #hasDrawn = false;
  /** Nothing of this attachment has been drawn. */
  #isFirst = true;
  #isForemost = false;
  #telling: ReturnType<typeof setTimeout> | null = null;
  /** Characters of a snapshot whose turn has not come. */
  #undrawnChars = 0;
  /** As it was said last: while a snapshot waited for its turn, another may have come. */
  #title = '';
  /** Parsed, and not yet told to the host. */
  #parsedChars = 0;
  #disposed = false;

  constructor(options: TerminalFeedOptions) {
    this.#options = options;
    const { turns, screen } = options;
    this.#queue = turns.open((data) => {
      const viewer = this.#viewer;
      if (this.#isHeld) {
        this.#acknowledge(viewer, data.length);
        return;
      }
      screen.write(data, () => {
        this.#acknowledge(viewer, data.length);
      });
    });
    this.#attach('screen');
  }

  /** Whether anything comes from the host. */
  get isAttached(): boolean {
    return this.#attachment !== null;
  }

  /** Nobody sees the terminal any more. What it shows stays as it is until it is resumed. */
  pause(): void {
    this.#attachment?.dispose();
    this.#attachment = null;
    this.#attachments++; // what is on its way still is not meant for us any more
    this.#forgetWaiting();
  }

  /** It is seen again: the host says how it is now. */
  resume(): void {
    if (!this.#attachment && !this.#disposed) this.#attach('screen');
  }

  /** The person has scrolled: where lines are missing that they look for, the host is asked for all of it. */
  scrolled(): void {
    if (!this.#lacksLines && !this.#isHeld) return;
    const isReading = this.#options.screen.linesBelow() > 0;
    if (isReading ? this.#lacksLines && !this.#isHeld : this.#isHeld) this.fillIn();
  }

  /** Asks for the lines that are missing above the screen, if any are. */
  fillIn(): void {
    if ((!this.#lacksLines && !this.#isHeld) || !this.#attachment) return;
    this.pause();
    this.#attach('whole');
  }

  /** The terminal that has the keyboard is parsed at once. */
  setForemost(foremost: boolean): void {
    this.#isForemost = foremost;
    this.#queue.setForemost(foremost);
  }

  /** A key was pressed in it. */
  typed(): void {
    this.#queue.typed();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#attachment?.dispose();
    this.#attachment = null;
    this.#forgetParsed();
    this.#queue.dispose();
  }

  /** Each attachment has a name of its own, so that what an earlier one had is not counted for it. */
  get #viewer(): string {
    return `${this.#options.viewer}-${String(this.#attachments)}`;
  }

  #attach(begin: SnapshotExtent): void {
    const { id, terminals } = this.#options;
    this.#attachments++;
    this.#lacksLines = false;
    this.#isHeld = false;
    this.#isFirst = true;
    const attachment = this.#attachments;
    this.#attachment = terminals.attach({ id, viewer: this.#viewer, begin }, (frame) => {
      if (!this.#disposed && this.#attachments === attachment) this.#receive(frame);
    });
  }

  #forgetWaiting(): void {
    this.#queue.replace(() => undefined);
    this.#queue.flush();
    this.#undrawnChars = 0;
    this.#forgetParsed();
  }

  #forgetParsed(): void {
    if (this.#telling) clearTimeout(this.#telling);
    this.#telling = null;
    this.#parsedChars = 0;
  }

  #receive(frame: TerminalFrame): void {
    const { events } = this.#options;
    switch (frame.kind) {
      case 'output':
        this.#queue.push(frame.data);
        return;
      case 'snapshot':
        this.#takeSnapshot(frame);
        return;
      case 'resized':
        this.#afterOutput((screen) => {
          screen.resize(frame);
          events.onSize({ cols: frame.cols, rows: frame.rows });
        });
        return;
      case 'title':
        this.#title = frame.title;
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

  /** In its turn, as output: painting is what costs. Output that waits before it need not be parsed any more. */
  #takeSnapshot(frame: SnapshotFrame): void {
    this.#title = frame.title;
    const undrawn = this.#undrawnChars;
    this.#undrawnChars = frame.data.length;
    const dropped = this.#queue.replace(() => {
      this.#undrawnChars = 0;
      this.#drawSnapshot(frame);
    });
    this.#acknowledge(this.#viewer, undrawn + dropped);
  }

  #drawSnapshot(frame: SnapshotFrame): void {
    const { screen } = this.#options;
    this.#lacksLines = frame.isPartial === true;
    this.#isHeld = this.#lacksLines && screen.linesBelow() > 0;
    if (this.#isHeld) {
      this.#acknowledge(this.#viewer, frame.data.length);
      this.#tellState(frame);
      return;
    }
    let linesBelow = 0;
    let selectAgain: (() => void) | null = null;
    screen.write('', () => {
      if (this.#disposed) return;
      linesBelow = screen.linesBelow();
      selectAgain = screen.holdSelection();
    });
    // What is above the screen stays where only the screen is drawn.
    const clear = this.#hasDrawn ? clearAll : reset;
    this.#hasDrawn = true;
    screen.write(this.#lacksLines ? '' : clear, () => {
      screen.resize(frame);
    });
    screen.write(holdPaint);
    const viewer = this.#viewer;
    // The lines above a screen follow when it has been taken: not before it is seen, for which the person waits.
    const isAwaited = this.#isFirst && this.#lacksLines;
    this.#isFirst = false;
    const write = (data: string): void => {
      for (let from = 0; from < data.length; from += snapshotPiece) {
        const piece = data.slice(from, from + snapshotPiece);
        const acknowledge = (): void => {
          this.#acknowledge(viewer, piece.length);
        };
        screen.write(piece, isAwaited ? () => screen.painted(acknowledge) : acknowledge);
      }
    };
    // It may end within a sequence, which what follows goes on with: nothing of ours may come between the two.
    const last = lastSequence(frame.data);
    write(frame.data.slice(0, last));
    screen.write(releasePaint);
    write(frame.data.slice(last));
    screen.write('', () => {
      if (this.#disposed) return;
      // Who was reading further up goes on reading there.
      if (linesBelow > 0) screen.scrollToLinesBelow(linesBelow);
      selectAgain?.();
      this.#tellState(frame);
    });
  }

  #tellState({ cols, rows, exit }: SnapshotFrame): void {
    const { events } = this.#options;
    events.onSize({ cols, rows });
    events.onTitle(this.#title);
    events.onLacksLines(this.#lacksLines);
    events.onConnection(exit ? { kind: 'exited', exit } : { kind: 'running' });
  }

  /** Does something when all output that came before has been parsed. */
  #afterOutput(action: (screen: FeedScreen) => void): void {
    const { screen } = this.#options;
    this.#queue.flush();
    screen.write('', () => {
      if (!this.#disposed) action(screen);
    });
  }

  /** Together with what else is parsed in the same task; where nobody types, in the same frame. */
  #acknowledge(viewer: string, chars: number): void {
    if (this.#disposed || chars === 0 || viewer !== this.#viewer || !this.#attachment) return;
    if (this.#parsedChars === 0) {
      const tell = (): void => {
        this.#tellParsed(viewer);
      };
      if (this.#isForemost) queueMicrotask(tell);
      else this.#telling = setTimeout(tell, tellMilliseconds);
    }
    this.#parsedChars += chars;
  }

  #tellParsed(viewer: string): void {
    if (this.#disposed || viewer !== this.#viewer || !this.#attachment) return;
    const chars = this.#parsedChars;
    this.#forgetParsed();
    if (chars === 0) return;
    const { id, terminals, events } = this.#options;
    terminals.acknowledge({ id, viewer, chars }).catch((error: unknown) => {
      events.onFault(error);
    });
  }
}

/** What begins a sequence beside ESC. */
const eightBitIntroducers = ['\x90', '\x98', '\x9b', '\x9d', '\x9e', '\x9f'];

/** Where the last sequence of a text begins, whether it ends there or not; its end when there is none. */
function lastSequence(text: string): number {
  const escape = text.lastIndexOf('\x1b');
  // Snapshots are long and full of ESC: only what is behind the last one is looked through for the others.
  const behind = text.slice(escape + 1);
  const last = Math.max(...eightBitIntroducers.map((each) => behind.lastIndexOf(each)));
  const at = last < 0 ? escape : escape + 1 + last;
  return at < 0 ? text.length : at;
}
