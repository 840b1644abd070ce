import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import type { Browser } from '@playwright/test';

import { projectFolder } from '#scripts/project-paths.ts';

import { take, timed, type Measure } from './measure.ts';
import type { Section } from './section.ts';

const run = promisify(execFile);

/** Slow: it installs the project twice, once as the baseline. Minutes, and megabytes from the registry. */
export const cloneSection: Section = {
  name: 'clone',
  about: 'from a fresh clone to a usable window',
  runs: 'slow',
  measure: async (bench) => {
    bench.report(await take(freshClone(await bench.browser()), bench.rounds(1)));
  },
};

/** From a fresh clone to a window that can be used: `npm install && npm start`. The baseline is `npm install` alone. */
const freshClone = (browser: Browser): Measure => ({
  name: 'fresh clone: npm install, build, start, to something to click',
  baselineName: 'npm install',
  goal: null,
  baseline: () => inClone((folder) => timed(() => install(folder))),
  run: () =>
    inClone((folder) =>
      timed(async () => {
        await install(folder);
        const home = join(folder, '..', 'home');
        const started = spawn('npm', ['start', '--', '--headless'], {
          cwd: folder,
          env: { ...process.env, SWITCHYARD_HOME: home },
          stdio: ['ignore', 'pipe', 'inherit'],
          detached: true,
        });
        try {
          const page = await browser.newPage();
          await page.goto(await addressIn(started.stdout));
          await page.getByRole('button').first().waitFor();
          await page.close();
        } finally {
          if (started.pid !== undefined) process.kill(-started.pid, 'SIGTERM');
        }
      }),
    ),
});

const install = (folder: string): Promise<unknown> =>
  run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(line);
    if (found) return found[0];
  }
  throw new Error('npm start ended without an address');
}

async function inClone<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'switchyard-fresh-'));
  const folder = join(parent, 'switchyard');
  try {
    await run('git', ['clone', '-q', projectFolder, folder]);
    return await work(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
