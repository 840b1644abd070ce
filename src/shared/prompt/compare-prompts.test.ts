import { describe, expect, it } from 'vitest';

import type { Prompt, PromptPart } from '#shared/contract/prompts.ts';

import { comparePrompts } from './compare-prompts.ts';

type Piece = [kind: PromptPart['kind'], id: string, text: string, version?: string];

function prompt(...pieces: readonly Piece[]): Prompt {
  let text = '';
  const parts = pieces.map(([kind, id, piece, version = piece]): PromptPart => {
    const from = text.length;
    text += piece;
    return {
      kind,
      id,
      title: id,
      origin: 'project',
      version,
      tokens: 1,
      from,
      to: text.length,
      values: {},
      problems: [],
    };
  });
  return { text, tokens: parts.length, parts, rules: [], problems: [], version: text };
}
const states = (left: Prompt, right: Prompt): readonly string[] =>
  comparePrompts(left, right).map(({ key, state }) => `${key}: ${state}`);

describe('comparePrompts', () => {
  it('says of each part whether both were told it, and the same', () => {
    const left = prompt(
      ['invariant', 'a', 'A'],
      ['module', 'm', 'M1'],
      ['module', 'v', 'on x', 'on {{b}}'],
      ['module', 'old', 'O'],
      ['spec', 'one', 'S'],
      ['task', 'task', 'T'],
    );
    const right = prompt(
      ['invariant', 'new', 'N'],
      ['invariant', 'a', 'A'],
      ['module', 'v', 'on y', 'on {{b}}'],
      ['module', 'm', 'M2'],
      ['spec', 'two', 'S2'],
      ['task', 'task', 'T'],
      ['module', 'last', 'L'],
    );
    expect(states(left, right)).toEqual([
      'invariant new: only-right',
      'invariant a: same',
      'module m: changed',
      'module v: filled',
      'module old: only-left',
      'spec: changed',
      'task: same',
      'module last: only-right',
    ]);
    expect(comparePrompts(left, right)[2]).toMatchObject({ left: 'M1', right: 'M2' });
  });

  it('holds for one that is empty, and for the same one', () => {
    const some = prompt(['invariant', 'a', 'A'], ['task', 'task', 'T']);
    expect(states(some, prompt())).toEqual(['invariant a: only-left', 'task: only-left']);
    expect(states(prompt(), some)).toEqual(['invariant a: only-right', 'task: only-right']);
    expect(states(some, some)).toEqual(['invariant a: same', 'task: same']);
  });
});
