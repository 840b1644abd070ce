import { SaxesParser } from 'saxes';

/** One test as a report tells of it. */
export interface ReportedTest {
  name: string;
  /** What holds it: a file, a class, a package; empty where it is not said. */
  className: string;
  outcome: 'passed' | 'failed' | 'skipped';
}

const mostTests = 100_000;

/** Reads JUnit's XML. Entities that a document declares itself are not expanded. Null: it is none. */
export function readTestReport(text: string): readonly ReportedTest[] | null {
  const tests: ReportedTest[] = [];
  let current: ReportedTest | null = null;
  let isBroken = false;
  let isReport = false;
  const parser = new SaxesParser();
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testsuites' || name === 'testsuite') isReport = true;
    else if (name === 'testcase') {
      current = { name: attributes['name'] ?? '', className: attributes['classname'] ?? '', outcome: 'passed' };
    } else if (current !== null && (name === 'failure' || name === 'error')) current.outcome = 'failed';
    else if (current?.outcome === 'passed' && name === 'skipped') current.outcome = 'skipped';
  });
  parser.on('closetag', ({ name }) => {
    if (name !== 'testcase' || current === null) return;
    if (tests.length < mostTests) tests.push(current);
    current = null;
  });
  parser.write(text.replace(/^\uFEFF/u, '')).close();
  return isBroken || !isReport ? null : tests;
}
