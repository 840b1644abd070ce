import { statfs } from 'node:fs/promises';

import { errorCode } from './error-code.ts';

/** With less than this free, in bytes, neither Git nor SQLite can write anything of use. */
const nothingLeft = 1_000_000;

/** https://www.sqlite.org/rescode.html: SQLITE_FULL; the lower byte is the kind of error. */
const sqliteFull = 13;

/** As the systems put it, in English, which Git is told to speak here. */
const words = /No space left on device|Disk quota exceeded|not enough space on the disk|database or disk is full/iu;

/** Whether what was thrown says that there was no room to write: by the system, by SQLite, or in a program's words. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) return true;
  if ('errcode' in error && (Number(error.errcode) & 0xff) === sqliteFull) return true;
  return saysDiskFull(error.message) || ('stderr' in error && saysDiskFull(String(error.stderr)));
}

export const saysDiskFull = (text: string): boolean => words.test(text);

/** Whether nothing can be written in a folder's file system any more. Not every program says why it could not write. */
export async function hasNoRoom(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < nothingLeft;
  } catch {
    return false;
  }
}
