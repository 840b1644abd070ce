import { z } from 'zod';

import { terminalId } from '#shared/ids.ts';

import { call, fails, feed, returns } from './define.ts';

/**
 * What a viewer of a terminal receives. The first frame is a snapshot; what follows continues it exactly, without a
 * gap or a double. A viewer that falls behind gets a new snapshot instead of the backlog.
 */
export type TerminalFrame =
  | { kind: 'snapshot'; data: string; cols: number; rows: number; title: string; exit: TerminalExit | null }
  | { kind: 'output'; data: string }
  | { kind: 'resized'; cols: number; rows: number }
  | { kind: 'title'; title: string }
  | { kind: 'exited'; exit: TerminalExit }
  /** There is no such terminal, or the pty host went away. `reason` is a sentence for the person. */
  | { kind: 'gone'; reason: string };

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

export const terminals = {
  /** What a person should know about the terminal hosts that run: that one is old, or of another version. */
  onDidChangeNotices: feed(z.object({}), returns<readonly string[]>()),
  attach: feed(z.object({ id: terminalId, viewer: z.string().min(1).max(64) }), returns<TerminalFrame>()),
  /** How many characters of what this viewer was sent its xterm has parsed. */
  acknowledge: call(
    z.object({ id: terminalId, viewer: z.string(), chars: z.number().int().positive() }),
    returns<void>(),
    fails<never>(),
  ),
  write: call(z.object({ id: terminalId, data: z.string().max(1_000_000) }), returns<void>(), fails<NotRunning>()),
  resize: call(z.object({ id: terminalId, cols: columns, rows }), returns<void>(), fails<NotRunning>()),
};
