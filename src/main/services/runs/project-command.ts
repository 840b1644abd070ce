import type { Log } from '#main/base/log.ts';
import { counted } from '#shared/counted.ts';
import type { TerminalId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { TerminalsPort } from './run-ports.ts';

/** How a command came to an end that is no success. The message is a sentence. */
export type CommandFailure = { kind: 'failed'; message: string } | { kind: 'cancelled' };

type Ending =
  | { kind: 'exited'; code: number | null }
  | { kind: 'timed-out' }
  | { kind: 'cancelled' }
  /** The pty host has ended, and nobody can say how the command did. */
  | { kind: 'lost' };

/** Runs a command of a project's config in a run's own terminal, where the person sees it, and waits for its end. */
export async function runProjectCommand(
  needs: { terminals: TerminalsPort; log: Log },
  request: {
    /** What it is called: it begins a sentence after "The". */
    what: 'setup command' | 'teardown command';
    terminalId: TerminalId;
    process: { command: string; args: readonly string[]; cwd: string; env: Readonly<Record<string, string>> };
    timeoutMilliseconds: number;
    signal: AbortSignal;
  },
): Promise<Result<void, CommandFailure>> {
  const { terminals } = needs;
  const { what, terminalId, timeoutMilliseconds, signal } = request;
  // Listened for before it starts, because it may end at once.
  const waiting = waitForEnd(needs, terminalId, timeoutMilliseconds, signal);
  const started = await terminals.start(terminalId, request.process);
  if (!started.ok) {
    waiting.forget();
    const reason = started.error.kind === 'spawn-failed' ? started.error.message : 'its terminal is not there any more';
    return fail({ kind: 'failed', message: `The ${what} could not be started: ${reason}` });
  }
  const ending = await waiting.ending;
  switch (ending.kind) {
    case 'exited':
      if (ending.code === 0) return ok(undefined);
      return fail({
        kind: 'failed',
        message: `The ${what} failed with exit code ${String(ending.code ?? 'none')}. Its output is in the terminal.`,
      });
    case 'timed-out': {
      const minutes = Math.max(1, Math.round(timeoutMilliseconds / 60_000));
      return fail({
        kind: 'failed',
        message: `The ${what} was stopped: it took longer than ${counted(minutes, 'minute')}.`,
      });
    }
    case 'lost':
      return fail({
        kind: 'failed',
        message: `The terminal host ended while the ${what} ran, so it is not known how that came out.`,
      });
    case 'cancelled':
      return fail({ kind: 'cancelled' });
  }
}

function waitForEnd(
  { terminals, log }: { terminals: TerminalsPort; log: Log },
  terminalId: TerminalId,
  timeoutMilliseconds: number,
  signal: AbortSignal,
): { ending: Promise<Ending>; forget: () => void } {
  const { promise: ending, resolve } = Promise.withResolvers<Ending>();
  const settle = (value: Ending): void => {
    forget();
    resolve(value);
  };
  /** The pty host went away, or is back: it may have another, or the same one may have been busy. */
  const look = async (): Promise<void> => {
    const terminal = (await terminals.list()).find(({ id }) => id === terminalId);
    if (!terminal?.started || terminal.exit?.lost) settle({ kind: 'lost' });
    else if (terminal.exit) settle({ kind: 'exited', code: terminal.exit.code });
  };
  const heard = terminals.onDidChange((event) => {
    if (event.id !== terminalId) return;
    if (event.kind === 'exited' && event.exit.lost) settle({ kind: 'lost' });
    else if (event.kind === 'exited') settle({ kind: 'exited', code: event.exit.code });
    else if (event.kind === 'host-lost' || event.kind === 'host-restored') {
      look().catch((error: unknown) => {
        log.error('could not look for a command', error);
        settle({ kind: 'lost' });
      });
    }
  });
  const timer = setTimeout(() => settle({ kind: 'timed-out' }), timeoutMilliseconds);
  const cancelled = (): void => settle({ kind: 'cancelled' });
  const forget = (): void => {
    heard.dispose();
    clearTimeout(timer);
    signal.removeEventListener('abort', cancelled);
  };
  if (signal.aborted) cancelled();
  else signal.addEventListener('abort', cancelled);
  return { ending, forget };
}
