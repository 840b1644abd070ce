import type { IPty } from 'node-pty';

import type { Pty, PtyListener } from './pty.ts';

/** What of node-pty's terminal is used on Windows. */
export type ConPtyTerminal = Pick<IPty, 'pid' | 'onData' | 'onExit' | 'write' | 'resize' | 'pause' | 'resume' | 'kill'>;

/**
 * While reading is paused it is looked so often whether the process is there still: node-pty throws unread output away a
 * second after its end.
 */
const lookMilliseconds = 250;

/**
 * A terminal of Windows' own console host (ConPTY), through node-pty 1.1.0. Where it differs from one of Unix:
 * - nothing may be done to it before its first output. node-pty puts that off, and what it has put off throws where nobody
 *   catches it when the process has ended meanwhile; so a size is held back here.
 * - node-pty knows of the process's end up to a second before it tells, and refuses a new size from then on.
 * - output that is not read a second after the end is lost; so reading goes on by itself once the process has ended.
 * - to kill one that has ended would end whatever has its number by then.
 * - exit codes are 32 bits, which node-pty reads as signed. There are no signals: Ctrl-C is a character that is typed.
 */
export class ConPty implements Pty {
  readonly pid: number;
  readonly #terminal: ConPtyTerminal;
  readonly #isAlive: (pid: number) => boolean;
  #isReady = false;
  #size: { cols: number; rows: number } | null = null;
  #looking: NodeJS.Timeout | null = null;
  #state: 'running' | 'ended' | 'closed' = 'running';

  constructor(terminal: ConPtyTerminal, listener: PtyListener, isAlive: (pid: number) => boolean = isThere) {
    this.pid = terminal.pid;
    this.#terminal = terminal;
    this.#isAlive = isAlive;
    terminal.onData((text) => {
      if (!this.#isReady) this.#getReady();
      if (this.#state === 'running') listener.onData(text);
    });
    terminal.onExit(({ exitCode }) => {
      this.#stopLooking();
      if (this.#state !== 'running') return;
      this.#state = 'ended';
      // Undefined where the terminal went before the process did.
      listener.onExit({ code: Number.isInteger(exitCode) ? exitCode >>> 0 : null, signal: null });
    });
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** node-pty holds what a program does not read, as much as there is, and says nothing of it. */
  write(data: string): boolean {
    if (this.#state === 'running') this.#terminal.write(data);
    return true;
  }

  resize(cols: number, rows: number): void {
    if (this.#state !== 'running') return;
    this.#size = { cols, rows };
    if (this.#isReady) this.#applySize();
  }

  pause(): void {
    if (this.#state !== 'running' || this.#looking !== null) return;
    this.#terminal.pause();
    this.#looking = setInterval(() => {
      if (!this.#isAlive(this.pid)) this.resume();
    }, lookMilliseconds);
  }

  resume(): void {
    this.#stopLooking();
    if (this.#state === 'running') this.#terminal.resume();
  }

  close(): void {
    this.#stopLooking();
    if (this.#state === 'running') this.#terminal.kill();
    this.#state = 'closed';
  }

  /** Later than this call: node-pty itself is ready only once all who hear the first output have heard it. */
  #getReady(): void {
    this.#isReady = true;
    setImmediate(() => {
      this.#applySize();
    });
  }

  #applySize(): void {
    const size = this.#size;
    this.#size = null;
    if (size === null || this.#state !== 'running') return;
    try {
      this.#terminal.resize(size.cols, size.rows);
    } catch {
      // It has ended, and its end is on the way.
    }
  }

  #stopLooking(): void {
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#looking = null;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
