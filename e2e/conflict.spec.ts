import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const blue = 'Make the accent blue';
const red = 'Make the text white';
const colours = (accent: string, text: string): string =>
  `export const colours = {\n  accent: '${accent}', text: '${text}',\n};\n`;

test('a conflict is solved by hand, and kept only when what both sides promise holds; the trash is emptied', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(240_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await notes.write('src/colours.js', colours('teal', 'black'));
  const spec = (title: string, branch: string, check: string, text: string): string =>
    specText({ title, branch, check, files: { 'src/colours.js': text } });
  await notes.write(
    'specs/blue.md',
    spec(blue, 'feature/blue', 'grep -q blue src/colours.js', colours('blue', 'black')),
  );
  await notes.write(
    'specs/white.md',
    spec(red, 'feature/white', 'grep -q white src/colours.js', colours('teal', 'white')),
  );
  await notes.commit('Plan the colours');
  await bench.open(notes.path);
  const review = async (title: string): Promise<void> => {
    await bench.card(title).hover();
    await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  };
  for (const title of [blue, red]) await bench.spawn(title);
  for (const title of [blue, red]) await bench.expectInGroup(title, 'Review');
  await review(blue);
  await bench.merge(blue, 'Merge commit');
  const main = await notes.git('rev-parse', 'main');
  await review(red);
  await page.getByRole('button', { name: 'Merge…' }).click();
  const merge = bench.dialog('Merge into main');
  await merge.getByRole('button', { name: 'Solve it by hand…' }).click();
  const dialog = bench.dialog('Solve the conflict by hand');

  await test.step('one side alone does not hold what the other one promises', async () => {
    await expect(dialog.getByText('1 place in conflict')).toBeVisible();
    await dialog.getByRole('button', { name: 'Take the branch' }).click();
    await expect(dialog.getByText('No place left in conflict')).toBeVisible();
    const before = await notes.state();
    await dialog.getByRole('button', { name: 'Check and keep' }).click();
    await expect(dialog.getByText('It does not hold what both sides promise')).toBeVisible();
    expect(await notes.state()).toBe(before);
  });

  await test.step('both do, on the branch and nowhere else', async () => {
    await dialog.getByRole('radio', { name: 'As in main' }).click();
    await dialog.getByRole('radio', { name: 'Merge the lines' }).click();
    await expect(dialog.getByText('1 place in conflict')).toBeVisible();
    await dialog.getByRole('button', { name: 'Take both' }).click();
    await expect(dialog.getByText('No place left in conflict')).toBeVisible();
    await dialog.getByRole('button', { name: 'Check and keep' }).click();
    await expect(bench.toast('main is merged into feature/white')).toBeVisible();
    const result = await notes.git('show', 'feature/white:src/colours.js');
    expect(result).toContain("accent: 'blue', text: 'black',\n  accent: 'teal', text: 'white',");
    expect(await notes.git('rev-parse', 'main', 'feature/white^2')).toBe(`${main}\n${main}`);
  });

  await test.step('the branch merges then', async () => {
    await expect(merge.getByText('Merges cleanly')).toBeVisible();
    await merge.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ }).click();
    await expect(bench.toast(`Merged “${red}” into`)).toBeVisible();
  });

  await test.step('the trash says what goes with it, and is empty then', async () => {
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('Snapshots');
    await page.getByRole('option', { name: /^Snapshots/ }).click();
    await bench.dialog('Snapshots').getByRole('button', { name: 'Empty the trash…' }).click();
    const trash = bench.dialog('Empty the trash');
    await expect(trash).toContainText('The way back from 3 merges into');
    await trash.getByRole('button', { name: 'Delete 3 snapshots' }).click();
    await expect(bench.dialog('Snapshots')).toContainText('No snapshots yet');
    expect(await notes.git('for-each-ref', 'refs/switchyard/snapshots/', 'refs/switchyard/merged/')).toBe('');
  });
});

test('a file and a folder of the same name are brought together under names that the person chooses', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(240_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  const [one, other] = ['Keep the ideas in a file', 'Keep the ideas in a folder'];
  const spec = (title: string, branch: string, path: string) =>
    notes.write(`specs/${branch}.md`, specText({ title, branch, files: { [path]: `${title}\n` } }));
  await spec(one, 'file', 'ideas');
  await spec(other, 'folder', 'ideas/first.txt');
  await notes.commit('Plan the ideas');
  await bench.open(notes.path);
  for (const title of [one, other]) await bench.spawn(title);
  for (const title of [one, other]) await bench.expectInGroup(title, 'Review');
  const review = async (title: string): Promise<void> => {
    await bench.card(title).hover();
    await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  };
  await review(one);
  await bench.merge(one, 'Merge commit');
  await review(other);
  await page.getByRole('button', { name: 'Merge…' }).click();
  const merge = bench.dialog('Merge into main');

  await test.step('its agent can be asked, or another one from anew', async () => {
    await merge.getByRole('button', { name: 'Ask Scribe to solve it…' }).click();
    await merge.getByRole('combobox', { name: 'Who solves it' }).click();
    await page.getByRole('option', { name: /^Scribe \(for demos\), from anew/ }).click();
    await expect(merge).toContainText('Scribe is still running. It will be ended');
    await expect(merge.getByRole('textbox', { name: /^Scribe is sent the spec/ })).toHaveValue(/ideas/);
    await merge.getByRole('button', { name: 'Not now' }).click();
  });

  await merge.getByRole('button', { name: 'Solve it by hand…' }).click();
  const dialog = bench.dialog('Solve the conflict by hand');
  const keep = dialog.getByRole('button', { name: 'Check and keep' });

  await test.step('what is kept is shown with its name, and a name that is taken is refused', async () => {
    await expect(dialog).toContainText('Names or kinds of files collide here');
    await expect(keep).toHaveAttribute('aria-disabled', 'true');
    await dialog.getByRole('radio', { name: 'As in main' }).click();
    await expect(dialog.getByLabel('The version of main', { exact: true })).toContainText(one);
    const name = dialog.getByRole('textbox', { name: 'The version of main is called' });
    await expect(name).toHaveValue('ideas.main');
    await name.fill('package.json');
    await keep.click();
    await expect(dialog).toContainText('There is a file package.json already.');
    await name.fill('ideas/all.txt');
  });

  await test.step('both are there then, and the branch merges', async () => {
    await keep.click();
    await expect(bench.toast('main is merged into folder')).toBeVisible();
    await expect(merge.getByText('Merges cleanly')).toBeVisible();
    await merge.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ }).click();
    await expect(bench.toast(`Merged “${other}” into`)).toBeVisible();
    expect(await notes.read('ideas/all.txt')).toBe(`${one}\n`);
    expect(await notes.read('ideas/first.txt')).toBe(`${other}\n`);
  });
});
