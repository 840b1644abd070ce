import { expect, it } from 'vitest';

import { cannotRun, inOrder, readGates } from './gate-config.ts';

it('reads a list of gates, and a map of names to commands', () => {
  expect(
    readGates([
      { id: 'types', run: 'npm run types' },
      { id: 'test', run: 'npm test', needs: 'types', timeout: 5 },
    ]),
  ).toEqual({
    gates: [
      { id: 'types', title: 'types', run: 'npm run types', needs: [], timeoutMinutes: 20, when: 'review' },
      { id: 'test', title: 'test', run: 'npm test', needs: ['types'], timeoutMinutes: 5, when: 'review' },
    ],
    problems: [],
  });
  expect(readGates({ lint: 'npm run lint', slow: { run: 'make slow', when: 'merge' } }).gates).toMatchObject([
    { id: 'lint', run: 'npm run lint', when: 'review' },
    { id: 'slow', run: 'make slow', when: 'merge' },
  ]);
  expect(readGates(null)).toEqual({ gates: [], problems: [] });
});

it('names what is wrong instead of leaving a gate out silently', () => {
  const { gates, problems } = readGates([
    { id: 'one', run: '' },
    { id: 'two' },
    { id: '-x', run: 'true' },
    { id: 'three', run: 'true', tiemout: 3 },
    { id: 'four', run: 'true' },
    { id: 'four', run: 'false' },
    { id: 'five', run: 'true', needs: ['six'] },
    { id: 'seven', run: 'true', needs: ['eight'] },
    { id: 'eight', run: 'true', needs: ['seven'] },
    'nonsense',
  ]);
  expect(gates.map(({ id, run }) => [id, run])).toEqual([
    ['four', 'true'],
    ['five', 'true'],
    ['seven', 'true'],
    ['eight', 'true'],
  ]);
  expect(problems.map(({ message, at }) => [message, ...at])).toEqual([
    ['Gate one: `run` is empty.', 0, 'run'],
    ['Gate two: `run` is missing.', 1, 'run'],
    ['Gate -x: `id` is not letters, digits, dots and dashes, at most 40.', 2, 'id'],
    ['Gate three: `tiemout` is not known here. Did you mean `timeout`?', 3, 'tiemout'],
    ['Gate four is declared twice. Give one of them another id.', 5],
    ['Gate 10: it is not keys with values, like `{ id: tests, run: npm test }`.', 9],
    ['Gate five needs six, which is not declared, so it cannot run.', 6, 'needs'],
    ['Gate seven waits for itself through what it needs, so it cannot run.', 7, 'needs'],
    ['Gate eight waits for itself through what it needs, so it cannot run.', 8, 'needs'],
  ]);
  expect(cannotRun('five', gates)).toMatch(/six/u);
  expect(cannotRun('seven', gates)).toMatch(/waits for itself/u);
  expect(cannotRun('four', gates)).toBeNull();
  expect(readGates('npm test').problems).toHaveLength(1);
});

it('puts each gate behind what it needs, and ends where they need each other', () => {
  const { gates } = readGates([
    { id: 'test', run: 'true', needs: ['build'] },
    { id: 'build', run: 'true', needs: ['types'] },
    { id: 'types', run: 'true' },
    { id: 'a', run: 'true', needs: ['b'] },
    { id: 'b', run: 'true', needs: ['a'] },
  ]);
  expect(inOrder(gates).map(({ id }) => id)).toEqual(['types', 'build', 'test', 'b', 'a']);
});
