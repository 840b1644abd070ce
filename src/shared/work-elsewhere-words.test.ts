import { describe, expect, it } from 'vitest';

import { testRun } from '#shared/contract/test-run.ts';

import { workElsewhereWords } from './work-elsewhere-words.ts';

const commit = 'a1b2c3d4'.repeat(5);
const wordsOf = (branch: string | null, commits: number) =>
  workElsewhereWords(
    testRun('run', {
      branch: 'feature/ai-one',
      presence: { branch: true, worktree: true, elsewhere: { branch, commit, commits } },
    }),
  );

describe('what is said of work on another branch', () => {
  it('is what is so, what is safe, and what to do', () => {
    expect(workElsewhereWords(testRun('run', {}))).toBe(null);
    expect(wordsOf('other', 2)).toEqual({
      fact: 'Its worktree is on the branch other, not on feature/ai-one. 2 commits there are not on feature/ai-one.',
      safe: 'What is committed is safe on other, which is not deleted with the run.',
      commands: ['git switch feature/ai-one', 'git merge other'],
    });
    expect(wordsOf(null, 1)?.commands).toEqual(['git switch feature/ai-one', `git merge ${commit}`]);
    expect(wordsOf('other', 0)?.commands).toEqual(['git switch feature/ai-one']);
  });

  it('has no name in a command that a shell would act on', () => {
    expect(wordsOf('a;id', 1)?.commands[1]).toBe(`git merge ${commit}`);
  });
});
