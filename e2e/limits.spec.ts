import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

/** Counts for ever, so that it can be seen whether it is stopped. */
const counting = `#!/bin/sh
n=0
while :; do n=$((n+1)); echo "tick $n"; sleep 0.2; done
`;

/** By its whole path: a login shell may set PATH anew. */
const config = (program: string): string => `agents:
  - id: counter
    label: Counter
    command: ${JSON.stringify(program)}
`;

test('so many runs are at work at once: the next one is queued, says why, and begins when there is a place', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  await world.program('count-for-ever', counting);
  const notes = await world.repository('notes', 'clean');
  await notes.write('.switchyard/config.yaml', config(join(world.folder, 'bin', 'count-for-ever')));
  const titles = ['First count', 'Second count', 'Third count'];
  for (const [index, title] of titles.entries()) {
    await notes.write(`specs/count-${String(index)}.md`, specText({ title, agents: ['counter'] }));
  }
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  const trust = page.getByRole('dialog', { name: /run these commands/ });
  await trust.getByRole('button', { name: 'Allow these commands' }).click();
  await expect(trust).toBeHidden();

  await test.step('the limit is a setting', async () => {
    await page.keyboard.press('Control+,');
    const settings = bench.dialog('Settings');
    await settings.getByRole('textbox', { name: 'Runs at work at once' }).fill('2');
    await page.keyboard.press('Escape');
    await expect(settings).toBeHidden();
  });

  await test.step('the third one waits, with the reason on its card', async () => {
    for (const title of titles) await bench.spawn(title);
    await expect(bench.pane('First count')).toContainText('tick');
    await bench.expectInGroup('Third count', 'Queued');
    await expect(bench.card('Third count')).toContainText('Waits for a place: 2 of at most 2 runs are at work.');
  });

  await test.step('a paused run stands still, says so, and keeps its place', async () => {
    await bench.choose('First count', 'Pause');
    await expect(bench.card('First count')).toContainText('Paused');
    const lastTick = async (): Promise<string> =>
      (await bench.rows('First count')).findLast((row) => row.includes('tick')) ?? '';
    // What was under way to the page arrives.
    await expect(async () => {
      const before = await lastTick();
      await page.waitForTimeout(1500);
      expect(await lastTick()).toBe(before);
    }).toPass();
    const stopped = await lastTick();
    expect(await bench.groupOf('Third count')).toBe('Queued');
    await bench.pane('First count').getByRole('button', { name: 'Let it go on' }).click();
    await expect.poll(lastTick).not.toBe(stopped);
    await expect(bench.card('First count')).toContainText('Working');
  });

  await test.step('what runs take is shown when it is asked for', async () => {
    await bench.choose('First count', 'Show memory and processor use');
    await expect(bench.card('First count')).toContainText(/\d+ MB.*process/);
    await bench.choose('First count', 'Show memory and processor use');
    await expect(bench.card('First count')).not.toContainText(/ MB/);
  });

  await test.step('one that is stopped makes room, also while it is paused', async () => {
    await bench.choose('First count', 'Pause');
    await expect(bench.card('First count')).toContainText('Paused');
    await bench.choose('First count', 'Stop agent');
    await bench.expectInGroup('Third count', 'Running');
    await bench.openCard('Third count');
    await expect(bench.pane('Third count')).toContainText('tick');
  });
});

test('a run’s worktree is opened in an editor of the machine, and its work is handed to another agent', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  const said = join(world.folder, 'editor-said');
  await world.program('code', `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}.part' && mv '${said}.part' '${said}'\n`);
  const notes = await world.repository('notes', 'clean');
  await notes.write(
    'specs/add.md',
    specText({ title: 'Add a file', agents: ['shell'], files: { 'added.txt': 'it\n' } }),
  );
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Add a file');
  await expect(bench.pane('Add a file')).toContainText('$');
  await bench.typeLine(
    'Add a file',
    'echo half > half.txt && echo "$SWITCHYARD_PORT ports" && git add . && git commit -qm "Begin with half"',
  );
  await expect(bench.pane('Add a file')).toContainText(/\d{5} ports/);
  await expect(bench.card('Add a file')).toContainText('+1');

  await test.step('the editor is offered because it is on PATH, and gets a file with title and colours', async () => {
    await bench.choose('Add a file', 'Open in…');
    const dialog = bench.dialog(/^Open “Add a file” in/);
    await expect(dialog.getByText(/^Not found on this machine/)).toBeVisible();
    await dialog.getByRole('button', { name: 'VS Code' }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => readFile(said, 'utf8').catch(() => '')).toContain('.code-workspace');
    const [option, file = ''] = (await readFile(said, 'utf8')).split('\n');
    expect(option).toBe('--new-window');
    expect(await readFile(file, 'utf8')).toContain('workbench.colorCustomizations');
  });

  await test.step('another agent goes on in the same worktree, and is told what was done', async () => {
    await bench.choose('Add a file', 'Continue with…');
    const dialog = bench.dialog(/^Continue “Add a file” with/);
    await expect(dialog).toContainText('It will be ended');
    await dialog.getByRole('combobox', { name: 'Agent' }).click();
    await page.getByRole('option', { name: /scribe/i }).click();
    await dialog.getByRole('textbox', { name: 'What you add' }).fill('Leave half.txt as it is.');
    await dialog.getByRole('button', { name: 'Hand over' }).click();
    await expect(dialog).toBeHidden();
    await expect(bench.pane('Add a file')).toContainText('has handed the work to');
    await expect(bench.card('Add a file')).toContainText('Scribe');
    await expect(bench.card('Add a file')).toContainText('+2');
    await bench.expectInGroup('Add a file', 'Review');
    await bench.choose('Add a file', 'What it was told…');
    await expect(bench.dialog(/was told$/)).toContainText('What was done so far');
    await page.keyboard.press('Escape');
    const worktrees = await world.run('git', ['log', '--format=%s', '--all'], notes.path);
    expect(worktrees).toContain('Begin with half');
  });
});
