import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';
import type { World } from './world.ts';

test('what cannot be opened is refused with its own reason, and nothing is written', async ({ world, page }) => {
  const bench = new Workbench(page);
  const folder = await world.repository('plain', 'none');
  const bare = await world.repository('bare.git', 'bare');
  const before = await readdir(world.home, { recursive: true });

  await bench.open(join(world.home, 'nowhere'));
  await expect(bench.refusal('There is no such folder')).toContainText(join(world.home, 'nowhere'));
  await bench.open(join(world.home, 'plain', 'notes.txt'));
  await expect(bench.refusal('That is a file, not a folder')).toBeVisible();
  await bench.open(`${world.home}/plain/notes.txt/deeper`);
  await expect(bench.refusal('There is no such folder')).toBeVisible();
  await bench.open(`~/${'long'.repeat(100)}`);
  await expect(bench.refusal('There is no such folder')).toBeVisible();
  await bench.open(bare.path);
  await expect(bench.refusal('This is a bare repository')).toContainText(`git clone ${bare.path}`);
  await bench.open(folder.path);
  await expect(bench.refusal('This folder is not a Git repository yet')).toBeVisible();

  await bench
    .refusal('This folder is not a Git repository yet')
    .getByRole('button', { name: 'Choose another folder' })
    .click();
  await expect(bench.refusal(/./)).toHaveCount(0);
  expect(await readdir(world.home, { recursive: true })).toEqual(before);
});

test('a folder becomes a repository, gets a first commit, and opens, with its files untouched', async ({
  world,
  page,
}) => {
  const folder = await world.repository('plain', 'none');
  const bench = new Workbench(page);
  await bench.open('~/plain');
  await bench
    .refusal('This folder is not a Git repository yet')
    .getByRole('button', { name: 'Make it a repository' })
    .click();
  await bench
    .refusal('This repository has no commit yet')
    .getByRole('button', { name: 'Make an empty first commit' })
    .click();
  await expect(bench.board).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Set up plain' })).toBeVisible();
  expect(await folder.git('ls-tree', '--name-only', 'HEAD')).toBe('');
  expect(await folder.git('status', '--porcelain')).toBe('?? notes.txt');
  expect(await folder.read('notes.txt')).toBe('no repository here\n');
});

test('a repository without commits is offered a first one', async ({ world, page }) => {
  const empty = await world.repository('empty', 'without-commits');
  const bench = new Workbench(page);
  await bench.open(empty.path);
  await bench
    .refusal('This repository has no commit yet')
    .getByRole('button', { name: 'Make an empty first commit' })
    .click();
  await expect(bench.board).toBeVisible();
  expect(await empty.git('rev-list', '--count', 'main')).toBe('1');
});

test('a worktree and a subfolder lead to the main checkout', async ({ world, page }) => {
  const notes = await world.repository('notes', 'clean');
  await notes.git('worktree', 'add', '-q', '-b', 'side', join(world.home, 'side'));
  const bench = new Workbench(page);

  await bench.open(join(world.home, 'side'));
  const worktree = bench.refusal('This is a worktree of another checkout');
  await expect(worktree).toContainText(notes.path);
  await worktree.getByRole('button', { name: 'Open the main checkout' }).click();
  await expect(page.getByRole('button', { name: 'notes', exact: true })).toBeVisible();
  await bench.leave();

  await bench.open('~/notes/src');
  await bench
    .refusal('This folder is inside a repository')
    .getByRole('button', { name: 'Open the repository' })
    .click();
  await expect(page.getByRole('button', { name: 'notes', exact: true })).toBeVisible();
  await bench.leave();

  // It was opened before, so it is offered, once.
  await expect(page.getByRole('listitem').filter({ hasText: 'notes' })).toHaveCount(1);
  await page
    .getByRole('listitem')
    .getByRole('button', { name: /notes.*~\/notes/ })
    .click();
  await expect(bench.board).toBeVisible();
});

test('a name with a dash in front, spaces and other scripts opens, and agents work in it', async ({ world, page }) => {
  const name = '-räum \'ä\' "日本" $HOME;x';
  const odd = await world.repository(name, 'clean');
  await odd.write('specs/odd.md', specText({ title: 'Work in an odd place', files: { 'ødd, file.txt': 'done\n' } }));
  await odd.commit('Say what is next');
  const bench = new Workbench(page);

  const field = page.getByRole('combobox', { name: 'Folder of a Git repository' });
  await field.fill('~/-r');
  await page.getByRole('option', { name }).click();
  await expect(bench.board).toBeVisible();
  await bench.spawn('Work in an odd place');
  await bench.expectInGroup('Work in an odd place', 'Review');
  await bench.openCard('Work in an odd place');
  await expect(page.getByRole('option', { name: 'ødd, file.txt' })).toBeVisible();
  await bench.merge('Work in an odd place', 'Merge commit');
  expect(await odd.read('ødd, file.txt')).toBe('done\n');
  expect(await readdir(world.home)).toContain(`${name}.worktrees`);
});

test('a folder without permission is said to be one, and opens once it may be read', async ({
  world,
  context,
  watch,
}) => {
  const notes = await world.repository('notes', 'clean');
  const launcher = await withoutPrivileges(world);
  test.skip(launcher === null, 'running as root, and there is no setpriv to take away what root may read');
  world.host.launcher = launcher ?? [];
  await world.host.start();
  const page = await context.newPage();
  await page.goto(world.host.address);
  expect(watch.problems).toEqual([]);
  const bench = new Workbench(page);

  await chmod(notes.path, 0o000);
  try {
    await bench.open(notes.path);
    await expect(bench.refusal('This folder cannot be read')).toContainText(`ls -ld ${notes.path}`);
  } finally {
    await chmod(notes.path, 0o755);
  }
  await bench.refusal('This folder cannot be read').getByRole('button', { name: 'Try again' }).click();
  await expect(bench.board).toBeVisible();
});

/** What to start the host with so that permissions hold for it; null where that cannot be had. For root they do not. */
async function withoutPrivileges(world: World): Promise<readonly string[] | null> {
  if (process.getuid?.() !== 0) return [];
  const launcher = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const locked = join(world.folder, 'locked');
  await mkdir(locked, { mode: 0o000 });
  const [command = '', ...args] = launcher;
  const reads = await world.run(command, [...args, 'ls', locked]).then(
    () => 'reads',
    (error: unknown) => String(error),
  );
  return /Permission denied/.test(reads) ? launcher : null;
}
