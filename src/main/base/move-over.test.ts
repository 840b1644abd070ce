import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { moveOver, moveOverSync } from './move-over.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'move-'));
  writeFileSync(join(folder, 'new'), 'new');
  writeFileSync(join(folder, 'old'), 'old');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Fails so many times, as Windows does while somebody has the file open. */
function held(times: number, code = 'EPERM'): { tries: () => number; move: () => void } {
  let tries = 0;
  return {
    tries: () => tries,
    move: () => {
      if (++tries <= times) throw Object.assign(new Error(`${code}: operation not permitted`), { code });
    },
  };
}

describe('a file in the place of another', () => {
  it('is there in one step', async () => {
    await moveOver(join(folder, 'new'), join(folder, 'old'));
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('new');
    writeFileSync(join(folder, 'new'), 'newer');
    moveOverSync(join(folder, 'new'), join(folder, 'old'));
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('newer');
  });

  it.each(['EPERM', 'EACCES', 'EBUSY'])('waits on Windows for whoever has that one open (%s)', async (code) => {
    const [later, now] = [held(2, code), held(2, code)];
    await moveOver('a', 'b', 'win32', async () => later.move(), [1, 1, 1]);
    moveOverSync('a', 'b', 'win32', now.move);
    expect([later.tries(), now.tries()]).toEqual([3, 3]);
  });

  it('fails where nobody lets go, and at once for anything else', async () => {
    const [never, now] = [held(99), held(99)];
    await expect(moveOver('a', 'b', 'win32', async () => never.move(), [1, 1])).rejects.toThrow('EPERM');
    expect(() => {
      moveOverSync('a', 'b', 'win32', now.move);
    }).toThrow('EPERM');
    const [linux, gone] = [held(1), held(1, 'ENOENT')];
    await expect(moveOver('a', 'b', 'linux', async () => linux.move())).rejects.toThrow('EPERM');
    await expect(moveOver('a', 'b', 'win32', async () => gone.move())).rejects.toThrow('ENOENT');
    expect([linux.tries(), gone.tries()]).toEqual([1, 1]);
  });
});
