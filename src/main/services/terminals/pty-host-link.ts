import { setTimeout as sleep } from 'node:timers/promises';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { PtyHostConnection } from '#main/ptyhost/dial.ts';
import { hasFeature } from '#main/ptyhost/protocol.ts';
import { Disconnected } from '#shared/rpc/connect.ts';

import type { PtyHostProcess, StartFailure } from './pty-host-process.ts';

/** The pty host cannot be reached, and none could be started. The message is a sentence for the person. */
export class PtyHostUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PtyHostUnavailable';
  }
}

/** When a connection breaks, the host is looked for again after each of these. */
const retryMilliseconds = [0, 100, 300, 700, 1500, 3000];
/** One that has agreed to leave writes down its screens first. */
const leaveMilliseconds = 10_000;

/** Keeps one connection to the pty host: finds or starts it when asked, and finds it again when the connection breaks. */
export class PtyHostLink implements Disposable {
  readonly #log: Log;
  readonly #process: PtyHostProcess;
  readonly #onDidConnect = new Emitter<PtyHostConnection>();
  readonly #onDidLose = new Emitter<string>();
  readonly #onDidEnd = new Emitter<string>();
  #connection: PtyHostConnection | null = null;
  #search: Promise<PtyHostConnection | null> | null = null;
  #start: Promise<PtyHostConnection> | null = null;
  #isDisposed = false;

  /** A host was reached: the same as before, or another. */
  readonly onDidConnect = this.#onDidConnect.event;
  /** The connection broke, with what is known of why. Either of the other events follows. */
  readonly onDidLose = this.#onDidLose.event;
  /** The host that the broken connection led to is no more, and its terminals with it. */
  readonly onDidEnd = this.#onDidEnd.event;

  constructor(options: { log: Log; process: PtyHostProcess }) {
    this.#log = options.log;
    this.#process = options.process;
  }

  /** The connection as it is now. */
  get connection(): PtyHostConnection | null {
    return this.#connection;
  }

  /** The host that runs, or null. Never starts one. */
  async find(): Promise<PtyHostConnection | null> {
    if (this.#connection) return this.#connection;
    if (this.#start) return this.#start.catch(() => null);
    this.#search ??= this.#dial().finally(() => {
      this.#search = null;
    });
    return this.#search;
  }

  /** The host that runs, or one that is started now. Throws PtyHostUnavailable. */
  async reach(): Promise<PtyHostConnection> {
    const found = await this.find();
    if (found) return found;
    this.#start ??= this.#startHost().finally(() => {
      this.#start = null;
    });
    return this.#start;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#connection?.close();
    this.#connection = null;
    for (const emitter of [this.#onDidConnect, this.#onDidLose, this.#onDidEnd]) emitter.dispose();
  }

  async #dial(): Promise<PtyHostConnection | null> {
    const dialled = await this.#process.dial();
    if (dialled.ok) return (await this.#makesRoom(dialled.value)) ? null : this.#adopt(dialled.value);
    if (dialled.error.kind !== 'absent') this.#log.warn('the pty host could not be reached', { ...dialled.error });
    // Its agents go on without us; to start a second one beside it would only hide that.
    if (dialled.error.kind === 'refused-version') throw new PtyHostUnavailable(sentence(dialled.error));
    return null;
  }

  /** Asks a host that is older than we are to leave, which it does when nothing runs in it. What it kept is on disk. */
  async #makesRoom(connection: PtyHostConnection): Promise<boolean> {
    const { protocol } = connection;
    if (protocol.minor >= this.#process.protocol.minor || !hasFeature(protocol, 'leave')) return false;
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    try {
      if (!(await connection.api.host.leave({})).ok) return false;
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error;
    }
    this.#log.info('an older pty host makes room', { pid: connection.pid });
    await Promise.race([closed, sleep(leaveMilliseconds)]);
    connection.close();
    return true;
  }

  async #startHost(): Promise<PtyHostConnection> {
    if (this.#isDisposed) throw new PtyHostUnavailable('The app is closing.');
    const started = await this.#process.start();
    if (started.ok) return this.#adopt(started.value);
    throw new PtyHostUnavailable(sentence(started.error));
  }

  #adopt(connection: PtyHostConnection): PtyHostConnection {
    if (this.#isDisposed) {
      connection.close();
      throw new PtyHostUnavailable('The app is closing.');
    }
    this.#connection = connection;
    connection.onClose(() => {
      if (this.#connection === connection) this.#lost(connection);
    });
    this.#onDidConnect.fire(connection);
    return connection;
  }

  #lost(connection: PtyHostConnection): void {
    this.#connection = null;
    if (this.#isDisposed) return;
    this.#log.warn('the connection to the pty host broke', { pid: connection.pid });
    this.#onDidLose.fire('The connection to the terminal host broke; looking for it again.');
    this.#search ??= this.#recover(connection.pid).finally(() => {
      this.#search = null;
    });
    this.#search.catch((error: unknown) => {
      this.#log.error('could not look for the pty host', error);
    });
  }

  /** Whoever asks for the host meanwhile waits for the outcome. */
  async #recover(pid: number): Promise<PtyHostConnection | null> {
    for (const milliseconds of retryMilliseconds) {
      await sleep(milliseconds);
      if (this.#isDisposed) return null;
      const dialled = await this.#process.dial();
      if (dialled.ok) {
        if (dialled.value.pid !== pid) this.#ended(pid);
        return this.#adopt(dialled.value);
      }
      if (dialled.error.kind === 'absent') break;
    }
    this.#ended(pid);
    return null;
  }

  #ended(pid: number): void {
    if (this.#isDisposed) return;
    this.#log.warn('the pty host is gone', { pid });
    this.#onDidEnd.fire(
      `The terminal host (process ${String(pid)}) has ended, and what ran in its terminals with it. Worktrees are as they were.`,
    );
  }
}

function sentence(failure: StartFailure): string {
  switch (failure.kind) {
    case 'refused-secret':
      return 'The terminal host that runs does not accept this app’s secret.';
    case 'refused-version':
      return `${failure.message} Its agents go on; open them with the app that started them.`;
    case 'failed':
      return failure.message;
  }
}
