import { access, appendFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

test('titles that no file can be called after', async ({ world, page }) => {
  const notes = await world.repository('notes', 'clean');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  const dialog = bench.dialog('New spec');
  const title = dialog.getByRole('textbox', { name: 'Title' });
  const create = dialog.getByRole('button', { name: 'Create spec' });

  await test.step('only an emoji: it is said why not, and nothing is made', async () => {
    await bench.board.getByRole('button', { name: 'New spec' }).first().click();
    await title.fill('🎉🎉');
    await expect(dialog).toContainText('no letter or digit that a file name could be made of');
    await expect(create).toBeDisabled();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    expect(await isThere(join(notes.path, 'specs'))).toBe(false);
  });

  await test.step('a name that Windows keeps for itself: another file name, the same title', async () => {
    await title.fill('CON');
    await expect(dialog).toContainText('specs/con-spec.md');
    await create.click();
    await expect(bench.editor('con-spec')).toContainText('title: CON');
    await bench.expectInGroup('CON', 'Drafts');
  });

  await test.step('200 characters: the card and the file can bear it', async () => {
    await bench.board.getByRole('button', { name: 'New spec' }).first().click();
    await title.fill('Wörds that go on '.repeat(20));
    await expect(title).toHaveValue('Wörds that go on '.repeat(20).slice(0, 200));
    await create.click();
    await expect(dialog).toBeHidden();
    const files = await readdir(join(notes.path, 'specs'));
    expect(files.toSorted()).toEqual(['con-spec.md', 'words-that-go-on-words-that-go-on-words-that-go-on-words.md']);
    await bench.expectInGroup('Wörds that go on', 'Drafts');
    expect(await bench.card('Wörds that go on').evaluate((card) => card.scrollWidth <= card.clientWidth)).toBe(true);
  });

  await test.step('a title that is taken', async () => {
    await bench.board.getByRole('button', { name: 'New spec' }).first().click();
    await title.fill('con spec');
    await expect(dialog).toContainText('There is a spec specs/con-spec.md already.');
    await expect(create).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('such a spec is worked on like any other', async () => {
    await notes.write('specs/con-spec.md', specText({ title: 'CON', files: { 'con.txt': 'con\n' } }));
    await bench.tab('Terminals').click();
    await expect(bench.card('CON')).toContainText('scribe');
    await bench.spawn('CON');
    await bench.expectInGroup('CON', 'Review');
    expect(await notes.git('show', 'feature/ai-con-spec:con.txt')).toBe('con');
  });
});

test('a branch that exists, and a base that does not, are told before anything is made', async ({ world, page }) => {
  const notes = await world.repository('notes', 'conflicting');
  await notes.write('specs/blue.md', specText({ title: 'Paint it blue', branch: 'feature/blue' }));
  await notes.write('specs/lost.md', specText({ title: 'Start from nowhere', base: 'release/9' }));
  await notes.commit('Say what is next');
  const before = await notes.state();
  const bench = new Workbench(page);
  await bench.open(notes.path);

  await bench.card('Paint it blue').getByRole('button', { name: 'Spawn' }).click();
  const dialog = bench.dialog(/^Spawn agents/);
  const spawn = dialog.getByRole('button', { name: /^Spawn/ });
  await expect(dialog).toContainText('The branch “feature/blue” exists already');
  await expect(spawn).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Branch' }).fill('feature/blue/deeper');
  await expect(dialog).toContainText('The branch “feature/blue/deeper” exists already');
  await expect(spawn).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Branch' }).fill('feature/sky..blue');
  await expect(dialog).toContainText('The branch “feature/sky..blue” is no name that Git allows for a branch');
  await expect(spawn).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Branch' }).fill('feature/sky');
  await expect(spawn).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await bench.card('Start from nowhere').getByRole('button', { name: 'Spawn' }).click();
  await expect(dialog).toContainText('The base branch “release/9” does not exist.');
  await expect(spawn).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Base branch' }).click();
  await page.getByRole('option', { name: 'main' }).click();
  await expect(spawn).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await notes.state()).toBe(before);
});

test('commands of a config run only once they are allowed; one that fails leaves nothing half made', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  const ran = join(world.home, 'ran');
  const agent = `agents:\n  - id: robot\n    label: Robot\n    command: ${join(notes.path, 'robot.sh')}\n`;
  await notes.write('robot.sh', `#!/bin/sh\ntouch '${ran}-robot'\n`);
  await notes.git('update-index', '--add', '--chmod=+x', 'robot.sh');
  await notes.write('.switchyard/config.yaml', `setup:\n  run: touch '${ran}'; echo getting ready; exit 3\n${agent}`);
  await notes.write('specs/add.md', specText({ title: 'Add a file', files: { 'added.txt': 'added\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  const worktrees = await notes.git('worktree', 'list');
  const branches = await notes.git('branch', '--list');

  await test.step('nothing runs before they are allowed', async () => {
    await bench.open(notes.path);
    await expect(page.getByText('names 2 commands for this machine to run')).toBeVisible();
    await bench.card('Add a file').getByRole('button', { name: 'Spawn' }).click();
    await bench
      .dialog(/^Spawn agents/)
      .getByRole('button', { name: /^Spawn/ })
      .click();
    const trust = bench.dialog('May notes run these commands?');
    await expect(trust).toContainText('echo getting ready; exit 3');
    await expect(trust).toContainText('robot.sh');
    await trust.getByRole('button', { name: 'Not now' }).click();
    expect(await isThere(ran)).toBe(false);
    expect(await isThere(`${ran}-robot`)).toBe(false);
    expect(await notes.git('worktree', 'list')).toBe(worktrees);
  });

  await test.step('a setup that fails is named, with its output, and is taken back', async () => {
    await page.getByRole('button', { name: 'See the commands' }).click();
    await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();
    await expect(bench.toast('The commands may run')).toBeVisible();
    await bench.spawn('Add a file');
    await bench.expectInGroup('Add a file', 'Needs you');
    await expect(bench.card('Add a file')).toContainText('Setup: The setup command failed with exit code 3.');
    await expect(bench.pane('Add a file')).toContainText('getting ready');
    await expect(bench.pane('Add a file')).toContainText('Running the setup command failed.');
    expect(await isThere(ran)).toBe(true);
    expect(await notes.git('worktree', 'list')).toBe(worktrees);
    expect(await notes.git('branch', '--list')).toBe(branches);
    expect(await isThere(`${notes.path}.worktrees/feature/ai-add`)).toBe(false);
  });

  await test.step('once the config is mended, and allowed anew, trying again works', async () => {
    await notes.write('.switchyard/config.yaml', `setup:\n  run: echo mended > mended.log\n${agent}`);
    await expect(page.getByText('names 2 commands for this machine to run')).toBeVisible();
    const retry = bench.pane('Add a file').getByRole('button', { name: 'Retry' });
    await retry.click();
    const trust = bench.dialog('May notes run these commands?');
    await expect(trust).toContainText('echo mended > mended.log');
    await trust.getByRole('button', { name: 'Allow these commands' }).click();
    await expect(trust).toBeHidden();
    await retry.click();
    await bench.expectInGroup('Add a file', 'Review');
    expect(await isThere(`${notes.path}.worktrees/feature/ai-add/mended.log`)).toBe(true);
    expect(await notes.git('show', 'feature/ai-add:added.txt')).toBe('added');
    expect(await isThere(`${ran}-robot`)).toBe(false);
  });
});

test('an agent that is not installed is said to be missing, with how to get it, until it is there', async ({
  world,
  page,
}) => {
  await appendFile(join(world.home, '.bash_profile'), 'PATH="$HOME/bin:$PATH"\n');
  const notes = await world.repository('notes', 'clean');
  await notes.write(
    '.switchyard/config.yaml',
    'agents:\n  - id: robot\n    label: Robot\n    command: robot-of-ann\n    install: sh install-robot.sh\n',
  );
  await notes.write('specs/add.md', specText({ title: 'Add a file', agents: ['robot'] }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();

  await bench.card('Add a file').getByRole('button', { name: 'Spawn' }).click();
  const dialog = bench.dialog(/^Spawn agents/);
  await expect(dialog).toContainText('robot-of-ann is not installed: sh install-robot.sh');
  await expect(dialog.getByRole('button', { name: /^Spawn/ })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'Robot' }).click();
  await dialog.getByRole('button', { name: /^Not installed: .*Robot/ }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Robot' })).toBeDisabled();

  await world.run('mkdir', ['bin']);
  await writeFile(join(world.home, 'bin', 'robot-of-ann'), '#!/bin/sh\necho "robot is here"; exec cat\n', {
    mode: 0o755,
  });
  await dialog.getByRole('button', { name: 'Look again' }).click();
  await dialog.getByRole('checkbox', { name: 'Robot' }).check();
  await dialog.getByRole('button', { name: /^Spawn/ }).click();
  await expect(bench.pane('Add a file')).toContainText('robot is here');
});

test('a merge is refused while the checkout of the base has changes, and recomputed when the base has moved', async ({
  world,
  page,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/add.md', specText({ title: 'Add a file', files: { 'src/added.js': 'export {};\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Add a file');
  await bench.expectInGroup('Add a file', 'Review');
  await bench.openCard('Add a file');
  const dialog = bench.dialog('Merge into main');

  await test.step('changes that are not committed are named, and left alone', async () => {
    await notes.write('src/notes.js', 'my own words\n');
    const before = await notes.state();
    await page.getByRole('button', { name: 'Merge…' }).click();
    await expect(dialog).toContainText('main is checked out with changes of yours');
    await expect(dialog).toContainText('Commit them there, or switch that checkout to another branch, then merge.');
    await expect(dialog).toContainText('src/notes.js');
    await expect(dialog.getByRole('button', { name: 'Keep and merge' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await notes.state()).toBe(before);
  });

  await test.step('once they are committed it can be merged, but not onto what nobody has looked at', async () => {
    await notes.commit('My own words');
    await page.getByRole('button', { name: 'Merge…' }).click();
    await expect(dialog).toContainText('Merges cleanly');
    await notes.write('more.txt', 'and more\n');
    const moved = await notes.commit('And more');
    await dialog.getByRole('button', { name: 'Keep and merge' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Something moved since you looked');
    await expect(dialog).toContainText(moved.slice(0, 8));
    expect(await notes.git('rev-parse', 'main')).toBe(moved);
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
    await expect(bench.toast('Merged “Add a file” into main')).toBeVisible();
    expect(await notes.git('rev-parse', 'main^1')).toBe(moved);
    expect(await notes.git('status', '--porcelain')).toBe('');
    expect(await notes.read('src/notes.js')).toBe('my own words\n');
  });
});

test('a worktree that is deleted behind the app is noticed, and its commits are not lost', async ({ world, page }) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/add.md', specText({ title: 'Add a file', files: { 'added.txt': 'added\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Add a file');
  await bench.expectInGroup('Add a file', 'Review');
  await rm(`${notes.path}.worktrees/feature/ai-add`, { recursive: true });
  await bench.expectInGroup('Add a file', 'Needs you');
  await expect(bench.card('Add a file')).toContainText('Its worktree is gone, its commits are safe on the branch.');
  await bench.choose('Add a file', 'Review changes');
  await expect(page.getByRole('option', { name: 'added.txt' })).toBeVisible();
  await bench.merge('Add a file', 'Merge commit');
  expect(await notes.read('added.txt')).toBe('added\n');
});

test('five specs are spawned at once while the person goes on working', async ({ world, page }) => {
  const numbers = ['one', 'two', 'three', 'four', 'five'];
  const notes = await world.repository('notes', 'clean');
  for (const number of numbers) {
    const text = specText({ title: `Write number ${number}`, files: { [`${number}.txt`]: `${number}\n` } });
    await notes.write(`specs/${number}.md`, text);
  }
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const release = await world.holdWorktrees();
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'Spawn agents' }).click();
  await bench.dialog('Spawn agents on 5 specs').getByRole('button', { name: 'Spawn 5 runs' }).click();
  for (const number of numbers) await expect(bench.pane(`Write number ${number}`)).toBeInViewport();

  await test.step('the page can be used meanwhile', async () => {
    await page.getByRole('searchbox', { name: 'Filter the board' }).fill('three');
    await expect(bench.board.getByRole('article')).toHaveCount(1);
    await page.getByRole('searchbox', { name: 'Filter the board' }).fill('');
    await expect(bench.board.getByRole('article')).toHaveCount(5);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a run, a spec, a command').fill('number five');
    await page.getByRole('option', { name: 'specs/five.md' }).click();
    await expect(bench.editor('five')).toContainText('Write number five');
    await bench.tab('Terminals').click();
    await release();
  });

  for (const number of numbers) await bench.expectInGroup(`Write number ${number}`, 'Review');
  for (const number of numbers) {
    expect(await notes.git('show', `feature/ai-${number}:${number}.txt`)).toBe(number);
  }
  expect(await notes.git('status', '--porcelain')).toBe('');
});
