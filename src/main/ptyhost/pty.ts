import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { ReadStream } from 'node:tty';

import { endProcessGroup } from '#main/base/process-group.ts';
import type { TerminalExit } from '#shared/contract/terminals.ts';

import { ConPty } from './conpty.ts';
import { PtyInput } from './pty-input.ts';

// Not named `require`: the bundler would add one of its own beside it.
const requireCommonJs = createRequire(import.meta.url);

export interface PtyRequest {
  /** Absolute path of the program. */
  file: string;
  args: readonly string[];
  /** Windows: what stands in place of the arguments, as it is. */
  commandLine?: string;
  cwd: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  cols: number;
  rows: number;
}

export interface PtyListener {
  onData(text: string): void;
  /** Comes once, after the last of the output. */
  onExit(exit: TerminalExit): void;
}

/** A process in a pseudo-terminal. */
export interface Pty {
  readonly pid: number;
  /** Whether its end is known, which is before `onExit`: from then on its number may be a stranger's. */
  readonly hasEnded: boolean;
  /** False: the program has not read what was typed for long, and this was dropped whole. */
  write(data: string): boolean;
  resize(cols: number, rows: number): void;
  /** Stops reading: the program waits once the system's buffer is full. */
  pause(): void;
  resume(): void;
  /** Lets go of the terminal; the system hangs up on what still runs in it. No listener is called any more. */
  close(): void;
}

/** Starts a process in a new pseudo-terminal. Throws when the system cannot make one: no files, no processes left. */
export function spawnPty(platform: NodeJS.Platform, request: PtyRequest, listener: PtyListener): Pty {
  return platform === 'win32' ? spawnConPty(request, listener) : new UnixPty(platform, request, listener);
}

/** node-pty's native part on Unix. It is not its public interface, so it is checked when it is loaded. */
interface NativePty {
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string };
  resize(fd: number, cols: number, rows: number): void;
}

/** With its slave held open, a terminal that is silent for so long after its process has ended has given all. */
const quietMilliseconds = 15;
/** Processes left in the background may print for ever. The system's buffer is far smaller than this. */
const mostCharsAfterExit = 1_000_000;
/**
 * And print now and then for ever. What the process itself has written lies before that in a buffer of some 64 KB, which so
 * many looks, with reading in between each, have emptied many times.
 */
const mostLooksAfterExit = 200;

/**
 * node-pty's own Unix terminal loses the end of the output: it destroys the stream 200 ms after the process has ended,
 * read or not (90 % of runs with a busy reader, all with a paused one). So only its native part is used here, and the
 * stream is ours: the slave is held open, so that the end of the process is not the end of the stream; it is let go
 * when reading is not paused and nothing has come for a while, and what is read until the system says end is delivered.
 */
class UnixPty implements Pty {
  readonly pid: number;
  readonly #native: NativePty;
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #input: PtyInput;
  readonly #listener: PtyListener;
  readonly #decoder = new StringDecoder('utf8');
  #slave: number | null;
  #exit: TerminalExit | null = null;
  #isPaused = false;
  #isStreamOver = false;
  #isClosed = false;
  #charsAfterExit = 0;
  /** Counts what arrives, so that a wait can tell whether anything did. */
  #arrivals = 0;
  #isSettling = false;

  constructor(platform: NodeJS.Platform, request: PtyRequest, listener: PtyListener) {
    const { native, helperPath } = loadNative();
    this.#native = native;
    this.#listener = listener;
    // Holds a place for the slave's descriptor: a process that was started must not fail for want of one.
    let place: number | null = openSync('/dev/null', 'r');
    let forked: ReturnType<NativePty['fork']> | null = null;
    try {
      const env = Object.entries(request.env).map(([name, value]) => `${name}=${value}`);
      const { cwd, cols, rows } = request;
      const onExit = (code: number, signal: number): void => {
        // A process that a signal ended has no exit code; the native part says 0.
        this.#exit = signal > 0 ? { code: null, signal } : { code, signal: null };
        if (this.#isStreamOver) this.#finish();
        else this.#settle();
      };
      forked = native.fork(request.file, request.args, env, cwd, cols, rows, -1, -1, true, helperPath, onExit);
      this.pid = forked.pid;
      this.#fd = forked.fd;
      closeSync(place);
      // Closed twice, it would be somebody else's file that is closed.
      place = null;
      this.#slave = openSync(forked.pty, constants.O_RDWR | constants.O_NOCTTY);
    } catch (error) {
      if (place !== null) closeQuietly(place);
      if (forked !== null) this.#abandon(platform, forked);
      throw error;
    }
    this.#input = new PtyInput(this.#fd);
    this.#stream = new ReadStream(this.#fd);
    this.#stream.on('data', (chunk: Buffer) => {
      this.#arrived(this.#decoder.write(chunk));
    });
    // EIO is how Linux says that nobody has the terminal open any more. Whatever else it is, no more can be read.
    // Its descriptor is closed next, and its number may then be another file's: nothing may be written there any more.
    this.#stream.on('error', () => {
      void this.#input.stop();
    });
    this.#stream.on('close', () => {
      this.#isStreamOver = true;
      this.#arrived(this.#decoder.end());
      this.#finish();
    });
  }

  get hasEnded(): boolean {
    return this.#exit !== null;
  }

  write(data: string): boolean {
    // What is typed into one that has just ended is not held against it: its exit is on the way.
    return this.#exit !== null || this.#isClosed || this.#input.write(data);
  }

  resize(cols: number, rows: number): void {
    if (this.#exit || this.#isClosed || this.#isStreamOver) return;
    this.#native.resize(this.#fd, cols, rows);
  }

  pause(): void {
    this.#isPaused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#stream.resume();
    this.#settle();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#releaseSlave();
    void this.#input.stop().then(() => this.#stream.destroy());
  }

  #arrived(text: string): void {
    if (this.#isClosed || text === '') return;
    this.#arrivals++;
    if (this.#exit) this.#charsAfterExit += text.length;
    this.#listener.onData(text);
  }

  /** After the exit: waits for silence, lets the slave go, and reads on until the end. */
  #settle(): void {
    if (!this.#exit || this.#isSettling || this.#isPaused || this.#isClosed) return;
    this.#isSettling = true;
    this.#untilQuiet(() => {
      void this.#input.stop().then(() => {
        this.#releaseSlave();
        // Background processes may still hold the terminal; then no end comes by itself.
        this.#untilQuiet(() => {
          if (!this.#isStreamOver) this.#stream.destroy();
        });
      });
    });
  }

  #untilQuiet(then: () => void, looks = 1): void {
    const before = this.#arrivals;
    setTimeout(() => {
      // The timer may be late because the process was busy, with output unread. Reading comes before an immediate.
      setImmediate(() => {
        if (this.#isClosed || this.#isStreamOver) return;
        if (this.#isPaused) {
          this.#isSettling = false;
          return; // resume() settles again
        }
        const isQuiet = this.#arrivals === before;
        if (isQuiet || this.#charsAfterExit > mostCharsAfterExit || looks >= mostLooksAfterExit) then();
        else this.#untilQuiet(then, looks + 1);
      });
    }, quietMilliseconds);
  }

  /** Nobody would see or end what was started: it could not be given its terminal. */
  #abandon(platform: NodeJS.Platform, { pid, fd }: { pid: number; fd: number }): void {
    this.#isClosed = true;
    // It leads a group of its own, as whatever begins a session does.
    endProcessGroup({ pid, exitCode: null, signalCode: null }, platform);
    closeQuietly(fd);
  }

  #releaseSlave(): void {
    if (this.#slave !== null) closeQuietly(this.#slave);
    this.#slave = null;
  }

  #finish(): void {
    this.#releaseSlave();
    if (this.#exit && !this.#isClosed) {
      this.#isClosed = true;
      this.#listener.onExit(this.#exit);
    }
  }
}

function loadNative(): { native: NativePty; helperPath: string } {
  const library = dirname(requireCommonJs.resolve('node-pty'));
  const utilities = requireCommonJs('node-pty/lib/utils.js') as {
    loadNativeModule(name: string): { dir: string; module: NativePty };
  };
  const { dir, module: native } = utilities.loadNativeModule('pty');
  if (typeof native.fork !== 'function' || typeof native.resize !== 'function') {
    throw new Error('this version of node-pty has no native fork and resize');
  }
  // macOS starts processes through this helper. In a packed app it lies outside the archive.
  const helperPath = join(library, dir, 'spawn-helper').replace('app.asar', 'app.asar.unpacked');
  return { native, helperPath };
}

/** With what node-pty takes by itself: Windows' own console host, of Windows 10 1903 or newer; older ones get winpty. */
function spawnConPty(request: PtyRequest, listener: PtyListener): Pty {
  const { spawn } = requireCommonJs('node-pty') as typeof import('node-pty');
  const { file, args, commandLine, cwd, env, cols, rows } = request;
  return new ConPty(spawn(file, commandLine ?? [...args], { cwd, env: { ...env }, cols, rows }), listener);
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Closed already; what matters is that it is not open.
  }
}
