import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from '#main/base/log.ts';
import { dialPtyHost, type DialFailure, type PtyHostConnection } from '#main/ptyhost/dial.ts';
import { hostFiles } from '#main/ptyhost/host-files.ts';
import { protocolVersion, type ProtocolVersion } from '#main/ptyhost/protocol.ts';
import { fail, type Result } from '#shared/result.ts';

/** How the pty host's program is run: Node on its source or bundle, or Electron as Node. */
export interface PtyHostCommand {
  execPath: string;
  args: readonly string[];
  /** Added to the environment, such as `ELECTRON_RUN_AS_NODE`. */
  env?: Readonly<Record<string, string>>;
  /** How long it stays when it owns nothing and nobody is connected. Its own default when absent. */
  idleMilliseconds?: number;
}

export type StartFailure = Exclude<DialFailure, { kind: 'absent' }>;

/**
 * Each line of a terminal is a young object that stays: V8 would let the space for young ones grow to 134 MB (measured with
 * 46 terminals of 11,000 lines), three times what they hold. With 8 MB, in two halves, it was 17 MB.
 */
const memoryOptions = ['--max-semi-space-size=8'];

/** A loaded machine takes seconds to start a program; one that has not answered by then will not. */
const startMilliseconds = 20_000;
const firstLookMilliseconds = 15;
const longestLookMilliseconds = 200;

/** The pty host of one state folder: reaches the one that runs, or starts one. */
export class PtyHostProcess {
  readonly #options: { log: Log; stateFolder: string; command: PtyHostCommand };
  /** What we speak. */
  readonly protocol: ProtocolVersion;

  constructor(options: { log: Log; stateFolder: string; command: PtyHostCommand; protocol?: ProtocolVersion }) {
    this.#options = options;
    this.protocol = options.protocol ?? protocolVersion;
  }

  /** Without `major`: the host of our own version. */
  dial(major?: number): Promise<Result<PtyHostConnection, DialFailure>> {
    const onFault = (path: string, message: string): void => {
      this.#options.log.error('the pty host refused a feed', new Error(message), { path });
    };
    return dialPtyHost(this.#options.stateFolder, onFault, this.protocol, major);
  }

  /**
   * Starts one, detached: it neither ends with us nor holds our terminal or files. Of two that are started at once one
   * gives way, so whoever answers in the end is the right one.
   */
  async start(): Promise<Result<PtyHostConnection, StartFailure>> {
    const { log, stateFolder, command } = this.#options;
    const { log: logFile } = hostFiles(stateFolder, this.protocol.major);
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    const outcome: { failure?: string } = {};
    const idle = command.idleMilliseconds === undefined ? [] : ['--idle-ms', String(command.idleMilliseconds)];
    // Node's options are for the program that we are: a test runner's loader, a debugger's port.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(command.execPath, [...memoryOptions, ...command.args, '--state-folder', stateFolder, ...idle], {
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      // A folder of its own: it must not keep a worktree or a removable disk busy.
      cwd: stateFolder,
      env: { ...env, ...command.env },
    });
    child.on('error', (error) => {
      outcome.failure = error.message;
    });
    child.on('exit', (code, signal) => {
      // 0: another one was there first, and will answer.
      if (code !== 0) outcome.failure = `it ended with ${signal ?? `code ${String(code)}`}; ${logFile} says why`;
    });
    child.unref();
    log.info('started a pty host', { pid: child.pid });

    const end = performance.now() + startMilliseconds;
    for (let wait = firstLookMilliseconds; ; wait = Math.min(longestLookMilliseconds, wait * 1.5)) {
      await sleep(wait);
      const dialled = await this.dial();
      if (dialled.ok) return dialled;
      const { error } = dialled;
      if (error.kind === 'refused-version') return fail(error);
      // One that is just starting may not have written its secret, or not listen yet.
      if (outcome.failure !== undefined) {
        return fail({ kind: 'failed', message: `The terminal host could not be started: ${outcome.failure}.` });
      }
      if (performance.now() > end) {
        return fail({ kind: 'failed', message: `The terminal host was started and does not answer; see ${logFile}.` });
      }
    }
  }
}
