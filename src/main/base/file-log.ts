import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';

import type { Log } from './log.ts';
import { hideSecrets } from './secrets.ts';

/** Two files of this size are kept: enough for weeks of what one of our processes says, and small enough to attach to a report. */
const limitBytes = 2_000_000;

/**
 * Appends to a file of mode 0600 until it is full, then moves it aside as `<path>.1` and begins anew. Writes are
 * synchronous, so that the last line before a crash is there.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #limit: number;
  /** Null once it is closed: its number may be another file's by then, of a person's work even. */
  #file: number | null;
  #size: number;

  constructor(path: string, limit = limitBytes) {
    this.#path = path;
    this.#limit = limit;
    const file = openSync(path, 'a', 0o600);
    this.#file = file;
    this.#size = fstatSync(file).size;
  }

  /** After `close` it writes nothing. */
  write(line: string): void {
    if (this.#file === null) return;
    const bytes = Buffer.byteLength(line);
    try {
      const file = this.#size > 0 && this.#size + bytes > this.#limit ? this.#rotate(this.#file) : this.#file;
      writeSync(file, line);
      this.#size += bytes;
    } catch {
      // A full disk, or want of open files, must not take down what says so; what could not be logged is lost.
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** Returns the file to go on with. */
  #rotate(full: number): number {
    try {
      renameSync(this.#path, `${this.#path}.1`);
    } catch {
      // Held open by another program (Windows): go on in the same file.
    }
    const next = openSync(this.#path, 'a', 0o600);
    this.#file = next;
    closeSync(full);
    this.#size = fstatSync(next).size;
    return next;
  }
}

/** A log in a file: one JSON object a line, with the time as ISO 8601. The values of secret variables of `env` are not in it. */
export function fileLog(file: RotatingFile, env: NodeJS.ProcessEnv = process.env): Log {
  const hide = hideSecrets(env);
  const write = (level: string, msg: string, details: Readonly<Record<string, unknown>> = {}): void => {
    const entry = { time: new Date().toISOString(), level, pid: process.pid, msg };
    const line = toJson({ ...entry, ...details }) ?? JSON.stringify({ ...entry, details: inspect(details) });
    file.write(`${hide(line)}\n`);
  };
  return {
    info: (message, details) => {
      write('info', message, details);
    },
    warn: (message, details) => {
      write('warn', message, details);
    },
    error: (message, error, details) => {
      write('error', message, { ...details, err: describeError(error) });
    },
  };
}

/** JSON has no word for what of an error is its own: its message, its stack and what caused it. */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const own = Object.fromEntries(Object.entries(error));
  return { name, message, stack, ...own, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

/** Null: it cannot be told in JSON, because it contains itself, say. */
function toJson(entry: Readonly<Record<string, unknown>>): string | null {
  try {
    return JSON.stringify(entry);
  } catch {
    return null;
  }
}
