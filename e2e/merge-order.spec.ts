import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect as expectSoon, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const wide = 'Rename both';
const left = 'Rename the left';
const right = 'Rename the right';
const alone = 'Add a page';
const titles = [wide, left, right, alone];
/** Four agents take their time on a busy machine. */
const patience = 120_000;
const expect = expectSoon.configure({ timeout: patience });
test.use({ actionTimeout: patience });

const config = (timeout: string): string =>
  `gates:\n  - id: tests\n    title: All tests\n    run: test -s src/left.txt\n    timeout: ${timeout}\n`;

test('a gate that cannot be read holds the train; a branch is moved in the order and its cost is seen; the last branch goes alone', async ({
  world,
  page,
}) => {
  test.setTimeout(400_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  for (const side of ['left', 'right']) await notes.write(`src/${side}.txt`, `the ${side}\n`);
  const spec = (name: string, title: string, files: Readonly<Record<string, string>>) =>
    notes.write(`specs/${name}.md`, specText({ title, branch: `feature/${name}`, files }));
  await spec('wide', wide, { 'src/left.txt': 'both\n', 'src/right.txt': 'both\n' });
  await spec('left', left, { 'src/left.txt': 'the renamed left\n' });
  await spec('right', right, { 'src/right.txt': 'the renamed right\n' });
  await spec('alone', alone, { 'src/page.txt': 'a page\n' });
  await notes.commit('Plan four things');
  // Not committed, so that it can be mended without standing in a merge's way.
  await notes.write('.switchyard/config.yaml', config('300'));
  const problem = '.switchyard/config.yaml, line 5: Gate tests: `timeout` is longer than 240 minutes.';
  const allow = async (): Promise<void> => {
    await page.getByRole('button', { name: 'See the commands' }).click();
    await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();
  };
  const decide = async (title: string, decision: 'Keep' | 'Discard'): Promise<void> => {
    await bench.card(title).hover();
    await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await page.getByRole('radio', { name: decision }).click();
    await expect(bench.card(title).filter({ hasText: decision })).toBeVisible();
  };
  const openOrder = async (): Promise<void> => {
    await page.keyboard.press('F9');
    await page.getByRole('radio', { name: 'Merge order' }).click();
  };
  const start = page.getByRole('button', { name: 'Start the train' });
  const steps = page.getByRole('list', { name: 'The order of merges' }).getByRole('listitem');

  await test.step('the project says that a gate cannot be read, and what that means', async () => {
    await bench.open(notes.path);
    await allow();
    const banner = page.getByRole('note').filter({ hasText: 'longer than 240 minutes' });
    await expect(banner).toContainText(problem);
    await expect(banner).toContainText('the train merges nothing');
  });

  await test.step('the review lists the gate, and the merge dialog says it first', async () => {
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench.dialog('Spawn agents on 4 specs').getByRole('button', { name: 'Spawn 4 runs' }).click();
    for (const title of titles) await expect.poll(() => bench.groupOf(title), { timeout: patience }).toBe('Review');
    for (const title of [left, right]) await decide(title, 'Keep');
    const checks = page.getByRole('region', { name: 'Checks' });
    await checks.getByRole('button', { name: '0 of 1 gates, 1 cannot be read' }).click();
    await expect(checks.getByRole('listitem')).toContainText([`tests cannot be read${problem}`]);
    await page.getByRole('button', { name: 'Merge…' }).click();
    const dialog = bench.dialog('Merge into main');
    await expect(dialog.getByText('0 of 1 gates, 1 cannot be read. It can be merged all the same.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('two branches near review that come to collide are told of, once', async () => {
    // What collides when it is first looked at is no news.
    await page.keyboard.press('F9');
    await expect(page.getByText('4 branches · 2 pairs collide')).toBeVisible();
    const list = await notes.git('worktree', 'list', '--porcelain');
    const [, worktree = ''] = /^worktree (.*)\n.*\nbranch refs\/heads\/feature\/alone$/m.exec(list) ?? [];
    const file = join(worktree, 'src/left.txt');
    await writeFile(file, 'alone\n');
    const toast = bench.toast('Two branches that wait for review collide now');
    await expect(toast.filter({ hasText: left })).toContainText('src/left.txt, both changed the same lines');
    await expect(toast.filter({ hasText: alone })).not.toHaveCount(0);
    await writeFile(file, 'the left\n');
    await expect(bench.card(alone)).not.toContainText('collides');
  });

  await test.step('the train does not start, and the button says why', async () => {
    await openOrder();
    await expect(page.getByText('3 of 4 merge in this order, 1 collides.')).toBeVisible();
    await expect(steps.last()).toContainText(wide);
    await start.hover();
    await expect(page.getByRole('tooltip')).toContainText(`nothing is merged without it. ${problem}`);
  });

  await test.step('a branch that is dragged to the front costs one more, and the keyboard takes it back', async () => {
    await steps.last().dragTo(steps.first());
    await expect(page.getByText('2 of 4 merge in this order, 2 collide.')).toBeVisible();
    await expect(steps.first()).toContainText(wide);
    await expect(steps.first()).toContainText(
      /“Rename the (?:left|right)” and “Rename the (?:left|right)” further down/,
    );
    await expect(steps.filter({ hasText: `cannot be merged with “${wide}”` })).toHaveCount(2);
    for (const _ of [1, 2, 3]) {
      await page.getByRole('button', { name: `Move ${wide} down` }).press('Enter');
      await expect(page.getByRole('button', { name: 'Propose an order' })).toBeEnabled();
    }
    await expect(page.getByText('3 of 4 merge in this order, 1 collides.')).toBeVisible();
    await expect(steps.last()).toContainText(wide);
  });

  const dialog = page.getByRole('dialog');
  await test.step('mended and allowed, the gate is named before the train starts, and runs', async () => {
    await notes.write('.switchyard/config.yaml', config('3'));
    await expect(page.getByRole('note').filter({ hasText: 'longer than' })).toHaveCount(0);
    await allow();
    await start.click();
    await expect(dialog).toContainText('Each is merged only after these have passed on the merged files: “All tests”.');
    await dialog.getByRole('button', { name: 'Start the train' }).click();
    await expect(page.getByText('Done. 2 of 2 merged.')).toBeVisible();
    expect(await notes.git('log', '-1', '--format=%(trailers:key=Gates,valueonly)', 'main')).toContain('tests passed');
  });

  await test.step('the last branch is an order too, and goes through the gates alone', async () => {
    await decide(wide, 'Discard');
    await decide(alone, 'Keep');
    await openOrder();
    await expect(page.getByText('The only branch; it merges.')).toBeVisible();
    await expect(steps).toHaveCount(1);
    await start.click();
    await dialog.getByRole('button', { name: 'Start the train' }).click();
    await expect(page.getByText('Done. 1 of 1 merged.')).toBeVisible();
    expect(await notes.git('show', 'main:src/page.txt')).toBe('a page');
  });
});
