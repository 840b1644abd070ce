import { describe, expect, it } from 'vitest';

import type { SinceLine } from '#shared/contract/attention.ts';

import { sinceWords } from './since-looked.ts';

const said = (line: SinceLine): string => {
  const { text, more } = sinceWords(line);
  return more === null ? text : `${text}: ${more}`;
};

describe('what is new, in words', () => {
  it('counts, names a few, and says that there are more', () => {
    const files = { kind: 'files', count: 4, insertions: 10, deletions: 2, files: ['a', 'b', 'c'] } as const;
    expect(said(files)).toBe('4 files changed, +10 −2: a · b · c · …');
    const commits = { kind: 'commits', count: 1, subjects: ['Add a'], isRewritten: false } as const;
    expect(said(commits)).toBe('1 new commit: Add a');
    expect(said({ ...commits, count: 2, subjects: [], isRewritten: true })).toBe(
      'Its branch was rewritten: 2 commits now: …',
    );
  });

  it('tells an open question from one that was answered', () => {
    const question = { kind: 'questions', count: 1, text: 'Which one?', isOpen: true } as const;
    expect(sinceWords(question)).toMatchObject({ tone: 'asks', text: 'It asks', more: 'Which one?' });
    expect(said({ ...question, count: 2, isOpen: false })).toBe('It asked 2 questions, answered since: Which one?');
  });

  it('names the checks that failed, and none that passed', () => {
    const checks = { kind: 'checks', passed: 2, failed: 0, names: [] } as const;
    expect(said(checks)).toBe('2 checks passed');
    expect(said({ ...checks, failed: 1, names: ['Lint'] })).toBe('1 check failed, 2 passed: Lint');
  });
});
