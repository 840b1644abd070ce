import { tmpdir } from 'node:os';

import { describe, expect, it } from 'vitest';

import { GitError } from '#main/services/git/git.ts';

import { ScratchUnusable } from './scratch-worktree.ts';
import { isWantOfRoom, stopWords } from './stop-words.ts';

const ofGit = (stderr: string): GitError =>
  new GitError({ call: 'check a merged tree out', args: [], exitCode: 128, stderr });

describe('why a train stands still', () => {
  it.each([
    ['the system', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })],
    ['a quota', Object.assign(new Error('EDQUOT: unknown error'), { code: 'EDQUOT' })],
    ['SQLite', Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })],
    [
      'Git, not in its first line',
      ofGit('fatal: unable to write loose object file\nerror: file write error: No space left on device\n'),
    ],
  ])('is a full disk when %s says so: what is safe, and what to do', async (_who, error) => {
    const words = await stopWords(error, null);
    expect(words).toMatch(/^The disk is full \(/u);
    expect(words).toContain('What is listed as merged is merged, nothing is half merged');
    expect(words).toMatch(/Make room, then resume\.$/u);
  });

  it('is in the words of what was in the way, and is no full disk where there is room', async () => {
    expect(await stopWords(new ScratchUnusable('Something else is there.'), tmpdir())).toMatch(
      /^Something else is there\. What is listed/u,
    );
    expect(await stopWords(ofGit('fatal: bad object'), tmpdir())).toContain('bad object. What is listed');
    expect(await stopWords(new Error('a bug'), tmpdir())).toMatch(/^Something went wrong; the log has it\. /u);
    expect(await isWantOfRoom('git could not write: bad object', tmpdir())).toBe(false);
    expect(await isWantOfRoom('write error: No space left on device', null)).toBe(true);
  });
});
