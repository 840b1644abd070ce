import { describe, expect, it } from 'vitest';

import type { OpenFailure } from '#shared/contract/projects.ts';

import { answerTo, shellWord } from './open-failure.ts';

const path = '/home/me/work';
const failures: readonly OpenFailure[] = [
  { kind: 'not-found', path },
  { kind: 'not-a-folder', path },
  { kind: 'no-permission', path },
  { kind: 'not-a-repository', path },
  { kind: 'bare-repository', path },
  { kind: 'no-commits', path },
  { kind: 'linked-worktree', path, mainPath: '/home/me/main' },
  { kind: 'inside-repository', path, rootPath: '/home/me' },
  { kind: 'unsafe-ownership', path, owner: 'root' },
  { kind: 'open-elsewhere', path },
  { kind: 'in-another-window', path },
  { kind: 'newer-state', path },
  { kind: 'state-unusable', path, message: 'database is locked' },
  { kind: 'git-missing' },
  { kind: 'git-too-old', found: '2.20.0', needed: '2.38' },
  { kind: 'git-failed', message: 'fatal: bad object HEAD' },
];

describe('a folder that cannot be opened', () => {
  it('gets an answer of its own, each different from the others', () => {
    const answers = failures.map(answerTo);
    expect(new Set(answers.map((answer) => answer.title)).size).toBe(failures.length);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(failures.length);
  });

  it('always leaves something to do: a step, or a command', () => {
    for (const failure of failures) {
      const { steps, command } = answerTo(failure);
      expect(steps.length > 0 || command !== null).toBe(true);
    }
  });

  it('offers the step that solves it', () => {
    const first = (failure: OpenFailure) => answerTo(failure).steps[0];
    expect(first({ kind: 'not-a-repository', path })).toMatchObject({ kind: 'initialise', path });
    expect(first({ kind: 'no-commits', path })).toMatchObject({ kind: 'first-commit', path });
    expect(first({ kind: 'linked-worktree', path, mainPath: '/main' })).toMatchObject({ kind: 'open', path: '/main' });
    expect(first({ kind: 'inside-repository', path, rootPath: '/root' })).toMatchObject({
      kind: 'open',
      path: '/root',
    });
  });

  it('never gives a command that does something else because of what is in the path', () => {
    expect(shellWord('/home/me/work')).toBe('/home/me/work');
    expect(shellWord("/home/o'neil/$(rm -rf ~)")).toBe(String.raw`'/home/o'\''neil/$(rm -rf ~)'`);
    expect(shellWord('-rf')).toBe("'-rf'");
    expect(answerTo({ kind: 'unsafe-ownership', path: '/a b;c', owner: '' }).command).toBe(
      "git config --global --add safe.directory '/a b;c'",
    );
  });
});
