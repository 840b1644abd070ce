import { availableParallelism } from 'node:os';

import { defineConfig } from '@playwright/test';

import { findBrowser } from '#scripts/find-browser.ts';

const isRoot = process.getuid?.() === 0;
const browser = await findBrowser();

/**
 * Journeys of a person, each in its own world, on the headless host in an installed Chromium or Chrome (Playwright's own
 * where there is none). `npm run e2e` builds first and finds the browser; running `playwright test` by hand does not.
 */
export default defineConfig({
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
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      ...(browser === null ? {} : { executablePath: browser }),
      chromiumSandbox: !isRoot, // Chromium refuses to start as root with its sandbox on
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
