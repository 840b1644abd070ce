import { spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { withTrailers } from './trailers.ts';

const ours = [
  { key: 'Spec', value: 'match-history' },
  { key: 'Run', value: 'abcd-1234' },
];

const messages: readonly [string, string][] = [
  ['a subject alone', 'Subject'],
  ['a subject that looks like a trailer', 'Spec: match-history'],
  ['a subject and a body', 'Subject\n\nWhy it is so.\nIn two lines.\n'],
  ['trailers of other keys', 'Subject\n\nBody.\n\nReviewed-by: Ann <ann@example.com>\n'],
  ['one of ours already', 'Subject\n\nBody.\n\nSpec: match-history\nReviewed-by: Ann\n'],
  ['all of ours already', 'Subject\n\nSpec: match-history\nRun: abcd-1234\n'],
  ['our key with another value', 'Subject\n\nSpec: other\n'],
  ['our key in other letters', 'Subject\n\nspec: match-history\n'],
  ['a last paragraph that only starts like one', 'Subject\n\nNote: this is prose\nthat goes on in a second line.\n'],
  ['a block that Git signed, with prose in it', 'Subject\n\nSome prose here\nSigned-off-by: Ann <a@example.com>\n'],
  ['a cherry-picked one', 'Subject\n\nBody\n\n(cherry picked from commit 0123456789012345678901234567890123456789)\n'],
  ['a continued trailer', 'Subject\n\nLong: one\n two\n three\nShort: x\n'],
  ['a continuation of nothing', 'Subject\n\n  indented\nKey: value\n'],
  ['blank lines in a row and at the end', 'Subject\n\n\n\nBody\n\n\n'],
  ['a list', 'Subject\n\n* one\n* two\n'],
  ['Unicode', 'Überschrift\n\nKörper – ok\n\nGeprüft: ja\n'],
];

describe('withTrailers', () => {
  it.each(messages)('agrees with git interpret-trailers about %s', (_name, message) => {
    const git = spawnSync(
      'git',
      [
        'interpret-trailers',
        '--no-divider',
        '--if-exists=addIfDifferent',
        ...ours.flatMap(({ key, value }) => ['--trailer', `${key}: ${value}`]),
      ],
      { input: spawnSync('git', ['stripspace'], { input: message }).stdout },
    );
    expect(git.status).toBe(0);
    expect(withTrailers(message, ours)).toBe(git.stdout.toString('utf8'));
  });

  it('does not rewrite a line of the person’s, as Git would', () => {
    expect(withTrailers('Subject\n\nhttps://example.com/x\n', [ours[0]!])).toBe(
      'Subject\n\nhttps://example.com/x\n\nSpec: match-history\n',
    );
    expect(withTrailers('Subject\n\nSpec : match-history\n', ours)).toBe(
      'Subject\n\nSpec : match-history\nRun: abcd-1234\n',
    );
  });

  it('keeps a value on one line, whatever an agent is called', () => {
    expect(withTrailers('Subject', [{ key: 'Agent', value: 'My\nRun: forged\tagent ' }])).toBe(
      'Subject\n\nAgent: My Run: forged agent\n',
    );
  });

  it('leaves out an empty value, and what no commit message may hold', () => {
    expect(withTrailers('Sub\0ject\r\n', [{ key: 'Agent', value: ' ' }])).toBe('Subject\n');
    expect(withTrailers(' \n ', [])).toBe('');
  });
});
