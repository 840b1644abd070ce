import { describe, expect, it } from 'vitest';

import { withTitle } from './edit-front-matter.ts';

describe('withTitle', () => {
  it('changes the title and nothing else', () => {
    const before = `---
# The spec's front matter.
agents: [ claude,codex ]   # both
title:   "Old"   # short, please
base: main

acceptance:
- {id: a,   text: b}
---

title: in the body
`;
    expect(withTitle(before, 'New and better')).toBe(before.replace('"Old"', 'New and better'));
  });

  it.each([
    ['---\ntitle: Old\n---\n', 'Colon: in it', '---\ntitle: "Colon: in it"\n---\n'],
    ['---\ntitle: Old\n---\n', 'Hash #1', '---\ntitle: "Hash #1"\n---\n'],
    ['---\ntitle: Old\n---\n', '2048', '---\ntitle: "2048"\n---\n'],
    ['---\ntitle: Old\n---\n', '"Quoted" \\ too', '---\ntitle: \'"Quoted" \\ too\'\n---\n'],
    ['---\ntitle: Old\n---\n', 'word '.repeat(38) + 'end', `---\ntitle: ${'word '.repeat(38)}end\n---\n`],
    ['---\ntitle:\nbase: main\n---\n', 'New', '---\ntitle: New\nbase: main\n---\n'],
    ['---\ntitle:   # later\nbase: main\n---\n', 'New', '---\ntitle: New   # later\nbase: main\n---\n'],
    ['---\ntitle: |\n  Old\n  and long\nbase: main\n---\n', 'New', '---\ntitle: New\nbase: main\n---\n'],
    ['---\ntitle: >-\n  Old\n---\n', 'New', '---\ntitle: New\n---\n'],
    ['---\ntitle:\n  Old\n---\n', 'New', '---\ntitle:\n  New\n---\n'],
    ['---\nbase: main\n---\nBody\n', 'New', '---\ntitle: New\nbase: main\n---\nBody\n'],
    ['---\n---\nBody\n', 'New', '---\ntitle: New\n---\nBody\n'],
    ['---\n# nothing yet\n---\n', 'New', '---\ntitle: New\n# nothing yet\n---\n'],
    ['---\n{title: Old, base: main}\n---\n', 'New, or [not]', '---\n{title: "New, or [not]", base: main}\n---\n'],
    ['Just text\n', 'New', '---\ntitle: New\n---\n\nJust text\n'],
    ['', 'New', '---\ntitle: New\n---\n\n'],
    ['---\r\ntitle: Old\r\n---\r\nBody\r\n', 'New', '---\r\ntitle: New\r\n---\r\nBody\r\n'],
    ['\uFEFF---\ntitle: Old\n---\n', 'New', '\uFEFF---\ntitle: New\n---\n'],
    ['\uFEFFText', 'New', '\uFEFF---\ntitle: New\n---\n\nText'],
  ])('sets the title of %j to %j', (before, title, after) => {
    expect(withTitle(before, title)).toBe(after);
  });

  it.each([
    ['broken YAML', '---\ntitle: "Old\nbase: x\n---\n'],
    ['unclosed front matter', '---\ntitle: Old\n'],
    ['a list', '---\n- title\n---\n'],
    ['two titles', '---\ntitle: a\ntitle: b\n---\n'],
  ])('leaves %s alone', (_what, before) => {
    expect(withTitle(before, 'New')).toBeNull();
  });
});
