// Runs the journeys: `npm run e2e`. Arguments go to Playwright, such as a file's name or `-g "a title"`. With `--electron`
// those of the desktop app run on Electron itself, and not on its stand-in.
import { buildIfStale } from './build-if-stale.ts';
import { findOrInstallBrowser } from './find-browser.ts';
import { findElectron } from './find-electron.ts';
import { toolPath } from './project-paths.ts';
import { runTool } from './run-program.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  if (!(await buildIfStale())) return 1;
  const browser = await findOrInstallBrowser();
  if (browser === null) return 1;
  const args = process.argv.slice(2).filter((argument) => argument !== '--electron');
  let electron = '';
  if (args.length < process.argv.length - 2) {
    const found = await findElectron();
    if (found.kind === 'missing') {
      console.error(`Electron’s binary is not to be had here (${found.reason}). Nothing has been run on it.`);
      return 1;
    }
    electron = found.path;
  }
  const playwright = toolPath('@playwright', 'test', 'cli.js');
  const { code } = await runTool(playwright, ['test', ...args], {
    output: 'show',
    env: { SWITCHYARD_BROWSER: browser, SWITCHYARD_ELECTRON: electron },
  });
  return code;
}
