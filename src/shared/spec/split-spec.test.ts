import { describe, expect, it } from 'vitest';

import { fileBlocks } from './file-blocks.ts';
import { parseSpec } from './spec-file.ts';
import { splitSpec } from './split-spec.ts';

const body = `Why it is needed.

\`\`\`ts file=src/history.ts
export const a = 1;
\`\`\`

\`\`\`sh
npm test
\`\`\`

\`\`\`\`md file="docs/page of it.md"
\`\`\`js
x
\`\`\`
\`\`\`\`

The end.`;

describe('splitSpec', () => {
  const acceptance = [
    { id: 'history', text: 'The history is shown.', check: 'npm test -- history' },
    { id: 'doc', text: 'It is written down.', check: null },
  ];
  const drafts = splitSpec({ slug: 'matches', title: 'Matches', body, acceptance, ask: null });

  it('makes a spec of each point, with the files that it names, and says nothing twice', () => {
    expect(drafts.map(({ name }) => name)).toEqual(['matches-history', 'matches-doc']);
    const parsed = drafts.map(({ text }) => parseSpec(text));
    expect(parsed.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))).toEqual([]);
    expect(parsed.map(({ frontMatter }) => [frontMatter.title, frontMatter.footprint, frontMatter.acceptance])).toEqual(
      [
        ['Matches: The history is shown', ['src/history.ts'], [acceptance[0]]],
        ['Matches: It is written down', ['docs/page of it.md'], [acceptance[1]]],
      ],
    );
    const files = parsed.map((draft) => fileBlocks(draft.body).blocks.map(({ path, text }) => [path, text]));
    expect(files).toEqual([[['src/history.ts', 'export const a = 1;\n']], [['docs/page of it.md', '```js\nx\n```\n']]]);
    for (const draft of parsed) expect(draft.body).toMatch(/Why it is needed\.[^]*npm test[^]*The end\./);
  });

  it('makes one of a spec that has no points', () => {
    const one = splitSpec({ slug: 'x', title: 'X', body: '', acceptance: [], ask: null });
    expect(one.map(({ name }) => name)).toEqual(['x']);
  });
});
