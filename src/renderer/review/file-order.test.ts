import { describe, expect, it } from 'vitest';

import type { ReviewFile } from '#shared/contract/review.ts';

import { filesInView, nextUnviewed, stepFile } from './file-order.ts';

const file = (path: string, rest: Partial<ReviewFile> = {}): ReviewFile => ({
  path,
  oldPath: null,
  change: 'modified',
  content: 'text',
  insertions: 1,
  deletions: 0,
  oldMode: '100644',
  newMode: '100644',
  uncommitted: false,
  version: '1',
  viewed: false,
  ...rest,
});
const paths = (files: readonly ReviewFile[]): readonly string[] => files.map(({ path }) => path);

describe('the files of a review', () => {
  const files = [
    file('src/a.ts', { viewed: true }),
    file('src/b.ts', { uncommitted: true }),
    file('docs/c.md', { oldPath: 'src/c.md' }),
  ];

  it('are narrowed by scope and by words, the former path included', () => {
    expect(paths(filesInView(files, 'all', ''))).toEqual(['src/a.ts', 'src/b.ts', 'docs/c.md']);
    expect(paths(filesInView(files, 'uncommitted', ''))).toEqual(['src/b.ts']);
    expect(paths(filesInView(files, 'committed', 'SRC c.md'))).toEqual(['docs/c.md']);
  });

  it('are walked through without falling off either end', () => {
    expect(stepFile(files, null, 1)?.path).toBe('src/a.ts');
    expect(stepFile(files, 'src/b.ts', 1)?.path).toBe('docs/c.md');
    expect(stepFile(files, 'docs/c.md', 1)?.path).toBe('docs/c.md');
    expect(stepFile(files, 'src/a.ts', -1)?.path).toBe('src/a.ts');
    expect(stepFile([], 'src/a.ts', 1)).toBeNull();
  });

  it('lead from one that was viewed to the next that was not, round the end', () => {
    expect(nextUnviewed(files, 'src/a.ts')?.path).toBe('src/b.ts');
    expect(nextUnviewed(files, 'docs/c.md')?.path).toBe('src/b.ts');
    expect(nextUnviewed([file('x', { viewed: true })], 'x')).toBeNull();
  });
});
