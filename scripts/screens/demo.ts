import { press, settle, type Walk } from './screen.ts';

/** In the order of a person's way through the demo. The README's picture is one of these. */
export const demo: Walk = {
  name: 'demo',
  prepare: () => Promise.resolve(['--demo']),
  screens: [
    {
      name: 'drafts',
      show: async ({ page }) => {
        await page.getByRole('button', { name: 'Spawn agents' }).waitFor();
      },
    },
    {
      name: 'spec',
      show: async ({ page }) => {
        await page.getByText('Match history for players').first().click();
        await page.getByText('Everything shown is escaped').first().waitFor();
      },
    },
    {
      name: 'spawn',
      show: async ({ page }) => {
        await press(page, 'Terminals');
        await press(page, 'Spawn agents');
        await page
          .getByRole('button', { name: /^Spawn 3 runs/ })
          .and(page.locator(':not([aria-disabled])'))
          .waitFor();
      },
    },
    {
      name: 'grid',
      show: async ({ page, bench }) => {
        await press(page, /^Spawn 3 runs/);
        await page.getByText('Waiting for you').first().waitFor();
        await page
          .getByText(/Committed [0-9a-f]{7}/)
          .nth(1)
          .waitFor();
        // What is committed is seen a moment later.
        for (const title of ['Feature toggle framework', 'Match history']) {
          await bench
            .card(title)
            .getByText(/uncommitted$/)
            .waitFor({ state: 'hidden' });
        }
      },
    },
    {
      name: 'review',
      show: async ({ page }) => {
        await page.getByText('Feature toggle framework').first().click({ button: 'right' });
        await page.getByRole('menuitem', { name: /Review changes/ }).click();
        await page.getByRole('option', { name: /home\.ts/ }).click();
        await page.getByRole('radio', { name: 'Keep' }).click();
        await page.locator('.monaco-diff-editor').first().waitFor();
      },
    },
    {
      name: 'merge',
      show: async ({ page }) => {
        await press(page, /^Merge…/);
        await page.getByText('Merges cleanly').waitFor();
      },
    },
    {
      name: 'palette',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('combobox').waitFor();
      },
    },
    {
      name: 'merged',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.merge('Feature toggle framework', 'Merge commit');
        await settle(bench, 'Feature toggle framework', 'Done');
      },
    },
    {
      name: 'conflict',
      show: async ({ page, bench }) => {
        await bench.openCard('Match history for players');
        await bench.merge('Match history for players', 'Squash');
        await bench.choose('Schedule override for administrators', 'Open terminal');
        await bench.typeLine('Schedule override for administrators', 'Everybody may read it.');
        await settle(bench, 'Schedule override for administrators', 'Review');
        await bench.openCard('Schedule override for administrators');
        await press(page, /^Merge…/);
        await page.getByText('Conflicts in 1 file').waitFor();
      },
    },
  ],
};
