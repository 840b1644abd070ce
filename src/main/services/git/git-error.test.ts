import { expect, it } from 'vitest';

import { GitError } from './git-error.ts';

const missingProgram = 'git-lfs-none filter-process: 1: git-lfs-none: not found';

it.each([
  ['what Git itself has to say', ['warning: slow', 'fatal: bad object x'], 'bad object x'],
  [
    'what a program said that Git could not speak with',
    [missingProgram, 'fatal: the remote end hung up unexpectedly'],
    missingProgram,
  ],
  [
    'the same where it ended before Git could begin to',
    [
      missingProgram,
      'error: packet write with format failed',
      'error: Could not write client identification',
      "error: initialization for subprocess 'git-lfs-none filter-process' failed",
      "fatal: m.bin: clean filter 'lfs' failed",
    ],
    missingProgram,
  ],
  [
    'what Git knows of a server that hangs up',
    ['error: RPC failed; HTTP 413', 'send-pack: unexpected disconnect', 'fatal: the remote end hung up unexpectedly'],
    'RPC failed; HTTP 413',
  ],
  ['what there is', ['nothing to do'], 'nothing to do'],
])('tells %s', (_what, lines, told) => {
  const failure = { call: 'try', args: [], exitCode: 128, stderr: `${lines.join('\n')}\n` };
  expect(new GitError(failure).message).toBe(`git could not try: ${told}`);
});
