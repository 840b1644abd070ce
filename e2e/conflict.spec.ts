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
    await merge.getByRole('button', { name: 'Ask an agent to solve it…' }).click();
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

/** Merges what it is told to, and keeps of what conflicts both sides, or its first word alone. */
const solver = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const git = (...args) => execFileSync('git', args, { stdio: 'ignore' });
for (const [, branch] of process.argv.slice(3).join(' ').matchAll(/run: git merge (\\S+)/gi)) {
  try { git('merge', '--no-edit', branch); } catch {
    writeFileSync('src/colours.js', process.argv[2] + '\\n');
    git('commit', '-qam', 'Merge ' + branch);
  }
}
console.log('solved');
process.stdin.resume();
`;

test('a run of its own solves a conflict, and is merged only when what both sides promise has passed on it', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(240_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await world.program('solver', solver);
  const agent = (label: string, word: string): string =>
    `  - { id: ${label.toLowerCase()}, label: ${label}, command: ${world.folder}/bin/solver, args: [${word}] }\n`;
  await notes.write('.switchyard/config.yaml', `agents:\n${agent('Both', 'white on blue')}${agent('Hasty', 'white')}`);
  await notes.write('src/colours.js', colours('teal', 'black'));
  for (const [title, name] of [
    [blue, 'blue'],
    [red, 'white'],
  ] as const) {
    const files = { 'src/colours.js': `${name}\n` };
    const check = `grep -q ${name} src/colours.js`;
    await notes.write(`specs/${name}.md`, specText({ title, branch: `feature/${name}`, check, files }));
  }
  await notes.commit('Plan the colours');
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();
  for (const title of [blue, red]) await bench.spawn(title);
  for (const title of [blue, red]) await bench.expectInGroup(title, 'Review');
  const review = async (title: string): Promise<void> => {
    await bench.card(title).first().hover();
    await bench.card(title).first().getByRole('button', { name: 'Review changes' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  };
  await review(blue);
  await bench.merge(blue, 'Merge commit');
  await review(red);
  await page.getByRole('button', { name: 'Merge…' }).click();
  const merge = bench.dialog('Merge into main');
  const ask = async (option: RegExp, message: RegExp): Promise<void> => {
    await merge.getByRole('button', { name: 'Ask an agent to solve it…' }).click();
    await merge.getByRole('combobox', { name: 'Who solves it' }).click();
    await page.getByRole('option', { name: option }).click();
    await expect(merge.getByRole('textbox', { name: message })).toHaveValue(/run: git merge/i);
    await merge.getByRole('button', { name: 'Send' }).click();
  };

  await test.step('an agent that takes one side is told of, and its merge is not to be had', async () => {
    await ask(/^Hasty, from anew/, /^Hasty is sent the spec, what was done/);
    await expect(merge.getByText('Merges cleanly')).toBeVisible();
    const unproved = merge.getByText('What both sides promise does not hold');
    await expect(async () => {
      if (!(await unproved.isVisible()))
        await merge.getByRole('button', { name: 'Run checks' }).click({ timeout: 500 });
      await expect(unproved).toBeVisible({ timeout: 5000 });
    }).toPass();
    await expect(merge).toContainText(`It does what it says. (of “${blue}”)`);
    await expect(merge.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await page.keyboard.press('Escape');
  });

  const before = await notes.git('rev-parse', 'main');
  await test.step('its branch is put back to where it conflicts', async () => {
    const worktree = await notes.git('worktree', 'list', '--porcelain');
    const path = /worktree (\S+)\n[^\n]*\nbranch refs\/heads\/feature\/white/u.exec(worktree)?.[1] ?? '';
    await notes.git('-C', path, 'reset', '-q', '--hard', 'HEAD^1');
  });

  await test.step('a run that is at work on another spec is asked, and takes it', async () => {
    await page.getByRole('button', { name: 'Merge…' }).click();
    await ask(/^Scribe, feature\/blue/, /^This is typed into the terminal of Scribe/);
    await expect(bench.toast('Scribe was asked to solve it')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('a run of its own brings both together, on a branch of its own', async () => {
    await page.getByRole('button', { name: 'Merge…' }).click();
    await ask(/^Both, on a new branch/, /^Both is sent the spec and this, on a branch of its own/);
    await expect(bench.toast('Both was asked to solve it')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect.poll(() => notes.git('branch', '--list', '--format=%(refname:short)', '*solved*')).toContain('solved');
    const branch = (await notes.git('branch', '--list', '--format=%(refname:short)', '*solved*')).trim();
    await expect.poll(() => notes.git('show', `${branch}:src/colours.js`)).toBe('white on blue');
    expect(await notes.git('rev-parse', 'main')).toBe(before);
  });

  await test.step('that is merged when it holds, and the branch that did not merge is in the base with it', async () => {
    const solved = bench.board.getByRole('article').filter({ hasText: 'white-solved' });
    await solved.hover();
    await solved.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('button', { name: 'Merge…' }).click();
    const accept = merge.getByRole('button', { name: /^(?:Merge|Keep and merge)$/ });
    await expect(async () => {
      if ((await accept.getAttribute('aria-disabled')) === 'true') {
        await merge.getByRole('button', { name: 'Run checks' }).click({ timeout: 500 });
      }
      await expect(accept).not.toHaveAttribute('aria-disabled', 'true', { timeout: 5000 });
    }).toPass();
    await accept.click();
    await expect(bench.toast(`Merged “${red}” into`)).toBeVisible();
    expect(await notes.read('src/colours.js')).toBe('white on blue\n');
    expect(await notes.git('rev-list', '--count', 'feature/white', '^main')).toBe('0');
  });
});
