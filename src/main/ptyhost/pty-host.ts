import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { TerminalId } from '#shared/ids.ts';

import { terminalMarker } from './child-environment.ts';
import { HostTerminal } from './host-terminal.ts';
import { killTerminal, type KillGrace } from './kill-ladder.ts';
import { ParseQueue } from './parse-queue.ts';
import { protocolVersion, type PtyHostInfo, type TerminalEvent } from './protocol.ts';

export interface PtyHostOptions {
  platform: NodeJS.Platform;
  /** Terminals of the same id in another state folder are not ours to end. */
  stateFolder: string;
  grace: KillGrace;
  log: Log;
}

/** After the tree has ended, its exit takes a moment to be read to the end and told. */
const exitMilliseconds = 2000;

/** Owns the terminals. */
export class PtyHost implements Disposable {
  readonly #options: PtyHostOptions;
  readonly #owned = new DisposableStore();
  readonly #parseQueue = this.#owned.add(new ParseQueue());
  readonly #terminals = new Map<TerminalId, HostTerminal>();
  readonly #onDidChange = this.#owned.add(new Emitter<TerminalEvent>());
  readonly #onDidLoseAll = this.#owned.add(new Emitter<void>());
  readonly #startedAt = Date.now();
  #mostQueuedChars = 0;

  readonly onDidChange = this.#onDidChange.event;
  /** It owns nothing any more. */
  readonly onDidLoseAll = this.#onDidLoseAll.event;

  constructor(options: PtyHostOptions) {
    this.#options = options;
  }

  /**
   * Whether nothing would be lost without it: there is no terminal, or only such as never had a process, left by an app
   * that went away before it started one.
   */
  get ownsNothing(): boolean {
    return this.all().every((terminal) => !terminal.info().started);
  }

  all(): HostTerminal[] {
    return Array.from(this.#terminals.values());
  }

  find(id: TerminalId): HostTerminal | undefined {
    return this.#terminals.get(id);
  }

  info(): PtyHostInfo {
    const all = this.all();
    for (const terminal of all) this.#mostQueuedChars = Math.max(this.#mostQueuedChars, terminal.mostQueuedChars);
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      protocol: protocolVersion,
      queuedChars: all.reduce((sum, terminal) => sum + terminal.queuedChars, 0),
      mostQueuedChars: this.#mostQueuedChars,
    };
  }

  /** Undefined: there is one of that id already. */
  create(request: { id: TerminalId; cols: number; rows: number; scrollback: number }): HostTerminal | undefined {
    if (this.#terminals.has(request.id)) return undefined;
    const { platform, log } = this.#options;
    const terminal = new HostTerminal({ ...request, platform, log, parseQueue: this.#parseQueue });
    this.#terminals.set(request.id, terminal);
    terminal.onDidChange((event) => {
      this.#onDidChange.fire(event);
    });
    return terminal;
  }

  marker(id: TerminalId): { name: string; value: string } {
    return terminalMarker(id, this.#options.stateFolder);
  }

  /** Ends everything that was started in a terminal of this id, by us or by a former host. Returns who would not end. */
  async kill(id: TerminalId): Promise<number[]> {
    const { platform, grace, log } = this.#options;
    const root = (): number | null => this.#terminals.get(id)?.pid ?? null;
    const survivors = await killTerminal(platform, root, this.marker(id), grace);
    if (survivors.length > 0) log.warn('processes could not be ended', { terminal: id, survivors });
    await this.#untilExited(id);
    return survivors;
  }

  async remove(id: TerminalId): Promise<number[]> {
    const survivors = await this.kill(id);
    this.#terminals.get(id)?.dispose();
    if (this.#terminals.delete(id) && this.ownsNothing) this.#onDidLoseAll.fire();
    return survivors;
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) terminal.dispose();
    this.#terminals.clear();
    this.#owned.dispose();
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
