import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import { reviewLimitBytes } from '#shared/contract/review.ts';

import { TestReviews } from './test-reviews.ts';
import { lookAtFile, readFileInside } from './worktree-files.ts';

let world: TestReviews;
afterEach(() => world.remove());

const paths = async (): Promise<readonly string[]> => (await world.files()).map(({ path }) => path);

describe('contents:', () => {
  it('binary files by their sizes, and pictures as data for an <img>', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    world = await TestReviews.create((repository) =>
      repository.write('logo.png', Buffer.from([137, 80, 78, 71, 0, 1])),
    );
    await world.write('data.bin', Buffer.from([1, 0, 2]));
    await world.write('logo.png', Buffer.from([137, 80, 78, 71, 0, 1, 2]));
    await world.write('icon.SVG', svg);
    expect(await world.files()).toMatchObject([
      { path: 'data.bin', content: 'binary', insertions: 0, deletions: 0 },
      { path: 'icon.SVG', content: 'image' },
      { path: 'logo.png', content: 'image' },
    ]);
    expect(await world.content('data.bin')).toEqual({ kind: 'binary', originalBytes: null, modifiedBytes: 3 });
    expect(await world.content('logo.png')).toEqual({
      kind: 'image',
      originalDataUrl: 'data:image/png;base64,iVBORwAB',
      modifiedDataUrl: 'data:image/png;base64,iVBORwABAg==',
      originalBytes: 6,
      modifiedBytes: 7,
    });
    expect(await world.content('icon.SVG')).toMatchObject({
      originalDataUrl: null,
      modifiedDataUrl: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    });
  });

  it('huge files only when they are asked for', async () => {
    world = await TestReviews.create();
    const line = `${'x'.repeat(99)}\n`;
    const huge = line.repeat(reviewLimitBytes / 100 + 1);
    await world.write('huge.txt', huge);
    await world.write('huge.png', Buffer.alloc(reviewLimitBytes + 1));
    await world.write('limit.txt', huge.slice(0, reviewLimitBytes));
    expect(await world.files()).toMatchObject([
      { path: 'huge.png', content: 'huge' },
      { path: 'huge.txt', content: 'huge' },
      { path: 'limit.txt', content: 'text' },
    ]);
    const sizes = { kind: 'huge', originalBytes: null, modifiedBytes: huge.length };
    expect(await world.content('huge.txt')).toEqual(sizes);
    await world.commit();
    expect(await world.content('huge.txt')).toEqual(sizes);
    expect(await world.content('huge.txt', true)).toMatchObject({ kind: 'text', modified: huge });
    expect(await world.content('huge.png', true)).toMatchObject({ kind: 'image', modifiedBytes: reviewLimitBytes + 1 });
  });

  it('line ends, a missing last one, and bytes that are not UTF-8, as they are', async () => {
    world = await TestReviews.create(async (repository) => {
      await repository.write('crlf.txt', 'one\r\ntwo\r\n');
      await repository.write('end.txt', 'one\n');
      await repository.write('bom.txt', 'one\n');
      await repository.write('latin1.txt', Buffer.from('caf\xe9\n', 'latin1'));
    });
    await world.write('crlf.txt', 'one\ntwo\n');
    await world.write('end.txt', 'one');
    await world.write('bom.txt', '\uFEFFone\n');
    await world.write('latin1.txt', Buffer.from('caf\xe8\n', 'latin1'));
    expect(await world.files()).toMatchObject([
      { path: 'bom.txt', insertions: 1, deletions: 1 },
      { path: 'crlf.txt', insertions: 2, deletions: 2 },
      { path: 'end.txt', insertions: 1, deletions: 1 },
      { path: 'latin1.txt', content: 'text', insertions: 1, deletions: 1 },
    ]);
    expect(await world.content('crlf.txt')).toMatchObject({ original: 'one\r\ntwo\r\n', modified: 'one\ntwo\n' });
    expect(await world.content('end.txt')).toMatchObject({ original: 'one\n', modified: 'one' });
    expect(await world.content('bom.txt')).toMatchObject({ original: 'one\n', modified: '\uFEFFone\n' });
    expect(await world.content('latin1.txt')).toMatchObject({ original: 'café\n', modified: 'cafè\n' });
  });

  it('does not call a file changed that only has the line ends of this platform', async () => {
    world = await TestReviews.create((repository) => repository.write('.gitattributes', '*.txt text eol=crlf\n'));
    await world.write('text.txt', 'one\r\n');
    await world.commit();
    await world.inWorktree('rm', '-q', '--cached', 'text.txt');
    await world.inWorktree('reset', '-q', '--hard');
    expect(await world.files()).toMatchObject([{ path: 'text.txt', insertions: 1, uncommitted: false }]);
  });
});

describe('names', () => {
  const names = [
    '-rf',
    'a b',
    'line\nend',
    'quote"\'',
    'tab\there',
    'Ünïcödé/ñ.ts',
    ':(glob)*',
    '{a => b}',
    'x'.repeat(250),
  ];

  it('of all kinds are listed and can be opened, committed or not', async () => {
    world = await TestReviews.create();
    for (const name of names) await world.write(name, `${name}\n`);
    const listed = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    expect(await paths()).toEqual(listed);
    await expect(Promise.all(names.map((name) => world.content(name)))).resolves.toMatchObject(
      names.map((name) => ({ original: null, modified: `${name}\n` })),
    );
    await world.commit();
    expect(await paths()).toEqual(listed);
    await expect(Promise.all(names.map((name) => world.content(name)))).resolves.toMatchObject(
      names.map((name) => ({ original: null, modified: `${name}\n` })),
    );
  });

  it('that are not UTF-8 are listed with a replacement and can be opened', async () => {
    world = await TestReviews.create();
    await writeFile(Buffer.concat([Buffer.from(`${world.worktree}/caf`), Buffer.from([0xe9])]), 'content\n');
    expect(await paths()).toEqual(['caf\uFFFD']);
    expect(await world.content('caf\uFFFD')).toMatchObject({ modified: 'content\n' });
  });

  it('that are not in the review are not read', async () => {
    world = await TestReviews.create();
    await writeFile(join(world.repository.root, 'secret'), 'secret\n');
    for (const path of ['../secret', join(world.repository.root, 'secret'), 'app.ts', '.git', '']) {
      expect(await world.content(path)).toEqual({ kind: 'not-in-review' });
    }
  });
});

describe('thousands of files', () => {
  it('are listed up to a limit, and the rest is counted', async () => {
    world = await TestReviews.create();
    await mkdir(join(world.worktree, 'many'));
    for (let from = 0; from < 5100; from += 300) {
      const numbers = Array.from({ length: 300 }, (_, index) => from + index);
      await Promise.all(numbers.map((number) => writeFile(join(world.worktree, 'many', String(number)), 'x\n')));
    }
    const counts = async (): Promise<readonly number[]> => {
      const state = await world.look();
      return state.kind === 'review' ? [state.review.files.length, state.review.omittedFiles] : [];
    };
    expect(await counts()).toEqual([5000, 100]);
    await world.commit();
    expect(await counts()).toEqual([5000, 100]);
  });
});

describe('a worktree in hostile hands', () => {
  it('runs none of the programs that its configuration names', async () => {
    world = await TestReviews.create((repository) => repository.write('.gitattributes', '* diff=evil filter=evil\n'));
    const trap = join(world.repository.root, 'trap');
    const script = join(world.repository.root, 'evil.sh');
    await writeFile(script, `#!/bin/sh\ntouch ${trap}\ncat\n`, { mode: 0o755 });
    await world.write('app.ts', 'changed\n');
    await world.write('new.ts', 'new\n');
    for (const [key, value] of Object.entries({
      'diff.external': script,
      'diff.evil.command': script,
      'diff.evil.textconv': script,
      'filter.evil.clean': script,
      'filter.evil.smudge': script,
      'core.fsmonitor': script,
      'diff.orderFile': join(world.repository.root, 'none'),
      'diff.renames': 'false',
      'diff.relative': 'true',
      'diff.noprefix': 'true',
    })) {
      await world.repository.git('config', key, value);
    }
    expect(await paths()).toEqual(['app.ts', 'new.ts']);
    expect(await world.content('app.ts')).toMatchObject({ original: 'one\ntwo\nthree\n', modified: 'changed\n' });
    expect(await lookAtFile(world.repository.root, 'trap')).toEqual({ kind: 'nothing' });
  });

  it('cannot lead a read out of it: by a link in the middle, by “..”, or by a pipe', async () => {
    world = await TestReviews.create((repository) => repository.write('dir/file', 'inside\n'));
    const outside = join(world.repository.root, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'file'), 'secret\n');
    await world.write('dir/file', 'changed\n');
    // Listed while it was a folder, and swapped for a link afterwards.
    const feed = await new Promise<{ dispose(): void }>((resolve) => {
      const opened = world.reviews.onDidChange({ id: world.id }, () => queueMicrotask(() => resolve(opened)));
    });
    await rm(join(world.worktree, 'dir'), { recursive: true });
    await symlink(outside, join(world.worktree, 'dir'));
    expect(await world.content('dir/file')).toMatchObject({ kind: 'text', original: 'inside\n', modified: null });
    feed.dispose();
    expect(await world.files()).toMatchObject([
      { path: 'dir', change: 'added', content: 'symlink' },
      { path: 'dir/file', change: 'deleted' },
    ]);

    await promisify(execFile)('mkfifo', [join(world.worktree, 'pipe')]);
    await symlink(join(outside, 'file'), join(world.worktree, 'link'));
    for (const path of [
      'dir/file',
      'dir/../app.ts',
      '../outside/file',
      '/etc/passwd',
      './app.ts',
      'pipe',
      'link',
      '',
    ]) {
      expect(await readFileInside(world.worktree, path, 1000)).toBeNull();
    }
    expect(await readFileInside(world.worktree, 'app.ts', 1000)).toEqual(Buffer.from('one\ntwo\nthree\n'));
    expect(await readFileInside(world.worktree, 'app.ts', 3)).toBeNull();
  });
});
