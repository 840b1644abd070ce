import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const requirements = `# Requirements Document

## Introduction

Members log in with a key.

### Requirement 1: Log in

#### Acceptance Criteria

1. WHEN a member enters a valid key THEN the system SHALL show the notes of that member
2. IF the key is unknown THEN the system SHALL say so

\`\`\`\`text file="login.txt"
log in
\`\`\`\`
`;

const testing = `---
title: Testing
description: How work is proved here.
parameters:
  - { name: command, description: The command that runs the tests, required: true }
---

# Testing

Run \`{{command}}\` before you commit.
`;

test('specs from elsewhere, modules with values, runs that wait, and what two of them were told', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  const repository = await world.repository('notes', 'clean');
  await repository.write('.kiro/specs/member-login/requirements.md', requirements);
  await repository.write('.switchyard/config.yaml', 'base: main\n');
  await repository.write('.switchyard/prompts/testing.md', testing);
  await repository.write('AGENTS.md', '# Agents\n\nBe kind to the notes.\n');
  const second = specText({ title: 'Log out', files: { 'logout.txt': 'log out\n' } });
  await repository.write('specs/log-out.md', second.replace('agents:', 'after: [member-login]\nagents:'));
  await repository.commit('Specs and rules');
  await bench.open(repository.path);

  await test.step('a Kiro spec is shown as what it becomes, and then written', async () => {
    await page.getByRole('button', { name: /^Specs from elsewhere/ }).click();
    const dialog = bench.dialog('Specs from elsewhere');
    await expect(dialog.getByText('2 acceptance items')).toBeVisible();
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await expect(dialog.getByRole('list', { name: 'Specs to be made' })).toContainText('specs/member-login.md');
    expect(await repository.git('status', '--porcelain')).toBe('');
    await dialog.getByRole('button', { name: 'Write 1 spec' }).click();
    await expect(dialog).toBeHidden();
    await expect(bench.editor('member-login')).toContainText('Members log in with a key.');
    const prompt = page.getByRole('region', { name: 'Spec: Member login' });
    await expect(prompt).toContainText('**1.2**: IF the key is unknown THEN the system SHALL say so');
    await expect(page.getByText('and in step with it')).toBeVisible();
  });

  await test.step('a module is picked, says what it lacks, and takes a value', async () => {
    await page.getByRole('button', { name: 'Modules…' }).click();
    const dialog = bench.dialog('Modules of this prompt');
    await dialog.getByRole('checkbox', { name: /Testing/ }).click();
    await dialog.getByRole('button', { name: 'Use these' }).click();
    const module = page.getByRole('region', { name: 'Module: Testing' });
    await expect(module).toContainText('The module “testing” needs a value for {{command}}');
    await page.getByRole('button', { name: 'Modules…' }).click();
    await dialog.getByRole('textbox', { name: 'command of Testing' }).fill('npm run check');
    await dialog.getByRole('button', { name: 'Use these' }).click();
    await expect(module).toContainText('Run `npm run check` before you commit.');
    await expect(module).not.toContainText('needs a value');
    await expect(page.getByRole('region', { name: 'Rules files of this repository' })).toContainText('AGENTS.md');
    await page.getByRole('button', { name: /^Save/ }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    expect(await repository.read('specs/member-login.md')).toMatch(/- testing: \{ ?command: npm run check ?\}/);
  });

  await test.step('its source changes: the difference is shown, and nothing is taken over unasked', async () => {
    const before = await repository.read('specs/member-login.md');
    const changed = requirements.replace('say so', 'say that it is unknown');
    await repository.write('.kiro/specs/member-login/requirements.md', changed);
    await expect(page.getByText('has changed since this spec was taken from it')).toBeVisible();
    expect(await repository.read('specs/member-login.md')).toBe(before);
    await page.getByRole('button', { name: 'See the difference' }).click();
    await page.getByRole('button', { name: 'Take over' }).click();
    await expect(page.getByText('and in step with it')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Spec: Member login' })).toContainText('say that it is unknown');
    expect(await repository.read('specs/member-login.md')).toContain('npm run check');
    // A merge leaves a checkout with changes of tracked files alone.
    await repository.commit('The requirements, and the spec made of them');
  });

  await test.step('two runs: the second waits for the first, and begins when that is merged', async () => {
    await bench.card('Member login').getByRole('button', { name: 'Spawn' }).click();
    const dialog = bench.dialog(/^Spawn agents/);
    await dialog.getByRole('checkbox', { name: 'Scribe' }).click();
    await dialog.getByRole('button', { name: /^Spawn/ }).click();
    await expect(dialog).toBeHidden();
    await bench.expectInGroup('Member login', 'Review');
    await bench.card('Log out').getByRole('button', { name: 'Spawn' }).click();
    await expect(dialog.getByText('Waits until “member-login” is merged into main.')).toBeVisible();
    await dialog.getByRole('button', { name: /^Spawn/ }).click();
    await expect(dialog).toBeHidden();
    await bench.expectInGroup('Log out', 'Queued');
    await expect(bench.pane('Log out')).toContainText('Waits until “member-login” is merged into main.');
    await bench.openCard('Member login');
    await bench.merge('Member login', 'Merge commit');
    await bench.expectInGroup('Log out', 'Review');
    expect(await repository.git('ls-tree', '--name-only', 'feature/ai-log-out', 'login.txt')).toBe('login.txt');
  });

  await test.step('what the two were told is compared part by part', async () => {
    await bench.choose('Log out', 'What it was told…');
    const dialog = bench.dialog('What “Log out” was told');
    await expect(dialog.getByRole('region', { name: 'Spec: Log out' })).toBeVisible();
    await dialog.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option', { name: /Member login/ }).click();
    const parts = dialog.getByRole('list', { name: 'Parts of the two prompts' });
    await parts.getByRole('button', { name: /Testing.*only on the right/ }).click();
    await expect(dialog.getByRole('code').last()).toContainText('npm run check');
    await page.keyboard.press('Escape');
  });

  await test.step('a spec is split by an agent, and the drafts are the person’s to accept', async () => {
    await bench.tab('Prompts').click();
    await page.getByRole('button', { name: /^Testing/ }).click();
    await expect(page.getByRole('region', { name: 'Where it is used' })).toContainText('Member login');
    await repository.write(
      'specs/both.md',
      '---\ntitle: Both\nagents: [scribe]\nacceptance:\n  - { id: one, text: One is there. }\n  - { id: two, text: Two is there. }\n---\n\n```text file=one.txt\n1\n```\n\n```text file=two.txt\n2\n```\n',
    );
    await bench.expectInGroup('Both', 'Drafts');
    await bench.openCard('Both');
    await page.getByRole('button', { name: 'More for this spec' }).click();
    await page.getByRole('menuitem', { name: 'Split into smaller specs…' }).click();
    const dialog = bench.dialog('Split “Both”');
    await dialog.getByRole('button', { name: 'Draft smaller specs' }).click();
    await page.getByRole('button', { name: 'See its drafts' }).click();
    const drafts = bench.dialog('Drafts for “Both”');
    await expect(drafts.getByRole('list', { name: 'Specs to be made' }).getByRole('listitem')).toHaveCount(2);
    await drafts.getByRole('checkbox', { name: /Two is there/ }).click();
    await drafts.getByRole('button', { name: 'Accept 1 spec' }).click();
    await bench.expectInGroup('Both: One is there', 'Drafts');
    expect(await repository.read('specs/both-one.md')).toContain('footprint: [one.txt]');
    expect(await repository.git('log', '--format=%s', 'main..feature/ai-both-split')).toBe('');
  });
});
