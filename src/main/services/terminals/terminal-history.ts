import { setTimeout as sleep } from 'node:timers/promises';

import { toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { LinesRequest, TerminalLine, TerminalLines } from '#main/ptyhost/protocol.ts';
import {
  searchLimits,
  type SearchOutcome,
  type TerminalMatch,
  type TerminalQuery,
  type TerminalSearchEvent,
  type TranscriptEvent,
} from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

import { patternOf, type LineMatch, type Pattern } from './find-matches.ts';
import { PatternMatcher } from './pattern-matcher.ts';

export type Unreadable = { kind: 'gone' } | { kind: 'old-host' };

export interface TerminalHistoryOptions {
  lines: (request: LinesRequest & { id: TerminalId }) => Promise<Result<TerminalLines, Unreadable>>;
  /** The program of the thread that regular expressions run in. */
  patternWorker: string;
  log: Log;
}

/** Read at once: a few milliseconds of the terminal host's time, which it owes to the terminals. */
const rowsAtOnce = 500;
/** One whose width changes while it is read is begun again, each time after a longer rest; so often, then it is given up. */
const mostStarts = 8;
const restMilliseconds = 100;
/** Of a line before and behind a hit. */
const reachBefore = 60;
const reachBehind = 160;
const lineStartLength = 200;

type Buffer = LinesRequest['buffer'];

/** What terminals have said: looked through, and handed out as a whole. Reads piece by piece, so that nobody waits for it. */
export class TerminalHistory {
  readonly #options: TerminalHistoryOptions;

  constructor(options: TerminalHistoryOptions) {
    this.#options = options;
  }

  search(
    { ids, query }: { ids: readonly TerminalId[]; query: TerminalQuery },
    listener: (event: TerminalSearchEvent) => void,
  ): Disposable {
    let isCancelled = false;
    const push = (event: TerminalSearchEvent): void => {
      if (!isCancelled) listener(event);
    };
    let pattern: Pattern;
    try {
      pattern = patternOf(query);
    } catch (error) {
      push({ kind: 'ended', how: 'no-expression', message: reasonOf(error) });
      return toDisposable(() => undefined);
    }
    const matcher = new PatternMatcher(pattern, query.regex ? this.#options.patternWorker : null);
    push({ kind: 'begun', terminals: ids.length });
    const isOver = (): boolean => isCancelled;
    this.#searchAll(ids, matcher, push, isOver)
      .catch((error: unknown) => {
        if (!isCancelled) this.#options.log.error('could not search the terminals', error);
        push({ kind: 'ended', how: 'too-slow' });
      })
      .finally(() => {
        matcher.dispose();
      });
    return toDisposable(() => {
      isCancelled = true;
      matcher.dispose();
    });
  }

  transcript(
    { id, form }: { id: TerminalId; form: 'text' | 'ansi' },
    listener: (event: TranscriptEvent) => void,
  ): Disposable {
    let isCancelled = false;
    const push = (event: TranscriptEvent): void => {
      if (!isCancelled) listener(event);
    };
    this.#transcribe(id, form, push, () => isCancelled).catch((error: unknown) => {
      this.#options.log.error('could not read a terminal', error, { terminal: id });
      push({ kind: 'failed', reason: 'gone' });
    });
    return toDisposable(() => {
      isCancelled = true;
    });
  }

  async #transcribe(
    id: TerminalId,
    form: 'text' | 'ansi',
    push: (event: TranscriptEvent) => void,
    isOver: () => boolean,
  ): Promise<void> {
    let isFullScreen = false;
    for (const buffer of ['normal', 'alternate'] as const) {
      if (buffer === 'alternate' && !isFullScreen) break;
      // Empty lines are kept back until something follows: those below the last text are nobody's.
      let empty = '';
      let hasText = false;
      const read = this.#read(id, buffer, form, isOver);
      for await (const part of read) {
        if (part.kind === 'begun') {
          if (buffer === 'normal') push({ kind: 'begun' });
          empty = '';
          hasText = false;
        } else if (part.kind === 'failed') {
          push({ kind: 'failed', reason: part.reason });
          return;
        } else {
          isFullScreen = part.piece.isFullScreen;
          const text = part.piece.lines.map((line) => line.text + (line.goesOn ? '' : '\n')).join('');
          const end = lengthWithoutLineEnds(text);
          if (end === 0) {
            empty += text;
            continue;
          }
          hasText = true;
          push({ kind: 'piece', text: empty + text.slice(0, end) });
          empty = text.slice(end);
        }
      }
      if (hasText && empty !== '') push({ kind: 'piece', text: '\n' });
    }
    push({ kind: 'ended' });
  }

  async #searchAll(
    ids: readonly TerminalId[],
    matcher: PatternMatcher,
    push: (event: TerminalSearchEvent) => void,
    isOver: () => boolean,
  ): Promise<void> {
    for (const id of ids) {
      if (isOver()) return;
      const found = await this.#searchOne(id, matcher, isOver);
      if (found === null) {
        push({ kind: 'ended', how: 'too-slow' });
        return;
      }
      push({ kind: 'terminal', id, ...found });
    }
    push({ kind: 'ended', how: 'done' });
  }

  /** Null: the expression takes too long. */
  async #searchOne(id: TerminalId, matcher: PatternMatcher, isOver: () => boolean): Promise<Found | null> {
    const matches: TerminalMatch[] = [];
    let count = 0;
    let lineCount = 0;
    let outcome: SearchOutcome = 'searched';
    let isFullScreen = false;
    for (const buffer of ['normal', 'alternate'] as const) {
      if (buffer === 'alternate' && !isFullScreen) break;
      const collector = new Collector(buffer);
      for await (const part of this.#read(id, buffer, 'text', isOver)) {
        if (part.kind === 'begun') {
          collector.restart();
        } else if (part.kind === 'failed') {
          outcome = part.reason;
        } else {
          isFullScreen = part.piece.isFullScreen;
          const found = await matcher.find(part.piece.lines.map((line) => line.text));
          if (found === null) return isOver() ? { outcome, lines: 0, count: 0, matches: [] } : null;
          collector.add(part.piece, found);
        }
      }
      matches.push(...collector.matches());
      count += collector.count;
      lineCount += collector.lineCount;
    }
    return { outcome, lines: lineCount, count, matches: matches.slice(-searchLimits.matchesPerTerminal) };
  }

  /**
   * All lines that a terminal has when it is asked, from the first one on; one that floods has others by the time they are
   * read. `begun` again: they were numbered anew, and begin once more; `changing`: that happened again and again.
   */
  async *#read(id: TerminalId, buffer: Buffer, form: 'text' | 'ansi', isOver: () => boolean): AsyncGenerator<Part> {
    let from = null as LinesRequest['from'];
    let starts = 0;
    /** What comes below is printed while this reads: to read that too could take for ever. */
    let end = 0;
    while (!isOver()) {
      const answer: Result<TerminalLines, Unreadable> = await this.#options.lines({
        id,
        buffer,
        from,
        rows: rowsAtOnce,
        form,
      });
      if (!answer.ok) {
        yield { kind: 'failed', reason: answer.error.kind };
        return;
      }
      const piece = answer.value;
      if (from !== null && from.epoch !== piece.epoch) {
        if (starts === mostStarts) {
          yield { kind: 'failed', reason: 'changing' };
          return;
        }
        await sleep(starts * restMilliseconds);
        from = null;
        continue;
      }
      if (from === null) {
        starts += 1;
        end = piece.end;
        yield { kind: 'begun' };
      }
      yield { kind: 'piece', piece };
      if (piece.next === null || piece.next >= end) return;
      from = { epoch: piece.epoch, row: piece.next };
    }
  }
}

type Part =
  | { kind: 'begun' }
  | { kind: 'piece'; piece: TerminalLines }
  | { kind: 'failed'; reason: Unreadable['kind'] | 'changing' };

interface Found {
  outcome: SearchOutcome;
  lines: number;
  count: number;
  matches: readonly TerminalMatch[];
}

/** Keeps the last hits of a terminal, with the lines around each. */
class Collector {
  readonly #buffer: Buffer;
  #hits: { row: number; line: string; match: LineMatch; before: readonly string[]; after: string[] }[] = [];
  /** The last lines that were seen, for those that come before a hit. */
  #recent: string[] = [];
  #end = 0;
  count = 0;
  lineCount = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  restart(): void {
    this.#hits = [];
    this.#recent = [];
    this.count = 0;
    this.lineCount = 0;
  }

  add({ lines, end }: TerminalLines, found: readonly (readonly LineMatch[])[]): void {
    this.#end = end;
    lines.forEach((line, index) => {
      this.#addLine(line, found[index] ?? []);
    });
  }

  matches(): TerminalMatch[] {
    return this.#hits.map(({ row, line, match: [offset, length], before, after }) => ({
      rowsAboveEnd: this.#end - row,
      lineStart: line.slice(0, lineStartLength),
      offset,
      length,
      excerpt: excerptOf(line, offset, length),
      before,
      after,
      screen: this.#buffer,
    }));
  }

  #addLine({ row, text }: TerminalLine, found: readonly LineMatch[]): void {
    if (text !== '') this.lineCount += 1;
    for (const hit of this.#hits.slice(-searchLimits.matchesPerLine * searchLimits.contextLines)) {
      if (hit.row < row && hit.after.length < searchLimits.contextLines) hit.after.push(contextOf(text));
    }
    const before = Array.from(this.#recent);
    this.#hits.push(...found.map((match) => ({ row, line: text, match, before, after: [] })));
    this.count += found.length;
    if (this.#hits.length > 2 * searchLimits.matchesPerTerminal) {
      this.#hits = this.#hits.slice(-searchLimits.matchesPerTerminal);
    }
    this.#recent = [...this.#recent, contextOf(text)].slice(-searchLimits.contextLines);
  }
}

const contextOf = (line: string): string => line.slice(0, reachBefore + reachBehind);

function excerptOf(line: string, offset: number, length: number): TerminalMatch['excerpt'] {
  const from = Math.max(0, offset - reachBefore);
  const shown = Math.min(length, reachBehind);
  const text = line.slice(from, offset + shown + reachBehind);
  const cutBefore = from > 0 ? '…' : '';
  const cutAfter = from + text.length < line.length ? '…' : '';
  return { text: cutBefore + text + cutAfter, offset: offset - from + cutBefore.length, length: shown };
}

function lengthWithoutLineEnds(text: string): number {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '\n') end -= 1;
  return end;
}

/** V8 says "Invalid regular expression: /(/u: Unterminated group"; a person wants the end of it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /: ([^:]+)$/u.exec(message)?.[1] ?? message;
}
