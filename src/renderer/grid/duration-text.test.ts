import { expect, it } from 'vitest';

import { durationText } from './duration-text.ts';

it.each([
  [12.4, true, '12 ms'],
  [1449, true, '1.4 s'],
  [125_000, true, '2 min 5 s'],
  [-5, true, '0 ms'],
  [400, false, ''],
  [1900, false, '1 s'],
  [61_000, false, '1 min 1 s'],
])('%f ms, ended %s: %s', (milliseconds, hasEnded, text) => {
  expect(durationText(milliseconds, hasEnded)).toBe(text);
});
