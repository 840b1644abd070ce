import { existsSync } from 'node:fs';
import { uptime } from 'node:os';

import { lockFile } from '#main/base/file-lock.ts';
import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import { terminalMarker } from './child-environment.ts';
import { hostFiles, majorsThere } from './host-files.ts';
import { HostTerminal } from './host-terminal.ts';
import { encodeKept, type KeptHeader } from './kept-screen.ts';
import { hasScreen, type KeptScreens } from './kept-screens.ts';
import { endProcesses, killTerminal, type KillGrace } from './kill-ladder.ts';
import { OutputBudget } from './output-budget.ts';
import { ParseQueue } from './parse-queue.ts';
import { continueProcesses, stopProcesses } from './pause-tree.ts';
import { processesOfSession, processesOfTerminal } from './process-tree.ts';
import { usageOfTerminals } from './process-usage.ts';
import { processorTime } from './processor-time.ts';
import {
  protocolVersion,
  type LinesRequest,
  type ProtocolVersion,
  type PtyHostApi,
  type PtyHostInfo,
  type TerminalEvent,
  type TerminalInfo,
  type TerminalLines,
  type TerminalUsage,
} from './protocol.ts';
import type { Report } from './report.ts';
import type { Command } from './resolve-command.ts';
import { Screen } from './screen.ts';
import { ScrollbackPacker } from './scrollback-packer.ts';
import { keeperPace, ScreenKeeper, type KeeperPace } from './screen-keeper.ts';

export interface PtyHostOptions {
  platform: NodeJS.Platform;
  /** Terminals of the same id in another state folder are not ours to end. */
  stateFolder: string;
  grace: KillGrace;
  /** Where agents can report; null: nowhere. */
  reportAddress?: string | null;
  log: Log;
  /** Where the last screens are; absent: none are kept. */
  screens?: KeptScreens;
  pace?: KeeperPace;
  /** What it says that it speaks. */
  protocol?: ProtocolVersion;
}

/** After the tree has ended, its exit takes a moment to be read to the end and told. */
const exitMilliseconds = 2000;

/** Owns the terminals, and offers those that a former host had as ones that have ended. */
export class PtyHost implements Disposable {
  readonly #options: PtyHostOptions;
  readonly #owned = new DisposableStore();
  readonly #parseQueue = this.#owned.add(new ParseQueue());
  readonly #outputBudget = this.#owned.add(new OutputBudget());
  readonly #terminals = new Map<TerminalId, HostTerminal>();
  /** Terminals of former hosts that nobody has looked at yet. */
  readonly #former = new Map<TerminalId, KeptHeader>();
  /** What a former host's terminal has left running, while it is being ended. */
  readonly #leftovers = new Map<TerminalId, Promise<void>>();
  /** Terminals in which everything is stopped, and since when. */
  readonly #paused = new Map<TerminalId, number>();
  #lastRead: { id: TerminalId; screen: Screen } | null = null;
  readonly #keeper: ScreenKeeper | null;
  readonly #onDidChange = this.#owned.add(new Emitter<TerminalEvent>());
  readonly #onDidLoseAll = this.#owned.add(new Emitter<void>());
  readonly #onDidAgreeToLeave = this.#owned.add(new Emitter<void>());
  readonly #startedAt = Date.now();
  #mostQueuedChars = 0;
  /** What terminals keep above their screens; until a client says so, each what it was made with. */
  #scrollbackBytes: number | undefined;

  readonly onDidChange = this.#onDidChange.event;
  /** It owns nothing any more. */
  readonly onDidLoseAll = this.#onDidLoseAll.event;
  /** A client has asked it to make room, and nothing runs here. */
  readonly onDidAgreeToLeave = this.#onDidAgreeToLeave.event;

  constructor(options: PtyHostOptions) {
    this.#options = options;
    const { screens, log, pace = keeperPace } = options;
    this.#keeper = screens
      ? this.#owned.add(new ScreenKeeper({ screens, sources: () => this.#started(), pace, log }))
      : null;
    this.#owned.add(new ScrollbackPacker(() => this.all()));
    this.adoptKept();
  }

  /**
   * Whether nothing would be lost without it: no process runs. What has ended is on disk, and a terminal that never had a
   * process was left by an app that went away before it started one.
   */
  get ownsNothing(): boolean {
    if (this.#keeper) return this.all().every((terminal) => !terminal.isRunning);
    return this.all().every((terminal) => !terminal.info().started);
  }

  get protocol(): ProtocolVersion {
    return this.#options.protocol ?? protocolVersion;
  }

  /** The terminals that are in memory. */
  all(): HostTerminal[] {
    return Array.from(this.#terminals.values());
  }

  /** Every terminal there is, also those of former hosts. */
  list(): TerminalInfo[] {
    this.#takeOver();
    const former = Array.from(this.#former.values(), (header): TerminalInfo => {
      const { id, cols, rows, title, createdAt, lastOutputAt } = header;
      return { id, pid: null, cols, rows, title, exit: exitOf(header), started: true, createdAt, lastOutputAt };
    });
    const present = this.all().map((terminal) => {
      const pausedAt = this.#paused.get(terminal.id);
      return pausedAt === undefined ? terminal.info() : { ...terminal.info(), pausedAt };
    });
    return [...present, ...former];
  }

  find(id: TerminalId): HostTerminal | undefined {
    return this.#terminals.get(id) ?? this.#revive(id);
  }

  info(): PtyHostInfo {
    const all = this.all();
    for (const terminal of all) this.#mostQueuedChars = Math.max(this.#mostQueuedChars, terminal.mostQueuedChars);
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      protocol: this.protocol,
      queuedChars: all.reduce((sum, terminal) => sum + terminal.queuedChars, 0),
      mostQueuedChars: this.#mostQueuedChars,
    };
  }

  /** Undefined: there is one of that id already. */
  create(request: {
    id: TerminalId;
    cols: number;
    rows: number;
    scrollback: number;
    scrollbackBytes?: number | undefined;
  }): HostTerminal | undefined {
    if (this.#terminals.has(request.id) || this.#former.has(request.id)) return undefined;
    return this.#add(new HostTerminal({ ...request, ...this.#parts() }));
  }

  /** What every terminal keeps above its screen from now on, also one that is read from disk later. */
  setScrollback(bytes: number): void {
    this.#scrollbackBytes = bytes;
    for (const terminal of this.#terminals.values()) terminal.setScrollback(bytes);
  }

  /** Some of the lines of a terminal; null: there is none. A former host's is read from disk, and is not kept for that. */
  lines(id: TerminalId, request: LinesRequest): TerminalLines | null {
    return this.#terminals.get(id)?.lines(request) ?? this.#formerScreen(id)?.lines(request) ?? null;
  }

  /** Milliseconds; null: no process runs there, or this platform does not tell. */
  async processorTime(id: TerminalId): Promise<number | null> {
    const root = this.#terminals.get(id)?.livingPid ?? null;
    const { platform } = this.#options;
    return root === null || platform === 'win32' ? null : processorTime(platform, root, this.marker(id));
  }

  /** Stops everything that was started in a terminal. One that is stopped already stays so. */
  async pause(id: TerminalId): ReturnType<PtyHostApi['terminals']['pause']> {
    const { platform } = this.#options;
    if (platform === 'win32') return fail({ kind: 'unavailable' });
    if (this.#terminals.get(id)?.isRunning !== true) return fail({ kind: 'not-running' });
    await stopProcesses(platform, () => this.#processesOf(id));
    // It may have been ended while it was being stopped.
    if (this.#terminals.get(id)?.isRunning !== true) return fail({ kind: 'not-running' });
    const pausedAt = this.#paused.get(id) ?? Date.now();
    this.#paused.set(id, pausedAt);
    return ok({ pausedAt });
  }

  /** Lets everything in a terminal go on that is stopped. */
  async unpause(id: TerminalId): Promise<void> {
    if (!this.#paused.has(id)) return;
    await continueProcesses(() => this.#processesOf(id));
    this.#paused.delete(id);
  }

  /** What runs in these terminals takes; null: this platform does not tell. */
  async usage(ids: readonly TerminalId[]): Promise<readonly TerminalUsage[] | null> {
    const running = ids.flatMap((id) => {
      const root = this.#terminals.get(id)?.livingPid ?? null;
      return root === null ? [] : [{ id, root, marker: this.marker(id) }];
    });
    const usage = await usageOfTerminals(this.#options.platform, running);
    return usage && running.flatMap(({ id }, index) => (usage[index] ? [{ id, ...usage[index] }] : []));
  }

  /** Hands a report to the terminal whose token it shows. False: there is none. */
  report(token: string, report: Report): boolean {
    return this.all().some((terminal) => terminal.report(token, report));
  }

  marker(id: TerminalId): { name: string; value: string } {
    return terminalMarker(id, this.#options.stateFolder);
  }

  /** Starts a process in a terminal, once nothing of a former host's process is left there. */
  async start(id: TerminalId, command: Command): ReturnType<PtyHostApi['terminals']['start']> {
    await this.#leftovers.get(id);
    const terminal = this.find(id);
    if (!terminal) return fail({ kind: 'gone' });
    const started = terminal.start(command, this.marker(id));
    // A crash of this host is not to forget that there was one.
    if (started.ok) this.#keeper?.hurry(id);
    return started;
  }

  /** Ends everything that was started in a terminal of this id, by us or by a former host. Returns who would not end. */
  async kill(id: TerminalId): Promise<number[]> {
    const { platform, grace, log } = this.#options;
    const root = (): number | null => this.#terminals.get(id)?.livingPid ?? null;
    const survivors = await killTerminal(platform, root, this.marker(id), grace);
    // It has continued whatever was stopped.
    this.#paused.delete(id);
    if (survivors.length > 0) log.warn('processes could not be ended', { terminal: id, survivors });
    await this.#untilExited(id);
    return survivors;
  }

  async remove(id: TerminalId): Promise<number[]> {
    const survivors = await this.kill(id);
    this.#terminals.get(id)?.dispose();
    this.#former.delete(id);
    if (this.#lastRead?.id === id) this.#forgetRead();
    const wasThere = this.#terminals.delete(id);
    await this.#keeper?.forget(id);
    this.#removeElsewhere(id);
    if (wasThere && this.ownsNothing) this.#onDidLoseAll.fire();
    return survivors;
  }

  /** Asked to make room. False: something runs here. */
  leave(): boolean {
    if (!this.ownsNothing) return false;
    this.#onDidAgreeToLeave.fire();
    return true;
  }

  /** Takes over what former hosts have left on disk and is not here yet. */
  adoptKept(): void {
    const { screens } = this.#options;
    if (!screens) return;
    const isInUse = (id: TerminalId): boolean => this.#terminals.has(id) || this.#former.has(id);
    for (const [id, { header }] of screens.find(Date.now(), isInUse)) {
      if (this.#terminals.has(id) || this.#former.has(id)) continue;
      const settled = header.exit ? header : this.#settle(id);
      if (settled) this.#former.set(id, settled);
    }
  }

  /** Writes down what is not on disk yet. False: something could not be written. `isLast`: whatever still runs ends now. */
  async keepAll(how: { isLast: boolean }): Promise<boolean> {
    return this.#keeper ? this.#keeper.finish(how) : true;
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.dispose();
    this.#terminals.clear();
    this.#forgetRead();
    this.#owned.dispose();
  }

  #processesOf(id: TerminalId): Promise<number[]> {
    const { platform } = this.#options;
    return processesOfTerminal(platform, this.#terminals.get(id)?.livingPid ?? null, this.marker(id));
  }

  #forgetRead(): void {
    this.#lastRead?.screen.dispose();
    this.#lastRead = null;
  }

  #parts() {
    const { platform, log, reportAddress = null } = this.#options;
    return { platform, log, reportAddress, parseQueue: this.#parseQueue, outputBudget: this.#outputBudget };
  }

  #add(terminal: HostTerminal): HostTerminal {
    this.#terminals.set(terminal.id, terminal);
    terminal.onDidChange((event) => {
      if (event.kind === 'exited') {
        this.#keeper?.hurry(event.id);
        this.#paused.delete(event.id);
      }
      this.#onDidChange.fire(event);
      if (event.kind === 'exited' && this.ownsNothing) this.#onDidLoseAll.fire();
    });
    return terminal;
  }

  /** The last of the former screens that were read line by line stays: it is read on in a moment. */
  #formerScreen(id: TerminalId): Screen | null {
    if (this.#lastRead?.id === id) return this.#lastRead.screen;
    this.#forgetRead();
    const header = this.#former.get(id);
    const read = header && this.#options.screens?.read(id);
    if (read?.ok !== true) return null;
    const { cols, rows, scrollback } = read.value.header;
    const screen = new Screen({ cols, rows, scrollback });
    screen.write(read.value.screen);
    this.#lastRead = { id, screen };
    return screen;
  }

  /** Reads a former host's terminal from disk, now that somebody looks at it. */
  #revive(id: TerminalId): HostTerminal | undefined {
    const header = this.#former.get(id);
    if (!header) return undefined;
    this.#former.delete(id);
    if (this.#lastRead?.id === id) this.#forgetRead();
    const read = this.#options.screens?.read(id);
    const screen = read?.ok === true ? read.value.screen : 'Its last screen could not be read from disk.\r\n';
    const { cols, rows, scrollback } = header;
    const former = { kept: header, screen, exit: exitOf(header) };
    const scrollbackBytes = this.#scrollbackBytes;
    const terminal = this.#add(
      new HostTerminal({ id, cols, rows, scrollback, scrollbackBytes, former, ...this.#parts() }),
    );
    this.#keeper?.adopt(terminal);
    return terminal;
  }

  /** Hosts of other versions of the protocol have folders of their own. What one leaves behind is ours to offer. */
  #takeOver(): void {
    const { screens, stateFolder, log } = this.#options;
    if (!screens) return;
    for (const major of majorsThere(stateFolder)) {
      if (major === this.protocol.major) continue;
      const files = hostFiles(stateFolder, major);
      try {
        // Whoever holds the lock still writes there.
        const lock = existsSync(files.screens) ? lockFile(files.lock, 0) : null;
        if (!lock) continue;
        screens.takeFrom(files.screens);
        lock.dispose();
        this.adoptKept();
      } catch (error) {
        log.error('the screens of another terminal host could not be taken over', error, { major });
      }
    }
  }

  /** Where a host of another version has the terminal, what that one leaves of it is not to come here later. */
  #removeElsewhere(id: TerminalId): void {
    const { screens, stateFolder, log } = this.#options;
    if (!screens) return;
    try {
      const others = majorsThere(stateFolder).filter((major) => major !== this.protocol.major);
      if (others.some((major) => hasScreen(hostFiles(stateFolder, major).screens, id))) screens.refuse(id);
      this.#takeOver();
    } catch (error) {
      log.error('what another terminal host has of a screen could not be refused', error, { terminal: id });
    }
  }

  /** Writes down what became of a terminal whose end nobody saw: the next host could not tell it any more. */
  #settle(id: TerminalId): KeptHeader | null {
    const read = this.#options.screens?.read(id);
    if (read?.ok !== true) return null;
    const { header, screen } = read.value;
    const settled = { ...header, exit: exitOf(header) };
    if (header.pid !== null) this.#endLeftovers(id, header.pid);
    try {
      this.#options.screens?.writeNow(id, encodeKept({ ...settled, screen }, header));
    } catch (error) {
      this.#options.log.error('a screen could not be kept on disk', error, { terminal: id });
    }
    return settled;
  }

  #started(): readonly HostTerminal[] {
    return this.all().filter((terminal) => terminal.info().started);
  }

  /**
   * The system hangs up on the processes of a host that dies. One that does not end of that has no terminal any more, and
   * would go on unseen, beside the next agent in the same worktree.
   */
  #endLeftovers(id: TerminalId, session: number): void {
    const { platform, grace, log } = this.#options;
    if (platform === 'win32') return;
    const marker = this.marker(id);
    const ending = endProcesses(() => processesOfSession(platform, session, marker), grace)
      .then((survivors) => {
        if (survivors.length > 0)
          log.warn('processes of a former host could not be ended', { terminal: id, survivors });
      })
      .catch((error: unknown) => {
        log.error('could not look for what a former host has left', error, { terminal: id });
      })
      .finally(() => this.#leftovers.delete(id));
    this.#leftovers.set(id, ending);
  }

  async #untilExited(id: TerminalId): Promise<void> {
    const terminal = this.#terminals.get(id);
    if (!terminal || terminal.pid === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, exitMilliseconds);
      const heard = terminal.onDidChange((event) => {
        if (event.kind === 'exited') done();
      });
      function done(): void {
        clearTimeout(timer);
        heard.dispose();
        resolve();
      }
    });
  }
}

/** How a former host's terminal ended. Where nobody saw it, the machine's own start tells whether it was the host alone. */
function exitOf(header: KeptHeader): TerminalExit {
  if (header.exit) return header.exit;
  const startOfMachine = Date.now() - uptime() * 1000;
  const cause = header.keptAt < startOfMachine ? 'machine' : 'host';
  return { code: null, signal: null, lost: { cause, keptAt: header.keptAt, isWhole: header.isLast } };
}
