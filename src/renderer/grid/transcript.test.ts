import { describe, expect, it } from 'vitest';

import { testRun } from '#shared/contract/test-run.ts';

import { markdownOf, transcriptName } from './transcript.ts';

const at = new Date(2026, 10, 5, 9, 5);

describe('a transcript', () => {
  const run = {
    ...testRun('one'),
    spec: { ...testRun('one').spec, title: 'Fix *all* of `it`' },
    branch: 'feature/ai-fix',
  };

  it('is Markdown with whose it is, and in a fence', () => {
    expect(markdownOf(run, 'one\ntwo  \n\n', at)).toBe(
      `**Fix \\*all\\* of \\\`it\\\`** · ${run.agent.label} · \`feature/ai-fix\` · 2026-11-05 09:05\n\n\`\`\`text\none\ntwo\n\`\`\`\n`,
    );
  });

  it('has a fence that nothing in it ends', () => {
    expect(markdownOf(run, 'a\n```\nb\n````\n', at)).toContain('`````text\n');
  });

  it('has a name that every system takes', () => {
    expect(transcriptName(run, 'ansi', at)).toBe('feature-ai-fix-2026-11-05-0905.ans');
    expect(transcriptName({ branch: '../a b:c' }, 'text', at)).toBe('a-b-c-2026-11-05-0905.txt');
  });
});
