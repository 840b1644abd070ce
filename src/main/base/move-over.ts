import { renameSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { errorCode } from './error-code.ts';

/**
 * What Windows says when the file that is to be replaced, or the one in its place, is open in another program: a virus scanner, an
 * indexer, a reader of ours. They let go in a moment. Elsewhere these mean what they say.
 */
const heldCodes = ['EPERM', 'EACCES', 'EBUSY'];

export const isHeld = (error: unknown, platform: NodeJS.Platform): boolean =>
  platform === 'win32' && heldCodes.includes(errorCode(error) ?? '');

/** Milliseconds between tries: 1.6 s in all. */
const shortWaits: readonly number[] = [10, 20, 40, 80, 150, 300, 400, 600];

/** Puts a file in the place of another in one step; on Windows once whoever has that one open lets go. Throws as `rename` does. */
export async function moveOver(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  move: (from: string, to: string) => Promise<void> = rename,
  waits = shortWaits,
): Promise<void> {
  for (const wait of waits) {
    try {
      await move(from, to);
      return;
    } catch (error) {
      if (!isHeld(error, platform)) throw error;
    }
    await sleep(wait);
  }
  await move(from, to);
}

/** The same for small files of ours that are written while nothing else may happen: no longer than 60 ms. */
export function moveOverSync(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  move: (from: string, to: string) => void = renameSync,
): void {
  for (let tries = 0; ; tries++) {
    try {
      move(from, to);
      return;
    } catch (error) {
      if (!isHeld(error, platform) || tries === 6) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}
