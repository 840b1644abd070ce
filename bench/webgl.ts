import type { Page } from '@playwright/test';

import type { Section } from './section.ts';
import { sleep } from './stage/floods.ts';
import { pretendGraphicsCard, webglFlags } from './stage/pretend-graphics-card.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';

const runs = 24;
const panes = 6;
const viewport = { width: 1920, height: 1080 };

/** Whether terminals that are drawn with WebGL are ever blank, and how many contexts they hold. */
export const webglSection: Section = {
  name: 'webgl',
  about: `blank terminals and live contexts with WebGL on, ${String(runs)} runs and ${String(panes)} in view at a time`,
  measure: async (bench) => {
    const browser = await bench.browser(webglFlags);
    const stage = await SwitchyardStage.create({
      browser,
      runs,
      shown: Array.from({ length: panes }, (_, index) => index),
      viewport,
      script: pretendGraphicsCard,
    });
    const judge = await browser.newPage();
    try {
      for (let index = 0; index < runs; index++) {
        await stage.send(index, `clear; for i in $(seq 60); do printf 'text %s of ${String(index)} ' $i; done\r`);
      }
      let blank = 0;
      let looked = 0;
      let mostBeyond = -Infinity;
      let most = 0;
      const turns = bench.rounds(1) * runs;
      for (let turn = 0; turn <= turns; turn++) {
        if (turn > 0) await showNext(stage, turn);
        await sleep(400);
        const shown = await shownTerminals(stage.page);
        const live = await stage.page.evaluate(
          () => window.webglContexts.filter((context) => !context.isContextLost()).length,
        );
        most = Math.max(most, live);
        mostBeyond = Math.max(mostBeyond, live - shown.length);
        for (const label of shown) {
          looked++;
          if (await isBlank(stage.page, judge, label)) blank++;
        }
      }
      if (most === 0) {
        bench.leaveOut('WebGL', 'this browser gives no context, not even one on the processor');
        return;
      }
      bench.report({
        name: `blank terminals, of ${String(looked)} looked at`,
        value: blank,
        unit: '',
        baseline: null,
        goal: { atMost: 0 },
      });
      bench.report({
        name: `live contexts beyond the terminals in view (at most ${String(most)} lived at once)`,
        value: Math.max(0, mostBeyond),
        unit: '',
        baseline: null,
        goal: { atMost: 0 },
      });
    } finally {
      await stage.dispose();
    }
  },
};

/** Takes a pane away and shows another run in its place, as a person does who goes through them. */
async function showNext(stage: SwitchyardStage, turn: number): Promise<void> {
  const { page } = stage;
  const inGrid = await page
    .locator('section[data-run]')
    .evaluateAll((sections) => sections.map((pane) => pane.getAttribute('data-run')));
  const cards = await page
    .locator('article[data-run]')
    .evaluateAll((found) => found.map((card) => card.getAttribute('data-run')));
  const hidden = cards.filter((id) => !inGrid.includes(id));
  const next = hidden[turn % hidden.length];
  const leaving = inGrid[turn % inGrid.length];
  await page
    .locator(`section[data-run="${leaving ?? ''}"]`)
    .getByRole('button', { name: 'More actions' })
    .click();
  await page.getByRole('menuitem', { name: 'Take out of the grid' }).click();
  await page
    .locator(`article[data-run="${next ?? ''}"] button`)
    .first()
    .click();
}

async function shownTerminals(page: Page): Promise<string[]> {
  return await page
    .locator('section[data-run] textarea[aria-label^="Terminal of"]')
    .evaluateAll((found) => found.map((textarea) => textarea.getAttribute('aria-label') ?? ''));
}

/** Looks at the picture of a terminal: one without writing has few pixels that differ from its background. */
async function isBlank(page: Page, judge: Page, label: string): Promise<boolean> {
  const screen = page.locator('.xterm', { has: page.locator(`textarea[aria-label="${label}"]`) });
  const picture = (await screen.screenshot({ timeout: 20_000 })).toString('base64');
  return await judge.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no picture can be looked at');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, Math.floor(image.height / 2));
    let different = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (Math.abs((data[at] ?? 0) - (data[0] ?? 0)) > 40) different++;
    }
    return different < 200;
  }, picture);
}
