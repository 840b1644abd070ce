import { expect, it } from 'vitest';

import { hexColour } from './hex-colour.ts';

it.each([
  ['#50cd8c', '#50cd8c'],
  ['#50cd8c1c', '#50cd8c1c'],
  ['#fff', '#ffffff'],
  ['#fff8', '#ffffff88'],
  ['rgb(80 205 140)', '#50cd8c'],
  ['rgb(80 205 140 / 11%)', '#50cd8c1c'],
  ['rgb(80, 205, 140)', '#50cd8c'],
  ['hotpink', null],
])('reads %s, as tokens and the build write it', (token, hex) => {
  expect(hexColour(token)).toBe(hex);
});
