import { nodePath } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const names = ['First shell', 'Second shell', 'Third shell'] as const;

/** Asks for marked pastes and application cursor keys, and prints what it gets as hexadecimal bytes. */
const reader = `#!${nodePath}
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?1h\\x1b[?2004h');
process.stdin.on('data', (bytes) => {
  console.log('<' + bytes.toString('hex') + '>');
  if (bytes.includes(4)) { process.stdout.write('\\x1b[?1l\\x1b[?2004l'); process.exit(); }
});
console.log('reading');
`;

test('what is typed goes into several terminals at once, plainly marked, and into no other', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  await world.program('read-keys', reader);
  const notes = await world.repository('notes', 'clean');
  for (const [index, title] of names.entries()) {
    await notes.write(`specs/shell-${String(index)}.md`, specText({ title, agents: ['shell'] }));
  }
  await notes.write('specs/later.md', specText({ title: 'Later shell', agents: ['shell'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  for (const title of names) {
    await bench.spawn(title);
    await expect(bench.pane(title)).toContainText('$');
  }
  const bar = page.getByRole('status').filter({ hasText: 'Typing into' });
  const [first, second, third] = names;

  await test.step('chosen by keyboard, they get what is typed into one of them', async () => {
    await bench.terminal(first).focus();
    await page.keyboard.press('Control+Shift+E');
    const choice = page.getByRole('form', { name: 'Several runs' });
    await expect(choice.getByRole('checkbox').first()).toBeFocused();
    await choice.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('menuitem', { name: 'All that run' }).click();
    await expect(choice).toContainText('3 chosen');
    await expect(bench.pane(third).getByRole('checkbox')).toBeChecked();
    await choice.getByRole('button', { name: 'Type into these 3' }).press('Enter');
    await expect(bar).toContainText(`Typing into 3 terminals: ${first}, ${second}, ${third}`);
    for (const title of names) await expect(bench.pane(title).getByText('typed into')).toBeVisible();
    await bench.typeLine(first, 'echo "sum $((40+2))"');
    for (const title of names) await expect(bench.pane(title)).toContainText('sum 42');
  });

  await test.step('each in the way that its own program wants keys and pastes', async () => {
    await page.getByRole('button', { name: /^End/ }).click();
    await expect(bar).toBeHidden();
    await bench.typeLine(second, `'${world.folder}/bin/read-keys'`);
    await expect(bench.pane(second)).toContainText('reading');
    await expect(bench.pane(third)).not.toContainText('read-keys');
    await bench.terminal(first).focus();
    await page.keyboard.press('Control+Shift+E');
    await expect(page.getByRole('form', { name: 'Several runs' })).toContainText('3 chosen');
    await page.keyboard.press('Enter');
    await expect(bar).toContainText('Typing into 3 terminals');

    await bench.terminal(first).focus();
    await page.keyboard.press('ArrowUp'); // in the shells it is the last line, in application mode
    await expect(bench.pane(second)).toContainText('<1b4f41>');
    await page.keyboard.press('Control+c');
    await expect(bench.pane(second)).toContainText('<03>');
    await page.evaluate(() => navigator.clipboard.writeText('echo one\necho two\n'));
    await page.keyboard.press('Control+Shift+V');
    const question = bench.dialog('Paste 2 lines into 3 terminals?');
    await expect(question).toContainText('echo two');
    await question.getByRole('button', { name: 'Paste into 3' }).click();
    await expect(bench.pane(second)).toContainText('1b5b3230307e');
    await page.keyboard.press('Enter'); // bash knows marked pastes, too, and waits for it
    for (const title of [first, third]) {
      await expect.poll(() => bench.rows(title)).toContain('one');
      await expect.poll(() => bench.rows(title)).toContain('two');
    }
  });

  await test.step('a run that is spawned meanwhile gets nothing; one that ends drops out with a word', async () => {
    await bench.spawn('Later shell');
    await expect(bench.pane('Later shell')).toContainText('$');
    await expect(bar).toContainText('Typing into 3 terminals');
    await bench.choose(second, 'Stop agent');
    await expect(bench.toast('Typing into 2 terminals now')).toContainText(`“${second}” has ended.`);
    await bench.typeLine(third, 'echo "again $((50+5))"');
    for (const title of [first, third]) await expect(bench.pane(title)).toContainText('again 55');
    await expect(bench.pane('Later shell')).not.toContainText('again');
  });

  await test.step('a reload ends it', async () => {
    await page.reload();
    await expect(bench.pane(first)).toContainText('again 55');
    await expect(bar).toBeHidden();
    await bench.typeLine(first, 'echo "alone $((1+1))"');
    await expect(bench.pane(first)).toContainText('alone 2');
    await expect(bench.pane(third)).not.toContainText('alone');
  });

  await test.step('a message is written once and sent to those that are ticked', async () => {
    await bench.board.locator('[data-row^="run:"]').filter({ hasText: first }).focus();
    await page.keyboard.press('m');
    await page.keyboard.press('Control+Alt+m');
    const dialog = bench.dialog('Message to several agents');
    await expect(dialog.getByRole('textbox', { name: 'Message' })).toBeFocused();
    await page.keyboard.type('echo "told $((3*3))"');
    await dialog.getByRole('checkbox', { name: new RegExp(third) }).check();
    await expect(dialog.getByRole('checkbox', { name: new RegExp(first) })).toBeChecked();
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toContainText('Went into 2 of 2 terminals.');
    await expect(dialog.getByRole('listitem').filter({ hasText: third })).toContainText('went in');
    await page.keyboard.press('Escape');
    for (const title of [first, third]) await expect(bench.pane(title)).toContainText('told 9');
    await expect(bench.pane('Later shell')).not.toContainText('told');
  });
});
