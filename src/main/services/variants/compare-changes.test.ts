import { describe, expect, it } from 'vitest';

import type { RawChange } from '#main/services/review/raw-diff.ts';

import { compareChanges } from './compare-changes.ts';
import { planTree } from './compose-tree.ts';
import { findClashes } from './path-clashes.ts';
import { takenMessage } from './taken-message.ts';

const none = '0'.repeat(40);
const change = (path: string, more: Partial<RawChange> = {}): RawChange => ({
  path,
  oldPath: null,
  status: 'M',
  oldMode: '100644',
  newMode: '100644',
  oldHash: 'a'.repeat(40),
  newHash: 'b'.repeat(40),
  insertions: 1,
  deletions: 1,
  ...more,
});
const removed = (path: string): RawChange => change(path, { status: 'D', newMode: '000000', newHash: none });
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('comparing what variants changed', () => {
  it('takes only the variants that are compared for all of them', () => {
    const [file] = compareChanges([[change('a')], null, [change('a')]], []);
    expect(file?.file).toMatchObject({ agreement: 'same', changes: [{ outcome: 0 }, null, { outcome: 0 }] });
  });

  it('does not take two for the same that differ in their mode or in their place', () => {
    const files = compareChanges(
      [
        [change('a', { newMode: '100755' }), change('c', { status: 'R', oldPath: 'b' })],
        [change('a'), change('d', { status: 'R', oldPath: 'b' })],
      ],
      [{ a: 0, b: 1, conflicts: [{ path: 'd', reason: 'renamed in two ways' }] }],
    );
    expect(files.map(({ file }) => [file.path, file.agreement])).toEqual([
      ['b', 'disagree'],
      ['a', 'apart'],
    ]);
    expect(files[0]?.file.conflicts).toEqual([{ a: 0, b: 1, reason: 'renamed in two ways' }]);
  });

  it('says that they disagree where their merge could not be tried and they differ', () => {
    const files = compareChanges(
      [
        [change('a'), change('same')],
        [change('a', { newHash: 'c'.repeat(40) }), change('same')],
      ],
      [{ a: 0, b: 1, conflicts: null }],
    );
    expect(files.map(({ file }) => [file.path, file.agreement])).toEqual([
      ['a', 'disagree'],
      ['same', 'same'],
    ]);
  });

  it('shows names of any script, and says of one that is none that it cannot be taken alone', () => {
    const files = compareChanges([[change(latin1('ä/漢字')), change('\xff\xfe')], []], []);
    expect(files.map(({ file }) => [file.path, file.obstacle === null])).toEqual([
      ['ä/漢字', true],
      ['\ufffd\ufffd', false],
    ]);
  });
});

describe('the paths of one tree', () => {
  it('finds each file that would have to be a folder, at any depth', () => {
    const paths = new Set(['a', 'a/b/c', 'b/c', 'b/c/d/e', 'ab', 'ab-c']);
    expect(findClashes(paths)).toEqual([
      { file: 'a', inside: 'a/b/c' },
      { file: 'b/c', inside: 'b/c/d/e' },
    ]);
    expect(findClashes(paths, new Set(['a']))).toEqual([{ file: 'a', inside: 'a/b/c' }]);
  });

  it('lets a folder take the place of a file that goes, and the other way round', () => {
    const file = planTree(new Set(['a', 'b/c']), [
      { key: 'a', change: removed('a') },
      { key: 'a/x', change: change('a/x', { status: 'A' }) },
      { key: 'b/c', change: removed('b/c') },
      { key: 'b', change: change('b', { status: 'A' }) },
    ]);
    expect(file.ok && [...file.value.put.keys()]).toEqual(['a/x', 'b']);
  });

  it('refuses two different files in one place, and takes the same one twice', () => {
    const moved = change('c', { status: 'R', oldPath: 'a' });
    const same = planTree(new Set(['a', 'b']), [
      { key: 'a', change: moved },
      { key: 'b', change: { ...moved, oldPath: 'b' } },
    ]);
    expect(same).toMatchObject({ ok: true });
    const two = planTree(new Set(['a', 'b']), [
      { key: 'a', change: moved },
      { key: 'b', change: { ...moved, oldPath: 'b', newHash: 'c'.repeat(40) } },
    ]);
    expect(two).toMatchObject({ ok: false, error: { kind: 'clash', paths: ['c'] } });
  });
});

describe('the message of taken files', () => {
  const source = (files: number) => ({
    runId: 'run-one' as never,
    name: 'Scribe #1',
    branch: 'feature/one',
    tree: 'd'.repeat(40),
    files: Array.from({ length: files }, (_, index) => ({ path: `f${String(index)}`, was: null, isDeleted: false })),
  });

  it('keeps odd names in visible signs, each in a line of its own', () => {
    const odd = ['two  blanks', 'line\nend', ' before', 'ä', '-dash'];
    const files = odd.map((path) => ({ path, was: null, isDeleted: false }));
    const message = takenMessage({ slug: 'notes', title: 'Notes' }, 'new1' as never, [{ ...source(0), files }]);
    const trailers = message.split('\n').filter((line) => line.startsWith('File-From: '));
    expect(trailers).toEqual([
      'File-From: run-one "two\\u0020\\u0020blanks"',
      'File-From: run-one "line\\nend"',
      'File-From: run-one "\\u0020before"',
      'File-From: run-one ä',
      'File-From: run-one -dash',
    ]);
  });

  it('stays short however many files there are, and tells how many', () => {
    const message = takenMessage({ slug: 'notes', title: 'Notes' }, 'new1' as never, [source(5000)]);
    expect(message).toContain('5,000 files');
    expect(message).toContain('and 4700 more');
    expect(message.length).toBeLessThan(30_000);
  });
});
