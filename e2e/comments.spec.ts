import { expect, test } from './fixtures.ts';
import type { Repository } from './repository.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';
import type { World } from './world.ts';

const blue = 'Make the accent blue';
const red = 'Make the accent red';

/**
 * An agent that works by rules: it makes the accent the colour that it is called with, and commits. Told in a comment, it makes
 * that `navy`. Told to merge its base, it does so, and keeps its own side of what conflicts.
 */
const reviser = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const colour = process.argv[2];
const file = 'src/colours.js';
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const change = (from, to, message) => {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  git('commit', '-qam', message);
  console.log('committed: ' + message);
};
if (process.argv.includes('--again')) console.log('back at work');
else change("'teal'", "'" + colour + "'", 'Make the accent ' + colour);
process.stdin.setRawMode(true);
process.stdout.write('\\x1b[?2004h');
let typed = '';
process.stdin.on('data', (data) => {
  typed += data;
  const paste = /\\x1b\\[200~([^]*?)\\x1b\\[201~\\r/.exec(typed);
  if (!paste) return;
  typed = '';
  if (paste[1].includes('git merge')) {
    try { git('merge', '-q', 'main'); } catch {
      git('checkout', '--ours', file);
      git('commit', '-qam', 'Merge main, and keep ' + colour);
    }
    console.log('merged main');
  } else if (paste[1].includes('comments on your changes')) change("'" + colour + "'", "'navy'", 'Answer');
});
`;

async function prepare(world: World): Promise<Repository> {
  const notes = await world.repository('notes', 'clean');
  await world.program('reviser', reviser);
  const agents = ['blue', 'red'].map(
    (colour) =>
      `  - id: ${colour}\n    label: ${colour} agent\n    command: ${world.folder}/bin/reviser\n    args: [${colour}]\n    resume: ['--again']\n`,
  );
  await notes.write('.switchyard/config.yaml', `agents:\n${agents.join('')}`);
  await notes.write('specs/blue.md', specText({ title: blue, agents: ['blue'], branch: 'feature/blue' }));
  await notes.write('specs/red.md', specText({ title: red, agents: ['red'], branch: 'feature/red' }));
  await notes.commit('Plan the colours');
  return notes;
}

test('comments are kept, sent in one message and followed, and a conflict is solved by the agent of the later branch', async ({
  world,
  page,
  watch,
  host: _host,
}) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  const notes = await prepare(world);
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();
  for (const title of [blue, red]) await bench.spawn(title);
  for (const title of [blue, red]) await bench.expectInGroup(title, 'Review');
  const review = async (title: string): Promise<void> => {
    await bench.card(title).hover();
    await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  };
  const comments = page.getByRole('region', { name: 'Comments' });

  await test.step('a comment is written with the keyboard, another one with a click on a line’s number', async () => {
    await review(blue);
    const code = page.locator('.editor.modified');
    await expect(code).toContainText("accent: 'blue'");
    await code.getByText("accent: 'blue'").click();
    await page.keyboard.press('Alt+c');
    await page.keyboard.type('Darker, please.');
    await page.keyboard.press('Control+Enter');
    await expect(comments).toContainText('1 draft');
    await code.locator('.line-numbers', { hasText: /^3$/ }).click();
    await expect(page.getByRole('textbox', { name: 'Comment on src/colours.js:3' })).toBeFocused();
    await page.keyboard.type('Why black?');
    await page.keyboard.press('Control+Enter');
    await expect(comments).toContainText('2 drafts');
  });

  await test.step('the drafts are there after the host was killed', async () => {
    // The page of the killed host may ask the new one before it is left, with the old secret.
    watch.expect(/403 \(Forbidden\)/);
    const { port } = new URL(page.url());
    await world.host.kill();
    await page.goto(`${await world.host.start('--port', port)}&project=${encodeURIComponent(notes.path)}`);
    await review(blue);
    await expect(comments).toContainText('2 drafts');
  });

  await test.step('both are sent; the line that the agent changes is addressed, the other one open', async () => {
    await page.keyboard.press('Alt+s');
    const dialog = bench.dialog('Send the comments');
    await expect(dialog).toContainText('src/colours.js, line 2:');
    await dialog.getByRole('button', { name: 'Send 2 comments' }).click();
    await expect(comments).toContainText('1 open · 1 addressed');
    const rows = comments.getByRole('listitem');
    await expect(rows.filter({ hasText: 'Darker, please.' })).toContainText('addressed');
    await expect(rows.filter({ hasText: 'Why black?' })).toContainText('open');
    await expect.poll(() => notes.git('show', 'feature/blue:src/colours.js')).toContain("accent: 'navy'");
  });

  await test.step('the later branch is refused, with both sides of the conflict and where the other came from', async () => {
    await bench.merge(blue, 'Merge commit');
    await review(red);
    await page.getByRole('button', { name: 'Merge…' }).click();
    const dialog = bench.dialog('Merge into main');
    await expect(dialog.getByText('Conflicts in 1 file')).toBeVisible();
    const files = dialog.getByRole('list', { name: 'Conflicting files' });
    await expect(files).toContainText("accent: 'navy'");
    await expect(files).toContainText("accent: 'red'");
    await expect(dialog).toContainText(blue);
  });

  const before = await notes.git('rev-parse', 'main');
  await test.step('its agent is asked to merge the base, does so, and the branch merges', async () => {
    const dialog = bench.dialog('Merge into main');
    await dialog.getByRole('button', { name: 'Ask an agent to solve it…' }).click();
    const message = dialog.getByRole('textbox', { name: 'This is typed into the terminal of red agent' });
    await expect(message).toHaveValue(/The other side’s spec, “Make the accent blue”/);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await expect(dialog.getByText('Merges cleanly')).toBeVisible();
    await dialog.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ }).click();
    await expect(bench.toast(`Merged “${red}” into`)).toBeVisible();
    expect(await notes.read('src/colours.js')).toContain("accent: 'red'");
    expect(await notes.git('status', '--porcelain')).toBe('');
  });

  await test.step('the merge is undone from the snapshots', async () => {
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('Snapshots');
    await page.getByRole('option', { name: /^Snapshots/ }).click();
    const dialog = bench.dialog('Snapshots');
    const row = dialog.getByRole('listitem').filter({ hasText: 'Merge feature/red into main' });
    await row.getByRole('button', { name: 'Restore' }).click();
    await expect(bench.toast('main is back where it was')).toBeVisible();
    expect(await notes.git('rev-parse', 'main')).toBe(before);
    expect(await notes.read('src/colours.js')).toContain("accent: 'navy'");
  });

  await test.step('a line says which run wrote it, for which spec, and what was decided', async () => {
    await page.keyboard.press('Escape');
    await review(blue);
    await page.locator('.editor.modified').getByText("accent: 'navy'").click();
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('Why is this line here');
    await page.getByRole('option', { name: /^Why is this line here/ }).click();
    const dialog = bench.dialog('Why is this line here?');
    await expect(dialog).toContainText('Merge feature/blue into main');
    await expect(dialog).toContainText(`${blue}, by blue agent`);
    await expect(dialog).toContainText('feature/blue, kept');
  });
});
