import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { toolPath } from './project-paths.ts';
import { runProgram, runTool } from './run-program.ts';

/** What Chromium and its kin are called on the PATH, the plainest first. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
  'brave-browser',
];

const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['/Applications', join(process.env['HOME'] ?? '', 'Applications')].flatMap((folder) => [
    join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
    join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    join(folder, 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge'),
  ]),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder === undefined
      ? []
      : [
          join(folder, 'Google\\Chrome\\Application\\chrome.exe'),
          join(folder, 'Chromium\\Application\\chrome.exe'),
          join(folder, 'Microsoft\\Edge\\Application\\msedge.exe'),
        ];
  }),
  linux: ['/usr/lib/chromium/chromium', '/snap/bin/chromium', '/opt/google/chrome/chrome'],
};

/** An installed Chromium, Chrome or Edge: `SWITCHYARD_BROWSER` where it is set, else from the PATH and the usual places. */
export async function findBrowser(): Promise<string | null> {
  const chosen = process.env['SWITCHYARD_BROWSER'];
  if (chosen !== undefined && chosen !== '') return chosen;
  const extension = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name + extension)));
  // By name first and by folder second, so that the plainest browser wins wherever it is.
  const byName = onPath.toSorted((a, b) => rank(a) - rank(b));
  for (const path of [...byName, ...(usualPlaces[process.platform] ?? [])]) {
    if (await isExecutable(path)) return path;
  }
  return null;
}

/**
 * A browser for the journeys: an installed one, else Debian's package where we are root and there is apt, else
 * Playwright's own. Says what it does. Null, after saying why, where none can be had.
 */
export async function findOrInstallBrowser(): Promise<string | null> {
  const installed = (await findBrowser()) ?? (await findPlaywrightBrowser());
  if (installed !== null) return installed;
  if (process.getuid?.() === 0 && (await isExecutable('/usr/bin/apt-get'))) {
    console.log('No Chromium or Chrome is installed; installing Debian’s chromium (this takes a minute or two).');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runProgram('apt-get', ['update', '-q'], { output: 'show', env });
    const packages = ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji', 'fonts-noto-cjk'];
    await runProgram('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      output: 'show',
      env,
    });
    const found = await findBrowser();
    if (found !== null) return found;
    console.log('Debian’s chromium could not be installed.');
  }
  console.log('Trying Playwright’s own Chromium.');
  await runTool(toolPath('@playwright', 'test', 'cli.js'), ['install', 'chromium'], {
    output: 'show',
    timeLimit: 600_000,
  });
  const downloaded = await findPlaywrightBrowser();
  if (downloaded === null) {
    console.error(
      'No browser for the journeys: none is installed, and none could be installed.\n' +
        'Install Chromium or Chrome (Debian: apt-get install chromium), or name one: SWITCHYARD_BROWSER=/path/to/chrome',
    );
  }
  return downloaded;
}

/** The Chromium that `playwright install` has put on this machine. */
async function findPlaywrightBrowser(): Promise<string | null> {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path !== '' && (await isExecutable(path)) ? path : null;
}

const rank = (path: string): number => names.findIndex((name) => path.endsWith(name) || path.endsWith(`${name}.exe`));

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
