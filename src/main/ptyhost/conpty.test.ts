import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { TerminalExit } from '#shared/contract/terminals.ts';

import { ConPty, type ConPtyTerminal } from './conpty.ts';

/** Behaves as node-pty 1.1.0 does on Windows, where that is surprising. */
class FakeTerminal implements ConPtyTerminal {
  readonly pid = 4711;
  readonly done: string[] = [];
  hasEnded = false;
  #isReady = false;
  #isReading = true;
  #unread: string[] = [];
  #heard: ((text: string) => void)[] = [];
  #exited: ((exit: { exitCode: number }) => void)[] = [];

  onData = (listener: (text: string) => void) => {
    this.#heard.push(listener);
    return { dispose: () => undefined };
  };
  onExit = (listener: (exit: { exitCode: number }) => void) => {
    this.#exited.push(listener);
    return { dispose: () => undefined };
  };
  write(data: string): void {
    this.done.push(`write ${data}`);
  }
  resize(cols: number, rows: number): void {
    if (!this.#isReady) throw new Error('it would be put off, and thrown where nobody catches it');
    if (this.hasEnded) throw new Error('Cannot resize a pty that has already exited');
    this.done.push(`resize ${String(cols)}x${String(rows)}`);
  }
  pause(): void {
    this.#isReading = false;
    this.done.push('pause');
  }
  resume(): void {
    this.#isReading = true;
    this.done.push('resume');
    for (const text of this.#unread.splice(0)) this.print(text);
  }
  kill(): void {
    this.done.push('kill');
  }

  print(text: string): void {
    if (!this.#isReading) {
      this.#unread.push(text);
      return;
    }
    for (const listener of this.#heard) listener(text);
    this.#isReady = true;
  }
  /** A second after its end: what has not been read by then is lost. */
  exit(exitCode: number): void {
    this.hasEnded = true;
    this.#unread = [];
    for (const listener of this.#exited) listener({ exitCode });
  }
}

describe('a terminal of ConPTY', () => {
  let terminal: FakeTerminal;
  let output: string;
  let exits: TerminalExit[];
  let pty: ConPty;

  beforeEach(() => {
    vi.useFakeTimers();
    terminal = new FakeTerminal();
    output = '';
    exits = [];
    pty = new ConPty(
      terminal,
      { onData: (text) => (output += text), onExit: (exit) => exits.push(exit) },
      () => !terminal.hasEnded,
    );
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gets the last size that was wanted before its first output once that is there', () => {
    pty.resize(90, 20);
    pty.resize(100, 30);
    expect(terminal.done).toEqual([]);
    terminal.print('hello');
    expect(terminal.done).toEqual([]); // node-pty is not ready while it tells
    vi.runAllTimers();
    expect(terminal.done).toEqual(['resize 100x30']);
    pty.resize(80, 25);
    expect(terminal.done).toEqual(['resize 100x30', 'resize 80x25']);
    terminal.print(' you');
    vi.runAllTimers();
    expect([output, terminal.done.length]).toEqual(['hello you', 2]);
  });

  it('survives a new size between its end and the news of it', () => {
    pty.resize(90, 20);
    terminal.print('x');
    terminal.hasEnded = true;
    vi.runAllTimers(); // what was held back
    pty.resize(91, 21);
    terminal.exit(0);
    pty.resize(92, 22);
    expect(terminal.done).toEqual([]);
    expect(exits).toEqual([{ code: 0, signal: null }]);
  });

  it('loses nothing that is printed at the end while reading is paused', () => {
    terminal.print('a');
    pty.pause();
    pty.pause();
    terminal.print('b');
    vi.advanceTimersByTime(2000);
    expect(output).toBe('a'); // it lives, so it waits
    terminal.print('THE_END');
    terminal.hasEnded = true;
    vi.advanceTimersByTime(500);
    terminal.exit(3);
    expect(output).toBe('abTHE_END');
    expect(exits).toEqual([{ code: 3, signal: null }]);
    vi.advanceTimersByTime(5000);
    expect(terminal.done).toEqual(['pause', 'resume']);
  });

  it('is read on when it is told to, and looked after no longer', () => {
    pty.pause();
    pty.resume();
    terminal.hasEnded = true;
    vi.advanceTimersByTime(5000);
    expect(terminal.done).toEqual(['pause', 'resume']);
  });

  it.each([
    [-1073741510, 0xc000013a],
    [1, 1],
    [0, 0],
    [undefined as unknown as number, null],
  ])('tells node-pty’s exit code %s as %s', (said, code) => {
    terminal.exit(said);
    expect(exits).toEqual([{ code, signal: null }]);
  });

  it('is killed when it is let go of, unless it has ended: its number may be another’s by then', () => {
    pty.close();
    pty.close();
    pty.write('x');
    terminal.print('more');
    terminal.exit(0);
    expect([terminal.done, output, exits]).toEqual([['kill'], '', []]);

    terminal = new FakeTerminal();
    const ended = new ConPty(terminal, { onData: () => undefined, onExit: () => undefined }, () => false);
    terminal.exit(0);
    ended.write('x');
    ended.close();
    expect(terminal.done).toEqual([]);
  });
});
