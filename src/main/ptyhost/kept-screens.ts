import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Log } from '#main/base/log.ts';
import { moveOver, moveOverSync } from '#main/base/move-over.ts';
import { terminalId, type TerminalId } from '#shared/ids.ts';
import type { Result } from '#shared/result.ts';

import { hostFiles, majorsThere } from './host-files.ts';
import { decodeKept, longestHeader, readHeader, unreadable, type KeptHeader, type Unreadable } from './kept-screen.ts';

/** Of all screens together. Beyond it the oldest go first. */
const mostBytes = 256 * 1024 * 1024;
/** Runs of projects that nobody opens any more leave theirs behind; so old, nobody comes to read them. */
const longestMilliseconds = 60 * 24 * 3600 * 1000;

const suffix = '.screen';
/** Behind the name of what was put aside. */
const asideSuffix = '.unreadable';

/** Behind the name of one that was removed here while another host still wrote it: what that one leaves is not taken over. */
const removedSuffix = '.removed';

/** Whether a host that is started now would have a former one's screen of this terminal. */
export const isKept = (stateFolder: string, id: TerminalId): boolean =>
  majorsThere(stateFolder).some((major) => hasScreen(hostFiles(stateFolder, major).screens, id));

export const hasScreen = (folder: string, id: TerminalId): boolean => existsSync(join(folder, `${id}${suffix}`));

export interface FoundScreen {
  header: KeptHeader;
  bytes: number;
}

/**
 * The folder of kept screens: one file a terminal, 0600 in a folder that is 0700. A file is replaced as a whole, so that
 * whoever is killed while writing leaves the former one. One process at a time has it: the one that holds the host's lock.
 */
export class KeptScreens {
  readonly #folder: string;
  readonly #log: Log;
  readonly #mostBytes: number;

  constructor(folder: string, log: Log, limits = { mostBytes }) {
    this.#folder = folder;
    this.#log = log;
    this.#mostBytes = limits.mostBytes;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // What a writer began that was killed.
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.new')) rmSync(join(folder, name), { force: true, recursive: true });
    }
  }

  /**
   * What there is. What is no screen is put aside, under a name that the next of its kind takes; what is too old, or too
   * much, goes, but for those that are in use: what another host has left makes way for them.
   */
  find(now: number, isInUse: (id: TerminalId) => boolean = () => false): Map<TerminalId, FoundScreen> {
    const found: { id: TerminalId; header: KeptHeader; bytes: number }[] = [];
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (name.endsWith(asideSuffix) || name.endsWith(removedSuffix)) this.#removeOld(path, now);
      if (!name.endsWith(suffix)) continue;
      const read = this.#look(path, name.slice(0, -suffix.length));
      if (read.ok) found.push(read.value);
      else this.#putAside(path, read.error.reason);
    }
    found.sort((a, b) => Number(isInUse(b.id)) - Number(isInUse(a.id)) || b.header.keptAt - a.header.keptAt);
    let total = 0;
    const kept = new Map<TerminalId, FoundScreen>();
    for (const { id, header, bytes } of found) {
      total += bytes;
      const isTooMuch = total > this.#mostBytes || now - header.keptAt > longestMilliseconds;
      if (isTooMuch && !isInUse(id)) this.remove(id);
      else kept.set(id, { header, bytes });
    }
    return kept;
  }

  /** The whole of one. Where it cannot be read it is put aside. */
  read(id: TerminalId): Result<{ header: KeptHeader; screen: string }, Unreadable> {
    const path = this.#path(id);
    try {
      const read = decodeKept(readFileSync(path));
      if (!read.ok) this.#putAside(path, read.error.reason);
      return read;
    } catch (error) {
      return unreadable(String(error));
    }
  }

  /** Replaces one. The work is the system's: this process only waits. */
  async write(id: TerminalId, file: Buffer): Promise<void> {
    const temporary = this.#temporary(id);
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(file);
      // Without it a loss of power can leave the new name on an empty file.
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await moveOver(temporary, this.#path(id));
  }

  /** The same, before it returns: for a host that is about to end. */
  writeNow(id: TerminalId, file: Buffer): void {
    // Another name than above: a write of the other kind may be under way.
    const temporary = `${this.#path(id)}.last.new`;
    const handle = openSync(temporary, 'w', 0o600);
    try {
      for (let at = 0; at < file.length;) at += writeSync(handle, file, at);
      fdatasyncSync(handle);
    } finally {
      closeSync(handle);
    }
    moveOverSync(temporary, this.#path(id));
  }

  /** With what was put aside of it. */
  remove(id: TerminalId): void {
    rmSync(this.#path(id), { force: true });
    rmSync(`${this.#path(id)}${asideSuffix}`, { force: true, recursive: true });
  }

  /** One that another host may still write was removed: what that leaves of it is not to come here. */
  refuse(id: TerminalId): void {
    writeFileSync(`${this.#path(id)}${removedSuffix}`, '', { mode: 0o600 });
  }

  /**
   * Takes over what is in another folder of the same kind, whose host is no more. What is here already is newer, and stays;
   * what was removed here goes.
   */
  takeFrom(folder: string): void {
    for (const name of readdirSync(folder)) {
      const screen = name.endsWith(asideSuffix) ? name.slice(0, -asideSuffix.length) : name;
      if (!screen.endsWith(suffix)) continue;
      const here = join(this.#folder, name);
      const isRemoved = existsSync(join(this.#folder, `${screen}${removedSuffix}`));
      if (isRemoved || existsSync(here)) rmSync(join(folder, name), { force: true, recursive: true });
      else renameSync(join(folder, name), here);
    }
  }

  #look(path: string, name: string): Result<{ id: TerminalId; header: KeptHeader; bytes: number }, Unreadable> {
    const id = terminalId.safeParse(name);
    if (!id.success) return unreadable('its name is not one of ours');
    try {
      const { size } = statSync(path);
      const handle = openSync(path, 'r');
      const start = Buffer.alloc(Math.min(size, longestHeader));
      try {
        readSync(handle, start, 0, start.length, 0);
      } finally {
        closeSync(handle);
      }
      const read = readHeader(start);
      if (!read.ok) return read;
      const { header, where } = read.value;
      if (header.id !== id.data) return unreadable('it is of another terminal');
      if (where + header.bytes !== size) return unreadable('it is not whole');
      return { ok: true, value: { id: id.data, header, bytes: size } };
    } catch (error) {
      return unreadable(String(error));
    }
  }

  #putAside(path: string, reason: string): void {
    this.#log.warn('what lay among the kept screens was put aside', { path: `${path}${asideSuffix}`, reason });
    try {
      rmSync(`${path}${asideSuffix}`, { force: true, recursive: true });
      renameSync(path, `${path}${asideSuffix}`);
    } catch (error) {
      this.#log.error('it could not be put aside', error, { path });
    }
  }

  /** What was put aside belongs to a run that may never be removed here. */
  #removeOld(path: string, now: number): void {
    try {
      if (now - statSync(path).mtimeMs > longestMilliseconds) rmSync(path, { force: true, recursive: true });
    } catch (error) {
      this.#log.error('what was put aside could not be removed', error, { path });
    }
  }

  #path(id: TerminalId): string {
    return join(this.#folder, `${id}${suffix}`);
  }

  #temporary(id: TerminalId): string {
    return `${this.#path(id)}.new`;
  }
}
