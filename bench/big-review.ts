import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Page } from '@playwright/test';

import { Repository } from '#e2e/repository.ts';
import { Workbench } from '#e2e/workbench.ts';

import type { Section } from './section.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { median } from './statistics.ts';

const fileCount = 2000;
const linesPerFile = 20;
/** Beside the many small ones, so that there is something to scroll in: 40,000 lines and these are 50,000. */
const longFileLines = 10_000;
/** The task of a page that takes longer than this is felt. */
const longestTask = 100;

const text = (lines: number, of: string): string =>
  Array.from({ length: lines }, (_, line) => `export const value${String(line)} = '${of} ${String(line)}';\n`).join('');

/** A review that nobody would want and agents make nevertheless. */
export const bigReviewSection: Section = {
  name: 'big-review',
  about: `a review of ${String(fileCount)} files and 50,000 changed lines, opened and scrolled`,
  measure: async (bench) => {
    const browser = await bench.browser();
    const stage = await SwitchyardStage.create({
      browser,
      runs: 1,
      shown: [0],
      viewport: { width: 1440, height: 900 },
    });
    try {
      const [run] = stage.runs;
      if (!run) throw new Error('there is no run');
      await change(new Repository(run.worktreePath, stage.world.env));
      const { page } = stage;
      await page.locator('article[data-run]').getByText('+50,000').waitFor();
      const workbench = new Workbench(page);
      const opened: number[] = [];
      const tasks = { open: [] as number[], list: [] as number[], file: [] as number[] };
      for (let round = 0; round < bench.rounds(3); round++) {
        await page.evaluate(() => {
          window.probe.reset();
        });
        const began = performance.now();
        await workbench.card(stage.title(0)).click({ button: 'right' });
        await page.getByRole('menuitem', { name: 'Review changes' }).click();
        await page.getByRole('option').first().waitFor();
        await page.locator('.view-lines .view-line').first().waitFor();
        opened.push(performance.now() - began);
        tasks.open.push(await longest(page));

        await scroll(page, '[role="listbox"]');
        tasks.list.push(await longest(page));

        await page.mouse.wheel(0, -100_000); // what is out of sight is not in the list
        await page.getByRole('option', { name: /long\.ts/ }).click();
        await page.getByText('long file 3').first().waitFor();
        await scroll(page, '.view-lines');
        tasks.file.push(await longest(page));
        await page.keyboard.press('Escape');
        await page.goto('about:blank');
        await page.goBack();
        await workbench.card(stage.title(0)).waitFor();
      }
      bench.report({ name: 'big review: opened', value: median(opened), unit: 'ms', baseline: null, goal: null });
      for (const [name, values] of Object.entries(tasks)) {
        bench.report({
          name: `big review: longest task of the page, ${name === 'open' ? 'opening' : `scrolling the ${name}`}`,
          value: median(values),
          unit: 'ms',
          baseline: null,
          goal: { atMost: longestTask },
        });
      }
    } finally {
      await stage.dispose();
    }
  },
};

async function change(worktree: Repository): Promise<void> {
  for (let index = 0; index < fileCount; index++) {
    const path = join(worktree.path, `src/area-${String(index % 40)}/file-${String(index).padStart(4, '0')}.ts`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text(linesPerFile, `file ${String(index)}`));
  }
  await writeFile(join(worktree.path, 'a-long.ts'), text(longFileLines, 'long file'));
  await worktree.commit('Write a great deal');
}

async function scroll(page: Page, selector: string): Promise<void> {
  await page.evaluate(() => {
    window.probe.reset();
  });
  await page.locator(selector).first().hover();
  for (let step = 0; step < 40; step++) {
    await page.mouse.wheel(0, step < 20 ? 600 : -400);
    await page.waitForTimeout(50);
  }
}

const longest = (page: Page): Promise<number> => page.evaluate(() => Math.max(0, ...window.probe.times().tasks));
