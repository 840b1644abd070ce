import { z } from 'zod';

import { call, fails, feed, returns, type Api } from '#shared/contract/define.ts';
import { terminals as page, type TerminalExit } from '#shared/contract/terminals.ts';
import { terminalId, type TerminalId } from '#shared/ids.ts';

import type { ProcessUsage } from './process-usage.ts';
import type { TerminalProgress } from './notifications.ts';
import type { KeptReport } from './report.ts';

/**
 * The protocol's version. Hosts and clients of one major version speak with each other; a higher minor version only
 * adds. A pty host outlives the app that started it, so the two are often not of the same build.
 */
export const protocolVersion: ProtocolVersion = { major: 1, minor: 3 };

/** What came with which minor version, and what a person misses with a host that is older. */
export const features = {
  keptScreens: { minor: 1, without: 'keep the last screens for after a crash or a restart of the machine' },
  reports: { minor: 2, without: 'hear what agents report of themselves' },
  leave: { minor: 1, without: 'make room for a newer one at once' },
  scrollbackBytes: { minor: 2, without: 'keep what the setting says of what was printed before' },
  lines: { minor: 2, without: 'be searched, nor hand out transcripts' },
  pause: { minor: 3, without: 'pause what runs in it, nor say what memory that takes' },
} as const satisfies Readonly<Record<string, { minor: number; without: string }>>;

/** Whether a host of our major version has something. */
export const hasFeature = (host: ProtocolVersion, feature: keyof typeof features): boolean =>
  host.minor >= features[feature].minor;

export const versionName = ({ major, minor }: ProtocolVersion): string => `${String(major)}.${String(minor)}`;

export interface ProtocolVersion {
  major: number;
  minor: number;
}

export interface TerminalInfo {
  id: TerminalId;
  /** The process that runs in it; null before the first one and after it has ended. */
  pid: number | null;
  cols: number;
  rows: number;
  /** As the program set it, on one line; empty when it did not. */
  title: string;
  /** How its last process ended; null while one runs, and before the first. */
  exit: TerminalExit | null;
  /** Whether a process was ever started in it. */
  started: boolean;
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  lastOutputAt: number | null;
  /** Since when everything that runs in it is stopped; absent or null: it is not. Since 1.3. */
  pausedAt?: number | null;
}

export type TerminalEvent = { id: TerminalId; at: number } & (
  | { kind: 'title'; title: string }
  | { kind: 'exited'; exit: TerminalExit }
  /** A message of the program's own (OSC 9, 99, 777). `text` is empty for the bell. */
  | { kind: 'notification'; text: string }
  | { kind: 'progress'; progress: TerminalProgress }
  /** The text in view has changed; at most twice a second. `at` is when its last output came. */
  | { kind: 'activity' }
  /** What the agent in it reported of itself, by its hooks. Since 1.2. */
  | { kind: 'report'; report: KeptReport }
);

export interface PtyHostInfo {
  pid: number;
  startedAt: number;
  protocol: ProtocolVersion;
  /** Characters of output that were read and are not parsed: now over all terminals, and the most of any one ever. */
  queuedChars: number;
  mostQueuedChars: number;
}

/** Which lines of a terminal to read. Since 1.2. */
const linesRequest = z.object({
  /** What a program prints below each other, or what one draws that takes the whole screen. */
  buffer: z.enum(['normal', 'alternate']),
  /** Where an earlier answer has left off; null: from the first line. */
  from: z.object({ epoch: z.number().int(), row: z.number().int().min(0) }).nullable(),
  /** About how many rows of them. */
  rows: z.number().int().min(1).max(2000),
  form: z.enum(['text', 'ansi']),
});
export type LinesRequest = z.output<typeof linesRequest>;

export interface TerminalLine {
  /** The number of its first row: it stays the same while others scroll out at the top. */
  row: number;
  text: string;
  /** Too long to be given as one: the next one is the rest of it. */
  goesOn: boolean;
}

export interface TerminalLines {
  /** Row numbers of another epoch mean nothing any more. Then the answer begins with the first line again. */
  epoch: number;
  lines: readonly TerminalLine[];
  /** Where the next answer has to begin; null when there is no more. */
  next: number | null;
  /** The row below the last one. */
  end: number;
  /** Whether the alternate screen is in view now. */
  isFullScreen: boolean;
}

export type TerminalUsage = ProcessUsage & { id: TerminalId };

type Gone = { kind: 'gone' };

const scrollbackBytes = z.number().int().min(0).max(1_000_000_000);
const size = page.resize.input.pick({ cols: true, rows: true });

/** What a client may ask of the pty host. What pages ask too is declared once, in the shared contract. */
export const ptyHostContract = {
  host: {
    info: call(z.object({}), returns<PtyHostInfo>(), fails<never>()),
    /** Asks a host in which nothing runs to make room for another. The connection ends when it does. Since 1.1. */
    leave: call(z.object({}), returns<void>(), fails<{ kind: 'busy' }>()),
    /** What every terminal keeps above its screen from now on, in bytes. Since 1.2. */
    setScrollback: call(z.object({ scrollbackBytes }), returns<void>(), fails<never>()),
  },
  terminals: {
    attach: page.attach,
    acknowledge: page.acknowledge,
    write: page.write,
    resize: page.resize,
    /** A terminal with a screen and no process. It is kept, with its screen, until it is removed. */
    create: call(
      size.extend({
        id: terminalId,
        /** Lines, for a host that knows no bytes. */
        scrollback: z.number().int().min(0).max(100_000),
        /** Since 1.2, and stronger than the lines. */
        scrollbackBytes: scrollbackBytes.optional(),
      }),
      returns<void>(),
      fails<{ kind: 'exists' }>(),
    ),
    /** Puts the host's own words on the screen. A line feed begins a new line. */
    print: call(z.object({ id: terminalId, data: z.string().max(1_000_000) }), returns<void>(), fails<Gone>()),
    /** Starts a process where none runs. The screen goes on; modes that a former process left on are set back. */
    start: call(
      z.object({
        id: terminalId,
        command: z.string().max(4096),
        args: z.array(z.string()),
        cwd: z.string().max(4096),
        /** The whole environment. The host adds only the terminal's marker and PWD. */
        env: z.record(z.string(), z.string()),
      }),
      returns<{ pid: number }>(),
      fails<{ kind: 'spawn-failed'; message: string } | Gone | { kind: 'still-running' }>(),
    ),
    /** Ends everything the terminal has started. Works also for a terminal that a former host had. */
    kill: call(z.object({ id: terminalId }), returns<{ survivors: readonly number[] }>(), fails<never>()),
    /** `kill`, then forgets the terminal and its screen. */
    remove: call(z.object({ id: terminalId }), returns<{ survivors: readonly number[] }>(), fails<never>()),
    list: call(z.object({}), returns<readonly TerminalInfo[]>(), fails<never>()),
    /** Some of the lines that the terminal keeps. Since 1.2. */
    lines: call(linesRequest.extend({ id: terminalId }), returns<TerminalLines>(), fails<Gone>()),
    /** The last lines with text, as plain text; empty when there is no such terminal. */
    text: call(
      z.object({ id: terminalId, lines: z.number().int().min(1).max(10_000) }),
      returns<string>(),
      fails<never>(),
    ),
    /** Of everything that it has started and that still runs, in milliseconds; null where that is not known. Since 1.2. */
    processorTime: call(z.object({ id: terminalId }), returns<number | null>(), fails<never>()),
    /**
     * Stops everything that it has started, until `unpause`. Told is since when. `unavailable`: this platform cannot.
     * Since 1.3.
     */
    pause: call(
      z.object({ id: terminalId }),
      returns<{ pausedAt: number }>(),
      fails<{ kind: 'not-running' } | { kind: 'unavailable' }>(),
    ),
    /** Lets it all go on. Nothing happens where it does already. Since 1.3. */
    unpause: call(z.object({ id: terminalId }), returns<void>(), fails<never>()),
    /** What runs in these terminals takes, as far as this platform tells; a terminal without processes is left out. Since 1.3. */
    usage: call(
      z.object({ ids: z.array(terminalId).max(500) }),
      returns<readonly TerminalUsage[]>(),
      fails<{ kind: 'unavailable' }>(),
    ),
    /** What the program in it has reported since it was started: the last ones, oldest first. Since 1.2. */
    reports: call(z.object({ id: terminalId }), returns<readonly KeptReport[]>(), fails<never>()),
    /** What happens to any terminal from now on. Ask for it before the list, and nothing is missed. */
    onDidChange: feed(z.object({}), returns<TerminalEvent>()),
  },
};

export type PtyHostApi = Api<typeof ptyHostContract>;
