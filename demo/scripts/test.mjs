// Runs the tests, or those whose file name contains one of the words given: `node scripts/test.mjs schedule`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `These tests need Node 22.18 or newer, to run TypeScript as it is. This is ${process.version}.\n`,
  );
  process.exit(1);
}

const folder = join(import.meta.dirname, '..', 'test');
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
if (files.length === 0) {
  process.stderr.write(`No test file is called like: ${words.join(', ')}\n`);
  process.exit(1);
}

const paths = files.map((name) => join(folder, name));
const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--test', ...paths], {
  stdio: ['inherit', 'pipe', 'inherit'],
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
// The last lines are what a person sees of it: how many ran, passed and failed.
const saysNothing = /^ℹ (?:suites .*|(?:cancelled|skipped|todo) 0|duration_ms .*)$/;
process.stdout.write(
  run.stdout
    .split('\n')
    .filter((line) => !saysNothing.test(line))
    .join('\n'),
);
process.exitCode = run.status ?? 1;
