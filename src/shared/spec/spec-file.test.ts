import { describe, expect, it } from 'vitest';

import { parseSpec, slugOf, type SpecProblem } from './spec-file.ts';

const spec = (frontMatter: string, body = 'Body\n'): string => `---\n${frontMatter}\n---\n${body}`;
const errors = (text: string): readonly SpecProblem[] =>
  parseSpec(text).problems.filter(({ severity }) => severity === 'error');
const messages = (text: string): readonly string[] => parseSpec(text).problems.map(({ message }) => message);
/** What the editor would underline. */
const underlined = (text: string, { line, column, endLine, endColumn }: SpecProblem): string => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const last = line === endLine ? endColumn - 1 : undefined;
  return (lines[line - 1] ?? '').slice(column - 1, last);
};

const everything = `---
# what it is
title: "Feature toggles: on & off"
agents: [claude, codex]
base: develop
branch: ai/{agent}/{slug}
prompts:
  - architecture
  - testing
footprint: ["src/toggles/**", package.json]
after: [match-history]
acceptance:
  - id: unit
    text: The tests
      pass.
    check: npm test
  - id: many
    text: Several lines work
    check: |
      set -e
      npm run build
ask: Which colour?
---

# Toggles
`;

describe('parseSpec', () => {
  it('reads everything that a spec can say', () => {
    expect(parseSpec(everything)).toEqual({
      frontMatter: {
        title: 'Feature toggles: on & off',
        agents: ['claude', 'codex'],
        base: 'develop',
        branch: 'ai/{agent}/{slug}',
        prompts: ['architecture', 'testing'],
        promptPicks: [
          { id: 'architecture', values: {} },
          { id: 'testing', values: {} },
        ],
        footprint: ['src/toggles/**', 'package.json'],
        after: ['match-history'],
        acceptance: [
          { id: 'unit', text: 'The tests pass.', check: 'npm test' },
          { id: 'many', text: 'Several lines work', check: 'set -e\nnpm run build' },
        ],
        ask: 'Which colour?',
        source: null,
      },
      body: '\n# Toggles\n',
      bodyLine: 24,
      problems: [],
      unreadAcceptance: [],
    });
  });

  it('reads a test that proves a criterion as a check by that name, and not beside another check', () => {
    const spec = (lines: string): string => `---\ntitle: One\nacceptance:\n${lines}---\n`;
    const named = parseSpec(spec("  - { id: a, text: It adds, test: 'sum: adds  two' }\n"));
    expect(named.frontMatter.acceptance).toEqual([{ id: 'a', text: 'It adds', check: 'test: sum: adds two' }]);
    expect(named.problems).toEqual([]);
    const both = parseSpec(spec('  - { id: a, text: It adds, check: npm test, test: adds }\n'));
    expect(both.frontMatter.acceptance).toMatchObject([{ check: 'npm test' }]);
    expect(both.problems).toMatchObject([
      { severity: 'error', message: expect.stringContaining('only the check') as string },
    ]);
  });

  it('says which problems may hide a criterion', () => {
    const hidden = (lines: string): readonly number[] =>
      parseSpec(`---\ntitle: One\n${lines}\n---\n`).unreadAcceptance.map(({ line }) => line);
    expect(hidden("acceptance: [{ id: '-x', text: It works, check: 'true' }]\nbase: '-x'")).toEqual([3]);
    expect(hidden("acceptance:\n  - { id: a, text: One, check: 'true' }\n  - { id: a, text: Two }")).toEqual([5]);
    expect(hidden("acceptence: [{ text: It works, check: 'true' }]")).toEqual([3]);
    expect(hidden('acceptance: { text: It works }')).toEqual([3]);
    expect(hidden("acceptance: [{ text: It works, check: 'true' }]\nbranch: ]")).toEqual([4]);
    expect(
      parseSpec("---\ntitle: One\nacceptance: [{ text: It works, check: 'true' }]\n").unreadAcceptance,
    ).toHaveLength(1);
    // What is said of other keys, or only warned of, hides none.
    expect(hidden("acceptance: [{ text: It works }]\nbase: '-x'\nfootprnt: [a]")).toEqual([]);
    expect(parseSpec('Only text.\n').unreadAcceptance).toEqual([]);
  });

  it('reads the same with CRLF and a byte order mark', () => {
    const windows = parseSpec('\uFEFF' + everything.replaceAll('\n', '\r\n'));
    const plain = parseSpec(everything);
    expect(windows.frontMatter).toEqual({
      ...plain.frontMatter,
      acceptance: plain.frontMatter.acceptance.map((each) => ({ ...each, check: each.check })),
    });
    expect(windows).toMatchObject({ body: '\r\n# Toggles\r\n', bodyLine: 24, problems: [] });
  });

  it('takes numbers and words like yes as the text that they are', () => {
    const { frontMatter, problems } = parseSpec(
      spec('title: 2048\nacceptance:\n  - { id: 1e3, text: yes, check: "true" }\nbase: 1.10'),
    );
    expect(problems).toEqual([]);
    expect(frontMatter).toMatchObject({
      title: '2048',
      base: '1.10',
      acceptance: [{ id: '1e3', text: 'yes', check: 'true' }],
    });
  });

  it('takes keys without a value as not there', () => {
    const { frontMatter, problems } = parseSpec(
      spec('title: x\nagents:\nbase: ~\nbranch:\nfootprint: []\nacceptance:\nask: ""'),
    );
    expect(problems).toEqual([]);
    expect(frontMatter).toMatchObject({ agents: [], base: null, branch: null, acceptance: [], ask: null });
  });

  it('makes one line of a title that has several, or control characters in it', () => {
    expect(parseSpec(spec('title: |\n  One\n  two\n')).frontMatter.title).toBe('One two');
    expect(parseSpec(spec('title: "a\\e[31mb\\x00c"')).frontMatter.title).toBe('a [31mb c');
  });

  it.each([
    ['no front matter', 'Just text\n', 'starts with front matter'],
    ['nothing at all', '', 'starts with front matter'],
    ['a blank line before it', '\n---\ntitle: x\n---\n', 'starts with front matter'],
    ['front matter that is never closed', '---\ntitle: x\n\nText\n', 'not closed'],
    ['only the opening line', '---', 'not closed'],
    ['a rule far below, as if the closing line were missing', `---\n${'text\n'.repeat(20_000)}---\n`, '64 KB'],
  ])('says so when there is %s, and keeps the text as the body', (_what, text, message) => {
    const parsed = parseSpec(text);
    expect(parsed.problems).toMatchObject([{ severity: 'error', line: 1, column: 1 }]);
    expect(parsed.problems[0]?.message).toContain(message);
    expect(parsed).toMatchObject({ body: text, bodyLine: 1, frontMatter: { title: '' } });
  });

  it('finds the end of front matter that ends the file', () => {
    expect(parseSpec('---\ntitle: x\n---')).toMatchObject({ body: '', bodyLine: 4, problems: [] });
    expect(parseSpec('---\ntitle: x\n---\n')).toMatchObject({ body: '', bodyLine: 4, problems: [] });
    expect(messages('---\n---\n')).toEqual(['The spec needs a title: add `title: …`.']);
    expect(parseSpec('---\ntitle: x\n---\ny').bodyLine).toBe(4);
  });

  it('is not fooled by dashes inside the front matter or by rules in the body', () => {
    const parsed = parseSpec('---\ntitle: a --- b\n--- x: 1\n---\none\n---\ntwo\n');
    expect(parsed.body).toBe('one\n---\ntwo\n');
  });

  it.each([
    ['title: x\nagents: [claude, Claude!]', 'Claude!', 'no name of an agent'],
    ['title: x\nafter: [fine, "Not A Slug"]', '"Not A Slug"', 'no name of a spec'],
    ['title: x\nafter: [other.md]', 'other.md', 'without `.md`'],
    ['title: x\nprompts: [testing.md]', 'testing.md', 'without `.md`'],
    ['title: x\nprompts: [../../etc/passwd]', '../../etc/passwd', 'no name of a prompt module'],
    ['title: x\nbranch: -rf', '-rf', 'starts with a dash'],
    ['title: x\nbranch: a..b', 'a..b', 'no name that Git allows'],
    ['title: x\nbranch: a b', 'a b', 'character'],
    ['title: x\nbranch: "x/{slugg}"', '"x/{slugg}"', 'knows no placeholder {slugg}'],
    ['title: x\nbase: refs/heads/main', 'refs/heads/main', 'keeps for itself'],
    ['title: x\nbase: x.lock', 'x.lock', '.lock'],
    ['title: x\nfootprint: [/etc/passwd]', '/etc/passwd', 'not relative'],
    ['title: x\nfootprint: ["C:/x"]', '"C:/x"', 'not relative'],
    ['title: x\nfootprint: [src/../../x]', 'src/../../x', 'leaves the project'],
    ['title: x\nfootprint: ["src\\\\a"]', '"src\\\\a"', 'backslash'],
    ['title: [a, b]', '[a, b]', 'must be text'],
    ['title: x\nagents: { a: 1 }', '{ a: 1 }', 'must be a list'],
    ['title: x\nagents: [[claude]]', '[claude]', 'must be text'],
    ['title: x\nacceptance:\n  - [a]', '[a]', 'keys with values'],
    ['title: x\nacceptance:\n  - { id: a b, text: t, check: c }', 'a b', 'no id'],
    ['title: x\nacceptance:\n  - { id: a, check: c }', 'a', 'does not say what must hold'],
    [
      'title: x\nacceptance:\n  - { id: a, text: t, check: c }\n  - { id: a, text: u, check: c }',
      'a',
      'Two criteria have the id “a”',
    ],
    ['title: ""', 'title', 'is empty'],
    ['title: x\nbase: *b', '*b', 'Aliases'],
  ])('marks the mistake in %j', (frontMatter, marked, message) => {
    const text = spec(frontMatter);
    const found = errors(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain(message);
    expect(underlined(text, found[0]!)).toBe(marked);
  });

  it.each([
    ['title: x\ntitle: y', 3, 'must be unique'],
    ['title: x\nagents: [claude', 3, 'not YAML'],
    ['title: a: b', 2, 'not YAML'],
    ['title: "a\nbase: b', 3, 'not YAML'],
  ])('names the line of the syntax error in %j, once', (frontMatter, line, message) => {
    const found = errors(spec(frontMatter));
    expect(found).toMatchObject([{ line }]);
    expect(found[0]?.message).toContain(message);
  });

  it('marks the same place with CRLF and a byte order mark', () => {
    const text = spec('title: x\nagents: [claude, Claude!]');
    const plain = errors(text);
    expect(errors('\uFEFF' + text.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(plain).toMatchObject([{ line: 3, column: 18, endLine: 3, endColumn: 25 }]);
  });

  it('keeps what is right beside what is wrong', () => {
    const { frontMatter } = parseSpec(
      spec('title: x\nagents: [claude, "!"]\nbase: -x\nbranch: ok\nacceptance:\n  - { text: one, check: c }\n  - 7'),
    );
    expect(frontMatter).toMatchObject({
      title: 'x',
      agents: ['claude'],
      base: null,
      branch: 'ok',
      acceptance: [
        { id: 'a1', text: 'one', check: 'c' },
        { id: 'a2', text: '7', check: null },
      ],
    });
  });

  it('keeps what the parser could still read when the YAML is broken, without a complaint about the rest', () => {
    const parsed = parseSpec(spec('agents: [claude]\nbase: "main'));
    expect(parsed.frontMatter.agents).toEqual(['claude']);
    expect(parsed.problems.map(({ message }) => message).join()).not.toContain('title');
  });

  it('warns, and does no more, about what may be meant', () => {
    const text = spec(
      'title: x\nagent: [claude]\nfotprint: [a]\nmood: good\nagents: claude\nafter: [a, a]\nacceptance:\n  - text: One\n  - Two\n  - { id: z, text: t, chek: c }',
    );
    const { frontMatter, problems } = parseSpec(text);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(problems.map((problem) => [underlined(text, problem), problem.message])).toEqual([
      ['agent', '`agent` is not a key that is known here. Did you mean `agents`?'],
      ['fotprint', '`fotprint` is not a key that is known here. Did you mean `footprint`?'],
      ['mood', '`mood` is not a key that is known here.'],
      ['claude', '`agents` is a list: write it in brackets, or one line each with a dash.'],
      ['a', '“a” stands in `after` twice.'],
      ['One', expect.stringContaining('The criterion “a1” has no check') as string],
      ['Two', expect.stringContaining('This criterion has no check') as string],
      ['t', expect.stringContaining('The criterion “z” has no check') as string],
      ['chek', '`chek` is not a key of a criterion that is known here. Did you mean `check`?'],
    ]);
    expect(frontMatter.agents).toEqual(['claude']);
    expect(frontMatter.after).toEqual(['a']);
  });

  it.each([
    ['laughs', Array.from({ length: 9 }, (_, n) => `k${n}: &k${n} [${`*k${n - 1},`.repeat(n && 9)}]`).join('\n')],
    ['deep lists', 'title: ' + '['.repeat(20_000)],
    ['deep dashes', '- '.repeat(20_000)],
    ['deep keys', '? '.repeat(20_000)],
    ['ten thousand anchors', 'a: ' + '&a '.repeat(10_000)],
    ['control characters', 'title: \u0000\u0007\nagents: [\u0001]'],
    ['keys that objects have by birth', '__proto__: { title: x }\nconstructor: y\ntitle: x'],
    ['an unknown tag', 'title: !!js/function "x"'],
    ['a list', '- a\n- b'],
    ['a sentence', 'hello there'],
    ['two documents', 'title: x\n...\ntitle: y'],
    ['a tab', '\ttitle: x'],
  ])('survives %s and reports it', (_what, frontMatter) => {
    const parsed = parseSpec(spec(frontMatter));
    expect(parsed.problems.length).toBeGreaterThan(0);
    expect(parsed.problems.length).toBeLessThan(20);
    expect(parsed.body).toBe('Body\n');
    expect(Object.getPrototypeOf(parsed.frontMatter)).toBe(Object.prototype);
  });

  it('reads a spec of two megabytes', () => {
    const body = 'A line of text, and another.\n'.repeat(70_000);
    expect(parseSpec(spec('title: x', body))).toMatchObject({ frontMatter: { title: 'x' }, body, problems: [] });
  });
});

describe('slugOf', () => {
  it.each([
    ['Feature Toggles', 'feature-toggles'],
    ['  Admin-only: schedule (override)!  ', 'admin-only-schedule-override'],
    ['Über die Größe von Smørrebrød', 'uber-die-grosse-von-smorrebrod'],
    ['Łódź — naïve café', 'lodz-naive-cafe'],
    ['Don’t repeat player’s names', 'dont-repeat-players-names'],
    ['ﬁne ½ Ⅷ', 'fine-1-2-viii'],
    ['İstanbul ǅ', 'istanbul-dz'],
    ['日本語 v2', 'v2'],
    ['../../etc/passwd', 'etc-passwd'],
    ['-rf', 'rf'],
    ['a\u0000b\nc', 'a-b-c'],
    ['con', 'con-spec'],
    ['NUL', 'nul-spec'],
    ['com1', 'com1-spec'],
    ['console', 'console'],
  ])('makes a safe name of %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it.each(['', '   ', '日本語', '!!!', '😀', '---', '\u0000'])('has none for %j', (title) => {
    expect(slugOf(title)).toBeNull();
  });

  it('cuts a long title between words, and a long word where it must', () => {
    const long = slugOf('This is a title that goes on and on about what ought to be done by the agents');
    expect(long).toBe('this-is-a-title-that-goes-on-and-on-about-what-ought-to-be');
    expect(slugOf('x'.repeat(500_000))).toBe('x'.repeat(60));
  });
});
