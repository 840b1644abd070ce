/** How the tests of a step ended. */
export interface Counts {
  passed: number;
  failed: number;
  /** Each with the reason that it gives. */
  skipped: readonly { title: string; reason: string }[];
  /** Among the passed: the titles of those that failed at first. Each is a defect, of the test or of what it tests. */
  unsteady: readonly string[];
}

export const onePassed: Counts = { passed: 1, failed: 0, skipped: [], unsteady: [] };
export const oneFailed: Counts = { passed: 0, failed: 1, skipped: [], unsteady: [] };

export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.flatMap(({ skipped }) => skipped),
  unsteady: all.flatMap(({ unsteady }) => unsteady),
});

/** The line that says it all; always the last one. */
export const totalLine = ({ passed, failed, skipped }: Counts): string =>
  `${String(passed)} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`;

/**
 * A runner that says it failed has failed, even when each test that it lists has passed: an error outside a test, a
 * worker that died. And one that ran nothing has proved nothing.
 */
export function distrust(counts: Counts, exitCode: number): Counts {
  const isHollow = counts.passed + counts.failed === 0;
  return counts.failed === 0 && (exitCode !== 0 || isHollow) ? { ...counts, failed: 1 } : counts;
}

interface VitestReport {
  testResults: readonly {
    name: string;
    status: string;
    assertionResults: readonly { fullName: string; status: string }[];
  }[];
}

/** The files in which something failed, by their paths. */
export const failedFiles = (report: unknown): readonly string[] =>
  (report as VitestReport).testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);

/**
 * The report of a run in which some files were run a second time: theirs is what counts, and what failed only at first is
 * named as unsteady.
 */
export function countSecondTry(first: unknown, second: unknown): Counts {
  const again = second as VitestReport;
  const names = new Set(again.testResults.map(({ name }) => name));
  const others = (first as VitestReport).testResults.filter(({ name }) => !names.has(name));
  const counts = countVitest({ testResults: [...others, ...again.testResults] });
  const failures = (report: unknown): readonly string[] =>
    (report as VitestReport).testResults.flatMap(({ name, status, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
      return status === 'failed' && failed.length === 0 ? [name] : failed;
    });
  const stillFailed = new Set(failures(second));
  return { ...counts, unsteady: failures(first).filter((title) => !stillFailed.has(title)) };
}

/** Counts what Vitest's `json` reporter wrote. A file that could not even be loaded is one failure. */
export function countVitest(report: unknown): Counts {
  const { testResults } = report as VitestReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + unloaded.length,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName, status }) => ({ title: fullName, reason: `${status}, with no reason given` })),
    unsteady: [],
  };
}

interface PlaywrightSuite {
  title: string;
  suites?: readonly PlaywrightSuite[];
  specs?: readonly {
    title: string;
    tests: readonly { status: string; annotations: readonly { type: string; description?: string }[] }[];
  }[];
}

/** Counts what Playwright's `json` reporter wrote. An error outside a test is one failure. */
export function countPlaywright(report: unknown): Counts {
  const { suites, errors } = report as { suites: readonly PlaywrightSuite[]; errors?: readonly unknown[] };
  const counts = sum(suites.map(countSuite));
  return { ...counts, failed: counts.failed + (errors?.length ?? 0) };
}

function countSuite(suite: PlaywrightSuite): Counts {
  const own = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map(({ status, annotations }): Counts => {
      if (status === 'expected') return onePassed;
      if (status === 'flaky') return { ...onePassed, unsteady: [title] };
      if (status !== 'skipped') return oneFailed;
      const why = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
      return { ...sum([]), skipped: [{ title, reason: why ?? 'with no reason given' }] };
    }),
  );
  return sum([...own, ...(suite.suites ?? []).map(countSuite)]);
}
