import { z } from 'zod';

import { terminalId, type TerminalId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/**
 * What a viewer of a terminal receives. The first frame is a snapshot; what follows continues it exactly, without a
 * gap or a double. A viewer that falls behind gets a new snapshot, of the screen at first, instead of the backlog.
 */
export type TerminalFrame =
  | {
      kind: 'snapshot';
      data: string;
      cols: number;
      rows: number;
      title: string;
      exit: TerminalExit | null;
      /**
       * Only the screen: what the viewer has above it stays, and lacks what has gone by. `data` begins with what clears the
       * screen. A whole snapshot follows when the terminal rests, or when the viewer attaches anew.
       */
      isPartial?: boolean;
    }
  | { kind: 'output'; data: string }
  | { kind: 'resized'; cols: number; rows: number }
  | { kind: 'title'; title: string }
  | { kind: 'exited'; exit: TerminalExit }
  /** There is no such terminal, or the pty host went away. `reason` is a sentence for the person. */
  | { kind: 'gone'; reason: string };

export type SnapshotExtent = 'whole' | 'screen';

export interface TerminalExit {
  code: number | null;
  signal: number | null;
  /** Nobody saw the end: it came with that of the terminal host. `code` and `signal` are null then. */
  lost?: LostTerminal | undefined;
}

export interface LostTerminal {
  /** What ended: the machine, with everything on it, or the terminal host alone. */
  cause: 'machine' | 'host';
  /** When the screen that is shown was written down. */
  keptAt: number;
  /** Whether nothing came after it. Otherwise the output of some seconds is missing. */
  isWhole: boolean;
}

/** `exited`: the process has ended; `gone`: the pty host does not have this terminal. */
type NotRunning = { kind: 'exited' } | { kind: 'gone' };

const columns = z.number().int().min(2).max(1000);
const rows = z.number().int().min(1).max(1000);

export const terminalQuery = z.object({
  text: z.string().min(1).max(1000),
  caseSensitive: z.boolean(),
  /** `text` is a regular expression of JavaScript; it is held against each line alone. */
  regex: z.boolean(),
});
export type TerminalQuery = z.output<typeof terminalQuery>;

/** What a search gives at most; more are counted, and not given. */
export const searchLimits = { matchesPerTerminal: 200, matchesPerLine: 20, contextLines: 2, terminals: 500 };

/** A hit in a line that a terminal keeps. */
export interface TerminalMatch {
  /** How many rows its line began above the last one, when it was read. */
  rowsAboveEnd: number;
  /** The beginning of its line, to find it again by, and where in the line the hit is. */
  lineStart: string;
  offset: number;
  length: number;
  /** The line around the hit, to be shown, and where in it the hit is. */
  excerpt: { text: string; offset: number; length: number };
  before: readonly string[];
  after: readonly string[];
  /** `alternate`: on a screen that a program draws as a whole. */
  screen: 'normal' | 'alternate';
}

/**
 * `old-host`: the terminal host was started by a former version, which could not be read. `changing`: its width changed again
 * and again, so that it was not read to its end.
 */
export type SearchOutcome = 'searched' | 'gone' | 'old-host' | 'changing';

export type TerminalSearchEvent =
  | { kind: 'begun'; terminals: number }
  /** One terminal is done. `matches` are the last of `count`, the earlier first. */
  | {
      kind: 'terminal';
      id: TerminalId;
      outcome: SearchOutcome;
      lines: number;
      count: number;
      matches: readonly TerminalMatch[];
    }
  /** There is nothing more to come. `too-slow`: the expression took so long that it was given up. */
  | { kind: 'ended'; how: 'done' | 'too-slow' }
  | { kind: 'ended'; how: 'no-expression'; message: string };

/** A whole transcript in pieces. `begun` again: what came before does not hold any more. */
export type TranscriptEvent =
  | { kind: 'begun' }
  | { kind: 'piece'; text: string }
  | { kind: 'ended' }
  /** What came before is not the whole of it, and does not hold. */
  | { kind: 'failed'; reason: Exclude<SearchOutcome, 'searched'> };

export const terminals = {
  /** What a person should know about the terminal hosts that run: that one is old, or of another version. */
  onDidChangeNotices: feed(z.object({}), returns<readonly string[]>()),
  /**
   * `begin`: what the first snapshot has. `screen`: what is above the screen comes right after it, so that one who waits sees
   * something sooner; where there is little above, it is in the first. Left out: all of it.
   */
  attach: feed(
    z.object({
      id: terminalId,
      viewer: z.string().min(1).max(64),
      begin: z.enum(['whole', 'screen']).optional(),
    }),
    returns<TerminalFrame>(),
  ),
  /** How many characters of what this viewer was sent its xterm has parsed. */
  acknowledge: call(
    z.object({ id: terminalId, viewer: z.string(), chars: z.number().int().positive() }),
    returns<void>(),
    fails<never>(),
  ),
  /** Looks through what terminals keep, one after the other. To cancel is to dispose. */
  search: feed(
    z.object({ ids: z.array(terminalId).max(searchLimits.terminals), query: terminalQuery }),
    returns<TerminalSearchEvent>(),
  ),
  /** Everything that a terminal keeps, its lines ended with a line feed, as text or with the sequences that colour it. */
  transcript: feed(z.object({ id: terminalId, form: z.enum(['text', 'ansi']) }), returns<TranscriptEvent>()),
  /** `not-read`: its program does not read its input, of which no more is held; of `data` nothing was typed. */
  write: call(
    z.object({ id: terminalId, data: z.string().max(1_000_000) }),
    returns<void>(),
    fails<NotRunning | { kind: 'not-read' }>(),
  ),
  resize: call(z.object({ id: terminalId, cols: columns, rows }), returns<void>(), fails<NotRunning>()),
};
