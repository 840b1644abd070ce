import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isSamePlace, type Identify } from './same-place.ts';

/** A file system that holds these and takes names as it is said. */
const holding =
  (fold: (name: string) => string, ...paths: readonly string[]): Identify =>
  (path) => {
    const at = paths.map(fold).indexOf(fold(path));
    return Promise.resolve(at === -1 ? null : String(at));
  };
const exactly = (name: string): string => name;
const ignoringCase = (name: string): string => name.toLowerCase();
const ignoringBoth = (name: string): string => name.normalize('NFC').toLowerCase();

const composed = '/Users/ada/caf\u00e9';
const decomposed = '/Users/ada/cafe\u0301';

describe('two paths to one place', () => {
  it('are so where the file system takes them for one', async () => {
    const there = ['/Users', '/Users/ada', '/Users/ada/Work', composed];
    const same = (one: string, other: string, fold: (name: string) => string) =>
      isSamePlace(one, other, holding(fold, ...there));
    expect(await same('/Users/ada/Work', '/users/ADA/work', ignoringCase)).toBe(true);
    expect(await same('/Users/ada/Work', '/users/ADA/work', exactly)).toBe(false);
    expect(await same(composed, decomposed, ignoringBoth)).toBe(true);
    expect(await same(composed, decomposed, ignoringCase)).toBe(false); // as NTFS
    expect(await same('/Users/ada/Work', '/Users/ada/Play', ignoringBoth)).toBe(false);
  });

  it('are two where both are there, on a file system that tells them apart', async () => {
    const identify = holding(exactly, '/w/One', '/w/one');
    expect(await isSamePlace('/w/One', '/w/one', identify)).toBe(false);
  });

  it('are told where neither is there any more, by how what is there on the way is found', async () => {
    const there = ['/Users', '/Users/ada', composed];
    const same = (one: string, other: string, fold: (name: string) => string) =>
      isSamePlace(one, other, holding(fold, ...there));
    expect(await same('/Users/ada/Gone/A', '/Users/ada/gone/a', ignoringCase)).toBe(true);
    expect(await same('/Users/ada/Gone/A', '/Users/ada/gone/a', exactly)).toBe(false);
    expect(await same(`${composed}/ö`, `${decomposed}/o\u0308`, ignoringBoth)).toBe(true);
    expect(await same(`${composed}/ö`, `${composed}/o\u0308`, ignoringCase)).toBe(false);
    // Nothing on the way says how accents are taken; then two names are two.
    expect(await same('/Users/ada/ö', '/Users/ada/o\u0308', ignoringBoth)).toBe(false);
  });

  describe('of this machine', () => {
    let root: string;
    beforeEach(async () => {
      root = await realpath(await mkdtemp(join(tmpdir(), 'place-')));
    });
    afterEach(() => rm(root, { recursive: true }));

    it('are what its file system says', async () => {
      await mkdir(join(root, 'Work'));
      const isOne = await mkdir(join(root, 'work')).then(
        () => false,
        () => true,
      );
      expect(await isSamePlace(join(root, 'Work'), join(root, 'work'))).toBe(isOne);
      expect(await isSamePlace(join(root, 'Work', 'Gone'), join(root, 'Work', 'gone'))).toBe(isOne);
      expect(await isSamePlace(join(root, 'Work'), join(root, 'Work'))).toBe(true);
    });
  });
});
