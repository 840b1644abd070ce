import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { expect, type Browser, type BrowserContext } from '@playwright/test';

import { Desktop } from '#e2e/desktop.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import { World } from '#e2e/world.ts';

import { take, timed, type Measure } from './measure.ts';
import type { Bench, Section } from './section.ts';
import { memoryOf } from './stage/process-memory.ts';

const runs = 16;

/**
 * The desktop shell on the stand-in for Electron: its process is a Node with our shell and services in it, its window a page of
 * Chromium's. What Electron itself takes is in neither figure.
 */
export const desktopSection: Section = {
  name: 'desktop',
  about:
    'the desktop shell on the stand-in for Electron (not on Electron): from its start to something to click, its memory',
  measure: async (bench) => {
    const browser = await bench.browser();
    bench.report(await take(windowStart(browser), bench.rounds(5)));
    await measureMemory(bench, browser);
  },
};

const windowStart = (browser: Browser): Measure => ({
  name: 'on the stand-in: from the start of the app to something to click',
  baselineName: 'the same in the headless host',
  goal: null,
  baseline: () =>
    inWorld(browser, (world, context) =>
      timed(async () => {
        const address = await world.host.start();
        const page = await context.newPage();
        await page.goto(address);
        await page.getByRole('button').first().waitFor();
      }),
    ),
  run: () =>
    inWorld(browser, async (_world, _context, desktop) =>
      timed(async () => {
        const page = await desktop.start();
        await page.getByRole('button').first().waitFor();
      }),
    ),
});

/** Of the shell's own process: without pty host, agents and windows. */
async function measureMemory(bench: Bench, browser: Browser): Promise<void> {
  if (process.platform !== 'linux') {
    bench.leaveOut('the memory of the shell', 'it is read from /proc');
    return;
  }
  await inWorld(browser, async (world, _context, desktop) => {
    await writeFile(
      join(world.folder, 'switchyard', 'settings.json'),
      JSON.stringify({ settings: { mostRunning: 0 } }),
    );
    const repository = await world.repository('bench', 'clean');
    await repository.write('.switchyard/config.yaml', '# The defaults hold.\n');
    for (let index = 0; index < runs; index++) {
      await repository.write(
        `specs/run-${String(index)}.md`,
        specText({ title: `Run ${String(index)}`, agents: ['shell'] }),
      );
    }
    await repository.commit('Say what is to be done');
    const page = await desktop.start('--project', repository.path);
    await page.getByRole('button', { name: 'Spawn agents' }).waitFor();
    const empty = await atRest(desktop.pid);
    const bench16 = new Workbench(page);
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench16
      .dialog(/^Spawn agents/)
      .getByRole('button', { name: /^Spawn \d+ runs/ })
      .click();
    await expect(page.getByRole('region', { name: 'Board' })).toContainText(`Running${String(runs)}`, {
      timeout: 120_000,
    });
    const full = await atRest(desktop.pid);
    bench.report({
      name: `on the stand-in: the shell’s own process with ${String(runs)} runs at a prompt`,
      value: full,
      unit: 'MB',
      baseline: { name: 'with none', value: empty },
      goal: null,
    });
  });
}

/** What it has once it has taken nothing more for a while. */
async function atRest(pid: number): Promise<number> {
  let before = 0;
  for (let tries = 0; tries < 20; tries++) {
    const now = await memoryOf(pid);
    if (Math.abs(now - before) < 1) return now;
    before = now;
    await wait(1500);
  }
  return before;
}

async function inWorld<T>(
  browser: Browser,
  work: (world: World, context: BrowserContext, desktop: Desktop) => Promise<T>,
): Promise<T> {
  const world = await World.create();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const desktop = new Desktop(world.env, world.folder, context);
  try {
    return await work(world, context, desktop);
  } finally {
    await desktop.quit();
    await context.close();
    await world.dispose();
  }
}
