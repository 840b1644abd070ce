import { expect, it } from 'vitest';

import { countPlaywright, countVitest, distrust, onePassed, sum, totalLine } from './count-tests.ts';

it('counts what Vitest reports, with files that could not be loaded', () => {
  const report = {
    testResults: [
      {
        name: 'a',
        status: 'failed',
        assertionResults: [
          { fullName: 'one', status: 'passed' },
          { fullName: 'two', status: 'failed' },
          { fullName: 'three', status: 'skipped' },
          { fullName: 'four', status: 'todo' },
        ],
      },
      { name: 'b', status: 'failed', assertionResults: [] },
      { name: 'c', status: 'passed', assertionResults: [{ fullName: 'five', status: 'passed' }] },
    ],
  };
  const counts = countVitest(report);
  expect(totalLine(counts)).toBe('2 passed, 2 failed, 2 skipped');
  expect(counts.skipped[0]).toEqual({ title: 'three', reason: 'skipped, with no reason given' });
});

it('counts what Playwright reports, in nested suites, with the reasons of what was skipped', () => {
  const spec = (title: string, status: string, description?: string) => ({
    title,
    tests: [{ status, annotations: description === undefined ? [] : [{ type: 'skip', description }] }],
  });
  const report = {
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('one', 'expected'), spec('two', 'unexpected')],
        suites: [{ title: 'inner', specs: [spec('three', 'skipped', 'no Electron here'), spec('four', 'flaky')] }],
      },
    ],
    errors: [{ message: 'a fixture of the worker threw' }],
  };
  const counts = countPlaywright(report);
  expect(totalLine(counts)).toBe('1 passed, 3 failed, 1 skipped');
  expect(counts.skipped).toEqual([{ title: 'three', reason: 'no Electron here' }]);
});

it('does not believe a runner that failed without a failed test, or ran nothing', () => {
  expect(distrust(onePassed, 0)).toEqual(onePassed);
  expect(distrust(onePassed, 1).failed).toBe(1);
  expect(distrust(sum([]), 0).failed).toBe(1);
});
