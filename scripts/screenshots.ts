// Shows every screen as a person sees it: `node scripts/screenshots.ts FOLDER [--only NAME]`. The README's picture is one.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium, type Page } from '@playwright/test';

import { World } from '#e2e/world.ts';

import { buildIfStale } from './build-if-stale.ts';
import { findOrInstallBrowser } from './find-browser.ts';

interface Screen {
  name: string;
  /** Brings the page from where the screen before left it to this one. */
  show: (page: Page, world: World) => Promise<void>;
}

const button = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();

/** In the order of a person's way through the demo. */
const screens: readonly Screen[] = [
  {
    name: 'drafts',
    show: async (page) => {
      await page.getByRole('button', { name: 'Spawn agents' }).waitFor();
    },
  },
  {
    name: 'spec',
    show: async (page) => {
      await page.getByText('Match history for players').first().click();
      await page.getByText('Everything shown is escaped').first().waitFor();
    },
  },
  {
    name: 'spawn',
    show: async (page) => {
      await button(page, 'Terminals');
      await button(page, 'Spawn agents');
      await page
        .getByRole('button', { name: /^Spawn 3 runs/ })
        .and(page.locator(':not([aria-disabled])'))
        .waitFor();
    },
  },
  {
    name: 'grid',
    show: async (page) => {
      await button(page, /^Spawn 3 runs/);
      await page.getByText('Waiting for you').first().waitFor();
      await page
        .getByText(/Committed [0-9a-f]{7}/)
        .nth(1)
        .waitFor();
    },
  },
  {
    name: 'review',
    show: async (page) => {
      await page.getByText('Feature toggle framework').first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: /Review changes/ }).click();
      await page.getByRole('option', { name: /home\.ts/ }).click();
      await page.getByRole('radio', { name: 'Keep' }).click();
      await page.locator('.monaco-diff-editor').first().waitFor();
    },
  },
  {
    name: 'merge',
    show: async (page) => {
      await button(page, /^Merge…/);
      await page.getByText('Merges cleanly').waitFor();
    },
  },
  {
    name: 'palette',
    show: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+P');
      await page.getByRole('combobox').waitFor();
    },
  },
];

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;
const themes = ['dark', 'light'] as const;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
  const [folder] = positionals;
  if (folder === undefined) {
    console.error('Usage: node scripts/screenshots.ts FOLDER [--only NAME]');
    return 2;
  }
  const executablePath = (await buildIfStale()) ? await findOrInstallBrowser() : null;
  if (executablePath === null) return 1;
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const world = await World.create();
  try {
    const address = await world.host.start('--demo');
    const page = await browser.newPage({ viewport: sizes[0], colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.goto(address);
    for (const { name, show } of screens) {
      await show(page, world);
      if (values.only === undefined || values.only === name) await photograph(page, join(folder, name));
    }
  } finally {
    await browser.close();
    await world.dispose();
  }
  return 0;
}

/** `<path>-<theme>-<width>.png` for each theme and size, of one and the same state. */
async function photograph(page: Page, path: string): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.waitForTimeout(400); // panels and terminals fit themselves to the new size
      const file = `${path}-${colorScheme}-${String(size.width)}.png`;
      await page.screenshot({ path: file });
      console.log(file);
    }
  }
  await page.setViewportSize(sizes[0]);
}
