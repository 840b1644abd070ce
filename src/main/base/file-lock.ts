import { DatabaseSync } from 'node:sqlite';

import { toDisposable, type Disposable } from './lifecycle.ts';

/** SQLITE_BUSY: another connection has the lock. https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5;

/**
 * Takes a lock that one process can have, or null when it is still taken after `patience` milliseconds (which block). It
 * is SQLite's on the file at `path`, made when missing: the system lifts it when the process ends, however it ends. Node
 * has no file locks of its own, and a pid in a file outlives a crash and later names a stranger.
 */
export function lockFile(path: string, patience: number): Disposable | null {
  const database = new DatabaseSync(path, { timeout: patience });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return null;
    throw error;
  }
  return toDisposable(() => {
    database.close();
  });
}
