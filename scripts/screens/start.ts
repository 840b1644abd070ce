import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { press, seen, spawnAll, type Walk } from './screen.ts';

/** Before a project is open: nothing known yet, what cannot be opened, and what was open before. */
export const start: Walk = {
  name: 'start',
  prepare: async (world) => {
    await world.repository('notes', 'clean');
    await world.repository('a-repository-whose-name-goes-on-and-on-until-nobody-wants-to-read-it-any-more', 'clean');
    await world.repository('日本語のリポジトリ', 'clean');
    await world.repository('gone', 'clean');
    await world.repository('plain', 'none');
    await world.repository('bare.git', 'bare');
    return [];
  },
  screens: [
    {
      name: 'first',
      show: async ({ page }) => {
        await page.getByText('Your repositories will be listed here.').waitFor();
      },
    },
    {
      name: 'completion',
      show: async ({ page }) => {
        await page.getByRole('combobox', { name: 'Folder of a Git repository' }).fill('~/');
        await page.getByRole('option').nth(3).waitFor();
      },
    },
    {
      name: 'no-repository',
      show: async ({ bench, page }) => {
        await bench.open('~/plain');
        await bench.refusal('This folder is not a Git repository yet').waitFor();
        await page.keyboard.press('Escape');
      },
    },
    {
      name: 'recents',
      show: async ({ bench, page, world }) => {
        for (const name of ['gone', '日本語のリポジトリ', 'a-repository-whose-name', 'notes']) {
          await page.getByRole('combobox', { name: 'Folder of a Git repository' }).fill(`~/${name}`);
          await page.getByRole('option', { name }).first().click();
          await bench.board.waitFor();
          await bench.leave();
        }
        await rm(join(world.home, 'gone'), { recursive: true });
        await page.reload();
        await page.getByText('not there any more').waitFor();
      },
    },
    {
      name: 'bare',
      show: async ({ bench }) => {
        await bench.open('~/bare.git');
        await bench.refusal('This is a bare repository').waitFor();
      },
    },
    {
      name: 'stranger',
      show: async ({ page, world }) => {
        await page.context().clearCookies();
        await page.goto(new URL('/', world.host.address).href);
        await page.getByText('Open Switchyard with the whole address').waitFor();
      },
    },
  ],
};

/** A repository with nothing of ours in it, up to its first spec. */
export const empty: Walk = {
  name: 'empty',
  prepare: async (world) => ['--project', (await world.repository('notes', 'clean')).path],
  screens: [
    {
      name: 'board',
      show: async ({ page }) => {
        await page.getByRole('heading', { name: 'Set up notes' }).waitFor();
      },
    },
    {
      name: 'set-up',
      show: async ({ page }) => {
        await press(page, 'See what would be written');
        await page.getByRole('button', { name: /^Write \d+ files/ }).waitFor();
      },
    },
    {
      name: 'snapshots',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await press(page, 'notes');
        await page.getByRole('menuitem', { name: 'Snapshots…' }).click();
        await page.getByText('No snapshots yet').waitFor();
      },
    },
    {
      name: 'settings',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await press(page, 'Settings');
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'keys',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('combobox').fill('keyboard');
        await page
          .getByRole('option', { name: /[Kk]ey/ })
          .first()
          .click();
        await page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'nothing-matches',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('combobox').fill('nothing is called this');
      },
    },
    {
      name: 'new-spec',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.board.getByRole('button', { name: 'New spec' }).first().click();
        await bench.dialog('New spec').getByRole('textbox', { name: 'Title' }).fill('Sort the notes by date');
      },
    },
    {
      name: 'first-spec',
      show: async ({ page }) => {
        await page.keyboard.press('Enter');
        await page.getByText('title: Sort the notes by date').waitFor();
        await page.getByText(/^about .* tokens$/).waitFor();
      },
    },
    {
      name: 'no-agents',
      show: async ({ page }) => {
        await press(page, 'Spawn…');
        await page.getByRole('dialog', { name: /^Spawn agents/ }).waitFor();
        await press(page, /^Not installed/);
      },
    },
    {
      name: 'no-changes',
      show: async ({ page, bench }) => {
        const dialog = bench.dialog(/^Spawn agents/);
        await dialog.getByRole('checkbox', { name: /^Shell/ }).check();
        const scribe = dialog.getByRole('checkbox', { name: /^Scribe/ });
        if (await scribe.isChecked()) await scribe.uncheck();
        await spawnAll(page);
        await seen(bench, 'Sort the notes by date', '$');
        await bench.choose('Sort the notes by date', 'Review changes');
        await page.getByText('No changes yet').waitFor();
      },
    },
  ],
};
