import { expect, test } from './fixtures.ts';
import { Workbench } from './workbench.ts';

test('what is written into drafts of specs is there again after their dialog was closed, and then in the spec', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  const dialog = bench.dialog('Specs from elsewhere');
  const text = dialog.getByRole('code').filter({ has: page.getByRole('textbox', { name: 'Draft third' }) });
  const open = () => page.getByRole('button', { name: /^Specs from elsewhere/ }).click();

  await open();
  await dialog.getByRole('radio', { name: 'Paste' }).click();
  await dialog.getByRole('textbox', { name: 'Markdown' }).fill('# Third\n\nWhat others want.\n');
  await dialog.getByRole('button', { name: 'See what it makes' }).click();
  await dialog.getByRole('textbox', { name: 'Draft third' }).focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('And half a thought.');
  await expect(text).toContainText('And half a thought.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();

  await open();
  await expect(text).toContainText('And half a thought.');
  await dialog.getByRole('button', { name: 'Write 1 spec' }).click();
  await expect(dialog).toBeHidden();
  expect(await notes.read('specs/third.md')).toContain('And half a thought.');

  await open();
  await expect(dialog.getByRole('radio', { name: 'Paste' })).toBeVisible();
});
