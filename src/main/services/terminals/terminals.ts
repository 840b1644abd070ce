import { join } from 'node:path';

import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import { childEnvironment } from '#main/ptyhost/child-environment.ts';
import type { PtyHostConnection } from '#main/ptyhost/dial.ts';
import { isKept } from '#main/ptyhost/kept-screens.ts';
import type { TerminalProgress } from '#main/ptyhost/notifications.ts';
import {
  hasFeature,
  protocolVersion,
  type LinesRequest,
  type TerminalEvent,
  type TerminalInfo,
  type TerminalLines,
  type TerminalUsage,
} from '#main/ptyhost/protocol.ts';
import type { KeptReport } from '#main/ptyhost/report.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type {
  terminals as contract,
  TerminalExit,
  TerminalFrame,
  TerminalQuery,
  TerminalSearchEvent,
  TranscriptEvent,
} from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { Disconnected } from '#shared/rpc/connect.ts';
import { bytesPerMegabyte, scrollbackLines, scrollbackMegabytes } from '#shared/terminal/scrollback.ts';

import { Attachment, type ViewerKey } from './attachment.ts';
import { hostNotices } from './host-notices.ts';
import { KnownTerminals } from './known-terminals.ts';
import { leftRunning } from './left-running.ts';
import { OtherHosts } from './other-hosts.ts';
import { PtyHostLink, PtyHostUnavailable } from './pty-host-link.ts';
import { PtyHostProcess } from './pty-host-process.ts';
import { TerminalHistory, type Unreadable } from './terminal-history.ts';
import type { TerminalsOptions } from './terminals-options.ts';

export type { TerminalInfo, TerminalUsage } from '#main/ptyhost/protocol.ts';
export type { KeptReport } from '#main/ptyhost/report.ts';

export type TerminalChange = { id: TerminalId; at: number } & (
  | { kind: 'title'; title: string }
  | { kind: 'exited'; exit: TerminalExit }
  /** A message of the program's own. `text` is empty for the bell. */
  | { kind: 'notification'; text: string }
  /** The text in view has changed. At most twice a second. */
  | { kind: 'activity' }
  /** What the agent in it reported of itself. */
  | { kind: 'report'; report: KeptReport }
  /** The pty host cannot be heard. Nothing is known of the terminal until it is restored. */
  | { kind: 'host-lost'; reason: string }
  /** A pty host can be heard again. `list` says whether it has the terminal. */
  | { kind: 'host-restored' }
);

export interface TerminalProgressReport {
  id: TerminalId;
  at: number;
  progress: TerminalProgress;
}

export interface ProcessToStart {
  command: string;
  args: readonly string[];
  cwd: string;
  /** Added to the environment that programs of ours get; see childEnvironment. */
  env: Readonly<Record<string, string>>;
}

export type TerminalStartFailure =
  { kind: 'spawn-failed'; message: string } | { kind: 'gone' } | { kind: 'still-running' };

/** A host that ends again and again is not started for ever: so often within so long. */
const restarts = { most: 3, withinMilliseconds: 60_000 };
/** What no system takes, the pty host need not be asked; a message of that size would end the connection to it. */
const longestArguments = 3_000_000;

/**
 * Terminals, as the rest of the app knows them. They live in the pty host, which this finds, or starts when there is
 * something to do for it; and finds again, with every viewer's screen, when the connection breaks.
 */
export class Terminals implements DomainApi<typeof contract>, Disposable {
  readonly #options: TerminalsOptions;
  readonly #owned = new DisposableStore();
  readonly #link: PtyHostLink;
  readonly #others: OtherHosts;
  readonly #onDidChange = this.#owned.add(new Emitter<TerminalChange>());
  readonly #onDidReportProgress = this.#owned.add(new Emitter<TerminalProgressReport>());
  readonly #onDidChangeNotices = this.#owned.add(new Emitter<void>());
  readonly #attachments = new Set<Attachment>();
  readonly #known = new KnownTerminals();
  readonly #history: TerminalHistory;
  #isLost = false;
  readonly #restartedAt: number[] = [];
  #notices: readonly string[] = [];
  #scrollbackBytes: number;

  readonly onDidChange = this.#onDidChange.event;
  readonly onDidReportProgress = this.#onDidReportProgress.event;

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#scrollbackBytes = options.scrollbackBytes ?? scrollbackMegabytes.default * bytesPerMegabyte;
    const { log, stateFolder, ptyHost, protocol = protocolVersion } = options;
    this.#history = new TerminalHistory({
      lines: (request) => this.#lines(request),
      patternWorker: options.patternWorker ?? join(import.meta.dirname, 'pattern-worker.ts'),
      log,
    });
    const process = new PtyHostProcess({ log, stateFolder, command: ptyHost, protocol });
    this.#link = this.#owned.add(new PtyHostLink({ log, process }));
    this.#owned.add(this.#link.onDidConnect((connection) => this.#connected(connection)));
    this.#owned.add(this.#link.onDidLose((reason) => this.#lost(reason)));
    this.#owned.add(this.#link.onDidEnd((reason) => this.#ended(reason)));
    const { major } = protocol;
    this.#others = this.#owned.add(
      new OtherHosts({ log, stateFolder, major, greet: (other: number) => process.dial(other) }),
    );
    this.#owned.add(this.#others.onDidChange((gone) => this.#othersChanged(gone)));
  }

  /** Finds the pty host that runs, or starts one. Throws PtyHostUnavailable, with a sentence for the person. */
  async connect(): Promise<void> {
    await this.#link.reach();
  }

  /** Makes a terminal with a screen and no process. One that is there already is left as it is. */
  async create(id: TerminalId, size: { cols: number; rows: number }): Promise<void> {
    const { api } = await this.#link.reach();
    const { cols, rows } = size;
    const scrollbackBytes = this.#scrollbackBytes;
    const scrollback = scrollbackLines(scrollbackBytes, cols);
    const created = await api.terminals.create({ id, cols, rows, scrollback, scrollbackBytes });
    if (created.ok) this.#known.know(id, { title: '', exit: null });
  }

  /** What every terminal keeps above its screen from now on, in bytes: those that are there, and those to come. */
  setScrollback(bytes: number): void {
    if (bytes === this.#scrollbackBytes) return;
    this.#scrollbackBytes = bytes;
    const { connection } = this.#link;
    if (connection) this.#limit(connection);
  }

  /** Puts the host's own words on a terminal's screen. */
  async print(id: TerminalId, data: string): Promise<void> {
    const { api } = await this.#link.reach();
    const printed = await api.terminals.print({ id, data });
    if (!printed.ok) this.#options.log.warn('printed on a terminal that is gone', { terminal: id });
  }

  /** Starts a process in a terminal in which none runs. The screen goes on. */
  async start(id: TerminalId, process: ProcessToStart): Promise<Result<{ pid: number }, TerminalStartFailure>> {
    const { environment = globalThis.process.env, platform } = this.#options;
    const { command, args, cwd } = process;
    const env = childEnvironment(environment, process.env, platform, this.#options.allowedVariables?.() ?? null);
    const length = [...args, ...Object.entries(env).flat()].reduce((sum, text) => sum + text.length, 0);
    if (length > longestArguments) {
      return fail({ kind: 'spawn-failed', message: `The arguments of ${command} are longer than any system takes.` });
    }
    try {
      const { api } = await this.#link.reach();
      const started = await api.terminals.start({ id, command, args: [...args], cwd, env });
      if (started.ok) this.#known.know(id, { exit: null });
      return started;
    } catch (error) {
      if (error instanceof PtyHostUnavailable) return fail({ kind: 'spawn-failed', message: error.message });
      if (error instanceof Disconnected) return fail({ kind: 'gone' });
      throw error;
    }
  }

  /** Ends everything that the terminal has started, daemons too. Resolves when it has ended, with those that would not. */
  async kill(id: TerminalId): Promise<readonly number[]> {
    const { api } = await this.#link.reach();
    return this.#survivors(id, await api.terminals.kill({ id }));
  }

  /** `kill`, then forgets the terminal and its screen. */
  async remove(id: TerminalId): Promise<readonly number[]> {
    const { api } = await this.#link.reach();
    const removed = await api.terminals.remove({ id });
    this.#known.forget(id);
    return this.#survivors(id, removed);
  }

  /** Every terminal that the pty host has, of all projects, also those that a former host had. */
  async list(): Promise<readonly TerminalInfo[]> {
    const reached = this.#link.reach().catch((error: unknown): never => {
      // Whoever could not be told how they are hears of it once there is a host after all.
      this.#isLost = true;
      throw error;
    });
    const [{ api }] = await Promise.all([reached, this.#others.look()]);
    const listed = await api.terminals.list({});
    return listed.ok ? listed.value : [];
  }

  /** Of a terminal that a host of another version has: whether its process runs, and where it is in words. As of the last `list`. */
  elsewhere(id: TerminalId): { isRunning: boolean; inWords: string } | null {
    return this.#others.find(id);
  }

  /** The terminals that hosts of other versions have. As of the last `list`; `kill` reaches what runs in them. */
  elsewhereIds(): readonly TerminalId[] {
    return this.#others.all().flatMap(({ terminals }) => terminals.map(({ id }) => id));
  }

  /** Whether a pty host runs. None is started to find out. */
  async isHostThere(): Promise<boolean> {
    return (await this.#link.find().catch(() => null)) !== null;
  }

  onDidChangeNotices(_key: object, listener: (notices: readonly string[]) => void): Disposable {
    listener(this.#notices);
    return this.#onDidChangeNotices.event(() => listener(this.#notices));
  }

  /** The last lines with text, as plain text; empty when the terminal is gone. */
  async text(id: TerminalId, lines: number): Promise<string> {
    const text = await this.#ask((api) => api.terminals.text({ id, lines }));
    return text?.ok === true ? text.value : '';
  }

  /** What the program in it has reported since it was started, also while we were away; the last ones, oldest first. */
  async reports(id: TerminalId): Promise<readonly KeptReport[]> {
    const reports = await this.#ask(async ({ terminals }, protocol) =>
      hasFeature(protocol, 'reports') ? terminals.reports({ id }) : ok([]),
    );
    return reports?.ok === true ? reports.value : [];
  }

  /** Milliseconds of processor time of everything that runs in it; null where that is not known. */
  async processorTime(id: TerminalId): Promise<number | null> {
    const time = await this.#ask(async ({ terminals }, protocol) =>
      hasFeature(protocol, 'reports') ? terminals.processorTime({ id }) : ok(null),
    );
    return time?.ok === true ? time.value : null;
  }

  /** What still runs of terminals whose programs have ended, which may be known to no host any more. */
  leftRunning(ids: readonly TerminalId[]): ReturnType<typeof leftRunning> {
    return leftRunning(this.#options, ids);
  }

  /** Stops everything that runs in it. `unavailable` says why that cannot be. */
  async pause(
    id: TerminalId,
  ): Promise<Result<{ pausedAt: number }, { kind: 'not-running' } | { kind: 'unavailable'; reason: string }>> {
    const paused = await this.#ask(async ({ terminals }, protocol) =>
      hasFeature(protocol, 'pause') ? terminals.pause({ id }) : ('old-host' as const),
    );
    if (paused === null) return fail({ kind: 'not-running' });
    if (paused === 'old-host') {
      const reason = 'The terminal host that runs was started by an older version, which cannot pause what runs in it.';
      return fail({ kind: 'unavailable', reason });
    }
    if (paused.ok || paused.error.kind !== 'unavailable') return paused.ok ? paused : fail({ kind: 'not-running' });
    return fail({ kind: 'unavailable', reason: 'Windows has no way to stop a program and let it go on later.' });
  }

  /** Lets everything in it go on. */
  async unpause(id: TerminalId): Promise<void> {
    await this.#ask(async ({ terminals }, protocol) =>
      hasFeature(protocol, 'pause') ? terminals.unpause({ id }) : null,
    );
  }

  /** What runs in these terminals takes; null where that cannot be told. */
  async usage(ids: readonly TerminalId[]): Promise<readonly TerminalUsage[] | null> {
    const usage = await this.#ask(async ({ terminals }, protocol) =>
      hasFeature(protocol, 'pause') ? terminals.usage({ ids: [...ids] }) : null,
    );
    return usage?.ok === true ? usage.value : null;
  }

  /** Types into the terminal. `not-running`: no process runs there; `not-read`: it takes no more, and nothing was typed. */
  async type(id: TerminalId, data: string): Promise<'typed' | 'not-running' | 'not-read'> {
    const written = await this.write({ id, data });
    if (written.ok) return 'typed';
    return written.error.kind === 'not-read' ? 'not-read' : 'not-running';
  }

  search(
    key: { ids: readonly TerminalId[]; query: TerminalQuery },
    listener: (event: TerminalSearchEvent) => void,
  ): Disposable {
    return this.#history.search(key, listener);
  }

  transcript(key: { id: TerminalId; form: 'text' | 'ansi' }, listener: (event: TranscriptEvent) => void): Disposable {
    return this.#history.transcript(key, listener);
  }

  attach(key: ViewerKey, listener: (frame: TerminalFrame) => void): Disposable {
    const attachment = new Attachment(key, listener, () => this.#attachments.delete(attachment));
    this.#attachments.add(attachment);
    this.#open(attachment).catch((error: unknown) => {
      attachment.end(error instanceof PtyHostUnavailable ? error.message : 'The terminal could not be shown.');
      if (!(error instanceof PtyHostUnavailable)) this.#options.log.error('could not attach a viewer', error);
    });
    return attachment;
  }

  async acknowledge(request: { id: TerminalId; viewer: string; chars: number }): Promise<Result<void, never>> {
    // Not asked for anew: what a lost host sent needs no acknowledgement.
    const connection = this.#link.connection;
    if (connection) await connection.api.terminals.acknowledge(request).catch(ignoreDisconnection);
    return ok(undefined);
  }

  async write(request: {
    id: TerminalId;
    data: string;
  }): Promise<Result<void, { kind: 'exited' } | { kind: 'gone' } | { kind: 'not-read' }>> {
    return (await this.#ask((api) => api.terminals.write(request))) ?? fail({ kind: 'gone' });
  }

  async resize(request: {
    id: TerminalId;
    cols: number;
    rows: number;
  }): Promise<Result<void, { kind: 'exited' } | { kind: 'gone' }>> {
    return (await this.#ask((api) => api.terminals.resize(request))) ?? fail({ kind: 'gone' });
  }

  /** Lets go of the pty host, which goes on with its terminals. */
  dispose(): void {
    for (const attachment of this.#attachments) attachment.dispose();
    this.#owned.dispose();
  }

  /** Asks the host that runs; null when there is none. */
  async #ask<T>(
    question: (api: PtyHostConnection['api'], protocol: PtyHostConnection['protocol']) => Promise<T>,
  ): Promise<T | null> {
    try {
      const connection = await this.#link.find();
      return connection ? await question(connection.api, connection.protocol) : null;
    } catch (error) {
      if (error instanceof Disconnected || error instanceof PtyHostUnavailable) return null;
      throw error;
    }
  }

  async #lines(request: LinesRequest & { id: TerminalId }): Promise<Result<TerminalLines, Unreadable>> {
    if (this.elsewhere(request.id) !== null) return fail({ kind: 'old-host' });
    try {
      const connection = await this.#findFor(request.id);
      if (!connection) return fail({ kind: 'gone' });
      if (!hasFeature(connection.protocol, 'lines')) return fail({ kind: 'old-host' });
      return await connection.api.terminals.lines(request);
    } catch (error) {
      if (error instanceof Disconnected || error instanceof PtyHostUnavailable) return fail({ kind: 'gone' });
      throw error;
    }
  }

  /** The host that runs; where a terminal's last screen is all there is of it, one is started to offer that. */
  async #findFor(id: TerminalId): Promise<PtyHostConnection | null> {
    const found = await this.#link.find();
    return found ?? (isKept(this.#options.stateFolder, id) ? await this.#link.reach() : null);
  }

  async #open(attachment: Attachment): Promise<void> {
    const elsewhere = this.elsewhere(attachment.id);
    if (elsewhere !== null) {
      attachment.end(elsewhere.inWords);
      return;
    }
    const connection = await this.#findFor(attachment.id);
    if (connection) attachment.open(connection.api);
    else attachment.end('No terminal host runs, so this terminal is gone.');
  }

  #connected(connection: PtyHostConnection): void {
    // Asked for before the list, so that nothing falls between the two.
    connection.api.terminals.onDidChange({}, (event) => {
      this.#heard(event);
    });
    this.#tellNotices();
    // It may have changed while there was no connection, or while no host of ours ran.
    this.#limit(connection);
    for (const attachment of this.#attachments) attachment.open(connection.api);
    this.#catchUp(connection).catch((error: unknown) => {
      if (!(error instanceof Disconnected)) this.#options.log.error('could not list terminals', error);
    });
  }

  #limit(connection: PtyHostConnection): void {
    const { api, protocol } = connection;
    // A host of before keeps what each terminal was made with.
    if (!hasFeature(protocol, 'scrollbackBytes')) return;
    api.host.setScrollback({ scrollbackBytes: this.#scrollbackBytes }).catch((error: unknown) => {
      if (!(error instanceof Disconnected)) this.#options.log.error('could not set the scrollback', error);
    });
  }

  /** Tells what happened while there was no connection. */
  async #catchUp(connection: PtyHostConnection): Promise<void> {
    const compared = await this.#known.compare(async () => {
      const listed = await connection.api.terminals.list({});
      return listed.ok && this.#link.connection === connection ? listed.value : null;
    });
    if (!compared) return;
    const { ids, learnt } = compared;
    const at = Date.now();
    if (this.#isLost) {
      this.#isLost = false;
      for (const id of ids) this.#onDidChange.fire({ id, at, kind: 'host-restored' });
    }
    for (const each of learnt) this.#onDidChange.fire({ ...each, at });
  }

  #heard(event: TerminalEvent): void {
    if (event.kind === 'progress') {
      const { id, at, progress } = event;
      this.#onDidReportProgress.fire({ id, at, progress });
      return;
    }
    if (event.kind === 'title') this.#known.know(event.id, { title: event.title });
    if (event.kind === 'exited') this.#known.know(event.id, { exit: event.exit });
    this.#onDidChange.fire(event);
  }

  #lost(reason: string): void {
    this.#isLost = true;
    for (const attachment of this.#attachments) attachment.interrupt();
    this.#tellLoss(reason);
  }

  /** Another host has what was kept on disk of the terminals; viewers go on with that. */
  #ended(reason: string): void {
    this.#isLost = true;
    const attachments = [...this.#attachments];
    if (this.#known.size === 0) {
      for (const attachment of attachments) attachment.end(reason);
      return;
    }
    for (const attachment of attachments) attachment.interrupt();
    this.#tellLoss(reason);
    this.#replace().catch((error: unknown) => {
      const why = error instanceof PtyHostUnavailable ? error.message : 'Another one could not be started.';
      for (const attachment of this.#attachments) attachment.end(`${reason} ${why}`);
      if (!(error instanceof PtyHostUnavailable)) this.#options.log.error('could not replace the pty host', error);
    });
  }

  async #replace(): Promise<void> {
    const now = Date.now();
    const recent = this.#restartedAt.filter((at) => now - at < restarts.withinMilliseconds);
    this.#restartedAt.splice(0, Infinity, ...recent, now);
    if (recent.length >= restarts.most)
      throw new PtyHostUnavailable('It has ended again and again, so no other was started.');
    await this.#link.reach();
  }

  #othersChanged(gone: readonly TerminalId[]): void {
    this.#tellNotices();
    const at = Date.now();
    // Runs are compared with the terminals again, and the list brings over what the other host has left.
    for (const id of gone) this.#onDidChange.fire({ id, at, kind: 'host-restored' });
  }

  #tellNotices(): void {
    const notices = hostNotices(this.#link.connection?.protocol, this.#others.all());
    if (JSON.stringify(notices) === JSON.stringify(this.#notices)) return;
    this.#notices = notices;
    this.#onDidChangeNotices.fire();
  }

  #tellLoss(reason: string): void {
    const at = Date.now();
    for (const id of this.#known.ids()) this.#onDidChange.fire({ id, at, kind: 'host-lost', reason });
  }

  #survivors(id: TerminalId, ended: Result<{ survivors: readonly number[] }, never>): readonly number[] {
    const survivors = ended.ok ? ended.value.survivors : [];
    if (survivors.length > 0) this.#options.log.warn('processes could not be ended', { terminal: id, survivors });
    return survivors;
  }
}

function ignoreDisconnection(error: unknown): void {
  if (!(error instanceof Disconnected)) throw error;
}
