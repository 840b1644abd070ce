import { expect, test } from './fixtures.ts';
import { Repository } from './repository.ts';
import { Workbench } from './workbench.ts';

const toggles = 'Feature toggle framework';
const history = 'Match history for players';
const schedule = 'Schedule override for administrators';
const question = /Is that right, or is the reason for administrators only\?/;

test('the demo: from nothing to two merged branches and one conflict refused', async ({ world, page }) => {
  test.setTimeout(300_000);
  const release = await world.holdWorktrees();
  const bench = new Workbench(page);
  const demo = new Repository(`${world.home}/switchyard-demo`, world.env);

  await test.step('there is nothing yet, and one press makes the demo', async () => {
    await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
    await expect(page.getByText('Your repositories will be listed here.')).toBeVisible();
    await page.getByRole('button', { name: 'Try the demo' }).click();
    for (const title of [toggles, history, schedule]) await bench.expectInGroup(title, 'Drafts');
    expect(await demo.git('status', '--porcelain')).toBe('');
  });

  await test.step('a spec can be read and beside it what an agent would be sent', async () => {
    await bench.openCard(history);
    await expect(bench.editor('match-history')).toContainText('How did we do against Quarry again?');
    const prompt = page.getByRole('region', { name: `Spec: ${history}` });
    await expect(prompt).toContainText('How did we do against Quarry again?');
    await expect(page.getByRole('region', { name: 'Invariant: No dependencies' })).toBeVisible();
  });

  await test.step('three agents are spawned at once', async () => {
    await bench.tab('Terminals').click();
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    const dialog = bench.dialog('Spawn agents on 3 specs');
    await expect(dialog.getByText('for demos', { exact: true })).toHaveCount(3);
    for (const slug of ['feature-toggle-framework', 'match-history', 'admin-schedule-override']) {
      const planned = dialog.getByRole('list', { name: 'Runs to be made' });
      await expect(planned.getByRole('button', { name: `feature/ai-${slug} from main` })).toBeVisible();
    }
    await dialog.getByRole('button', { name: 'Spawn 3 runs' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('their stages are seen as they happen', async () => {
    for (const title of [toggles, history, schedule]) {
      await bench.expectInGroup(title, 'Running');
      await expect(bench.card(title)).toContainText('Preparing');
      // Git's writes take turns, so that one of them is at its worktree, and the others are before it.
      await expect(bench.card(title)).toContainText(/Making the (?:branch|worktree) \([23] of 6\)/);
      await expect(bench.pane(title).getByRole('list', { name: 'Stages' })).toContainText('Making the worktree');
    }
    await release();
  });

  await test.step('they work side by side; one asks, and says so wherever the person looks', async () => {
    await expect(bench.pane(schedule)).toContainText(question);
    for (const title of [toggles, history]) await expect(bench.pane(title)).toContainText(`: ${title}`);
    for (const title of [toggles, history, schedule]) await expect(bench.pane(title)).toBeInViewport();
    await bench.expectInGroup(schedule, 'Needs you');
    await bench.expectInGroup(toggles, 'Review');
    await bench.expectInGroup(history, 'Review');
    await expect(bench.card(schedule)).toContainText('Waiting for you');
    await expect(bench.card(schedule)).toContainText(question);
    await expect(page).toHaveTitle('(3) switchyard-demo – Switchyard');
  });

  await test.step('Next leads to the question, and an answer is typed there', async () => {
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(bench.terminal(schedule)).toBeFocused();
    await page.keyboard.type('Everybody may read it.');
    await page.keyboard.press('Enter');
    await bench.expectInGroup(schedule, 'Review');
    await expect(bench.pane(schedule)).toContainText(/Committed [0-9a-f]{7}/);
    await expect(page).toHaveTitle('(3) switchyard-demo – Switchyard');
    expect(await demo.git('log', '-1', '--format=%b', 'feature/ai-admin-schedule-override')).toContain(
      'Answer: Everybody may read it.',
    );
  });

  await test.step('the changes of one are read file by file', async () => {
    await expect(bench.card(toggles)).toContainText('+188');
    await bench.expectInGroup(toggles, 'Review');
    await bench.openCard(toggles);
    const files = page.getByRole('listbox', { name: 'Changed files' });
    await expect(files.getByRole('option')).toHaveCount(10);
    await expect(files.getByRole('option', { name: 'src/app.ts' })).toHaveAttribute('aria-selected', 'true');
    await expect(bench.diff('src/app.ts').last()).toContainText('viewer, params,');
    await expect(bench.diff('src/app.ts').last()).not.toContainText('viewer: viewerOf');

    await page.getByRole('radio', { name: 'Inline' }).click();
    await expect(bench.diff('src/app.ts').last()).toContainText('viewer: viewerOf');
    await page.getByRole('radio', { name: 'Side by side' }).click();
    await expect(bench.diff('src/app.ts').last()).not.toContainText('viewer: viewerOf');

    await page.keyboard.press('Alt+ArrowDown');
    await expect(page.getByText('2 / 10')).toBeVisible();
    await expect(bench.diff('src/context.ts').last()).toContainText('isOn');
    await page.keyboard.press('Alt+ArrowUp');
    await expect(page.getByText('1 / 10')).toBeVisible();

    await page.getByRole('checkbox', { name: 'Viewed', exact: true }).click();
    await expect(page.getByText('1 of 10 viewed')).toBeVisible();
    await expect(page.getByText('2 / 10')).toBeVisible();
    await page.keyboard.press('Alt+v');
    await expect(page.getByText('2 of 10 viewed')).toBeVisible();
    await expect(files.getByRole('checkbox', { name: 'Viewed: src/app.ts' })).toBeChecked();
    await expect(files.getByRole('checkbox', { name: 'Viewed: src/pages/home.ts' })).not.toBeChecked();
    await files.getByRole('option', { name: 'src/toggles.ts' }).click();
    await expect(page.getByRole('code').filter({ hasText: 'export type ToggleState' })).toBeVisible();
  });

  const start = await demo.git('rev-parse', 'main');
  await test.step('it is kept, for a reason', async () => {
    await page.getByRole('textbox', { name: 'Reason for the decision' }).fill('Small and proven');
    await page.getByRole('radio', { name: 'Keep' }).click();
    await expect(page.getByText('It may be merged.')).toBeVisible();
    await expect(bench.card(toggles)).toContainText('Keep');
    await expect(bench.card(toggles)).toContainText('Small and proven');
  });

  await test.step('the first is merged with a merge commit, taken back, and merged again', async () => {
    const before = await demo.state();
    await bench.merge(toggles, 'Merge commit');
    await bench.expectInGroup(toggles, 'Done');
    const [merge, ...parents] = (await demo.git('log', '-1', '--format=%H %P', 'main')).split(' ');
    expect(parents).toEqual([start, await demo.git('rev-parse', 'feature/ai-feature-toggle-framework')]);
    expect(await demo.git('log', '-1', '--format=%(trailers:only)', 'main')).toMatch(
      /^Spec: feature-toggle-framework\nRun: [0-9a-f]+\nAgent: Scribe\n*$/,
    );
    expect(await demo.git('rev-parse', 'HEAD')).toBe(merge);
    expect(await demo.git('status', '--porcelain')).toBe('');
    expect(await demo.read('src/toggles.ts')).toContain('export type ToggleState');

    await bench.toast(`Merged “${toggles}” into main`).getByRole('button', { name: 'Undo' }).click();
    await expect(bench.toast('main is back where it was')).toBeVisible();
    await bench.expectInGroup(toggles, 'Review');
    expect(withoutSnapshots(await demo.state())).toBe(withoutSnapshots(before));

    await bench.merge(toggles, 'Merge commit');
    await bench.expectInGroup(toggles, 'Done');
    expect(await demo.git('rev-parse', 'main^1')).toBe(start);
  });

  await test.step('the second is squashed into one commit', async () => {
    const base = await demo.git('rev-parse', 'main');
    await bench.openCard(history);
    await bench.merge(history, 'Squash');
    await bench.expectInGroup(history, 'Done');
    expect(await demo.git('log', '-1', '--format=%P %s', 'main')).toBe(`${base} ${history}`);
    expect(await demo.git('log', '-1', '--format=%(trailers:key=Spec,valueonly)', 'main')).toContain('match-history');
    expect(await demo.git('status', '--porcelain')).toBe('');
    expect(await demo.read('src/match-history.ts')).toContain('historyOf');
  });

  await test.step('the third conflicts: the file is named, and nothing is changed', async () => {
    const before = await demo.state();
    await bench.openCard(schedule);
    await page.getByRole('button', { name: 'Merge…' }).click();
    const dialog = bench.dialog('Merge into main');
    for (const method of ['Merge commit', 'Squash', 'Rebase']) {
      await dialog.getByRole('radio', { name: method }).click();
      const conflicts = dialog.getByRole('list', { name: 'Conflicting files' }).getByRole('listitem');
      await expect(conflicts).toHaveCount(1);
      await expect(conflicts.getByRole('code')).toHaveText('src/routes.ts');
      await expect(dialog.getByRole('button', { name: 'Keep and merge' })).toBeDisabled();
    }
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await demo.state()).toBe(before);
    await demo.git('fsck', '--strict', '--no-dangling', '--no-progress');
    await bench.expectInGroup(schedule, 'Review');
    for (const title of [toggles, history]) await expect(bench.card(title)).toContainText('Merged into main');
  });

  await test.step('it is deleted after a look at what that would lose, and brought back', async () => {
    const branch = 'feature/ai-admin-schedule-override';
    const worktree = `${world.home}/switchyard-demo.worktrees/${branch}`;
    const commit = await demo.git('rev-parse', branch);
    await bench.choose(schedule, 'Delete run…');
    const dialog = bench.dialog(`Delete “${schedule}”?`);
    await expect(dialog).toContainText('1 commit that no other branch has');
    await expect(dialog).toContainText('Scribe is still running. It will be ended.');
    await dialog.getByRole('button', { name: 'Delete run' }).click();
    await expect(bench.toast(`Deleted “${schedule}”`)).toBeVisible();
    await bench.expectInGroup(schedule, 'Drafts');
    expect(await demo.git('branch', '--list', branch)).toBe('');
    expect(await demo.git('worktree', 'list')).not.toContain(worktree);

    await bench.toast(`Deleted “${schedule}”`).getByRole('button', { name: 'Undo' }).click();
    await expect(bench.toast(`Brought back ${branch}`)).toBeVisible();
    expect(await demo.git('rev-parse', branch)).toBe(commit);
    expect(await demo.git('-C', worktree, 'status', '--porcelain')).toBe('');
    await bench.expectInGroup(schedule, 'Review');
  });
});

/** A snapshot is what makes an undo possible, and stays. */
const withoutSnapshots = (state: string): string => state.replaceAll(/^refs\/switchyard\/.*\n/gm, '');
