import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fileLimitBytes } from '#shared/contract/files.ts';
import type { RunId } from '#shared/ids.ts';

import { RunFiles } from './run-files.ts';

const id = 'run-1' as RunId;

describe('RunFiles', () => {
  let root: string;
  let worktree: string;
  let files: RunFiles;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'run-files-')));
    worktree = join(root, 'worktree');
    mkdirSync(join(worktree, 'src', 'with space'), { recursive: true });
    mkdirSync(join(root, 'worktree-other'));
    writeFileSync(join(root, 'secret.txt'), 'secret');
    writeFileSync(join(root, 'worktree-other', 'a.ts'), 'other');
    writeFileSync(join(worktree, 'src', 'a.ts'), 'export const a = 1;\n');
    writeFileSync(join(worktree, 'src', 'with space', 'ü b.ts'), 'ü');
    files = new RunFiles({
      worktreeOf: (asked) => (asked === id ? worktree : null),
      isChanged: (_id, path) => Promise.resolve(path === 'src/a.ts'),
    });
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  async function find(...names: string[]): Promise<readonly (string | null)[]> {
    const found = await files.find({ id, names });
    if (!found.ok) throw new Error(found.error.kind);
    return found.value;
  }

  it('finds files by what programs print for them', async () => {
    expect(
      await find('src/a.ts', './src/a.ts', join(worktree, 'src/a.ts'), 'src/with space/ü b.ts', 'src//a.ts'),
    ).toEqual(['src/a.ts', 'src/a.ts', 'src/a.ts', 'src/with space/ü b.ts', 'src/a.ts']);
  });

  it('finds nothing outside of the worktree, by whatever way', async () => {
    symlinkSync(join(root, 'secret.txt'), join(worktree, 'link.txt'));
    symlinkSync(root, join(worktree, 'up'));
    symlinkSync('/etc', join(worktree, 'etc'));
    const outside = [
      '../secret.txt',
      'src/../../secret.txt',
      join(root, 'secret.txt'),
      join(root, 'worktree-other', 'a.ts'),
      join(worktree, '..', 'secret.txt'),
      'link.txt',
      'up/secret.txt',
      'up/worktree/src/../../secret.txt',
      'etc/passwd',
      '/etc/passwd',
      'src/a.ts\0.txt',
      'src',
      '.',
      '/',
      'missing.ts',
    ];
    expect(await find(...outside)).toEqual(outside.map(() => null));
    expect(await files.read({ id, path: 'link.txt' })).toEqual({ ok: false, error: { kind: 'not-there' } });
    expect(await files.read({ id, path: '../secret.txt' })).toEqual({ ok: false, error: { kind: 'not-there' } });
  });

  it('follows links that stay inside to what they mean', async () => {
    symlinkSync('a.ts', join(worktree, 'src', 'alias.ts'));
    symlinkSync(worktree, join(root, 'same'));
    expect(await find('src/alias.ts')).toEqual(['src/a.ts']);
    const linked = new RunFiles({ worktreeOf: () => join(root, 'same'), isChanged: () => Promise.resolve(false) });
    const found = await linked.find({ id, names: [join(root, 'same', 'src/a.ts'), join(worktree, 'src/a.ts')] });
    expect(found).toEqual({ ok: true, value: ['src/a.ts', 'src/a.ts'] });
  });

  it('reads text with its language, and says of the rest what it is', async () => {
    writeFileSync(join(worktree, 'image.bin'), Buffer.from([1, 0, 2]));
    writeFileSync(join(worktree, 'huge.log'), '');
    truncateSync(join(worktree, 'huge.log'), fileLimitBytes + 1);
    expect(await files.read({ id, path: 'src/a.ts' })).toEqual({
      ok: true,
      value: { kind: 'text', text: 'export const a = 1;\n', language: 'typescript', bytes: 20 },
    });
    expect(await files.read({ id, path: 'image.bin' })).toEqual({ ok: true, value: { kind: 'binary', bytes: 3 } });
    expect(await files.read({ id, path: 'huge.log' })).toEqual({
      ok: true,
      value: { kind: 'huge', bytes: fileLimitBytes + 1 },
    });
  });

  it('says that the run or its worktree is gone', async () => {
    const other = 'run-2' as RunId;
    expect(await files.find({ id: other, names: ['src/a.ts'] })).toEqual({ ok: false, error: { kind: 'run-missing' } });
    rmSync(worktree, { recursive: true });
    expect(await find('src/a.ts')).toEqual([null]);
    expect(await files.read({ id, path: 'src/a.ts' })).toEqual({ ok: false, error: { kind: 'not-there' } });
  });
});
