import { describe, expect, it } from 'vitest';

import { namesInLine } from './file-names.ts';

/** What the host would find, given what is there: the first name of those that overlap. */
function linksIn(text: string, present: readonly string[]): string[] {
  const taken: { from: number; to: number }[] = [];
  return namesInLine(text).flatMap(({ offset, length, name, line, column }) => {
    if (!present.includes(name)) return [];
    if (taken.some(({ from, to }) => offset < to && offset + length > from)) return [];
    taken.push({ from: offset, to: offset + length });
    return [`${text.slice(offset, offset + length)} = ${name}|${String(line)}|${String(column)}`];
  });
}

describe('namesInLine', () => {
  it.each([
    ['src/a.ts:12:5 - error TS2322: Type', 'src/a.ts:12:5 = src/a.ts|12|5'],
    ['src/a.ts(12,5): error TS2322', 'src/a.ts(12,5) = src/a.ts|12|5'],
    ['    at run (src/a.ts:12:5)', 'src/a.ts:12:5 = src/a.ts|12|5'],
    ['    at file:///src/a.ts:12:5', '/src/a.ts:12:5 = /src/a.ts|12|5'],
    ['  --> src/a.ts:12:5', 'src/a.ts:12:5 = src/a.ts|12|5'],
    ['src/a.ts:12: warning: unused', 'src/a.ts:12 = src/a.ts|12|null'],
    ['  File "src/a.ts", line 12, in run', 'File "src/a.ts", line 12 = src/a.ts|12|null'],
    ['see src/a.ts#L12 for it.', 'src/a.ts#L12 = src/a.ts|12|null'],
    ['⏺ Update(src/a.ts)', 'src/a.ts = src/a.ts|null|null'],
    ['I wrote `src/a.ts`, and more.', 'src/a.ts = src/a.ts|null|null'],
    [' M src/a.ts', 'src/a.ts = src/a.ts|null|null'],
    ['+++ b/src/a.ts', 'b/src/a.ts = src/a.ts|null|null'],
    ['❯ src/a.ts:12:5.', 'src/a.ts:12:5 = src/a.ts|12|5'],
  ])('finds the file in %j', (text, link) => {
    expect(linksIn(text, ['src/a.ts', '/src/a.ts'])).toEqual([link]);
  });

  it('finds names with spaces and letters of any language, quoted or before a line number', () => {
    expect(linksIn('error in my notes/ein Stück.md:3:1', ['my notes/ein Stück.md'])).toEqual([
      'my notes/ein Stück.md:3:1 = my notes/ein Stück.md|3|1',
    ]);
    expect(linksIn('cannot open "my notes/a b c d e.md":3', ['my notes/a b c d e.md'])).toEqual([
      '"my notes/a b c d e.md":3 = my notes/a b c d e.md|3|null',
    ]);
    expect(linksIn('日本語/ファイル.ts:7 です', ['日本語/ファイル.ts'])).toEqual([
      '日本語/ファイル.ts:7 = 日本語/ファイル.ts|7|null',
    ]);
  });

  it('finds several in a line', () => {
    expect(linksIn('rename a.ts => b.ts', ['a.ts', 'b.ts'])).toHaveLength(2);
  });

  it('asks about nothing in addresses, times and prose, and not without end', () => {
    expect(
      namesInLine('GET http://localhost:3000/src/a.ts:1 12:30:05 took 3.5s').map(({ name }) => name),
    ).not.toContain('/src/a.ts');
    expect(namesInLine('It is done and all is well')).toEqual([]);
    expect(namesInLine('a/b '.repeat(400)).length).toBeLessThanOrEqual(48);
    expect(namesInLine('x'.repeat(100_000))).toEqual([]);
  });

  it('takes a hostile line without delay', () => {
    for (const text of ['('.repeat(2000), 'a:'.repeat(1000), '"'.repeat(2000), `${'a.'.repeat(990)}(`]) {
      expect(namesInLine(text).length).toBeLessThanOrEqual(48);
    }
  });
});
