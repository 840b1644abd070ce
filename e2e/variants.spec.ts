import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Name the colours';
const spec = (files: Readonly<Record<string, string>>): string =>
  specText({ title, check: 'test -f src/names.js && test -f src/codes.js', files });
const colours = (accent: string): string => `export const accent = '${accent}';\n`;

test('variants are compared, files of two are taken into a branch of its own, which is gated and merged', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(360_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await notes.write('src/colours.js', colours('teal'));
  await notes.write('.switchyard/config.yaml', 'gates:\n  - { id: parses, run: node --check src/names.js }\n');
  await notes.write(
    'specs/colours.md',
    spec({ 'src/colours.js': colours('blue'), 'src/names.js': "export const names = ['blue'];\n" }),
  );
  await notes.commit('Plan the colours');
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await page.getByRole('button', { name: 'Allow these commands' }).click();

  await test.step('one run alone has nothing to be compared with: it is said what to do, and done', async () => {
    await bench.spawn(title);
    await bench.expectInGroup(title, 'Review');
    await bench.choose(title, 'Compare variants');
    await expect(page.getByRole('heading', { name: 'Only one run of this spec' })).toBeVisible();
    await notes.write(
      'specs/colours.md',
      spec({ 'src/colours.js': colours('red'), 'src/codes.js': "export const codes = ['#f00'];\n" }),
    );
    await page.getByRole('button', { name: 'Spawn another' }).click();
    const dialog = page.getByRole('dialog', { name: /^Spawn agents/ });
    await dialog.getByRole('button', { name: /^Spawn/ }).click();
    await expect(bench.card(title)).toHaveCount(2);
    const isDone = async (): Promise<number> =>
      (await notes.git('branch', '--list', 'feature/*', '--no-merged', 'main')).split('\n').filter(Boolean).length;
    await expect.poll(isDone).toBe(2);
    // A merge does not go over what the person has not committed.
    await notes.git('checkout', '--', 'specs/colours.md');
  });

  const table = page.getByRole('grid', { name: 'Variants and their files' });
  const row = (path: string) => table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: path }) });

  await test.step('the screen says what they agree in, and where they really disagree', async () => {
    await bench.tab('Terminals').click();
    await bench.card(title).first().getByRole('button').first().click();
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('compare the variants');
    await page.getByRole('option', { name: /compare the variants of its spec/ }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await expect(page.getByText('they disagree in 1 file')).toBeVisible();
    await expect(table.getByText('Really disagree')).toBeVisible();
    await expect(table.getByText('Only one touched')).toBeVisible();
    await expect(page.getByText('They disagree in 1 place:')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Take files…' })).toHaveAttribute('aria-disabled', 'true');
  });

  await test.step('what one of them writes meanwhile is seen', async () => {
    const worktrees = await notes.git('worktree', 'list', '--porcelain');
    const second = worktrees.split('\n').flatMap((line) => /^worktree (.*-2)$/.exec(line)?.[1] ?? [])[0];
    if (second === undefined) throw new Error(worktrees);
    await writeFile(join(second, 'src/codes.js'), "export const codes = ['#f00', '#00f'];\n");
    await expect(table.getByRole('img', { name: 'not all committed' })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('files of both are taken with the keyboard, into a run that is gated', async () => {
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(row('src/colours.js').getByRole('gridcell', { selected: true })).toHaveAttribute('title', /\(2\)/);
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: 'Take files from several variants' });
    await expect(dialog.getByRole('list', { name: 'What is taken' })).toContainText('2 files from Scribe (2)');
    await expect(dialog.getByText('What is not committed in Scribe (2) is taken, too.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Branch' }).fill('feature/both-colours');
    await dialog.getByRole('button', { name: 'Make the branch' }).click();
    await expect(bench.toast('Took 3 files into feature/both-colours')).toBeVisible();
    const card = bench.board.getByRole('article').filter({ hasText: 'Combined' });
    await expect(card.getByText('1/1 gates')).toBeVisible({ timeout: 120_000 });
    await expect(card.getByText('1/1 criteria')).toBeVisible({ timeout: 120_000 });
  });

  await test.step('it is merged like any other run, and says what came from where', async () => {
    await bench.merge(title, 'Merge commit');
    expect(await notes.git('show', 'main:src/codes.js')).toContain('#00f');
    expect(await notes.git('show', 'main:src/colours.js')).toContain('red');
    const trailers = await notes.git('log', '-1', '--format=%(trailers:key=File-From,valueonly)', 'main^2');
    expect(trailers).toMatch(/src\/codes\.js[^]*src\/colours\.js|src\/colours\.js[^]*src\/codes\.js/);
  });

  await test.step('one is kept whole, and the other deleted with a snapshot, as was said before', async () => {
    await bench.tab(/^Variants/).click();
    // In a narrow window the table goes along to the variant that is looked at.
    const size = page.viewportSize();
    await page.setViewportSize({ width: 800, height: 700 });
    const last = row('src/colours.js').getByRole('gridcell').last();
    await expect(last).toHaveAttribute('title', /^Combined/);
    await expect(last).not.toBeInViewport({ ratio: 0.9 });
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await expect(last).toBeInViewport({ ratio: 0.9 });
    if (size) await page.setViewportSize(size);
    const head = table.getByRole('columnheader').filter({ has: page.getByText('Scribe', { exact: true }) });
    await head.getByRole('button', { name: 'Keep…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Keep Scribe?' });
    await dialog.getByRole('checkbox', { name: 'Delete Scribe (2)' }).check();
    await expect(dialog.getByText('has 1 commit that no other branch has').first()).toBeVisible();
    await dialog.getByRole('button', { name: 'Keep it and delete 1' }).click();
    await expect(bench.toast('Kept Scribe')).toBeVisible();
    await expect.poll(() => notes.git('for-each-ref', 'refs/switchyard/snapshots/')).not.toBe('');
    expect(await notes.git('branch', '--list', 'feature/*-2')).toBe('');
  });
});
