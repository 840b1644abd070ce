import { describe, expect, it } from 'vitest';

import { checkSpec } from './spec-markers.ts';

const text = `---
title: Toggles
agents: [scribe, ghost]
base: release
prompts: [testing]
after:
  - other-spec
---

Body
`;
const known = { agents: ['scribe'], modules: ['testing'], branches: ['main'], specs: ['toggles'] };

describe('what is wrong with a spec', () => {
  it('names what the project does not have, at its place', () => {
    const warnings = checkSpec(text, known).problems.filter((problem) => problem.message.startsWith('There is no'));
    expect(warnings.map(({ message, line, column, endColumn }) => ({ message, line, column, endColumn }))).toEqual([
      { message: 'There is no agent “ghost” in this project.', line: 3, column: 18, endColumn: 23 },
      { message: 'There is no spec “other-spec” in this project.', line: 7, column: 5, endColumn: 15 },
      { message: 'There is no branch “release” in this project.', line: 4, column: 7, endColumn: 14 },
    ]);
  });

  it('says nothing about what it has not been told yet', () => {
    const nothing = { agents: null, modules: null, branches: null, specs: null };
    expect(checkSpec(text, nothing).problems.filter((problem) => problem.message.startsWith('There is no'))).toEqual(
      [],
    );
  });
});
