import type { Log } from '#main/base/log.ts';
import { PtyHostUnavailable } from '#main/services/terminals/pty-host-link.ts';
import type { CheckOutcome } from '#shared/contract/gates.ts';
import type { TerminalId } from '#shared/ids.ts';
import { Disconnected } from '#shared/rpc/connect.ts';

import type { TerminalsPort } from './gate-ports.ts';

export interface CheckCommand {
  terminalId: TerminalId;
  process: { command: string; args: readonly string[]; cwd: string };
  timeoutMilliseconds: number;
  signal: AbortSignal;
}

export interface CheckEnd {
  outcome: Exclude<CheckOutcome, 'met' | 'not-met'>;
  exitCode: number | null;
  /** Null for a pass. */
  reason: string | null;
  /** What it printed, as far as a terminal of 10,000 lines keeps it. */
  output: string;
}

const size = { cols: 160, rows: 48, scrollback: 10_000 };
const keptLines = 10_000;

/**
 * Runs a command in a terminal of its own, so that one that needs a tty has one, and waits for its end. Whatever it started
 * is ended with it. Anything but exit code 0 is no pass; nor is one whose terminal cannot be had, or is lost.
 */
export async function runCommand(
  needs: { terminals: TerminalsPort; log: Log },
  command: CheckCommand,
): Promise<CheckEnd> {
  const progress = { isStarted: false };
  try {
    return await runInTerminal(needs, command, progress);
  } catch (error) {
    if (!(error instanceof PtyHostUnavailable || error instanceof Disconnected)) throw error;
    if (progress.isStarted) return { ...lost, output: '' };
    const reason = `It could not be started: ${error.message}`;
    return { outcome: 'not-started', exitCode: null, reason, output: '' };
  }
}

async function runInTerminal(
  needs: { terminals: TerminalsPort; log: Log },
  command: CheckCommand,
  progress: { isStarted: boolean },
): Promise<CheckEnd> {
  const { terminals } = needs;
  const { terminalId, timeoutMilliseconds, signal } = command;
  if (signal.aborted) return { ...cancelled, output: '' };
  await terminals.create(terminalId, size);
  // Listened for before it starts, because it may end at once.
  const waiting = waitForEnd(needs, terminalId, timeoutMilliseconds, signal);
  let survivors: readonly number[] = [];
  try {
    const started = await terminals.start(terminalId, { ...command.process, env: { CI: '1' } });
    if (!started.ok) {
      const reason = started.error.kind === 'spawn-failed' ? started.error.message : 'Its terminal is gone.';
      return { outcome: 'not-started', exitCode: null, reason: `It could not be started: ${reason}`, output: '' };
    }
    progress.isStarted = true;
    const end = await waiting.ending;
    // What it left in the background would go on writing into the worktree.
    survivors = await terminals.kill(terminalId);
    return { ...end, output: await terminals.text(terminalId, keptLines) };
  } finally {
    waiting.forget();
    // What cannot be ended is found by its terminal when the next one is to start there.
    if (survivors.length === 0) await terminals.remove(terminalId);
  }
}

const cancelled = { outcome: 'cancelled', exitCode: null, reason: 'It was cancelled.' } as const;

type Ending = Omit<CheckEnd, 'output'>;

const lost: Ending = {
  outcome: 'ended',
  exitCode: null,
  reason: 'The terminal host ended while it ran, so nobody knows how it would have come out.',
};

function waitForEnd(
  { terminals, log }: { terminals: TerminalsPort; log: Log },
  terminalId: TerminalId,
  timeoutMilliseconds: number,
  signal: AbortSignal,
): { ending: Promise<Ending>; forget: () => void } {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
  const settle = (end: Ending): void => {
    forget();
    resolve(end);
  };
  const look = async (): Promise<void> => {
    const terminal = (await terminals.list()).find(({ id }) => id === terminalId);
    if (terminal?.exit) settle(endOf(terminal.exit));
    else if (!terminal?.started) settle(lost);
  };
  const heard = terminals.onDidChange((event) => {
    if (event.id !== terminalId) return;
    if (event.kind === 'exited') settle(endOf(event.exit));
    else if (event.kind === 'host-lost' || event.kind === 'host-restored') {
      look().catch((error: unknown) => {
        log.error('could not look for a check', error);
        settle(lost);
      });
    }
  });
  const timer = setTimeout(() => {
    const minutes = timeoutMilliseconds / 60_000;
    const words =
      minutes < 2 ? `${String(Math.round(minutes * 60))} seconds` : `${String(Math.round(minutes))} minutes`;
    settle({ outcome: 'timed-out', exitCode: null, reason: `It took longer than its ${words} and was ended.` });
  }, timeoutMilliseconds);
  const cancel = (): void => settle(cancelled);
  const forget = (): void => {
    heard.dispose();
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel);
  return { ending, forget };
}

function endOf({ code, signal }: { code: number | null; signal: number | null }): Ending {
  if (code === 0) return { outcome: 'passed', exitCode: 0, reason: null };
  // A host that was started anew knows its terminals from what the former one kept, and not how they ended.
  if (code === null && signal === null) return lost;
  if (code === null) {
    return { outcome: 'ended', exitCode: null, reason: `It was ended by a signal (${String(signal)}).` };
  }
  // As a shell has it: it could not find the program, or not run it.
  const why =
    code === 127 ? ', because a command was not found' : code === 126 ? ', because a command cannot be run' : '';
  return { outcome: 'failed', exitCode: code, reason: `It ended with exit code ${String(code)}${why}.` };
}
