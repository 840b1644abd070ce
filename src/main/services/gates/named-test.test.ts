import { writeFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { runNamedTest, testCommand, testNamed } from './named-test.ts';
import { readTestReport } from './read-test-report.ts';
import type { CheckEnd } from './run-command.ts';

const passed: CheckEnd = { outcome: 'passed', exitCode: 0, reason: null, output: 'ok' };

/** Judges what a program ended with that wrote this report. */
const judged = async (name: string, cases: string, end: CheckEnd = passed): Promise<CheckEnd> =>
  runNamedTest({ command: 'run {report}', name }, async (command) => {
    const path = /'(.*)'/u.exec(command)?.[1] ?? '';
    await writeFile(path, `<testsuites><testsuite name="x">${cases}</testsuite></testsuites>`);
    return end;
  });

describe('a test by its name', () => {
  it.each([
    ['adds', '<testcase classname="sum.test.ts" name="sum &gt; adds"/>'], // vitest
    ['sum adds', '<testcase classname="sum adds" name="sum adds"/>'], // jest-junit
    ['adds two', '<testcase classname="sum" name="adds two" time="0.1"></testcase>'], // node --test
    ['test_adds', '<testcase classname="tests.test_sum" name="test_adds[1-2]"/>'], // pytest
    ['TestSum', '<testcase classname="pkg" name="TestSum/negative"/>'], // go-junit-report
    ['tests.test_sum test_adds', '<testcase classname="tests.test_sum" name="test_adds"/>'],
  ])('“%s” has passed where its report says so', async (name, cases) => {
    expect(await judged(name, `<testcase name="other"/>${cases}`)).toEqual(passed);
  });

  it.each([
    ['adds', '<testcase name="subtracts"/>', 'none is called'],
    ['adds', '<testcase name="never adds up"/>', 'none is called'],
    ['adds', '<testcase name="badds"/>', 'none is called'],
    ['adds', '', 'none is called'],
    ['adds', '<testcase name="adds"><skipped/></testcase>', 'skipped'],
    ['adds', '<testcase name="a adds"/><testcase name="b adds"><error/></testcase>', 'failed'],
    ['adds', '<testcase name="adds"/><oops', 'cannot be read'],
  ])('“%s” has not with %s', async (name, cases, reason) => {
    const end = await judged(name, cases);
    expect(end.outcome).toBe('failed');
    expect(end.reason).toContain(reason);
  });

  it('has not where the program did not end well, whatever the report says', async () => {
    const failed: CheckEnd = { ...passed, outcome: 'timed-out', exitCode: null, reason: 'It took too long.' };
    expect(await judged('adds', '<testcase name="adds"/>', failed)).toEqual(failed);
  });

  it('is one word of the shell, whatever it is called', () => {
    const runner = { run: 'run -t {name} --out {report} # {name}', timeoutMinutes: 1 };
    expect(testCommand(runner, `it's $(x) \`y\` $& "z"`, 'linux')).toBe(
      `run -t 'it'\\''s $(x) \`y\` $& "z"' --out {report} # 'it'\\''s $(x) \`y\` $& "z"'`,
    );
    expect(testCommand(runner, 'a b', 'win32')).toBe('run -t "a b" --out {report} # "a b"');
    expect(testCommand(runner, 'a % b', 'win32')).toBeNull();
    expect(testCommand(runner, 'a\0b', 'linux')).toBeNull();
    expect([testNamed('test: a b '), testNamed('test:'), testNamed('test -e x'), testNamed(null)]).toEqual([
      'a b',
      null,
      null,
      null,
    ]);
  });

  it('is read from no entity that a report declares itself, and from no other document', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>';
    expect(readTestReport(bomb)).toBeNull();
    expect(readTestReport('<html><testcase name="x"/></html>')).toBeNull();
    expect(readTestReport('')).toBeNull();
  });
});
