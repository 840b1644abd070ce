// Measures what a person waits for: `npm run bench [-- --rounds N] [-- --json FILE] [-- --quick]`.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';

import { chromium, type Browser } from '@playwright/test';

import { World } from '#e2e/world.ts';
import { buildIfStale } from '#scripts/build-if-stale.ts';
import { findOrInstallBrowser } from '#scripts/find-browser.ts';
import { nodePath } from '#scripts/project-paths.ts';

import { freshClone } from './fresh-clone.ts';
import { take, timed, type Measure, type Measured } from './measure.ts';
import { spawnToFirstOutput } from './spawn.ts';

const run = promisify(execFile);

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      // Leaves out what installs the project twice, once as the baseline: minutes, and megabytes from the registry.
      quick: { type: 'boolean', default: false },
    },
  });
  const executablePath = (await buildIfStale()) ? await findOrInstallBrowser() : null;
  if (executablePath === null) return 1;
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const taken: Measured[] = [];
  try {
    for (const measure of measures(browser)) {
      const measured = await take(measure, Number(values.rounds));
      taken.push(measured);
      console.log(inWords(measured));
    }
    if (!values.quick) {
      const measured = await take(freshClone(browser), 1);
      taken.push(measured);
      console.log(inWords(measured));
    }
  } finally {
    await browser.close();
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(taken, null, 2)}\n`);
  return taken.every(({ ratio, goal }) => goal === null || ratio <= goal) ? 0 : 1;
}

function measures(browser: Browser): readonly Measure[] {
  const startNode = (): Promise<number> => timed(() => run(nodePath, ['-e', '']));
  return [
    {
      name: 'host: from start to its address',
      baselineName: 'an empty Node program',
      goal: null,
      baseline: startNode,
      run: () => inWorld((world) => timed(() => world.host.start())),
    },
    {
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
    },
    spawnToFirstOutput(browser),
  ];
}

async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await World.create();
  try {
    return await work(world);
  } finally {
    await world.dispose();
  }
}

async function inTab<T>(
  browser: Browser,
  work: (tab: Awaited<ReturnType<Browser['newPage']>>) => Promise<T>,
): Promise<T> {
  const tab = await browser.newPage();
  try {
    return await work(tab);
  } finally {
    await tab.close();
  }
}

function inWords({ name, baselineName, milliseconds, baselineMilliseconds, ratio, goal }: Measured): string {
  const verdict =
    goal === null ? '' : ratio <= goal ? ` (goal ${goal.toFixed(1)}: met)` : ` (goal ${goal.toFixed(1)}: MISSED)`;
  const time = `${milliseconds.toFixed(0)} ms`.padStart(9);
  return `${time}  ${name}; ${ratio.toFixed(1)} × ${baselineName} (${baselineMilliseconds.toFixed(0)} ms)${verdict}`;
}
