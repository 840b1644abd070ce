import { release } from 'node:os';

import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { SnapshotExtent, TerminalExit, TerminalFrame } from '#shared/contract/terminals.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { TerminalId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { clearScreen } from '#shared/terminal/clear-screen.ts';
import { windowsPtyOf } from '#shared/terminal/windows-pty.ts';

import { OutputBounds } from './bound-output.ts';
import { KeptReports } from './kept-reports.ts';
import type { KeptHeader, ScreenToKeep } from './kept-screen.ts';
import { lowerPriority } from './lower-priority.ts';
import type { OutputBudget } from './output-budget.ts';
import { ParsePace } from './parse-pace.ts';
import type { ParseQueue, ParseSource } from './parse-queue.ts';
import type { LinesRequest, TerminalEvent, TerminalInfo, TerminalLines } from './protocol.ts';
import { spawnPty, type Pty } from './pty.ts';
import { TokenBucket } from './rate-limits.ts';
import { reportAddressVariable, reportTokenVariable } from './report-variables.ts';
import type { KeptReport, Report } from './report.ts';
import { resolveCommand, type Command, type Refusal } from './resolve-command.ts';
import type { KeptSource } from './screen-keeper.ts';
import { Screen } from './screen.ts';
import type { PackSource } from './scrollback-packer.ts';
import { SequenceTail } from './sequence-tail.ts';
import { TerminalSignals } from './terminal-signals.ts';
import { Viewer, type SnapshotFrame, type ViewedTerminal } from './viewer.ts';

/** On a new size, what waits is parsed at the old one first, but not for longer than this. */
const resizeMilliseconds = 50;

/**
 * Output that waits for the parser. Above the first the process is paused, below the second it goes on. It is what Ctrl-C
 * has to wait for: among 16 floods 100,000 characters take some 50 ms.
 */
export const parserLimits = { pausedAboveChars: 98_304, resumedBelowChars: 32_768 };

/** So long after the last key a terminal counts as the one that a person is typing in. */
const foremostMilliseconds = 2000;
/** Fewer lines above the screen than this are sent with it, whoever is behind: that costs no more than to leave them out. */
const fewLines = 60;
const frameEnd = '\x1b[?2026l';

type ProcessState = { kind: 'none' } | { kind: 'running'; pty: Pty } | { kind: 'ended'; exit: TerminalExit };

export interface HostTerminalOptions {
  id: TerminalId;
  cols: number;
  rows: number;
  scrollback: number;
  scrollbackBytes?: number | undefined;
  platform: NodeJS.Platform;
  parseQueue: ParseQueue;
  /** Where what runs in it can report of itself; null: nowhere. */
  reportAddress?: string | null;
  outputBudget: OutputBudget;
  log: Log;
  /** It was a former host's: what was kept of it, and how it ended. */
  former?: { kept: Pick<KeptHeader, 'title' | 'createdAt' | 'lastOutputAt'>; screen: string; exit: TerminalExit };
}

/** A screen, at most one process at a time, and those who watch. The process never waits for any of them. */
export class HostTerminal implements ParseSource, ViewedTerminal, KeptSource, PackSource, Disposable {
  readonly id: TerminalId;
  readonly #options: HostTerminalOptions;
  readonly #screen: Screen;
  readonly #bounds = new OutputBounds();
  readonly #pace = new ParsePace();
  readonly #tail = new SequenceTail();
  readonly #owned = new DisposableStore();
  readonly #viewers = new Map<string, Viewer>();
  readonly #createdAt: number;
  readonly #queue: string[] = [];
  #queuedChars = 0;
  #mostQueuedChars = 0;
  #process: ProcessState = { kind: 'none' };
  #isPaused = false;
  #pendingExit: TerminalExit | null = null;
  #lastOutputAt: number | null = null;
  #changes = 0;
  #typedAt = -Infinity;
  readonly #signals: TerminalSignals;
  /** Characters of replies. A program that asks for ever would fill its own input with the answers. */
  readonly #replies = new TokenBucket({ capacity: 4096, perSecond: 2048 });
  readonly #onDidChange = this.#owned.add(new Emitter<TerminalEvent>());
  readonly #reports = this.#owned.add(
    new KeptReports((report) => this.#onDidChange.fire({ id: this.id, at: report.at, kind: 'report', report })),
  );

  readonly onDidChange = this.#onDidChange.event;

  constructor(options: HostTerminalOptions) {
    this.id = options.id;
    this.#options = options;
    this.#screen = this.#owned.add(new Screen({ ...options, windowsPty: windowsPtyOf(options.platform, release()) }));
    const { former } = options;
    this.#createdAt = former?.kept.createdAt ?? Date.now();
    if (former) {
      this.#screen.write(former.screen);
      this.#lastOutputAt = former.kept.lastOutputAt;
      this.#process = { kind: 'ended', exit: former.exit };
    }
    this.#signals = this.#owned.add(new TerminalSignals(this.#screen, former?.kept.title));
    this.#listen();
  }

  get queuedChars(): number {
    return this.#queuedChars;
  }

  get hasMore(): boolean {
    return this.#queuedChars > 0;
  }

  /** The most characters that ever waited for the parser at once. */
  get mostQueuedChars(): number {
    return this.#mostQueuedChars;
  }

  get isMidFrame(): boolean {
    return this.#screen.isMidFrame;
  }

  get rows(): number {
    return this.#screen.rows;
  }

  get isForemost(): boolean {
    return performance.now() - this.#typedAt < foremostMilliseconds;
  }

  /** The process that runs; null when none does. */
  get pid(): number | null {
    return this.#process.kind === 'running' ? this.#process.pty.pid : null;
  }

  /** The same, but null once the system has told of its end: its number may then be a stranger's, while its output is still read. */
  get livingPid(): number | null {
    return this.#process.kind === 'running' && !this.#process.pty.hasEnded ? this.#process.pty.pid : null;
  }

  get isRunning(): boolean {
    return this.#process.kind === 'running';
  }

  /** Rises with everything that a snapshot shows. */
  get changes(): number {
    return this.#changes;
  }

  get linesAbove(): number {
    return this.#screen.linesAbove;
  }

  /** What somebody watches is asked for again any time, and what floods has other rows by the next look. */
  pack(end: number): boolean {
    return this.#viewers.size === 0 && !this.hasMore && this.#screen.pack(end);
  }

  /** How many of its rows are packed now. */
  get packedRows(): number {
    return this.#screen.packedRows;
  }

  toKeep(linesAbove: number): ScreenToKeep {
    const { id, pid, cols, rows, title, exit, createdAt, lastOutputAt } = this.info();
    const { scrollback } = this.#screen;
    const screen = this.#screen.serialize(linesAbove);
    return { id, pid, cols, rows, scrollback, title, exit, createdAt, lastOutputAt, screen };
  }

  info(): TerminalInfo {
    return {
      id: this.id,
      pid: this.pid,
      cols: this.#screen.cols,
      rows: this.#screen.rows,
      title: this.#signals.title,
      exit: this.#process.kind === 'ended' ? this.#process.exit : null,
      started: this.#process.kind !== 'none',
      createdAt: this.#createdAt,
      lastOutputAt: this.#lastOutputAt,
    };
  }

  print(data: string): void {
    this.#enqueue(data.replace(/\r?\n/g, '\r\n'));
  }

  start(
    command: Command,
    marker: { name: string; value: string },
  ): Result<{ pid: number }, Refusal | { kind: 'still-running' }> {
    if (this.#process.kind === 'running') return fail({ kind: 'still-running' });
    const { platform } = this.#options;
    const found = resolveCommand(command, platform);
    if (!found.ok) return found;
    const env = {
      ...command.env,
      PWD: command.cwd,
      [marker.name]: marker.value,
      ...this.#reportVariables(),
    };
    const { cols, rows } = this.#screen;
    let pty: Pty;
    try {
      pty = spawnPty(
        platform,
        { ...found.value, env, cols, rows },
        { onData: (text) => this.#onOutput(text), onExit: (exit) => this.#onExit(exit) },
      );
    } catch (error) {
      const reason = errorMessage(error);
      const message = `The system could not make a terminal for ${command.command}: too many open files or processes (${reason}).`;
      return fail({ kind: 'spawn-failed', message });
    }
    const isFirst = this.#process.kind === 'none';
    if (!isFirst) {
      this.#parseAll();
      // The one before may have ended within a string.
      this.#parsePiece(this.#bounds.pass(this.#screen.leaveProgram()));
    }
    this.#process = { kind: 'running', pty };
    void lowerPriority(platform, pty.pid);
    this.#changes++;
    this.#isPaused = false;
    if (!isFirst) {
      // Viewers were told of the former process's end; a snapshot says that there is none to speak of any more.
      for (const viewer of this.#viewers.values()) viewer.sendSnapshot();
    }
    return ok({ pid: pty.pid });
  }

  /** What the program has reported of itself since it was started. */
  get reports(): readonly KeptReport[] {
    return this.#reports.all;
  }

  /** Whether the report is this terminal's: it shows the token that the program was given. */
  report(token: string, report: Report): boolean {
    if (!this.#reports.isToken(token)) return false;
    this.#reports.add(report);
    return true;
  }

  /** `not-read`: the program has not read what was typed for so long that no more is held for it, and this was dropped whole. */
  write(data: string): Result<void, { kind: 'exited' } | { kind: 'not-read' }> {
    if (this.#process.kind !== 'running') return fail({ kind: 'exited' });
    this.#typedAt = performance.now();
    this.#options.parseQueue.giveWay();
    this.#options.outputBudget.giveWay();
    return this.#process.pty.write(data) ? ok(undefined) : fail({ kind: 'not-read' });
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#screen.cols && rows === this.#screen.rows) return;
    // What waits was printed for the old size.
    this.#parseAll(resizeMilliseconds);
    this.#screen.resize(cols, rows);
    this.#changes++;
    this.#signals.resized();
    if (this.#process.kind === 'running') {
      try {
        this.#process.pty.resize(cols, rows);
      } catch (error) {
        this.#options.log.warn('could not resize a pty', { terminal: this.id, error: String(error) });
      }
    }
    for (const viewer of this.#viewers.values()) viewer.send({ kind: 'resized', cols, rows });
  }

  /** Sends what there is to see, and then what follows. A viewer of the same name is replaced. */
  attach(name: string, push: (frame: TerminalFrame) => void, begin: SnapshotExtent = 'whole'): Disposable {
    this.#viewers.get(name)?.dispose();
    const viewer = new Viewer({ push, terminal: this, budget: this.#options.outputBudget });
    this.#viewers.set(name, viewer);
    viewer.sendSnapshot(begin);
    return toDisposable(() => {
      viewer.dispose();
      if (this.#viewers.get(name) === viewer) this.#viewers.delete(name);
    });
  }

  acknowledge(name: string, chars: number): void {
    this.#viewers.get(name)?.acknowledge(chars);
  }

  /** Keeps so many bytes above the screen from now on. */
  setScrollback(bytes: number): void {
    this.#screen.setScrollback(bytes);
  }

  lines(request: LinesRequest): TerminalLines {
    return this.#screen.lines(request);
  }

  snapshot(extent: SnapshotExtent): SnapshotFrame {
    const { cols, rows, title, exit } = this.info();
    const frame = { kind: 'snapshot', cols, rows, title, exit } as const;
    if (extent === 'whole' || this.#screen.linesAbove <= fewLines) {
      return { ...frame, data: this.#screen.serialize() + this.#tail.text };
    }
    return { ...frame, data: clearScreen + this.#screen.serialize(0) + this.#tail.text, isPartial: true };
  }

  text(lines: number): string {
    return this.#screen.text(lines);
  }

  parse(chars: number): void {
    for (let left = Math.min(chars, this.#pace.pieceChars); left > 0 && this.#queue.length > 0;) {
      const piece = this.#takePiece(left);
      left -= piece.length;
      this.#parsePiece(piece);
    }
    this.#afterParsing();
  }

  /** Viewers are told that it is gone. A process that still runs is hung up on. */
  dispose(): void {
    for (const viewer of this.#viewers.values()) {
      viewer.send({ kind: 'gone', reason: 'This terminal was removed.' });
      viewer.dispose();
    }
    this.#viewers.clear();
    this.#options.parseQueue.remove(this);
    if (this.#process.kind === 'running') this.#process.pty.close();
    this.#process = { kind: 'none' };
    this.#queue.length = 0;
    this.#queuedChars = 0;
    this.#owned.dispose();
  }

  #reportVariables(): Record<string, string> {
    const { reportAddress = null } = this.#options;
    const token = this.#reports.begin();
    return reportAddress === null ? {} : { [reportAddressVariable]: reportAddress, [reportTokenVariable]: token };
  }

  #onOutput(text: string): void {
    this.#lastOutputAt = Date.now();
    this.#enqueue(text);
  }

  #enqueue(output: string): void {
    const text = this.#bounds.pass(output);
    if (text === '') return;
    if (this.#options.parseQueue.mayParseNow(this, this.#pace.weigh(text.length))) {
      this.#parsePiece(text);
      return;
    }
    this.#queue.push(text);
    this.#queuedChars += text.length;
    this.#mostQueuedChars = Math.max(this.#mostQueuedChars, this.#queuedChars);
    this.#options.parseQueue.wake(this);
    if (!this.#isPaused && this.#queuedChars > parserLimits.pausedAboveChars && this.#process.kind === 'running') {
      this.#isPaused = true;
      this.#process.pty.pause();
    }
  }

  #takePiece(chars: number): string {
    const head = this.#queue[0] ?? '';
    // At the end of a frame the screen can be shown as the program means it.
    const frame = head.lastIndexOf(frameEnd, chars - frameEnd.length);
    // A pair of surrogates stays together: each half alone is another character.
    const whole = /[\ud800-\udbff]/.test(head.charAt(chars - 1)) ? chars + 1 : chars;
    const cut = frame >= 0 ? frame + frameEnd.length : whole;
    const piece = head.slice(0, cut);
    if (piece.length === head.length) this.#queue.shift();
    else this.#queue[0] = head.slice(cut);
    this.#queuedChars -= piece.length;
    return piece;
  }

  #parsePiece(piece: string): void {
    this.#changes++;
    const began = performance.now();
    const isParsed = this.#screen.write(piece);
    this.#pace.took(piece.length, performance.now() - began);
    if (isParsed) {
      this.#tail.follow(piece);
      for (const viewer of this.#viewers.values()) viewer.output(piece);
    } else {
      this.#tail.forget();
      for (const viewer of this.#viewers.values()) viewer.sendSnapshot();
    }
    this.#signals.parsed();
  }

  #parseAll(milliseconds = Infinity): void {
    const end = performance.now() + milliseconds;
    while (this.#queue.length > 0 && performance.now() < end) this.#parsePiece(this.#takePiece(this.#pace.pieceChars));
    this.#afterParsing();
  }

  #afterParsing(): void {
    if (this.#isPaused && this.#queuedChars < parserLimits.resumedBelowChars && this.#process.kind === 'running') {
      this.#isPaused = false;
      this.#process.pty.resume();
    }
    if (this.#pendingExit && this.#queuedChars === 0) this.#sayExit(this.#pendingExit);
  }

  /** The exit is told after the last of the output is on the screen. */
  #onExit(exit: TerminalExit): void {
    this.#pendingExit = exit;
    this.#afterParsing();
  }

  #sayExit(exit: TerminalExit): void {
    this.#pendingExit = null;
    this.#process = { kind: 'ended', exit };
    this.#changes++;
    this.#signals.flush();
    this.#reports.flush();
    for (const viewer of this.#viewers.values()) viewer.send({ kind: 'exited', exit });
    this.#onDidChange.fire({ id: this.id, at: Date.now(), kind: 'exited', exit });
  }

  #listen(): void {
    const screen = this.#screen;
    this.#owned.add(
      // Only here are a program's questions answered; viewers keep silent.
      screen.onDidReply((reply) => {
        if (this.#process.kind === 'running' && this.#replies.take(reply.length)) this.#process.pty.write(reply);
      }),
    );
    this.#owned.add(
      screen.onDidFault((error) => {
        this.#options.log.error('a screen could not parse its output and was emptied', error, { terminal: this.id });
      }),
    );
    this.#owned.add(
      this.#signals.onDidSignal((signal) => {
        if (signal.kind === 'title') {
          for (const viewer of this.#viewers.values()) viewer.send({ kind: 'title', title: signal.title });
        }
        this.#onDidChange.fire({ id: this.id, ...signal });
      }),
    );
  }
}
