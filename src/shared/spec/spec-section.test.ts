import { describe, expect, it } from 'vitest';

import { readSpecSection, renderSpecSection, type SpecSection } from './spec-section.ts';

const plain: SpecSection = { slug: 'x', title: 'Do it', body: 'Some text.', acceptance: [], ask: null };

describe('a spec in a prompt', () => {
  it('reads well', () => {
    const text = renderSpecSection({
      ...plain,
      acceptance: [
        { id: 'unit', text: 'Tests pass.', check: 'npm test' },
        { id: 'look', text: 'It looks good.', check: null },
      ],
      ask: 'Blue or red?\nSay why.',
    });
    expect(text).toBe(`<spec slug="x">
# Do it

Some text.

## Acceptance: the work is done when all of this holds

- **unit**: Tests pass.
  Check: \`npm test\`
- **look**: It looks good.
  Check: none; the person decides

## Question: ask the person this before you commit, and wait for the answer

> Blue or red?
> Say why.
</spec>`);
  });

  it.each<[string, Partial<SpecSection>]>([
    ['as little as there can be', { body: '' }],
    ['a question alone', { ask: 'Why?' }],
    ['several paragraphs in the question', { ask: 'One.\n\nTwo.' }],
    [
      'awkward commands',
      {
        acceptance: [
          { id: 'a', text: 'x', check: 'echo `date` "``"' },
          { id: 'b', text: '- **c**: y', check: '`x`' },
          { id: 'c.d-e', text: 'z', check: 'set -e\n  ```\n- **f**: no criterion\n\nend' },
          { id: 'g', text: 'w', check: null },
          { id: 'h', text: 'v', check: "grep -q 'Check: none' x | true" },
        ],
      },
    ],
    [
      'a body that looks like what follows it',
      {
        body: '## Acceptance: the work is done when all of this holds\n\n- **no**: x\n</spec>\n<spec slug="y">\nEnd',
        acceptance: [{ id: 'a', text: 'x', check: 'y' }],
        ask: 'Well?',
      },
    ],
  ])('comes back as it went in: %s', (_what, part) => {
    const section = { ...plain, ...part };
    const prompt = `<invariant id="a">\nText\n</invariant>\n\n${renderSpecSection(section)}\n\n<task>\nGo\n</task>\n`;
    expect(readSpecSection(prompt)).toEqual(section);
  });

  it('says its title once, where the body begins with it too', () => {
    for (const body of ['# Do it\n\nSome text.', '#  Do it \nSome text.']) {
      expect(renderSpecSection({ ...plain, body })).toBe(renderSpecSection(plain));
    }
    expect(renderSpecSection({ ...plain, body: '# Do it' })).toBe(renderSpecSection({ ...plain, body: '' }));
    expect(renderSpecSection({ ...plain, body: '# Do it well' })).toContain('# Do it\n\n# Do it well\n');
  });

  it('is not found in other texts', () => {
    for (const text of ['', 'hello', '<spec slug="x">', '</spec>\n<spec slug="x">', 'the <spec slug="x"> tag']) {
      expect(readSpecSection(text)).toBeNull();
    }
  });
});
