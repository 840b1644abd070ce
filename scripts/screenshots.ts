// Shows every screen as a person sees it, dark and light, large and small; the README's picture is one. Each walk is a way
// through the app in a world of its own, and comes out the same whenever it is walked.
//   node scripts/screenshots.ts FOLDER [--only WALK[/SCREEN]] [--theme dark|light] [--width 1440|1024]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium, type Browser, type Page } from '@playwright/test';

import { Workbench } from '#e2e/workbench.ts';
import { World } from '#e2e/world.ts';

import { buildIfStale } from './build-if-stale.ts';
import { findOrInstallBrowser } from './find-browser.ts';
import { attention } from './screens/attention.ts';
import { demo } from './screens/demo.ts';
import { full } from './screens/full.ts';
import { limits } from './screens/limits.ts';
import { longNames } from './screens/long-names.ts';
import { programs } from './screens/programs.ts';
import { rules } from './screens/rules.ts';
import type { Walk } from './screens/screen.ts';
import { empty, start } from './screens/start.ts';
import { trouble } from './screens/trouble.ts';
import { variants } from './screens/variants.ts';

const walks: readonly Walk[] = [
  demo,
  start,
  empty,
  longNames,
  full,
  attention,
  limits,
  rules,
  variants,
  trouble,
  programs,
];

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;
const themes = ['dark', 'light'] as const;

interface Look {
  theme: (typeof themes)[number];
  size: (typeof sizes)[number];
}

interface Wish {
  folder: string;
  /** The one screen that is photographed; the others are walked through. */
  only: string | undefined;
  looks: readonly Look[];
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, theme: { type: 'string' }, width: { type: 'string' } },
  });
  const [folder] = positionals;
  const [onlyWalk, onlyScreen] = values.only?.split('/') ?? [];
  const chosen = walks.filter(({ name }) => onlyWalk === undefined || name === onlyWalk);
  if (folder === undefined || chosen.length === 0) {
    console.error('Usage: node scripts/screenshots.ts FOLDER [--only WALK[/SCREEN]] [--theme THEME] [--width WIDTH]');
    console.error(`Walks: ${walks.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const looks = themes.flatMap((theme) => sizes.map((size) => ({ theme, size })));
  const wanted = looks.filter(
    ({ theme, size }) =>
      (values.theme === undefined || values.theme === theme) &&
      (values.width === undefined || values.width === String(size.width)),
  );
  const executablePath = (await buildIfStale()) ? await findOrInstallBrowser() : null;
  if (executablePath === null) return 1;
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  try {
    for (const walk of chosen) {
      await take(walk, browser, { folder, only: onlyScreen, looks: wanted });
    }
  } finally {
    await browser.close();
  }
  return 0;
}

/** Goes the whole walk, because each screen comes from the one before, and photographs those that are wanted. */
async function take(walk: Walk, browser: Browser, { folder, only, looks }: Wish): Promise<void> {
  const world = await World.create();
  const context = await browser.newContext({ viewport: sizes[0], colorScheme: 'dark', reducedMotion: 'reduce' });
  try {
    const address = await world.host.start(...(await walk.prepare(world)));
    const page = await context.newPage();
    await page.goto(address);
    const bench = new Workbench(page);
    for (const { name, show } of walk.screens) {
      try {
        await show({ page, world, bench });
      } catch (error) {
        await page.screenshot({ path: join(folder, `${walk.name}-${name}-failed.png`) });
        throw error;
      }
      if (only === undefined || only === name) await photograph(page, join(folder, `${walk.name}-${name}`), looks);
    }
  } finally {
    await context.close();
    await world.dispose();
  }
}

/** `<path>-<theme>-<width>.png` for each look, of one and the same state. */
async function photograph(page: Page, path: string, looks: readonly Look[]): Promise<void> {
  for (const { theme, size } of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    await page.waitForTimeout(400); // panels and terminals fit themselves to the new size
    const file = `${path}-${theme}-${String(size.width)}.png`;
    await page.screenshot({ path: file });
    console.log(file);
  }
  await page.setViewportSize(sizes[0]);
}
