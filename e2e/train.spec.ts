import { expect, test } from './fixtures.ts';
import { Repository } from './repository.ts';
import { Workbench } from './workbench.ts';

const toggles = 'Feature toggle framework';
const history = 'Match history for players';
const schedule = 'Schedule override for administrators';

test('three kept branches, two of them colliding: the radar, the order, and a train that stops and goes on', async ({
  world,
  page,
  shell,
  desktop,
}) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  const demo = new Repository(`${world.home}/switchyard-demo`, world.env);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await page.getByRole('button', { name: 'Spawn agents' }).click();
  await bench.dialog('Spawn agents on 3 specs').getByRole('button', { name: 'Spawn 3 runs' }).click();
  await bench.expectInGroup(schedule, 'Needs you');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(bench.terminal(schedule)).toBeFocused();
  await page.keyboard.type('Everybody may read it.');
  await page.keyboard.press('Enter');
  for (const title of [toggles, history, schedule]) await bench.expectInGroup(title, 'Review');

  await test.step('the cards say what collides, and the radar shows where', async () => {
    for (const title of [history, schedule]) await expect(bench.card(title)).toContainText('collides with 1');
    await expect(bench.card(toggles)).not.toContainText('collides');
    await page.keyboard.press('F9');
    await page.getByRole('button', { name: /1 file collides/ }).click();
    const details = page.getByRole('region', { name: 'What the chosen branches collide in' });
    await expect(details).toContainText('src/routes.ts');
    await expect(details).toContainText("label: 'My matches'");
  });

  await test.step('each is kept', async () => {
    for (const title of [toggles, history, schedule]) {
      await bench.card(title).hover();
      await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
      await page.getByRole('radio', { name: 'Keep' }).click();
      await expect(bench.card(title)).toContainText('Keep');
    }
  });

  await test.step('the order spares two of three, and the train stops at the third', async () => {
    await page.keyboard.press('F9');
    await page.getByRole('radio', { name: 'Merge order' }).click();
    await expect(page.getByText('2 of 3 merge in this order, 1 collides.')).toBeVisible();
    await page.getByRole('button', { name: 'Start the train' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start the train' }).click();
    const cars = page.getByRole('list', { name: 'The cars of the train' });
    await expect(cars.getByText('collides', { exact: true })).toBeVisible();
    await expect(cars.getByText('merged', { exact: true })).toHaveCount(2);
    await expect(cars).toContainText('src/routes.ts: both changed the same lines');
    expect((await demo.git('log', '--first-parent', '--merges', '--format=%s', 'main')).split('\n')).toHaveLength(2);
  });

  await test.step('it goes on without that one, and is done', async () => {
    await page.getByRole('button', { name: 'Go on without it' }).click();
    await expect(page.getByText('Done. 2 of 3 merged.')).toBeVisible();
    await bench.expectInGroup(toggles, 'Done');
    expect(await demo.git('status', '--porcelain')).toBe('');
  });

  await test.step('the base is put back to before the first of them, which says what comes off, and that is taken back', async () => {
    const tip = await demo.git('rev-parse', 'main');
    const [second, first] = (await demo.git('log', '-2', '--first-parent', '--format=%s', 'main')).split('\n');
    const openSnapshots = async (): Promise<void> => {
      await page.keyboard.press('Control+Shift+P');
      await page.getByRole('combobox').fill('Snapshots');
      await page.getByRole('option', { name: /^Snapshots/ }).click();
    };
    const row = (text: string) => bench.dialog('Snapshots').getByRole('listitem').filter({ hasText: text });
    await openSnapshots();
    await row(first ?? '')
      .getByRole('button', { name: 'Restore' })
      .click();
    const asked = bench.dialog(`Put main back to before “${first ?? ''}”`);
    await expect(asked).toContainText('2 commits on it come off');
    for (const subject of [first, second]) await expect(asked.getByRole('listitem')).toContainText([subject ?? '']);
    expect(await demo.git('rev-parse', 'main')).toBe(tip);
    await asked.getByRole('button', { name: 'Put main back' }).click();
    await expect(bench.toast('main is back where it was')).toBeVisible();
    expect(await demo.git('rev-parse', 'main')).toBe(await demo.git('rev-parse', `${tip}~2`));
    expect(await demo.git('status', '--porcelain')).toBe('');
    await openSnapshots();
    await row('Put main back to').getByRole('button', { name: 'Restore' }).click();
    await expect.poll(() => demo.git('rev-parse', 'main')).toBe(tip);
    await bench.expectInGroup(toggles, 'Done');
  });

  await test.step('in the desktop app, the task bar showed how far the train was, and shows nothing any more', async () => {
    if (shell === 'headless') return;
    const { progress } = await desktop.recorded();
    expect(progress).toEqual(expect.arrayContaining([1 / 3, 2 / 3]));
    expect(progress.at(-1)).toBe(-1);
  });
});
