import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { completePath } from './complete-path.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'complete-')));
});
afterEach(() => rm(home, { recursive: true }));

const folders = (...names: string[]) => Promise.all(names.map((name) => mkdir(join(home, name), { recursive: true })));
const names = async (text: string) => (await completePath(text, home)).map(({ name }) => name);

describe('completePath', () => {
  it('lists folders only, repositories first, whatever the case that was typed', async () => {
    await folders('code', 'Coat', 'cobra/.git', 'desk');
    await writeFile(join(home, 'cocoa'), '');
    await symlink(join(home, 'desk'), join(home, 'colink'));
    await symlink(join(home, 'nowhere'), join(home, 'cobroken'));
    expect(await names(join(home, 'CO'))).toEqual(['cobra', 'Coat', 'code', 'colink']);
    expect((await completePath(join(home, 'cobr'), home))[0]).toEqual({
      path: join(home, 'cobra'),
      name: 'cobra',
      isRepository: true,
    });
  });

  it('starts at home for nothing, for a tilde and for a relative path', async () => {
    await folders('a/one', 'b');
    expect(await names('')).toEqual(['a', 'b']);
    expect(await names('~')).toEqual(['a', 'b']);
    expect(await names('~/a/')).toEqual(['one']);
    expect(await names('a/o')).toEqual(['one']);
    expect(await names('~/a/..')).toEqual(['a', 'b']);
  });

  it('shows hidden folders only when the dot is typed', async () => {
    await folders('.config', 'visible');
    expect(await names('~/')).toEqual(['visible']);
    expect(await names('~/.')).toEqual(['.config']);
    expect(await names('~/.c')).toEqual(['.config']);
  });

  it('stops at fifty, and no repository falls out for being late in the alphabet', async () => {
    await folders(...Array.from({ length: 60 }, (_, n) => `plain-${n}`), 'zoo/.git');
    const found = await names('~/');
    expect(found).toHaveLength(50);
    expect(found[0]).toBe('zoo');
  });

  it.each(['/no/such/folder/x', '~/file/x', '/root/\0', `/${'x'.repeat(5000)}`, '[', '-x', '*'])(
    'has nothing to offer for %j',
    async (text) => {
      await writeFile(join(home, 'file'), '');
      expect(await completePath(text, home)).toEqual([]);
    },
  );

  it('takes names as they are', async () => {
    await folders('a b', 'ünïcode', '-dash', 'new\nline');
    expect(await names('~/a ')).toEqual(['a b']);
    expect(await names('~/ün')).toEqual(['ünïcode']);
    expect(await names('~/-')).toEqual(['-dash']);
    expect(await names('~/new\nl')).toEqual(['new\nline']);
  });
});
