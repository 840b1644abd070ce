import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';
import { Repository } from './repository.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const ordinals = 'Say numbers in order';
const spaces = 'Indent with spaces everywhere';
const tabs = 'Indent with tabs everywhere';

const ordinalSpec = specText({
  title: ordinals,
  check: 'node --test scripts/ordinal.test.ts',
  files: {
    'scripts/ordinal.ts': `const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

/** 1st, 2nd, 3rd, 4th. */
export const ordinal = (number: number): string => \`\${String(number)}\${endings[rules.select(number)] ?? 'th'}\`;
`,
    'scripts/ordinal.test.ts': `import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ordinal } from './ordinal.ts';

it('says numbers in order', () => {
  assert.deepEqual([1, 2, 3, 4, 11, 22].map(ordinal), ['1st', '2nd', '3rd', '4th', '11th', '22nd']);
});
`,
  },
});

const indentSpec = (title: string, style: 'space' | 'tab'): string =>
  specText({
    title,
    check: `node --test scripts/indent-${style}.test.ts`,
    files: {
      '.editorconfig': `root = true\n\n[*]\nindent_style = ${style}\n`,
      [`scripts/indent-${style}.test.ts`]: `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

it('tells editors how to indent', () => {
  assert.match(readFileSync('.editorconfig', 'utf8'), /^indent_style = ${style}$/m);
});
`,
    },
  });

test.beforeEach(({ world }) => {
  world.env['SCRIBE_PACE_MS'] = '0';
});

test('this repository itself: set up, a spec by hand, two merged branches and one conflict refused', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  test.skip(!existsSync(join(projectFolder, '.git')), 'the project was unpacked without its history: nothing to clone');
  const path = join(world.home, 'itself');
  await world.run('git', ['clone', '-q', '--shared', projectFolder, path]);
  const itself = new Repository(path, world.env);
  await itself.git('switch', '-q', '-C', 'main');
  for (const each of ['specs', '.switchyard']) await rm(join(path, each), { recursive: true, force: true });
  await itself.write('.switchyard/invariants/quality.md', '# Ours\n\nWritten before.\n');
  const start = await itself.commit('Our own rule');
  const bench = new Workbench(page);

  await test.step('setting up shows what it would write, and overwrites nothing', async () => {
    await bench.open('~/itself');
    await page.getByRole('button', { name: 'See what would be written' }).click();
    const dialog = bench.dialog('Set up itself');
    const files = dialog.getByRole('list', { name: 'Files' });
    await files.getByRole('button', { name: '.switchyard/config.yaml' }).click();
    await expect(dialog).toContainText('branch: feature/ai-{slug}');
    await files.getByRole('button', { name: '.switchyard/invariants/quality.md there already' }).click();
    await expect(dialog).toContainText('This file is there already and is not touched.');
    await expect(dialog).toContainText('1 already there');
    expect(await itself.git('status', '--porcelain')).toBe('');

    await dialog.getByRole('button', { name: /^Write \d+ files$/ }).click();
    await expect(bench.toast(/^Wrote \d+ files/)).toBeVisible();
    expect(await itself.read('.switchyard/invariants/quality.md')).toBe('# Ours\n\nWritten before.\n');
    const template = join(projectFolder, 'specs-template');
    for (const file of ['.switchyard/config.yaml', 'specs/example.md', '.switchyard/prompts/testing.md']) {
      expect(await itself.read(file)).toBe(await readFile(join(template, file), 'utf8'));
    }
    expect(await itself.git('rev-parse', 'HEAD')).toBe(start);
    await bench.expectInGroup('Explain to newcomers how specs work here', 'Drafts');
  });

  await test.step('a spec that is not wanted is deleted, brought back, and deleted', async () => {
    const text = await itself.read('specs/example.md');
    const example = 'Explain to newcomers how specs work here';
    const remove = async (): Promise<void> => {
      await bench.card(example).click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Delete spec…' }).click();
      await page.getByRole('button', { name: 'Delete spec' }).click();
      await bench.expectInGroup(example, null);
    };
    await remove();
    await bench.toast(`Deleted “${example}”`).getByRole('button', { name: 'Undo' }).click();
    await bench.expectInGroup(example, 'Drafts');
    expect(await itself.read('specs/example.md')).toBe(text);
    await remove();
  });

  const file = 'specs/indent-with-spaces-everywhere.md';
  await test.step('a spec is written by hand; what is wrong is said at its line', async () => {
    await bench.board.getByRole('button', { name: 'New spec' }).first().click();
    await bench.dialog('New spec').getByRole('textbox', { name: 'Title' }).fill(spaces);
    await page.keyboard.press('Enter');
    const editor = bench.editor('indent-with-spaces-everywhere');
    await expect(editor).toContainText(`title: ${spaces}`);
    await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();

    await editor.click();
    await page.keyboard.press('Control+A');
    const text = indentSpec(spaces, 'space').replace('agents: [scribe]', 'agents: [Scribe Two]');
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await page.keyboard.press('Control+V');
    await expect(page.getByRole('status').filter({ hasText: 'Not saved' })).toBeVisible();
    await expect(bench.card(spaces)).toContainText('unsaved');
    await expect(page.getByRole('button', { name: 'Spawn…' })).toBeDisabled();
    await page.getByRole('button', { name: '1 error' }).click();
    await expect(page.getByRole('alert', { name: /no name of an agent.* at 3:10\./ })).toBeVisible();

    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('agents: [scribe]');
    await expect(page.getByRole('button', { name: '1 error' })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Spawn…' })).toBeEnabled();
    expect(await itself.read(file)).toContain('title: Indent');
    await page.keyboard.press('Control+S');
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
    expect(await itself.read(file)).toBe(indentSpec(spaces, 'space'));
  });

  await test.step('what changes on disk is shown, and never overwritten unasked', async () => {
    const editor = bench.editor('indent-with-spaces-everywhere');
    await itself.write(file, `${indentSpec(spaces, 'space')}\nWritten elsewhere.\n`);
    await editor.click();
    await page.keyboard.press('Control+End');
    await expect(editor).toContainText('Written elsewhere.');
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();

    await page.keyboard.press('Control+End');
    await page.keyboard.type('Written here.');
    const theirs = `${indentSpec(spaces, 'space')}\nChanged elsewhere.\n`;
    await itself.write(file, theirs);
    const notice = page.getByRole('note').filter({ hasText: 'The file has changed on disk, and you have edits' });
    await expect(notice).toBeVisible();
    await editor.click();
    await page.keyboard.press('Control+S');
    await expect(notice).toBeVisible();
    expect(await itself.read(file)).toBe(theirs);

    await notice.getByRole('button', { name: 'Compare' }).click();
    const compared = bench.dialog('On disk, and your edits');
    await expect(compared).toContainText('Changed elsewhere.');
    await expect(compared).toContainText('Written here.');
    await compared.getByRole('button', { name: 'Close' }).last().click();
    await notice.getByRole('button', { name: 'Keep my edits' }).click();
    await page.getByRole('button', { name: /^Save/ }).click();
    await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
    expect(await itself.read(file)).toBe(`${indentSpec(spaces, 'space')}\nWritten elsewhere.\nWritten here.`);
  });

  await test.step('three agents work on it side by side', async () => {
    await itself.write('specs/ordinals.md', ordinalSpec);
    await itself.write('specs/tabs.md', indentSpec(tabs, 'tab'));
    await itself.commit('Set up, and say what is next');
    await bench.tab('Terminals').click();
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench.dialog('Spawn agents on 3 specs').getByRole('button', { name: 'Spawn 3 runs' }).click();
    for (const title of [ordinals, spaces, tabs]) {
      await bench.expectInGroup(title, 'Review');
      await expect(bench.pane(title)).toContainText('✓ proven: It does what it says.');
    }
  });

  await test.step('two are merged, and the one that adds the same file is refused', async () => {
    const base = await itself.git('rev-parse', 'main');
    await bench.openCard(ordinals);
    await expect(page.getByRole('listbox', { name: 'Changed files' }).getByRole('option')).toHaveCount(2);
    await bench.merge(ordinals, 'Merge commit');
    expect(await itself.git('rev-parse', 'main^1')).toBe(base);
    await bench.openCard(spaces);
    await bench.merge(spaces, 'Squash');
    for (const title of [ordinals, spaces]) await bench.expectInGroup(title, 'Done');
    expect(await itself.git('log', '--format=%s', `${base}..main`, '--first-parent')).toContain(spaces);
    expect(await itself.read('.editorconfig')).toContain('indent_style = space');

    const before = await itself.state();
    await bench.openCard(tabs);
    await page.getByRole('button', { name: 'Merge…' }).click();
    const dialog = bench.dialog('Merge into main');
    const conflicts = dialog.getByRole('list', { name: 'Conflicting files' }).getByRole('listitem');
    await expect(conflicts).toHaveCount(1);
    await expect(conflicts.getByRole('code')).toHaveText('.editorconfig');
    await expect(dialog.getByRole('button', { name: 'Keep and merge' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await itself.state()).toBe(before);
    await itself.git('fsck', '--no-dangling', '--no-progress', '--connectivity-only');
  });
});
