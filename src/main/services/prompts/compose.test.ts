import { describe, expect, it } from 'vitest';

import type { SpecSlug } from '#shared/ids.ts';
import { fileBlocks } from '#shared/spec/file-blocks.ts';
import { readSpecSection } from '#shared/spec/spec-section.ts';

import { composePrompt, type ComposeInput, type PromptText } from './compose.ts';

const part = (id: string, text = `Text of ${id}.\n`): PromptText => ({ id, title: id, text });
const spec = (frontMatter: string, body = 'Build it.\n'): ComposeInput['spec'] => ({
  slug: 'toggles' as SpecSlug,
  text: `---\ntitle: Feature toggles\n${frontMatter}\n---\n${body}`,
});
const input = (changes: Partial<ComposeInput> = {}): ComposeInput => ({
  invariants: [],
  modules: [],
  unread: [],
  always: [],
  spec: spec(''),
  agentId: 'claude',
  branch: 'feature/ai-toggles',
  base: 'main',
  countTokens: (text) => text.length,
  ...changes,
});

describe('composePrompt', () => {
  it('is the whole text that an agent reads', () => {
    const prompt = composePrompt(
      input({
        invariants: [part('safety', '# Safety\n\nDo no harm on {{branch}}.\n')],
        modules: [part('testing')],
        spec: spec(
          'prompts: [testing]\nfootprint: [src/toggles/**]\nacceptance:\n  - { id: unit, text: Tests pass., check: npm test }',
        ),
      }),
    );
    expect(prompt.text).toBe(`<invariant id="safety">
# Safety

Do no harm on feature/ai-toggles.
</invariant>

<prompt-module id="testing">
Text of testing.
</prompt-module>

<spec slug="toggles">
# Feature toggles

Build it.

## Acceptance: the work is done when all of this holds

- **unit**: Tests pass.
  Check: \`npm test\`
</spec>

<task>
Do the work that the spec “Feature toggles” describes, within the rules above.

- Work in the present folder and nowhere else: it is a Git worktree of your own, and other agents have theirs.
- Your branch is \`feature/ai-toggles\`, made from \`main\`. Commit to it. Do not switch branches, merge, rebase, stash or push.
- Change only files in the footprint: \`src/toggles/**\`. If the work cannot be done without leaving it, say which file and why before you touch it.
- Before you commit, run every check of the acceptance list. A check that fails is to be mended in the code, not in the check; what you cannot make pass you say plainly.
- Commit all that belongs to the work, in commits whose messages say what and why. Leave nothing behind that is not committed.
- If something else is unclear and the answer would change what you build, ask one short question and wait.
- At the end say in a few lines what you changed, what is not proven, and what you are unsure of.
</task>
`);
    expect(prompt.problems).toEqual([]);
  });

  it('puts invariants first, then the modules of the project, then those of the spec, each once', () => {
    const { parts, text, tokens } = composePrompt(
      input({
        invariants: [part('b'), part('a')],
        modules: ['one', 'three', 'two', 'unused'].map((id) => part(id)),
        always: ['two', 'one'],
        spec: spec('prompts: [three, two]'),
      }),
    );
    expect(parts.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'invariant b',
      'invariant a',
      'module two',
      'module one',
      'module three',
      'spec toggles',
      'task task',
    ]);
    expect(parts.map(({ from, to }) => text.slice(from, to).split(/\s/)[0])).toEqual([
      '<invariant',
      '<invariant',
      '<prompt-module',
      '<prompt-module',
      '<prompt-module',
      '<spec',
      '<task>',
    ]);
    expect(parts.at(-1)?.to).toBe(text.length);
    expect(tokens).toBe(parts.reduce((sum, each) => sum + each.tokens, 0));
  });

  it('gives a part another version only when its file changed, and the prompt one whenever its text did', () => {
    const first = composePrompt(input({ invariants: [part('a', 'On {{branch}}')] }));
    const again = composePrompt(input({ invariants: [part('a', 'On {{branch}}')] }));
    const moved = composePrompt(input({ invariants: [part('a', 'On {{branch}}')], branch: 'other' }));
    const edited = composePrompt(input({ invariants: [part('a', 'At {{branch}}')] }));
    const version = ({ parts }: typeof first): string | undefined => parts[0]?.version;
    expect(again).toEqual(first);
    expect(first.version).toMatch(/^[0-9a-f]{12}$/);
    expect(version(moved)).toBe(version(first));
    expect(moved.version).not.toBe(first.version);
    expect(version(edited)).not.toBe(version(first));
  });

  it('fills variables once, and leaves alone what is code in a spec, or not ours', () => {
    const { text, problems } = composePrompt(
      input({
        base: '{{branch}}',
        modules: [part('m', '{{ slug }} {{agent}} {{title}} `git diff {{base}}` ${{ secrets.x }} {{a.b}} {{}}')],
        spec: spec(
          'prompts: [m]\nacceptance:\n  - { id: a, text: "{{nothing}}", check: "echo {{branch}}" }',
          'On {{branch}}:\r\n\r\n```vue file=a.vue\r\n{{branch}} {{unknown}}\r\n```\r\n\r\nUntil {{branch}}.\r\n',
        ),
      }),
    );
    expect(text).toContain('toggles claude Feature toggles `git diff {{branch}}` ${{ secrets.x }} {{a.b}} {{}}');
    expect(text).toContain('On feature/ai-toggles:');
    expect(text).toContain('Until feature/ai-toggles.');
    expect(text).toContain('`echo {{branch}}`');
    const section = readSpecSection(text);
    expect(fileBlocks(section?.body ?? '').blocks).toMatchObject([{ path: 'a.vue', text: '{{branch}} {{unknown}}\n' }]);
    expect(problems).toEqual([]);
  });

  it('leaves what is not decided yet as it is written, without complaint', () => {
    const { text, problems } = composePrompt(input({ agentId: null, branch: null, base: null }));
    expect(text).toContain('Your branch is `{{branch}}`, made from `{{base}}`.');
    expect(problems).toEqual([]);
  });

  it('says what is missing or unclear', () => {
    const { problems, parts } = composePrompt(
      input({
        invariants: [part('a', '{{brnch}} {{brnch}} {{constructor}}')],
        modules: [part('m', '{{who}}')],
        unread: [
          { kind: 'invariant', id: 'x', reason: 'x is empty.' },
          { kind: 'module', id: 'broken', reason: 'broken is not UTF-8.' },
          { kind: 'module', id: 'unused', reason: 'unused is not UTF-8.' },
        ],
        always: ['gone', 'broken'],
        spec: spec('prompts: [m]\nbase: -x', 'Text with {{why}}.'),
      }),
    );
    expect(problems).toEqual([
      'x is empty.',
      'There is no prompt module “gone” in .switchyard/prompts.',
      'broken is not UTF-8.',
      'Nothing fills {{brnch}} in the invariant “a”.',
      'Nothing fills {{constructor}} in the invariant “a”.',
      'Nothing fills {{who}} in the module “m”.',
      'Nothing fills {{why}} in the spec.',
      'The front matter of the spec has errors, so the prompt may lack what it says.',
    ]);
    expect(parts.map(({ id }) => id)).toEqual(['a', 'm', 'toggles', 'task']);
  });

  it('carries the question, and says to ask it', () => {
    const { text } = composePrompt(input({ spec: spec('ask: Blue or red?') }));
    expect(readSpecSection(text)?.ask).toBe('Blue or red?');
    expect(text).toContain('Ask the question of the spec before you commit');
  });

  it('makes something of a spec that says nothing', () => {
    const { text, parts } = composePrompt(input({ spec: { slug: 'x' as SpecSlug, text: '' } }));
    expect(readSpecSection(text)).toEqual({ slug: 'x', title: 'x', body: '', acceptance: [], ask: null });
    expect(parts.map(({ kind }) => kind)).toEqual(['spec', 'task']);
  });

  it('keeps a name from breaking out of its tag', () => {
    const { text } = composePrompt(input({ invariants: [part('a"> <b\nc')] }));
    expect(text.split('\n')[0]).toBe('<invariant id="a-b-c">');
  });
});
