import { describe, expect, it } from 'vitest';

import { hasRules, parseInvariant } from './invariant-file.ts';
import { rulesInWords } from './rules-in-words.ts';

const invariant = (yaml: string): string => `---\n${yaml}\n---\n\n# Rule\n\nProse.\n`;

describe('an invariant file', () => {
  it('carries rules of every kind besides its prose', () => {
    const file = parseInvariant(
      invariant(`title: Escaped
rules:
  forbid: [src/html.ts, 'vendor/**']
  require:
    - LICENSE
    - { path: test/**, with: src/** }
  dependencies: [ws, zod]
  limit: { files: 30, lines: 1500, except: package-lock.json }
  lines:
    - 'TODO'
    - { match: 'new Html\\(', in: 'src/**', except: [src/html.ts], say: Use the tag. }
  command: { run: npm run escaped, timeout: 5 }`),
    );
    expect(file.problems).toEqual([]);
    expect(file.title).toBe('Escaped');
    expect(file.body).toContain('Prose.');
    expect(file.rules).toEqual({
      forbid: ['src/html.ts', 'vendor/**'],
      require: [
        { path: 'LICENSE', with: [] },
        { path: 'test/**', with: ['src/**'] },
      ],
      dependencies: ['ws', 'zod'],
      limit: { files: 30, lines: 1500, except: ['package-lock.json'] },
      lines: [
        { match: 'TODO', in: [], except: [], say: '' },
        { match: 'new Html\\(', in: ['src/**'], except: ['src/html.ts'], say: 'Use the tag.' },
      ],
      command: { run: 'npm run escaped', timeoutMinutes: 5, when: 'change' },
    });
    expect(rulesInWords(file.rules)).toEqual([
      'Nothing in `src/html.ts`, `vendor/**` is changed, added or deleted.',
      'Something in `LICENSE` is changed as well.',
      'Whoever changes something in `src/**` changes something in `test/**` as well.',
      'No dependency is added but `ws`, `zod`.',
      'At most 30 files and 1500 lines are changed, but for `package-lock.json`.',
      'No added line matches `TODO`.',
      'No added line in `src/**`, but for `src/html.ts`, matches `new Html\\(`. Use the tag.',
      '`npm run escaped` ends with exit code 0.',
    ]);
  });

  it('has a command run with every change, or only at review where it says so', () => {
    const commandOf = (yaml: string) => parseInvariant(invariant(`rules:\n  command: ${yaml}`));
    expect(commandOf('npm test').rules.command?.when).toBe('change');
    const slow = commandOf('{ run: npm test, when: review }');
    expect(slow.rules.command?.when).toBe('review');
    expect(rulesInWords(slow.rules)).toEqual(['`npm test` ends with exit code 0, when the work comes to review.']);
    const wrong = commandOf('{ run: npm test, when: sometimes }');
    expect(wrong.rules.command).toBe(null);
    expect(wrong.problems.map(({ message }) => message)).toEqual(['`when` must be `change` or `review`.']);
  });

  it('without rules, or with what other programs keep above their text, says nothing and is wrong about nothing', () => {
    for (const text of ['# Rule\n', invariant('globs: "**/*.ts"\nalwaysApply: true'), invariant('')]) {
      const file = parseInvariant(text);
      expect(hasRules(file.rules)).toBe(false);
      expect(file.problems).toEqual([]);
    }
  });

  it('an empty list of dependencies allows none, and no list allows all', () => {
    expect(parseInvariant(invariant('rules: { dependencies: [] }')).rules.dependencies).toEqual([]);
    expect(parseInvariant(invariant('rules: { forbid: a }')).rules.dependencies).toBeNull();
  });

  it('what is broken is named at its line and not checked, and the rest holds', () => {
    const file = parseInvariant(
      invariant(`rules:
  forbd: [x]
  forbid: ['${'{a,b}'.repeat(20)}', src/a.ts]
  limit: { files: many }
  lines: [{ in: src }, { match: '${'x'.repeat(501)}' }, { match: ok, in: ['${'{a,b}'.repeat(20)}'] }]
  command: { timeout: 3 }`),
    );
    expect(
      file.problems.map(({ line, message }) => `${String(line)}: ${message.replaceAll(/“\{.*”/gu, '“…”')}`),
    ).toEqual([
      '3: `forbd` is not a key of `rules` that is known here. Did you mean `forbid`?',
      '4: In `forbid`, “…” has more than 64 alternatives in its braces.',
      '5: `files` must be a number.',
      '6: An item of `lines` needs a pattern: add `match: …`.',
      '6: A pattern is longer than 500 characters.',
      '6: In `in`, “…” has more than 64 alternatives in its braces.',
      '7: `command` needs what to run: add `run: …`.',
    ]);
    expect(file.rules).toMatchObject({ forbid: ['src/a.ts'], limit: null, lines: [], command: null });
  });

  it('YAML that is broken is reported, and none of its rules is guessed', () => {
    const file = parseInvariant(invariant('rules:\n  forbid: [a\n  command: rm'));
    expect(file.problems[0]?.message).toMatch(/not YAML/u);
    expect(hasRules(file.rules)).toBe(false);
  });
});
