// Proves the whole of it: `npm test`. A step that fails does not keep the others from saying what they know.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { buildIfStale } from './build-if-stale.ts';
import {
  countPlaywright,
  countSecondTry,
  countVitest,
  distrust,
  failedFiles,
  oneFailed,
  onePassed,
  sum,
  totalLine,
  type Counts,
} from './count-tests.ts';
import { findOrInstallBrowser } from './find-browser.ts';
import { cacheFolder, toolPath } from './project-paths.ts';
import { runTool } from './run-program.ts';

interface Step {
  name: string;
  run: () => Promise<Counts>;
}

/** More than this is no matter of timing. */
const mostTriedAgain = 5;

interface Taken {
  name: string;
  counts: Counts;
  seconds: number;
}

const steps: readonly Step[] = [
  { name: 'types', run: () => check('typescript/bin/tsc', ['-b']) },
  { name: 'lint', run: () => check('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'format', run: () => check('prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level', 'warn', '.']) },
  { name: 'unit and integration', run: () => runVitest([]) },
  { name: 'build', run: async () => ((await buildIfStale()) ? onePassed : oneFailed) },
  // Packs what was built, and plays the demo on it: as it lies on disk, without Electron.
  { name: 'package', run: () => runVitest(['--config', join('test', 'package', 'vitest.config.ts')]) },
  // Each line of Playwright's names its project: headless, or desktop on the stand-in for Electron.
  { name: 'journeys', run: runPlaywright },
];

process.exitCode = await main();

async function main(): Promise<number> {
  const taken: Taken[] = [];
  for (const [index, step] of steps.entries()) {
    console.log(`\n[${String(index + 1)}/${String(steps.length)}] ${step.name}`);
    const started = performance.now();
    const isBuilt = taken.every(({ name, counts }) => name !== 'build' || counts.failed === 0);
    const counts = isBuilt ? await step.run() : oneFailed;
    if (!isBuilt) console.log('There is nothing to run them on: the build failed.');
    taken.push({ name: step.name, counts, seconds: (performance.now() - started) / 1000 });
  }
  const total = sum(taken.map(({ counts }) => counts));
  console.log('');
  for (const { name, counts, seconds } of taken) {
    const verdict = counts.failed === 0 ? 'passed' : 'FAILED';
    console.log(`${verdict}  ${name.padEnd(22)}${seconds.toFixed(1).padStart(7)} s   ${totalLine(counts)}`);
  }
  for (const { title, reason } of total.skipped) console.log(`skipped  ${title}: ${reason}`);
  for (const title of total.unsteady) console.log(`UNSTEADY  ${title}: failed, and passed at the second try`);
  console.log('');
  console.log(totalLine(total));
  return total.failed === 0 ? 0 : 1;
}

async function check(script: string, args: readonly string[]): Promise<Counts> {
  const { code } = await runTool(toolPath(script), args, { output: 'show' });
  return code === 0 ? onePassed : oneFailed;
}

/**
 * Where a few files fail they are run once more, alone: a real fault fails again, and one of timing on a busy machine is
 * named as unsteady instead of hiding all that the run has proved.
 */
async function runVitest(which: readonly string[]): Promise<Counts> {
  const first = await vitest('vitest.json', which);
  if (first.report === null) return oneFailed;
  const failed = failedFiles(first.report);
  if (failed.length === 0 || failed.length > mostTriedAgain) return distrust(countVitest(first.report), first.code);
  console.log(`\n${String(failed.length)} of the files failed; they are run once more, one after the other.`);
  const second = await vitest('vitest-again.json', [...which, '--no-file-parallelism', ...failed]);
  if (second.report === null) return distrust(countVitest(first.report), first.code);
  return distrust(countSecondTry(first.report, second.report), second.code);
}

async function vitest(reportName: string, args: readonly string[]): Promise<{ report: unknown; code: number }> {
  const path = await reportFile(reportName);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const { code } = await runTool(toolPath('vitest', 'vitest.mjs'), ['run', ...reporters, ...args], { output: 'show' });
  return { report: await readReport(path), code };
}

async function runPlaywright(): Promise<Counts> {
  const browser = await findOrInstallBrowser();
  if (browser === null) return oneFailed;
  const report = await reportFile('playwright.json');
  const { code } = await runTool(toolPath('@playwright', 'test', 'cli.js'), ['test'], {
    output: 'show',
    env: { SWITCHYARD_BROWSER: browser, SWITCHYARD_REPORTERS: 'list,json', PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  const written = await readReport(report);
  return written === null ? oneFailed : distrust(countPlaywright(written), code);
}

async function reportFile(name: string): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  const path = join(cacheFolder, name);
  await rm(path, { force: true }); // of the last run
  return path;
}

/** Null: nothing was written, because the runner could not even start. */
async function readReport(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}
