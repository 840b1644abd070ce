import { expect, it } from 'vitest';

import { swapPanes } from './swap-panes.ts';

it('changes two panes for one another and ignores one that is not there', () => {
  expect(swapPanes(['a', 'b', 'c'], 'a', 'c')).toEqual(['c', 'b', 'a']);
  expect(swapPanes(['a', 'b'], 'a', 'x')).toEqual(['a', 'b']);
});
