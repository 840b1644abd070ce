import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';

import { migrations, tables } from './migrations.ts';

/** A value that SQLite can hold. */
export type StoreValue = string | number | null;

/**
 * One project's annotations in SQLite: runs, the prompts they were sent, status history, decisions, viewed marks,
 * merges. Git is the truth about work; losing this file loses history, never work.
 *
 * It is written in WAL mode, so that what was acknowledged survives a killed process. A file that is no such record, or a
 * damaged one, is put aside under another name, never deleted, and a fresh one is begun. One that only cannot be opened
 * just now (no space, no permission, locked) stays where it is, and the constructor throws.
 */
export class Store implements Disposable {
  readonly #path: string;
  readonly #log: Log;
  #database: DatabaseSync;
  #identity: string | null;
  /** Where an unreadable file was put, if there was one: worth telling the person. */
  readonly putAside: string | null;

  constructor(options: { path: string; log: Log; now?: () => number }) {
    const { path, log, now = Date.now } = options;
    this.#path = path;
    this.#log = log;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    let aside: string | null = null;
    try {
      this.#database = openDatabase(path);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      aside = `${path}.broken-${String(now())}`;
      for (const suffix of ['', '-wal', '-shm']) {
        if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
      }
      log.error('the project’s state could not be read and was put aside', error, { aside });
      this.#database = openDatabase(path);
    }
    this.putAside = aside;
    this.#identity = identityOf(path);
  }

  /** All rows that a query yields, as plain objects keyed by column. */
  all(sql: string, ...values: readonly StoreValue[]): readonly Readonly<Record<string, StoreValue>>[] {
    // No table of ours has a blob, or a number beyond 2^53.
    return this.#database.prepare(sql).all(...values) as unknown as Readonly<Record<string, StoreValue>>[];
  }

  /** Runs one statement that changes something. */
  run(sql: string, ...values: readonly StoreValue[]): void {
    this.#restoreIfDeleted();
    this.#database.prepare(sql).run(...values);
  }

  /** All of `work`, or, if it throws, none of it. */
  transaction(work: () => void): void {
    this.#restoreIfDeleted();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // After some failures, such as a full disk, SQLite has rolled back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  dispose(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** A file that somebody deleted is still whole for us, who have it open: it is written anew from that. */
  #restoreIfDeleted(): void {
    if (this.#database.isTransaction) return;
    const now = identityOf(this.#path);
    if (now === this.#identity) return;
    if (now !== null) {
      // Another file is in its place. It is not ours to overwrite; what we know is told as long as we run.
      this.#log.warn('the project’s state was replaced by another file', { path: this.#path });
      this.#identity = now;
      return;
    }
    // Not its parents: where the repository itself is gone, nothing is to be made.
    if (!existsSync(dirname(this.#path))) mkdirSync(dirname(this.#path), { mode: 0o700 });
    this.#database.prepare('VACUUM INTO ?').run(this.#path);
    const database = openDatabase(this.#path);
    this.#database.close();
    this.#database = database;
    this.#identity = identityOf(this.#path);
    this.#log.warn('the project’s state was deleted and was written anew', { path: this.#path });
  }
}

/** The file was written by a newer Switchyard. It is left alone: an older one must not guess what it means. */
export class NewerStore extends Error {
  constructor(path: string, found: number) {
    super(
      `${path} was written by a newer version of Switchyard (format ${String(found)}, this one knows ${String(migrations.length)}). ` +
        'Nothing was changed. Open the project with the newer version.',
    );
    this.name = 'NewerStore';
  }
}

class Unreadable extends Error {}

/** SQLITE_ERROR (a table is missing, or is there already), SQLITE_CORRUPT, SQLITE_NOTADB: https://www.sqlite.org/rescode.html */
const unreadableCodes = new Set([1, 11, 26]);

function isUnreadable(error: unknown): boolean {
  if (error instanceof Unreadable) return true;
  // The lower byte is the kind of error, the upper ones say more of it.
  return error instanceof Error && 'errcode' in error && unreadableCodes.has(Number(error.errcode) & 0xff);
}

/** Null: there is no file. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${String(stats.dev)}:${String(stats.ino)}` : null;
}

/**
 * How long a write waits for another program that reads or copies the file. All of the app waits with it; what could not
 * be written is written with the next change.
 */
const busyMilliseconds = 200;

function openDatabase(path: string): DatabaseSync {
  // SQLite takes an empty file for a new one, and so would forget without a word that there was something in it.
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) throw new Unreadable(`${path} is empty`);
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `PRAGMA busy_timeout = ${String(busyMilliseconds)}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;`,
    );
    migrate(database, path);
    check(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const row = database.prepare('PRAGMA user_version').get();
  const found = Number(row?.['user_version'] ?? 0);
  if (found > migrations.length) throw new NewerStore(path, found);
  for (const [index, statements] of migrations.entries()) {
    if (index < found) continue;
    database.exec(`BEGIN IMMEDIATE; ${statements}; PRAGMA user_version = ${String(index + 1)}; COMMIT;`);
  }
}

/** Damage is looked for now, and not met later in the middle of work. */
function check(database: DatabaseSync, path: string): void {
  const [answer] = database.prepare('PRAGMA quick_check(1)').all();
  if (answer?.['quick_check'] !== 'ok') throw new Unreadable(`${path}: ${String(answer?.['quick_check'])}`);
  for (const table of tables) database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get();
}
