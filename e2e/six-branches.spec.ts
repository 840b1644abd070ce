import { expect as expectSoon, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const colours = (accent: string, text: string): string =>
  `export const colours = {\n  accent: '${accent}', text: '${text}',\n};\n`;
const blue = 'Make the accent blue';
const white = 'Make the text white';
const apart = ['archive', 'export', 'search', 'tags'] as const;
const titleOf = (name: string): string => `Add the ${name}`;
/** Six agents and a train of six take their time on a busy machine. */
const patience = 240_000;
const expect = expectSoon.configure({ timeout: patience });
test.use({ actionTimeout: patience });

const titles = [blue, white, ...apart.map(titleOf)];

test('six branches, two of them colliding: from the radar through the order, a train that stops and help with the conflict to six merges', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(600_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await notes.write('src/colours.js', colours('teal', 'black'));
  await notes.write(
    '.switchyard/config.yaml',
    'gates:\n  - id: loads\n    run: grep -q accent src/colours.js && test -s src/notes.js\n',
  );
  const spec = (name: string, title: string, check: string, files: Readonly<Record<string, string>>) =>
    notes.write(`specs/${name}.md`, specText({ title, branch: `feature/${name}`, check, files }));
  await spec('blue', blue, 'grep -q blue src/colours.js', { 'src/colours.js': colours('blue', 'black') });
  await spec('white', white, 'grep -q white src/colours.js', { 'src/colours.js': colours('teal', 'white') });
  for (const name of apart) {
    const file = `src/${name}.js`;
    await spec(name, titleOf(name), `test -e ${file}`, { [file]: `export const ${name} = true;\n` });
  }
  const begun = await notes.commit('Plan six things');
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();

  await test.step('six agents work side by side', async () => {
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench.dialog('Spawn agents on 6 specs').getByRole('button', { name: 'Spawn 6 runs' }).click();
    for (const title of titles) await expect.poll(() => bench.groupOf(title), { timeout: patience }).toBe('Review');
  });

  await test.step('the radar shows the two that collide, and nothing of the others', async () => {
    for (const title of [blue, white]) await expect(bench.card(title)).toContainText('collides with 1');
    for (const name of apart) await expect(bench.card(titleOf(name))).not.toContainText('collides');
    await page.keyboard.press('F9');
    await page.getByRole('button', { name: /1 file collides/ }).click();
    const details = page.getByRole('region', { name: 'What the chosen branches collide in' });
    await expect(details).toContainText('src/colours.js');
  });

  await test.step('each is kept', async () => {
    for (const title of titles) {
      await bench.card(title).hover();
      await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      await page.getByRole('radio', { name: 'Keep' }).click();
      await expect(bench.card(title)).toContainText('Keep');
    }
  });

  const cars = page.getByRole('list', { name: 'The cars of the train' });
  const merges = async (): Promise<readonly string[]> =>
    (await notes.git('log', '--first-parent', '--merges', '--format=%s', `${begun}..main`)).split('\n').filter(Boolean);

  await test.step('the order spares five, and the train stops at the sixth', async () => {
    await page.keyboard.press('F9');
    await page.getByRole('radio', { name: 'Merge order' }).click();
    await expect(page.getByText('5 of 6 merge in this order, 1 collides.')).toBeVisible();
    await page.getByRole('button', { name: 'Start the train' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start the train' }).click();
    await expect(cars.getByText('collides', { exact: true })).toBeVisible();
    await expect(cars.getByText('merged', { exact: true })).toHaveCount(5);
    expect(await merges()).toHaveLength(5);
  });

  await test.step('the conflict is solved on its branch, and held against what both sides promise', async () => {
    await cars.getByRole('listitem').filter({ hasText: 'collides' }).getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Merge…' }).click();
    await bench.dialog('Merge into main').getByRole('button', { name: 'Solve it by hand…' }).click();
    const dialog = bench.dialog('Solve the conflict by hand');
    await expect(dialog.getByText('1 place in conflict')).toBeVisible();
    await dialog.getByRole('button', { name: 'Take both' }).click();
    await expect(dialog.getByText('No place left in conflict')).toBeVisible();
    await dialog.getByRole('button', { name: 'Check and keep' }).click();
    await expect(bench.toast('main is merged into feature/')).toBeVisible();
    await bench.dialog('Merge into main').getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('the train goes on and has merged all six', async () => {
    await page.keyboard.press('F9');
    await page.getByRole('radio', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('Done. 6 of 6 merged.')).toBeVisible();
    for (const title of titles) await expect.poll(() => bench.groupOf(title), { timeout: patience }).toBe('Done');
  });

  await test.step('the base holds all six, each with its gates passed, and the repository is whole', async () => {
    expect(await merges()).toHaveLength(6);
    const text = await notes.read('src/colours.js');
    for (const line of ["accent: 'blue', text: 'black'", "accent: 'teal', text: 'white'"]) expect(text).toContain(line);
    for (const name of apart) expect(await notes.read(`src/${name}.js`)).toContain(name);
    for (const name of ['blue', 'white', ...apart]) {
      expect(await notes.git('branch', '--contains', `feature/${name}`, '--list', 'main')).toContain('main');
    }
    const gates = await notes.git(
      'log',
      '--first-parent',
      '--merges',
      '--format=%(trailers:key=Gates,valueonly)',
      `${begun}..main`,
    );
    expect(gates.split('\n').filter(Boolean)).toEqual(Array.from({ length: 6 }, () => 'loads passed'));
    await notes.git('fsck', '--strict', '--no-dangling');
    expect(await notes.git('status', '--porcelain')).toBe('');
  });
});
