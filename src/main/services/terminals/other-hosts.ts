import { setTimeout as sleep } from 'node:timers/promises';

import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { DialFailure } from '#main/ptyhost/dial.ts';
import type { PresentTerminal } from '#main/ptyhost/hello.ts';
import { majorsThere } from '#main/ptyhost/host-files.ts';
import { versionName, type ProtocolVersion } from '#main/ptyhost/protocol.ts';
import type { TerminalId } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

/** How often a host of another version is asked what it has, while there is one. */
const askMilliseconds = 2000;
/** Whoever asks what there is waits so long for one of them, and not again until it has answered: it may be stopped. */
const patienceMilliseconds = 2000;

export interface OtherHost {
  protocol: ProtocolVersion;
  terminals: readonly PresentTerminal[];
}

interface OtherHostsOptions {
  log: Log;
  stateFolder: string;
  /** Of the version that is ours. */
  major: number;
  /** Greets the host of another version; what is of use is its refusal. */
  greet: (major: number) => Promise<Result<{ close(): void }, DialFailure>>;
}

/**
 * Pty hosts of other major versions of the protocol, left running by another version of the app. Nobody here can speak
 * with them but for the greeting, which says what they have. They are never ended: each goes by itself when nothing runs
 * in it any more, and leaves its last screens to the host of this version.
 */
export class OtherHosts implements Disposable {
  readonly #options: OtherHostsOptions;
  readonly #hosts = new Map<number, OtherHost>();
  readonly #onDidChange = new Emitter<readonly TerminalId[]>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isDisposed = false;
  /** Hosts that are being greeted. */
  readonly #greeting = new Set<number>();
  /** Hosts that did not answer in time, and have not since; nobody waits for them. */
  readonly #silent = new Set<number>();

  /** Hosts came or went, or terminals in them. These were there before and have ended or gone, or were found to be there late. */
  readonly onDidChange = this.#onDidChange.event;

  constructor(options: OtherHostsOptions) {
    this.#options = options;
  }

  all(): readonly OtherHost[] {
    return Array.from(this.#hosts.values());
  }

  /** What is known of a terminal that another host has; null: none has it. */
  find(id: TerminalId): { isRunning: boolean; inWords: string } | null {
    for (const { protocol, terminals } of this.#hosts.values()) {
      const found = terminals.find((terminal) => terminal.id === id);
      if (found) return { isRunning: found.isRunning, inWords: inWords(protocol, found.isRunning) };
    }
    return null;
  }

  /** Asks all of them, and goes on asking as long as there is one. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#onDidChange.dispose();
  }

  async #look(): Promise<void> {
    const before = this.all();
    const majors = majorsThere(this.#options.stateFolder).filter((major) => major !== this.#options.major);
    await Promise.all(majors.map((major) => this.#ask(major)));
    if (this.#isDisposed) return;
    if (this.#timer) clearTimeout(this.#timer);
    const isOver = this.#hosts.size === 0 && this.#silent.size === 0;
    this.#timer = isOver ? null : setTimeout(() => void this.look(), askMilliseconds);
    this.#timer?.unref();
    this.#tell(before, []);
  }

  /** Greets one. Resolves when it has answered, or when it has been waited for long enough; then its answer is told by itself. */
  async #ask(major: number): Promise<void> {
    if (this.#greeting.has(major)) return;
    this.#greeting.add(major);
    let isLate = this.#silent.has(major);
    const answered = this.#options
      .greet(major)
      .finally(() => this.#greeting.delete(major))
      .then((greeted) => {
        const before = this.all();
        this.#heard(major, greeted);
        // Whoever asked has been told that it has none of these.
        if (isLate && !this.#isDisposed)
          this.#tell(before, this.#hosts.get(major)?.terminals.map(({ id }) => id) ?? []);
      });
    const patience = isLate ? 0 : patienceMilliseconds;
    const waiting = new AbortController();
    await Promise.race([answered, sleep(patience, undefined, { ref: false, signal: waiting.signal })]);
    waiting.abort();
    if (!this.#greeting.has(major)) return;
    isLate = true;
    this.#silent.add(major);
  }

  #heard(major: number, greeted: Result<{ close(): void }, DialFailure>): void {
    if (greeted.ok || greeted.error.kind !== 'failed') this.#silent.delete(major);
    if (greeted.ok) {
      // It accepts us, whatever its file says; then it is not one of these.
      greeted.value.close();
      this.#hosts.delete(major);
    } else if (greeted.error.kind === 'refused-version') {
      const { host, terminals } = greeted.error;
      if (!this.#hosts.has(major))
        this.#options.log.info('another terminal host runs', { protocol: versionName(host) });
      this.#hosts.set(major, { protocol: host, terminals });
    } else if (greeted.error.kind === 'absent') {
      this.#hosts.delete(major);
    }
    // Otherwise it is busy, or is being replaced: what is known of it holds until it answers.
  }

  #tell(before: readonly OtherHost[], late: readonly TerminalId[]): void {
    if (summary(before) === summary(this.all())) return;
    const gone = before
      .flatMap(({ terminals }) => terminals.map(({ id }) => id))
      .filter((id) => !this.find(id)?.isRunning);
    this.#onDidChange.fire([...new Set([...gone, ...late])]);
  }
}

const summary = (hosts: readonly OtherHost[]): string => JSON.stringify(hosts);

function inWords(protocol: ProtocolVersion, isRunning: boolean): string {
  const where = `the terminal host of another version of Switchyard (protocol ${versionName(protocol)})`;
  return isRunning
    ? `It goes on in ${where}, and can be watched with that version. Its screen comes here when that host has left.`
    : `It has ended in ${where}. Its screen comes here when that host has left, which it does by itself.`;
}
