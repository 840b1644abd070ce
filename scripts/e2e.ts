// Runs the journeys: `npm run e2e`. Arguments go to Playwright, such as a file's name or `-g "a title"`.
import { buildIfStale } from './build-if-stale.ts';
import { findOrInstallBrowser } from './find-browser.ts';
import { toolPath } from './project-paths.ts';
import { runTool } from './run-program.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  if (!(await buildIfStale())) return 1;
  const browser = await findOrInstallBrowser();
  if (browser === null) return 1;
  const playwright = toolPath('@playwright', 'test', 'cli.js');
  const { code } = await runTool(playwright, ['test', ...process.argv.slice(2)], {
    output: 'show',
    env: { SWITCHYARD_BROWSER: browser },
  });
  return code;
}
