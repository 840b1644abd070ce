import { expect, it } from 'vitest';

import { rulesPatterns } from './rules-patterns.ts';

it('says of each file where it counts, and of a second choice what goes before it', () => {
  expect(
    rulesPatterns([
      { path: 'AGENTS.md' },
      { path: '.kilo/rules/' },
      { path: '.kilocode/rules/', unless: '.kilo/rules/' },
    ]),
  ).toEqual(['AGENTS.md', '.kilo/rules/*|.kilocode/rules/*']);
  expect(rulesPatterns([])).toEqual([]);
});
