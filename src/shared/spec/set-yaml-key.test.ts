import { describe, expect, it } from 'vitest';

import { parseSpec } from './spec-file.ts';
import { withFrontMatterKey, withYamlKey } from './set-yaml-key.ts';

const spec = `---
# What it is called
title: 'A: b' # for now
prompts: [a] # keep
acceptance:
  - id: x
    text: y
# below
ask: Why?
---
Body: not touched
`;

describe('withFrontMatterKey', () => {
  it('changes one key and no other character', () => {
    const values = ['a', { testing: { command: 'npm test -- "x"', area: '1.10' } }];
    const edited = withFrontMatterKey(spec, 'prompts', values);
    expect(edited).toBe(
      spec.replace(
        'prompts: [a] # keep',
        'prompts:\n  - a\n  - testing: {command: npm test -- "x", area: "1.10"} # keep',
      ),
    );
    expect(parseSpec(edited ?? '').frontMatter.promptPicks).toEqual([
      { id: 'a', values: {} },
      { id: 'testing', values: { command: 'npm test -- "x"', area: '1.10' } },
    ]);
  });

  it('adds a key at the end, takes one out, and replaces one over several lines', () => {
    const source = { kind: 'kiro', at: '.kiro/specs/x', hash: '001122334455' };
    const added = withFrontMatterKey(spec, 'source', source);
    expect(added).toBe(
      spec.replace('ask: Why?\n', 'ask: Why?\nsource:\n  kind: kiro\n  at: .kiro/specs/x\n  hash: "001122334455"\n'),
    );
    expect(withFrontMatterKey(added ?? '', 'source', null)).toBe(spec);
    const criteria = [{ id: '1.1', text: 'one: two', check: 'a | b' }];
    expect(withFrontMatterKey(spec, 'acceptance', criteria)).toBe(
      spec.replace('  - id: x\n    text: y\n', '  - id: "1.1"\n    text: "one: two"\n    check: a | b\n'),
    );
  });

  it('keeps line ends and the byte order mark, and makes front matter where there is none', () => {
    const windows = `\uFEFF${spec.replaceAll('\n', '\r\n')}`;
    expect(withFrontMatterKey(windows, 'ask', null)).toBe(windows.replace('ask: Why?\r\n', ''));
    expect(withFrontMatterKey('\uFEFFBody', 'title', 'true')).toBe('\uFEFF---\ntitle: "true"\n---\nBody');
    expect(withFrontMatterKey('Body', 'title', null)).toBe('Body');
  });

  it('leaves alone what it would have to guess at', () => {
    expect(withFrontMatterKey('---\ntitle: x\n', 'ask', 'y')).toBeNull();
    expect(withFrontMatterKey('---\ntitle: [\n---\n', 'ask', 'y')).toBeNull();
    expect(withFrontMatterKey('---\n{ title: x }\n---\n', 'ask', 'y')).toBeNull();
    expect(withFrontMatterKey('---\n- a\n---\n', 'ask', 'y')).toBeNull();
  });
});

describe('withYamlKey', () => {
  it('reaches a key of a key, wherever that is or is not yet', () => {
    const path = ['prompts', 'rules'] as const;
    expect(withYamlKey('prompts:\n  # Parts\n  always: [a] # x\nagents: []\n', path, ['AGENTS.md'])).toBe(
      'prompts:\n  # Parts\n  rules: [AGENTS.md]\n  always: [a] # x\nagents: []\n',
    );
    expect(withYamlKey('# all\nprompts: # none\nbase: x\n', path, ['a'])).toBe(
      '# all\nprompts:\n  rules: [a] # none\nbase: x\n',
    );
    expect(withYamlKey('base: x', path, ['a'])).toBe('base: x\nprompts:\n  rules: [a]\n');
    expect(withYamlKey('', path, ['a'])).toBe('prompts:\n  rules: [a]\n');
    expect(withYamlKey('prompts:\n  rules: [a]\n  always: []\n', path, [])).toBe(
      'prompts:\n  rules: []\n  always: []\n',
    );
    expect(withYamlKey('prompts: { always: [] }\n', path, ['a'])).toBeNull();
  });
});
