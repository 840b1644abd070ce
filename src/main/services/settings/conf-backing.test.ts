import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog, type Log } from '#main/base/log.ts';

import { confBacking } from './conf-backing.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = () => join(folder, 'settings.json');

describe('confBacking', () => {
  it('keeps values over a restart, for the person alone to read', async () => {
    confBacking({ folder, log: silentLog }).set('trust', { '/a.b/c': ['x'] });
    expect(confBacking({ folder, log: silentLog }).get('trust')).toEqual({ '/a.b/c': ['x'] });
    expect(confBacking({ folder, log: silentLog }).get('never set')).toBeUndefined();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('makes its folder', () => {
    folder = join(folder, 'not', 'there');
    confBacking({ folder, log: silentLog }).set('a', 1);
    expect(confBacking({ folder, log: silentLog }).get('a')).toBe(1);
    folder = join(folder, '..', '..');
  });

  it.each(['{ "settings": { "theme": "da', '', '[1]', 'null', '\0'])(
    'keeps a broken file (%j) aside and starts anew',
    async (text) => {
      await writeFile(file(), text);
      const warn = vi.fn<Log['warn']>();
      const backing = confBacking({ folder, log: { ...silentLog, warn }, now: () => 0 });
      expect(backing.get('settings')).toBeUndefined();
      backing.set('settings', { theme: 'dark' });
      expect(backing.get('settings')).toEqual({ theme: 'dark' });
      expect(await readFile(join(folder, 'settings.json.broken-1970-01-01T00-00-00.000Z'), 'utf8')).toBe(text);
      expect(warn).toHaveBeenCalledOnce();
    },
  );

  it('survives a file that is broken while it is in use', async () => {
    const backing = confBacking({ folder, log: silentLog, now: () => 0 });
    backing.set('a', 1);
    await writeFile(file(), '{ oh');
    expect(backing.get('a')).toBeUndefined();
    await writeFile(file(), 'oh }');
    backing.set('b', 2);
    expect(backing.get('b')).toBe(2);
    const aside = (await readdir(folder)).filter((name) => name.includes('.broken-'));
    expect(await Promise.all(aside.toSorted().map((name) => readFile(join(folder, name), 'utf8')))).toEqual([
      '{ oh',
      'oh }',
    ]);
  });

  it('sees what another host wrote', () => {
    const one = confBacking({ folder, log: silentLog });
    const other = confBacking({ folder, log: silentLog });
    one.set('a', 1);
    other.set('b', 2);
    expect([one.get('a'), one.get('b')]).toEqual([1, 2]);
  });
});
