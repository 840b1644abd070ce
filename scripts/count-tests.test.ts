import { expect, it } from 'vitest';

import {
  countPlaywright,
  countSecondTry,
  countVitest,
  distrust,
  failedFiles,
  onePassed,
  sum,
  totalLine,
} from './count-tests.ts';

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
  expect(totalLine(counts)).toBe('2 passed, 2 failed, 1 skipped');
  expect(counts.skipped).toEqual([{ title: 'three', reason: 'no Electron here' }]);
  expect(counts.unsteady).toEqual(['four']);
});

it('names what failed at first and passed at the second try, and counts what failed twice as failed', () => {
  const file = (name: string, tests: Record<string, string>) => ({
    name,
    status: Object.values(tests).includes('failed') ? 'failed' : 'passed',
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
  });
  const first = {
    testResults: [file('a', { one: 'passed' }), file('b', { two: 'failed', three: 'failed', four: 'passed' })],
  };
  const second = { testResults: [file('b', { two: 'passed', three: 'failed', four: 'passed' })] };
  expect(failedFiles(first)).toEqual(['b']);
  const counts = countSecondTry(first, second);
  expect(totalLine(counts)).toBe('3 passed, 1 failed, 0 skipped');
  expect(counts.unsteady).toEqual(['two']);
});

it('does not believe a runner that failed without a failed test, or ran nothing', () => {
  expect(distrust(onePassed, 0)).toEqual(onePassed);
  expect(distrust(onePassed, 1).failed).toBe(1);
  expect(distrust(sum([]), 0).failed).toBe(1);
});
