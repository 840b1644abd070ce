import { describe, expect, it } from 'vitest';

import type { Comment, CommentStanding } from '#shared/contract/comments.ts';

import { commentSummary, placeWords } from './comment-words.ts';

const comment = (standing: CommentStanding): Comment => ({
  id: 'c',
  path: 'src/a.ts',
  side: 'after',
  line: 3,
  quote: 'code',
  text: 'Why?',
  createdAt: 1,
  sentAt: null,
  standing,
  isFound: true,
  isSettled: false,
  origin: null,
});

describe('comments in words', () => {
  it('counts the kinds that there are', () => {
    expect(commentSummary([])).toBe('');
    expect(commentSummary([comment('draft')])).toBe('1 draft');
    expect(
      commentSummary(['draft', 'draft', 'addressed', 'open'].map((each) => comment(each as CommentStanding))),
    ).toBe('2 drafts · 1 open · 1 addressed');
  });

  it('names the side where it is not the present one', () => {
    expect(placeWords({ path: 'a.ts', line: 3, side: 'after' })).toBe('a.ts:3');
    expect(placeWords({ path: 'a.ts', line: 3, side: 'before' })).toBe('a.ts:3, before the change');
    expect(placeWords({ path: 'a.ts', line: null, side: 'after' })).toBe('a.ts');
  });
});
