import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Log } from '#main/base/log.ts';

import { WatchedFolder } from './watched-folder.ts';

const parcel = vi.hoisted(() => ({ refuses: true }));
vi.mock('@parcel/watcher', async (importOriginal) => {
  const original = await importOriginal<{ subscribe: (...args: readonly unknown[]) => Promise<unknown> }>();
  return {
    subscribe: (...args: readonly unknown[]) =>
      parcel.refuses ? Promise.reject(new Error('No space left on device')) : original.subscribe(...args),
  };
});

describe('a folder that the system refuses to watch', () => {
  let folder: string;
  let watched: WatchedFolder;
  let changes: (readonly string[])[];
  let warnings: string[];
  beforeEach(async () => {
    parcel.refuses = true;
    folder = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-watch-')));
    changes = [];
    warnings = [];
    const log: Log = { info: () => undefined, warn: (message) => warnings.push(message), error: () => undefined };
    const onChange = (paths: readonly string[]): void => void changes.push(paths);
    watched = new WatchedFolder({ path: folder, ignore: [], onChange, lookEveryMs: 100, log });
    watched.start();
  });
  afterEach(async () => {
    watched.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('is reported as changed again and again, and complained about once', async () => {
    await expect.poll(() => changes.length).toBeGreaterThan(2);
    expect(changes.every((paths) => paths.length === 0)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('is watched as soon as the system lets us', async () => {
    await expect.poll(() => changes.length).toBeGreaterThan(0);
    parcel.refuses = false;
    const file = join(folder, 'file.txt');
    await expect
      .poll(async () => {
        await writeFile(file, String(performance.now()));
        return changes.flat();
      })
      .toContain(file);
  });
});
