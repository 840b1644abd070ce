import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

test('edits of a spec are not left behind by another name, and hold nothing up once they are let go of', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/first.md', specText({ title: 'First' }));
  await notes.write('specs/second.md', specText({ title: 'Second' }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  const notSaved = page.getByRole('status').filter({ hasText: 'Not saved' });
  const choose = async (title: string, item: string): Promise<void> => {
    await bench.card(title).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };
  await bench.open(notes.path);

  await bench.openCard('First');
  await page.getByRole('textbox', { name: 'Spec first' }).focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('Half a thought.');
  await expect(notSaved).toBeVisible();

  await test.step('It keeps its name until they are saved, and an agent is not sent the other text unsaid', async () => {
    await choose('First', 'Rename…');
    const dialog = bench.dialog('Rename spec');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Foremost');
    await expect(dialog.getByText('It has edits that are not saved. Save them first.').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(bench.editor('first')).toContainText('Half a thought.');
    await choose('First', 'Spawn…');
    const spawn = bench.dialog(/^Spawn agents/);
    await expect(spawn.getByText('Edits that are not saved are not sent')).toBeVisible();
    await spawn.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('Deleted with its edits, it does not keep the project open', async () => {
    await choose('First', 'Delete spec…');
    await bench.dialog('Delete “First”?').getByRole('button', { name: 'Delete spec' }).click();
    await expect(bench.toast('Deleted “First”')).toBeVisible();
    await bench.leave();
    await bench.open(notes.path);
  });

  await test.step('A file that is gone for a while is as it was when it is back', async () => {
    await bench.openCard('Second');
    await expect(bench.editor('second')).toContainText('Second');
    const file = join(notes.path, 'specs', 'second.md');
    await rename(file, `${file}.away`);
    await expect(page.getByRole('note').filter({ hasText: 'The file was deleted on disk' })).toBeVisible();
    await expect(notSaved).toBeVisible();
    await rename(`${file}.away`, file);
    await expect(page.getByRole('note').filter({ hasText: 'The file was deleted on disk' })).toBeHidden();
    await expect(notSaved).toBeHidden();
  });

  await test.step('One that was meant to be deleted can be let go of', async () => {
    await notes.git('rm', '-q', 'specs/second.md');
    await page
      .getByRole('note')
      .filter({ hasText: 'The file was deleted on disk' })
      .getByRole('button', { name: 'Let it go' })
      .click();
    await expect(bench.card('Second')).toBeHidden();
    await bench.leave();
  });
});

test('a reason that is being written is there after a look elsewhere, and goes with the decision', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/answer.md', specText({ title: 'Answer', files: { 'answer.txt': '42\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Answer');
  await bench.expectInGroup('Answer', 'Review');
  await bench.openCard('Answer');
  const reason = page.getByRole('textbox', { name: 'Reason for the decision' });

  await reason.fill('Explain why it is 42');
  await page.getByRole('button', { name: 'Terminal', exact: true }).click();
  await expect(bench.terminal('Answer')).toBeVisible();
  await bench.tab(/^Review: Answer/).click();
  await expect(reason).toHaveValue('Explain why it is 42');

  await test.step('What could not be sent is kept, also for another page', async () => {
    await bench.choose('Answer', 'Stop agent');
    await page.getByRole('radio', { name: 'Modify' }).click();
    await reason.fill('Explain why it is not 43');
    await page.getByRole('button', { name: 'Send to the agent' }).click();
    await expect(bench.toast('The agent is not running')).toBeVisible();
    await page.reload();
    await expect(reason).toHaveValue('Explain why it is not 43');
  });

  await test.step('A message that was written for its merge is there after a look elsewhere', async () => {
    const dialog = bench.dialog(/^Merge into/);
    const message = dialog.getByRole('textbox', { name: 'Message' });
    await page.getByRole('button', { name: 'Merge…' }).click();
    await message.fill('Answer the question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Merge…' }).click();
    await expect(message).toHaveValue('Answer the question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('What stands there when it is merged is the reason for that', async () => {
    await reason.fill('Good enough');
    await bench.merge('Answer', 'Merge commit');
    await page.reload();
    await expect(reason).toHaveValue('Good enough');
    expect(await notes.git('log', '-1', '--format=%s', 'main')).toBe('Answer the question');
  });
});

test('edits outlive a host that comes back without their project, and another project that is opened meanwhile', async ({
  world,
  page,
  host,
  watch,
}) => {
  // The page asks with the session of before until the other tab has brought the new one.
  watch.expect(/403/);
  const notes = await world.repository('notes', 'clean');
  const other = await world.repository('other', 'clean');
  for (const each of [notes, other]) {
    await each.write('specs/plan.md', specText({ title: 'Plan' }));
    await each.commit('Say what is next');
  }
  const bench = new Workbench(page);
  const write = async (words: string): Promise<void> => {
    await bench.openCard('Plan');
    await page.getByRole('textbox', { name: 'Spec plan' }).focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type(words);
  };
  const notice = page.getByRole('note').filter({ hasText: 'Edits of 1 file are not saved' });
  await bench.open(notes.path);
  await write('Half a thought.');
  await expect(page.getByRole('status').filter({ hasText: 'Not saved' })).toBeVisible();

  const comeBackWithoutIt = async (): Promise<void> => {
    await bench.editorsAreLoaded();
    const { port } = new URL(host.address);
    await host.quit();
    await rename(notes.path, `${notes.path}.away`);
    // Another tab brings the browser the new session, with which this one connects again.
    const tab = await page.context().newPage();
    await tab.goto(await host.start('--port', port));
    await expect(tab.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
    await tab.close();
    await expect(notice).toContainText(notes.path);
  };
  await test.step('Its folder is away when the host is there again', comeBackWithoutIt);

  await test.step('They can be copied, and are let go of only by who means it', async () => {
    await notice.getByRole('button', { name: 'Copy the texts' }).click();
    await expect(bench.toast('Copied the texts')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Half a thought.');
    await notice.getByRole('button', { name: 'Let them go…' }).click();
    await bench.dialog('Let the edits go?').getByRole('button', { name: 'Cancel' }).click();
    await expect(notice).toBeVisible();
  });

  await test.step('Another project has its own spec of that name', async () => {
    await bench.open(other.path);
    await bench.openCard('Plan');
    await expect(bench.editor('plan')).toContainText('Plan');
    await expect(bench.editor('plan')).not.toContainText('Half a thought.');
    await bench.leave();
  });

  await test.step('Opened again, the first has its edits', async () => {
    await rename(`${notes.path}.away`, notes.path);
    await notice.getByRole('button', { name: 'Open it again' }).click();
    await bench.openCard('Plan');
    await expect(bench.editor('plan')).toContainText('Half a thought.');
    await page.keyboard.press('ControlOrMeta+s');
    await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
    expect(await notes.read('specs/plan.md')).toContain('Half a thought.');
    expect(await other.read('specs/plan.md')).not.toContain('Half a thought.');
  });

  await test.step('Let go of, they are gone, and the file is as it was', async () => {
    await write('Another one.');
    await comeBackWithoutIt();
    await rename(`${notes.path}.away`, notes.path);
    await notice.getByRole('button', { name: 'Let them go…' }).click();
    await bench.dialog('Let the edits go?').getByRole('button', { name: 'Let them go' }).click();
    await expect(notice).toBeHidden();
    await bench.open(notes.path);
    await bench.openCard('Plan');
    await expect(bench.editor('plan')).toContainText('Half a thought.');
    await expect(bench.editor('plan')).not.toContainText('Another one.');
  });
});
