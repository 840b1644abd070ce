import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Merges } from './merges.ts';
import { lines, TestMerges } from './test-merges.ts';

let world: TestMerges;
beforeEach(async () => {
  world = await TestMerges.create();
});
afterEach(() => world.remove());

const methods = ['merge', 'squash', 'rebase'] as const;
const file = (name: string): Promise<string> => readFile(join(world.repository.path, name), 'utf8');
const blob = (commit: string, name: string): Promise<string> =>
  world.repository.git('cat-file', '-p', `${commit}:${name}`).then((text) => `${text}\n`);
const status = (): Promise<string> => world.repository.git('status', '--porcelain');
const undo = (snapshot: string): ReturnType<Merges['undo']> =>
  world.merges.undo({ projectId: world.projectId, snapshot });

/** Merges, and throws when that is refused. */
async function merged(method: (typeof methods)[number]): Promise<string> {
  const answer = await world.confirm(method);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value.snapshot;
}

describe('files of Git LFS, where git-lfs is not installed,', () => {
  const pointer = (seed: string): string =>
    lines('version https://git-lfs.github.com/spec/v1', `oid sha256:${seed.repeat(64).slice(0, 64)}`, 'size 12345');

  beforeEach(async () => {
    const attributes = '*.bin filter=lfs diff=lfs merge=lfs -text\n';
    await world.commitIn(world.repository.path, { '.gitattributes': attributes, 'model.bin': pointer('a') });
    await world.commitOn('topic', { 'model.bin': pointer('b'), 'new.bin': pointer('c') });
    await world.commitIn(world.repository.path, { 'readme.md': 'meanwhile\n' });
  });

  it.each(methods)('are merged as the pointers that they are by a %s, and so checked out', async (method) => {
    await merged(method);
    for (const [name, content] of [
      ['model.bin', pointer('b')],
      ['new.bin', pointer('c')],
    ] as const) {
      expect(await blob('main', name)).toBe(content);
      expect(await file(name)).toBe(content);
    }
    expect(await status()).toBe('');
  });

  it('conflict where both sides have another version, and are not made one of the two', async () => {
    await world.commitIn(world.repository.path, { 'model.bin': pointer('d') });
    const conflict = { path: 'model.bin', reason: 'both changed the same lines' };
    const before = await world.picture();
    const driver = 'git lfs merge-driver --ancestor %O --current %A --other %B --marker-size %L --path %P';
    for (const configured of [null, driver, '']) {
      if (configured !== null) await world.repository.git('config', 'merge.lfs.driver', configured);
      for (const method of ['merge', 'squash'] as const) {
        expect(await world.confirm(method)).toEqual({
          ok: false,
          error: { kind: 'conflicts', conflicts: [conflict] },
        });
      }
      expect(await world.picture()).toBe(before);
    }
    expect(await file('model.bin')).toBe(pointer('d'));
  });

  it('are not put into a checkout as pointers when only the repository says how they are read', async () => {
    const before = await world.picture();
    // As after `git lfs install --local`.
    await world.repository.git('config', 'filter.lfs.smudge', 'git-lfs smudge -- %f');
    await world.repository.git('config', 'filter.lfs.process', 'git-lfs filter-process');
    await world.repository.git('config', 'filter.lfs.required', 'true');
    for (const method of methods) {
      expect(await world.confirm(method)).toMatchObject({
        ok: false,
        error: {
          kind: 'checkout-dirty',
          files: ['model.bin', 'new.bin'],
          obstacle: expect.stringContaining('go through a filter (lfs)') as string,
        },
      });
    }
    // Where nothing is checked out, nothing has to be read.
    await world.repository.git('config', '--remove-section', 'filter.lfs');
    expect(await world.picture()).toBe(before);
    await world.repository.git('switch', '-q', '--detach');
    await world.repository.git('config', 'filter.lfs.process', 'git-lfs filter-process');
    const snapshot = await merged('merge');
    expect(await blob('main', 'new.bin')).toBe(pointer('c'));
    expect(await undo(snapshot)).toMatchObject({ ok: true });
  });

  it('say that git-lfs is missing where the person’s configuration needs it, and nothing has changed then', async () => {
    // Old enough that Git knows without reading it that it is as it was: only writing the new one needs the program.
    await utimes(join(world.repository.path, 'model.bin'), 1e9, 1e9);
    const before = await world.picture();
    const config = world.repository.env['GIT_CONFIG_GLOBAL']!;
    const missing = lines(
      '[filter "lfs"]',
      'clean = git-lfs-none clean -- %f',
      'smudge = git-lfs-none smudge -- %f',
      'process = git-lfs-none filter-process',
      'required = true',
    );
    await writeFile(config, missing);
    for (const method of methods) {
      expect(await world.confirm(method)).toMatchObject({
        ok: false,
        error: {
          kind: 'checkout-dirty',
          files: ['model.bin', 'new.bin'],
          obstacle: expect.stringMatching(/filter \(lfs\), and that fails: .*git-lfs-none: not found/u) as string,
        },
      });
    }
    await writeFile(config, '');
    expect(await world.picture()).toBe(before);
    expect(await file('model.bin')).toBe(pointer('a'));
    await writeFile(config, missing);
    // And where Git has to read it to know that, nothing can be said about the checkout at all.
    await utimes(join(world.repository.path, 'model.bin'), 2e9, 2e9);
    expect(await world.merges.preview({ id: world.run.id, method: 'merge' })).toMatchObject({
      ok: false,
      error: { kind: 'git-failed', message: expect.stringContaining('git-lfs-none: not found') as string },
    });
    await writeFile(config, '');
    await merged('merge');
    expect(await file('model.bin')).toBe(pointer('b'));
  });
});

describe('a name of which only the case changes', () => {
  const text = Array.from({ length: 12 }, (_, index) => `line ${String(index)}\n`);
  const edited = text.with(5, 'edited\n').join('');

  beforeEach(async () => {
    await world.commitIn(world.repository.path, { 'docs/guide.md': text.join('') });
  });

  const names = async (): Promise<readonly string[]> =>
    (await readdir(world.repository.path, { recursive: true })).filter((name) => /guide/iu.test(name));

  it.each(methods)('is the new one after a %s', async (method) => {
    await world.commitOn('topic', { 'docs/guide.md': null, 'docs/Guide.md': text.join('') });
    await world.commitIn(world.repository.path, { 'readme.md': 'meanwhile\n' });
    const snapshot = await merged(method);
    expect(await names()).toEqual(['docs/Guide.md']);
    expect(await status()).toBe('');
    expect(await undo(snapshot)).toMatchObject({ ok: true });
    expect(await names()).toEqual(['docs/guide.md']);
    expect(await status()).toBe('');
  });

  it.each(methods)('keeps what the base has changed in it, after a %s', async (method) => {
    await world.commitOn('topic', { 'docs/guide.md': null, 'docs/Guide.md': text.join('') });
    await world.commitIn(world.repository.path, { 'docs/guide.md': edited });
    await merged(method);
    expect(await names()).toEqual(['docs/Guide.md']);
    expect(await file('docs/Guide.md')).toBe(edited);
    expect(await status()).toBe('');
  });

  it.each(methods)('keeps what the branch has changed in it, where the base renamed it, after a %s', async (method) => {
    await world.commitOn('topic', { 'docs/guide.md': edited });
    await world.repository.git('mv', 'docs/guide.md', 'docs/Guide.md');
    await world.repository.commit('Rename');
    await merged(method);
    expect(await names()).toEqual(['docs/Guide.md']);
    expect(await file('docs/Guide.md')).toBe(edited);
    expect(await status()).toBe('');
  });

  it('is a conflict where both sides changed the same lines of it, and both versions stay', async () => {
    await world.commitOn('topic', { 'docs/guide.md': null, 'docs/Guide.md': text.with(5, 'theirs\n').join('') });
    await world.commitIn(world.repository.path, { 'docs/guide.md': edited });
    const before = await world.picture();
    const answer = await world.confirm('merge');
    expect(answer).toMatchObject({ ok: false, error: { kind: 'conflicts' } });
    expect(await world.picture()).toBe(before);
    expect(await file('docs/guide.md')).toBe(edited);
  });
});

describe('line ends', () => {
  const crlf = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');
  const contents = {
    'windows.txt': crlf('one', 'two', 'three', 'four', 'five'),
    'unix.txt': lines('one', 'two', 'three', 'four', 'five'),
    'mixed.txt': 'one\r\ntwo\nthree\r\nfour\nfive\r\n',
    'no-end.txt': 'one\r\ntwo\r\nthree',
  };

  it.each<[string, string | null, string[]]>([
    ['without any settings', null, []],
    ['with text=auto', '* text=auto\n', []],
    ['with text=auto and eol=crlf', '* text=auto eol=crlf\n', []],
    ['with -text', '* -text\n', []],
    ['with core.autocrlf', null, ['core.autocrlf', 'true']],
    ['with core.autocrlf=input', null, ['core.autocrlf', 'input']],
    ['with text=auto and core.eol', '* text=auto\n', ['core.eol', 'crlf']],
  ])('are committed byte for byte as they were, %s', async (_what, attributes, config) => {
    // Committed as they are, before anything says how they are to be.
    await world.commitOn('main-files', contents);
    await world.repository.git('merge', '-q', 'main-files');
    if (attributes !== null) {
      await world.commitOn('settings', { '.gitattributes': attributes });
      await world.repository.git('merge', '-q', '--no-edit', 'settings');
    }
    await world.commitOn('topic', {
      'windows.txt': contents['windows.txt'].replace('five', 'FIVE'),
      'added.txt': crlf('added'),
      'mixed.txt': contents['mixed.txt'].replace('five', 'FIVE'),
    });
    await world.commitOn('base-side', {
      'windows.txt': contents['windows.txt'].replace('one', 'ONE'),
      'mixed.txt': contents['mixed.txt'].replace('one', 'ONE'),
      'readme.md': 'meanwhile\n',
    });
    await world.repository.git('merge', '-q', '--ff-only', 'base-side');
    if (config.length > 0) {
      await world.repository.git('config', ...config);
      // As a clone with this setting has it.
      await world.repository.git('rm', '-q', '-r', '--cached', '.');
      await world.repository.git('reset', '-q', '--hard');
    }
    expect(await status()).toBe('');
    const raw = (name: string): Promise<string> => world.repository.git('cat-file', '-p', `main:${name}`);
    for (const method of methods) {
      const snapshot = await merged(method);
      expect(`${await raw('windows.txt')}\n`).toBe(crlf('ONE', 'two', 'three', 'four', 'FIVE'));
      expect(`${await raw('mixed.txt')}\n`).toBe('ONE\r\ntwo\nthree\r\nfour\nFIVE\r\n');
      expect(`${await raw('added.txt')}\n`).toBe(crlf('added'));
      expect(await raw('no-end.txt')).toBe(contents['no-end.txt']);
      expect(`${await raw('unix.txt')}\n`).toBe(contents['unix.txt']);
      expect(await status()).toBe('');
      expect(await undo(snapshot)).toMatchObject({ ok: true });
    }
  });
});
