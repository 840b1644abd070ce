import { availableParallelism } from 'node:os';

import { defineConfig, type LaunchOptions } from '@playwright/test';

import { desktopRunsOn } from '#e2e/desktop.ts';
import type { ShellOption } from '#e2e/fixtures.ts';
import { pageMemoryFlags } from '#main/desktop/page-memory.ts';
import { findBrowser } from '#scripts/find-browser.ts';

/** Of any Chromium that journeys run in. */
const browserFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const isRoot = process.getuid?.() === 0;
const browser = await findBrowser();

/** By its whole path: the folder that all of this lies in may have any name. */
const desktopJourneys = '**/e2e/desktop';
/** What runs in the desktop app: its own journeys, and these, which know nothing of the shell that they run in. */
const inEitherShell = ['demo', 'own-repository', 'attention', 'train'].map((name) => `${name}.spec.ts`);

const launchWith = (args: string[]): LaunchOptions => ({
  ...(browser === null ? {} : { executablePath: browser }),
  chromiumSandbox: !isRoot, // Chromium refuses to start as root with its sandbox on
  args,
});

/**
 * Journeys of a person, each in its own world, on the headless host in an installed Chromium or Chrome (Playwright's own
 * where there is none), and in the desktop app: on the stand-in for Electron, or with `npm run e2e:electron` on Electron
 * itself. `npm run e2e` builds first and finds the browser; running `playwright test` by hand does not.
 */
export default defineConfig<ShellOption>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  // By hand a retry would hide what a person would meet. In the whole run, what passes only then is named as unsteady.
  retries: process.env['SWITCHYARD_REPORTERS'] === undefined ? 0 : 1,
  // Each journey has a browser, a host, a pty host and agents at work.
  workers: Math.max(1, Math.floor(availableParallelism() / 2)),
  timeout: 90_000,
  // Generous, because a loaded machine is slow, not wrong.
  expect: { timeout: 30_000 },
  reporter: process.env['SWITCHYARD_REPORTERS'] === undefined ? 'list' : [['list'], ['json']],
  projects: [
    ...(desktopRunsOn === 'Electron' ? [] : [{ name: 'headless', testIgnore: `${desktopJourneys}/**` }]),
    {
      name: `desktop on ${desktopRunsOn}`,
      testMatch: [...inEitherShell, `${desktopJourneys}/*.spec.ts`],
      // As the app has its own Chromium collect.
      use: { shell: 'desktop', launchOptions: launchWith([...browserFlags, `--js-flags=${pageMemoryFlags}`]) },
    },
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: launchWith(browserFlags),
  },
});
