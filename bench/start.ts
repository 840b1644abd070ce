import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Browser, Page } from '@playwright/test';

import { World } from '#e2e/world.ts';
import { nodePath } from '#scripts/project-paths.ts';

import { take, timed, type Measure } from './measure.ts';
import type { Section } from './section.ts';

const run = promisify(execFile);

/** From `npm start` to something to click, in its two parts. */
export const startSection: Section = {
  name: 'start',
  about: 'from the start of the host to its address, and from there to something to click',
  measure: async (bench) => {
    const rounds = bench.rounds(5);
    bench.report(await take(hostStart, rounds));
    bench.report(await take(windowStart(await bench.browser()), rounds));
  },
};

const hostStart: Measure = {
  name: 'host: from start to its address',
  baselineName: 'an empty Node program',
  goal: null,
  baseline: () => timed(() => run(nodePath, ['-e', ''])),
  run: () => inWorld((world) => timed(() => world.host.start())),
};

const windowStart = (browser: Browser): Measure => ({
  name: 'window: from the address to something to click',
  baselineName: 'an empty page',
  goal: null,
  baseline: async () => await inTab(browser, (tab) => timed(() => tab.goto('data:text/html,<button>x</button>'))),
  run: () =>
    inWorld(async (world) => {
      const address = await world.host.start();
      return await inTab(browser, (tab) =>
        timed(async () => {
          await tab.goto(address);
          await tab.getByRole('button').first().waitFor();
        }),
      );
    }),
});

async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await World.create();
  try {
    return await work(world);
  } finally {
    await world.dispose();
  }
}

async function inTab<T>(browser: Browser, work: (tab: Page) => Promise<T>): Promise<T> {
  const tab = await browser.newPage();
  try {
    return await work(tab);
  } finally {
    await tab.close();
  }
}
