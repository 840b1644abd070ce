import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';

import { readTestReport, type ReportedTest } from './read-test-report.ts';
import type { CheckEnd } from './run-command.ts';

/** How the project runs a test by its name: a command with `{name}` and `{report}` in it. */
export interface TestRunner {
  run: string;
  timeoutMinutes: number;
}

const largestReportBytes = 20_000_000;

/** The name of the test that proves a criterion; null: something else does. */
export const testNamed = (check: string | null): string | null =>
  /^test:\s*(\S.*)$/su.exec(check ?? '')?.[1]?.trim() ?? null;

/**
 * The command that runs one test, the name being one word of the shell whatever it holds. Where the report goes is filled in when
 * it runs; until then the command names the same check on every tree. Null: this name cannot be given to this shell safely.
 */
export function testCommand(runner: TestRunner, name: string, platform = process.platform): string | null {
  const word = shellWord(name, platform);
  return word === null ? null : runner.run.replaceAll('{name}', () => word);
}

/**
 * Runs a test by its name. Its exit code alone proves nothing: many programs end well when no test has the name. It has passed only
 * when the report that they write (JUnit's XML, as nearly all do) tells of a test of this name that was run and passed, and
 * of none that did not.
 */
export async function runNamedTest(
  test: { command: string; name: string },
  run: (command: string) => Promise<CheckEnd>,
  platform = process.platform,
): Promise<CheckEnd> {
  // Not in the worktree: it would be another tree then, and an older report could be taken for this one.
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-test-'));
  try {
    const report = join(folder, 'report.xml');
    const word = shellWord(report, platform) ?? report;
    const end = await run(test.command.replaceAll('{report}', () => word));
    return end.outcome === 'passed' ? judge(end, test.name, await readReport(report)) : end;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function readReport(path: string): Promise<readonly ReportedTest[] | string> {
  try {
    const { size } = await stat(path);
    if (size > largestReportBytes) return 'the report is too large to be read';
    return readTestReport(await readFile(path, 'utf8')) ?? 'its report cannot be read as JUnit’s XML';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'it wrote no report';
    throw error;
  }
}

function judge(end: CheckEnd, name: string, report: readonly ReportedTest[] | string): CheckEnd {
  const failed = (reason: string): CheckEnd => ({ ...end, outcome: 'failed', reason });
  if (typeof report === 'string') return failed(`It ended well, but ${report}, so nothing says that the test was run.`);
  const found = report.filter((each) => isNamed(each, name));
  if (found.length === 0) {
    return failed(
      `It ended well, but among the ${String(report.length)} tests of its report none is called “${name}”.`,
    );
  }
  const broken = found.find(({ outcome }) => outcome === 'failed');
  if (broken) return failed(`It ended well, but its report says that “${broken.name}” failed.`);
  return found.some(({ outcome }) => outcome === 'passed')
    ? end
    : failed(`It ended well, but the test was skipped, so nothing is proved.`);
}

/** Programs put the names of what holds a test before its own, each in their way. */
function isNamed({ name, className }: ReportedTest, wanted: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
  const [own, whole, asked] = [plain(name), plain(`${className} ${name}`), plain(wanted)];
  const endsWith = (text: string): boolean =>
    text === asked || (text.endsWith(asked) && /[\s>/:.›]$/u.test(text.slice(0, -asked.length)));
  // Parametrised tests add what they were called with: `test_add[1-2]`, `TestAdd/negative`.
  const isOneOf = own.startsWith(asked) && /^[[(/#]/u.test(own.slice(asked.length));
  return endsWith(own) || endsWith(whole) || isOneOf;
}

/** Null: cmd.exe has no way to quote that holds for every program. */
function shellWord(text: string, platform: NodeJS.Platform): string | null {
  if (text.includes('\0')) return null;
  if (platform === 'win32') return /^[\p{L}\p{N} _.,:\\/+=@-]*$/u.test(text) ? `"${text}"` : null;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
