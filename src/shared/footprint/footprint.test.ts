import { describe, expect, it } from 'vitest';

import { footprintOverlaps, isInFootprint, meetingGlobs } from './footprint.ts';
import { matchesAny, parseGlob } from './glob.ts';

describe('a glob', () => {
  it.each([
    ['src/app.ts', 'src/app.ts', true],
    ['src/app.ts', 'src/app.tsx', false],
    ['src/app', 'src/app/deep/file.ts', true],
    ['src/app', 'src/application.ts', false],
    ['src/app/', 'src/app/file.ts', true],
    ['src/*.ts', 'src/app.ts', true],
    ['src/*.ts', 'src/deep/app.ts', false],
    ['src/**', 'src/deep/er/app.ts', true],
    ['src/**/*.test.ts', 'src/app.test.ts', true],
    ['src/**/*.test.ts', 'src/a/b/app.test.ts', true],
    ['src/**/*.test.ts', 'src/a/b/app.ts', false],
    ['**/package.json', 'package.json', true],
    ['**/package.json', 'packages/one/package.json', true],
    ['src/{app,main}.ts', 'src/main.ts', true],
    ['src/{app,lib/{one,two}}/**', 'src/lib/two/x.ts', true],
    ['src/{app,lib/{one,two}}/**', 'src/lib/three/x.ts', false],
    ['v[0-9].sql', 'v7.sql', true],
    ['v[!0-9].sql', 'v7.sql', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*a*b', 'xaxaxb', true],
    ['*a*a*b', 'xaxax', false],
    ['docs/[id].md', 'docs/i.md', true],
    ['docs/[id', 'docs/[id', true],
    ['./src/a.ts', 'src/a.ts', true],
    ['größe/*.ts', 'größe/ü.ts', true],
  ])('%s, held against %s', (glob, path, matches) => {
    expect(matchesAny(path, [glob])).toBe(matches);
  });

  it('that would explode is refused in words, at once', () => {
    expect(parseGlob('{a,b}'.repeat(40))).toMatch(/more than 64 alternatives/u);
    expect(parseGlob('a'.repeat(501))).toMatch(/longer than 500/u);
    expect(matchesAny('a'.repeat(4000), [`${'*a'.repeat(240)}b`])).toBe(false);
    expect(meetingGlobs(['*a'.repeat(240)], ['a*'.repeat(240)])).not.toBeNull();
  });
});

describe('two footprints', () => {
  it.each([
    [['src/**'], ['src/routes.ts'], true],
    [['src/pages/*.ts'], ['src/pages/deep/x.ts'], false],
    [['src/*/index.ts'], ['src/app/*.ts'], true],
    [['src/*.ts'], ['src/*.css'], false],
    [['**/*.test.ts'], ['src/app'], true],
    [['docs'], ['src', 'docs/readme.md'], true],
    [['a[0-4]'], ['a[5-9]'], false],
    [['a[0-5]'], ['a[5-9]'], true],
    [['src/{a,b}.ts'], ['src/{b,c}.ts'], true],
    [['src/{a,b}.ts'], ['src/{c,d}.ts'], false],
    [['src/app*'], ['src/*ple'], true],
    [[], ['src'], false],
  ])('%j and %j', (one, other, meet) => {
    expect(meetingGlobs(one, other) !== null).toBe(meet);
    expect(meetingGlobs(other, one) !== null).toBe(meet);
  });

  it('are named in pairs, among those that are wanted and with what is there already', () => {
    const spec = (slug: string, globs: string[]) => ({ slug, title: slug.toUpperCase(), globs });
    const overlaps = footprintOverlaps(
      [spec('one', ['src/**']), spec('two', ['docs/**', 'src/app.ts']), spec('three', ['test/**'])],
      [spec('one', ['src/**']), spec('four', ['test/app.ts'])],
    );
    expect(overlaps.map(({ one, other, globs }) => [one.slug, other.slug, ...globs])).toEqual([
      ['one', 'two', 'src/**', 'src/app.ts'],
      ['three', 'four', 'test/**', 'test/app.ts'],
    ]);
  });

  it('whoever names none has no outside', () => {
    expect(isInFootprint('anything', [])).toBe(true);
    expect(isInFootprint('anything', ['src'])).toBe(false);
  });
});
