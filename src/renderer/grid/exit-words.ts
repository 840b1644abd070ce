import type { TerminalExit } from '#shared/contract/terminals.ts';
import { lostInWords } from '#shared/terminal/lost-in-words.ts';

/** What the common signals mean to a person. The numbers are the same on Linux and macOS. */
const signals: Readonly<Record<number, string>> = {
  1: 'Its terminal was closed (SIGHUP).',
  2: 'It was interrupted (SIGINT).',
  3: 'It was told to quit (SIGQUIT).',
  4: 'It crashed (SIGILL).',
  6: 'It gave up (SIGABRT).',
  8: 'It crashed (SIGFPE).',
  9: 'It was killed (SIGKILL), by somebody or for lack of memory.',
  11: 'It crashed (SIGSEGV).',
  13: 'Its output was closed (SIGPIPE).',
  15: 'It was stopped (SIGTERM).',
};

/** Codes that shells give a meaning of their own. */
const codes: Readonly<Record<number, string>> = {
  126: 'Its command is not executable.',
  127: 'Its command was not found.',
};

/** What Windows ends a process with, in its own numbers (NTSTATUS). */
const windowsCodes: Readonly<Record<number, string>> = {
  0xc000013a: 'It was interrupted (Ctrl-C), or its terminal was closed.',
  0xc0000005: 'It crashed (access violation).',
  0xc00000fd: 'It crashed (stack overflow).',
  0xc0000017: 'It ran out of memory.',
  0xc000012d: 'It ran out of memory.',
  0xc0000135: 'It needs a library (DLL) that is missing.',
  0xc0000142: 'A library (DLL) that it needs could not be started.',
  0xc0000374: 'It crashed (heap corruption).',
  0xc0000409: 'It crashed (stack buffer overrun, or it gave up).',
};

export interface ExitWords {
  /** A few words for a title. */
  title: string;
  /** Why, in a sentence, where the number says so. */
  reason: string | null;
  isFailure: boolean;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** How a process ended, in words. A shell reports a signal as 128 plus its number. */
export function exitInWords({ code, signal, lost }: TerminalExit): ExitWords {
  if (lost) {
    const kept = `This is the last screen that was kept, ${clock.format(lost.keptAt)}`;
    const missing = lost.isWhole ? '.' : '; what it printed in the seconds after that is lost.';
    const reason = `${kept}${missing} The files in the worktree and all commits are untouched.`;
    return { title: lostInWords(lost), reason, isFailure: true };
  }
  const byShell = code !== null && code > 128 && code <= 128 + 31 ? code - 128 : 0;
  const number = signal ?? 0;
  if (number > 0 || signals[byShell]) {
    const which = number > 0 ? number : byShell;
    return {
      title: `Ended by signal ${String(which)}`,
      reason: signals[which] ?? null,
      isFailure: which !== 2 && which !== 15,
    };
  }
  if (code === null) return { title: 'Ended', reason: 'Nobody was there to see its exit code.', isFailure: false };
  if (code === 0) return { title: 'Ended normally', reason: null, isFailure: false };
  const ofWindows = windowsCodes[code];
  if (ofWindows !== undefined) {
    return { title: `Ended with exit code 0x${code.toString(16)}`, reason: ofWindows, isFailure: code !== 0xc000013a };
  }
  return { title: `Ended with exit code ${String(code)}`, reason: codes[code] ?? null, isFailure: true };
}
