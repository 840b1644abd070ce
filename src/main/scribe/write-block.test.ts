import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { writeBlock } from './write-block.ts';

let world: string;
let folder: string;

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'scribe-')));
  folder = join(world, 'worktree');
  await mkdir(folder);
});

afterEach(async () => {
  await rm(world, { recursive: true, force: true });
});

const write = (path: string, text = 'new\n') => writeBlock(folder, { path, text, language: '', line: 1 });

describe('a quoted file', () => {
  it('is written where it belongs, with the folders above it', async () => {
    expect(await write('src/deep/a b.ts', 'one\ntwo\n')).toEqual({
      ok: true,
      value: { path: 'src/deep/a b.ts', change: 'created', lines: 2 },
    });
    expect(await readFile(join(folder, 'src/deep/a b.ts'), 'utf8')).toBe('one\ntwo\n');
    expect(await write('src/deep/a b.ts', 'one\ntwo\n')).toMatchObject({ value: { change: 'same' } });
    expect(await write('src/deep/a b.ts', '')).toMatchObject({ value: { change: 'changed', lines: 0 } });
    for (const path of ['-rf', 'ünï/😀.md', '.github/x.yml', '.gitignore', 'ab:c', '*.ts', '...']) {
      expect(await write(path)).toMatchObject({ ok: true });
    }
  });

  it.each([
    '/etc/passwd',
    '../outside.txt',
    'src/../../outside.txt',
    'a/..',
    '~/x',
    'C:/x',
    'C:x',
    'a\\b',
    '..\\outside.txt',
    '',
    '.',
    './a',
    'a//b',
    'a/',
    'a\nb',
    'a\0b',
    '.git/config',
    '.GIT/hooks/pre-commit',
    'sub/.git/config',
    '.git',
    '.git./config',
    'git~1/config',
  ])('is refused as %j', async (path) => {
    expect(await write(path)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    await expect(readFile(join(world, 'outside.txt'))).rejects.toThrow('ENOENT');
  });

  it('follows links inside the worktree and none that leads out of it', async () => {
    await mkdir(join(world, 'outside'));
    await writeFile(join(world, 'outside', 'a.txt'), 'theirs');
    await mkdir(join(folder, '.git'));
    await mkdir(join(folder, 'inside'));
    await writeFile(join(folder, 'inside', 'real.txt'), 'old');
    await symlink(join(world, 'outside'), join(folder, 'out'));
    await symlink('../outside/a.txt', join(folder, 'out.txt'));
    await symlink('../outside/not-yet.txt', join(folder, 'dangling.txt'));
    await symlink('.git', join(folder, 'data'));
    await symlink('inside', join(folder, 'in'));
    await symlink('inside/real.txt', join(folder, 'in.txt'));
    await symlink('loop', join(folder, 'loop'));

    for (const path of ['out/a.txt', 'out/new.txt', 'out.txt', 'dangling.txt', 'data/config', 'loop', 'loop/x']) {
      expect(await write(path)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    }
    expect(await readFile(join(world, 'outside', 'a.txt'), 'utf8')).toBe('theirs');
    expect(await write('in/new.txt')).toMatchObject({ ok: true });
    expect(await write('in.txt')).toMatchObject({ ok: true });
    expect(await readFile(join(folder, 'inside', 'real.txt'), 'utf8')).toBe('new\n');
  });

  it('does not take the place of something else', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'file'), 'x');
    expect(await write('a')).toMatchObject({ ok: false });
    expect(await write('file/b')).toMatchObject({ ok: false });
  });
});
