import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { Repository } from '#e2e/repository.ts';
import { specText } from '#e2e/spec-text.ts';

import { press, seen, settle, spawnAll, type Screen, type Walk } from './screen.ts';

/** A red square. */
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR42mO4o6GBFTEMLQkAuKw3gQ0v5oAAAAAASUVORK5CYII=',
  'base64',
);

/** Every kind of change that Git knows, most of it committed. */
async function changeEverything({ path }: Repository, env: NodeJS.ProcessEnv): Promise<void> {
  const worktree = new Repository(join(`${path}.worktrees`, 'feature', 'ai-every'), env);
  await worktree.write('logo.png', photo);
  await worktree.write('data.bin', new Uint8Array(4096).fill(7).fill(0, 0, 64));
  await worktree.write('huge.json', `[\n${'  "the same line again and again",\n'.repeat(90_000)}  ""\n]\n`);
  await worktree.write('long-line.js', `export const all = '${'x'.repeat(40_000)}';\n`);
  await worktree.write('empty.txt', '');
  await worktree.write('run.sh', '#!/bin/sh\necho run\n');
  await symlink('src/notes.js', join(worktree.path, 'notes-link'));
  await worktree.git('mv', 'src/colours.js', 'src/palette.js');
  await worktree.git('rm', '-q', 'README.md');
  await worktree.git('add', '-A');
  await worktree.git('update-index', '--chmod=+x', 'package.json');
  await worktree.git('update-index', '--add', '--cacheinfo', `160000,${'a1'.repeat(20)},vendor/library`);
  await worktree.git('commit', '-q', '-m', 'Change everything');
  await worktree.git('reset', '-q', '--hard');
  await worktree.write('src/notes.js', 'export const notes = ["not committed"];\n');
}

const odd = {
  binary: 'data.bin',
  image: 'logo.png',
  renamed: 'src/palette.js',
  deleted: 'README.md',
  mode: 'package.json',
  submodule: 'vendor/library',
  symlink: 'notes-link',
  huge: 'huge.json',
  'long-line': 'long-line.js',
  'empty-file': 'empty.txt',
  uncommitted: 'src/notes.js',
};

const oddFiles = Object.entries(odd).map(([name, path]): Screen => ({
  name,
  show: async ({ page }) => {
    await page.getByRole('option', { name: path }).click();
    await page.getByRole('main').locator('header').getByTitle(path).first().waitFor();
    await page.getByText('Loading the file').waitFor({ state: 'hidden' });
  },
}));

const notesOf = ({ home, env }: { home: string; env: NodeJS.ProcessEnv }): Repository =>
  new Repository(join(home, 'notes'), env);
const broken = specText({ title: 'Add a file', agents: ['Nobody Two'], base: 'nowhere' });
const whole = specText({ title: 'Add a file', files: { 'src/notes.js': 'export {};\n' } });

/** What goes wrong, and what is not text: each must say what happened, what is safe, and what to do. */
export const trouble: Walk = {
  name: 'trouble',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const notes = await world.repository('notes', 'clean');
    await notes.write('specs/add.md', broken);
    await notes.write('specs/every.md', specText({ title: 'Change everything', agents: ['shell'] }));
    await notes.write('.switchyard/config.yaml', 'branch: feature/{name}\nsetup: yes\n');
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'spec-errors',
      show: async ({ page, bench }) => {
        await bench.openCard('Add a file');
        await press(page, /error/);
        await page.getByRole('alert').first().waitFor();
      },
    },
    {
      name: 'spec-conflict',
      show: async ({ page, bench, world }) => {
        await page.keyboard.press('Escape');
        await notesOf(world).write('.switchyard/config.yaml', '# The defaults hold.\n');
        await bench.editor('add').click();
        await page.keyboard.press('Control+End');
        await page.keyboard.type('Written here.');
        await notesOf(world).write('specs/add.md', whole);
        await page.getByText('The file has changed on disk').waitFor();
      },
    },
    {
      name: 'spec-compare',
      show: async ({ page, bench }) => {
        await press(page, 'Compare');
        await bench.dialog('On disk, and your edits').waitFor();
      },
    },
    {
      name: 'unsaved',
      show: async ({ page, bench }) => {
        await bench.dialog('On disk, and your edits').getByRole('button', { name: 'Close' }).last().click();
        await press(page, 'Keep my edits');
        await bench.tab('Terminals').click();
      },
    },
    {
      name: 'spawn-obstacle',
      show: async ({ page, bench, world }) => {
        await bench.openCard('Add a file');
        await press(page, 'More for this spec');
        await page.keyboard.press('Escape');
        await bench.editor('add').click();
        await page.keyboard.press('Control+A');
        await page.keyboard.insertText(whole);
        await page.keyboard.press('Control+S');
        await notesOf(world).git('branch', 'feature/ai-add');
        await bench.card('Add a file').getByRole('button', { name: 'Spawn' }).click();
        await page.getByRole('textbox', { name: 'Branch' }).fill('feature/ai-add');
        await page.getByText('exists already').first().waitFor();
      },
    },
    {
      name: 'odd-files',
      show: async ({ page, bench, world }) => {
        await notesOf(world).git('branch', '-D', 'feature/ai-add');
        await page.getByText('exists already').first().waitFor({ state: 'hidden' });
        await spawnAll(page);
        await settle(bench, 'Add a file', 'Review');
        await bench.card('Change everything').getByRole('button', { name: 'Spawn' }).click();
        await spawnAll(page);
        await seen(bench, 'Change everything', '$');
        await changeEverything(notesOf(world), world.env);
        await bench.choose('Change everything', 'Review changes');
        await page.getByRole('option', { name: odd.huge }).waitFor();
      },
    },
    ...oddFiles,
    {
      name: 'huge-shown',
      show: async ({ page }) => {
        await page.getByRole('option', { name: odd.huge }).click();
        await press(page, 'Show it all the same');
        await page.getByText('the same line again').first().waitFor();
      },
    },
    {
      name: 'merge-dirty',
      show: async ({ page, bench, world }) => {
        await notesOf(world).write('src/notes.js', 'export const notes = ["mine"];\n');
        await bench.choose('Add a file', 'Review changes');
        await press(page, /^Merge…/);
        await page.getByText('is checked out with changes of yours').waitFor();
      },
    },
    {
      name: 'merge-elsewhere',
      show: async ({ page, world }) => {
        await notesOf(world).git('switch', '-q', '-c', 'my-own-work');
        await press(page, 'Look again');
        await page.getByText('is on my-own-work and is not touched').waitFor();
      },
    },
    {
      name: 'base-moved',
      show: async ({ page, world }) => {
        const main = await notesOf(world).git('commit-tree', '-p', 'main', '-m', 'Meanwhile', 'main^{tree}');
        await notesOf(world).git('update-ref', 'refs/heads/main', main);
        await press(page, /^(?:Merge|Keep and merge)$/);
        await page.getByText(/moved/).first().waitFor();
      },
    },
    {
      name: 'run-gone',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.choose('Add a file', 'Stop agent');
        await page.waitForTimeout(1500);
      },
    },
  ],
};
