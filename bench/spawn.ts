import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Browser } from '@playwright/test';

import { World } from '#e2e/world.ts';
import { nodePath } from '#scripts/project-paths.ts';

import { take, timed, type Measure } from './measure.ts';
import type { Section } from './section.ts';

const run = promisify(execFile);

export const spawnSection: Section = {
  name: 'spawn',
  about: 'from the press on Spawn to the agent’s first output on screen',
  measure: async (bench) => {
    bench.report(await take(spawnToFirstOutput(await bench.browser()), bench.rounds(5)));
  },
};

/**
 * From the press on Spawn to the agent's first words on screen: checks, branch, worktree, terminal, process, page. The
 * baseline is what Git and the agent's program need alone: `git worktree add` and a start of the same Node.
 */
const spawnToFirstOutput = (browser: Browser): Measure => ({
  name: 'spawn: from the press to the agent’s first output on screen',
  baselineName: 'git worktree add and a start of Node',
  goal: null,
  baseline: async () => {
    const world = await World.create();
    try {
      const repository = await world.repository('league', 'clean');
      return await timed(async () => {
        const worktree = join(world.home, 'beside');
        await run('git', ['worktree', 'add', '-q', '-b', 'work', worktree], { cwd: repository.path, env: world.env });
        await run(nodePath, ['-e', 'console.log(1)'], { cwd: worktree });
      });
    } finally {
      await world.dispose();
    }
  },
  run: async () => {
    const world = await World.create();
    const page = await browser.newPage();
    try {
      await page.goto(await world.host.start('--demo'));
      await page.getByRole('button', { name: 'Spawn agents' }).click();
      const spawn = page.getByRole('button', { name: /^Spawn 3 runs/ });
      await spawn.and(page.locator(':not([aria-disabled])')).waitFor();
      return await timed(async () => {
        await spawn.click();
        await page.getByText('The demo agent of Switchyard').first().waitFor();
      });
    } finally {
      await page.close();
      await world.dispose();
    }
  },
});
