import { join } from 'node:path';

import type { Locator } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { lastLookAt } from './looks.ts';
import { recordNotices } from './recorded-notices.ts';
import { Repository } from './repository.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const asks = 'Invite people with a link';
const fails = 'Needs what is not there';
const key = 'Keep notes in a file';
const later = 'Search in the file';
const unproven = 'Export the notes';

const specs = {
  asks: specText({ title: asks, ask: 'How long is a link valid?', files: { 'src/invite.js': 'export {};\n' } }),
  fails: specText({ title: fails, branch: 'feature/not-ready' }),
  key: specText({ title: key, files: { 'src/file.js': 'export {};\n' } }),
  later: specText({ title: later, files: { 'src/search.js': 'export {};\n' } }).replace(
    'title:',
    'after: [key]\ntitle:',
  ),
  unproven: specText({ title: unproven, check: 'exit 1', files: { 'src/export.js': 'export {};\n' } }),
};

test('agents ask, fail and finish: Next walks through them, a snooze moves on, and what is new is said', async ({
  world,
  page,
}) => {
  test.setTimeout(240_000);
  world.env['SCRIBE_PACE_MS'] = '0';
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  for (const [slug, text] of Object.entries(specs)) await notes.write(`specs/${slug}.md`, text);
  const setup = 'test "$(git branch --show-current)" != feature/not-ready';
  await notes.write('.switchyard/config.yaml', `setup:\n  run: ${setup}\n`);
  await notes.commit('Say what is next');
  await bench.open(notes.path);

  const inbox = page.getByRole('region', { name: 'Inbox' });
  const rows = (list: string): Locator => inbox.getByRole('list', { name: list }).getByRole('listitem');

  await test.step('an empty inbox says so', async () => {
    await bench.tab(/^Inbox/).click();
    await expect(inbox.getByRole('heading', { name: 'Nothing needs you. No agent at work.' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Next' })).toHaveAttribute('aria-disabled', 'true');
  });

  await test.step('what needs the person stands in the order in which an answer helps', async () => {
    await page.getByRole('button', { name: 'See the commands' }).click();
    await page.getByRole('button', { name: 'Allow these commands' }).click();
    await bench.tab('Terminals').click();
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    const dialog = bench.dialog('Spawn agents on 5 specs');
    await dialog.getByRole('button', { name: 'Spawn 5 runs' }).click();
    await expect(dialog).toBeHidden();
    await expect(page).toHaveTitle('(4) notes – Switchyard', { timeout: 90_000 });
    await bench.tab(/^Inbox/).click();
    await expect(rows('Needs you')).toHaveCount(4);
    await expect(rows('Needs you').nth(3)).toContainText('check failed');
    const told = [
      [asks, 'asked a question', 'How long is a link valid?'],
      [fails, 'failed', 'setup command'],
      [key, 'ready for review', '1 run waits for it'],
      [unproven, 'check failed', 'It does what it says.'],
    ];
    for (const [index, words] of told.entries()) {
      for (const word of words) await expect(rows('Needs you').nth(index)).toContainText(word);
    }
    await expect(page).toHaveTitle('(4) notes – Switchyard');
    expect(await page.locator('link[rel="icon"]').getAttribute('href')).toContain(encodeURIComponent('>4<'));
  });

  await test.step('Next leads through them, each at the place where it can be answered', async () => {
    await page.keyboard.press('F8');
    await expect(bench.terminal(asks)).toBeFocused();
    await page.keyboard.press('F8');
    await expect(bench.terminal(fails)).toBeFocused();
    await page.keyboard.press('F8');
    await expect(page.getByRole('heading', { name: key, level: 1 })).toBeVisible();
    await page.keyboard.press('F8');
    await expect(page.getByRole('heading', { name: unproven, level: 1 })).toBeVisible();
    const checks = page.getByRole('region', { name: 'Checks' });
    await expect(checks.getByRole('button', { expanded: true })).toBeVisible();
    await expect(checks).toContainText('It does what it says.');
  });

  await test.step('a snooze moves on to the next, and holds when the page is loaded anew', async () => {
    await page.keyboard.press('Control+F8');
    await expect(bench.toast(`Snoozed “${unproven}”`)).toBeVisible();
    await expect(bench.terminal(asks)).toBeFocused();
    await expect(page).toHaveTitle('(3) notes – Switchyard');
    await page.reload();
    await expect(page).toHaveTitle('(3) notes – Switchyard');
    await page.keyboard.press('Shift+F8');
    await expect(rows('Needs you')).toHaveCount(3);
    await expect(rows('Snoozed')).toContainText([unproven]);
    await rows('Snoozed').getByRole('button', { name: 'Bring it back now' }).click();
    await expect(rows('Needs you')).toHaveCount(4);
  });

  await test.step('an answer takes its run out, and Next goes on', async () => {
    await rows('Needs you').first().getByRole('button').first().click();
    await expect(bench.terminal(asks)).toBeFocused();
    await page.keyboard.type('Until it was used');
    await page.keyboard.press('Enter');
    await expect(bench.pane(asks)).toContainText(/Committed [0-9a-f]{7}/);
    await bench.expectInGroup(asks, 'Review');
    // They were here before; this time counts as well once the host has it in writing.
    await expect.poll(() => lastLookAt(notes, asks)).toBe('open');
    await page.keyboard.press('F8');
    await expect(bench.terminal(fails)).toBeFocused();
  });

  await test.step('who comes back to a run is told what is new since they left it', async () => {
    // Once the host has it in writing that they left, and how the branch was then.
    await expect.poll(() => lastLookAt(notes, asks)).toBe('ended');
    const worktree = (await notes.git('worktree', 'list', '--porcelain'))
      .split('\n\n')
      .find((entry) => entry.includes('asks'))
      ?.match(/^worktree (.*)$/m)?.[1];
    const branch = new Repository(worktree ?? '', world.env);
    await branch.write('src/valid.js', 'export const valid = true;\n');
    await branch.commit('Links are valid once');
    await bench.choose(asks, 'Open terminal');
    const news = bench.pane(asks).getByRole('complementary', { name: 'Since you last looked' });
    await expect(news).toContainText('1 new commit');
    await expect(news).toContainText('Links are valid once');
    await expect(news).toContainText('1 file changed, +1 −0');
    await news.getByRole('button', { name: 'Dismiss' }).click();
    await expect(news).toBeHidden();
  });

  await test.step('the inbox is walked with the keyboard alone', async () => {
    await bench.board.getByRole('article').first().getByRole('button').first().focus();
    await page.keyboard.press('i');
    await expect(rows('Needs you').first().getByRole('button').first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(rows('Needs you').nth(1).getByRole('button').first()).toBeFocused();
    const second = (await rows('Needs you').nth(1).innerText()).split('\n')[0] ?? '';
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: second, level: 1 })).toBeVisible();
  });

  await test.step('the figures say how often each run stopped for the person', async () => {
    await page.getByRole('banner').getByRole('button').first().click();
    await page.getByRole('menuitem', { name: 'Figures' }).click();
    const table = page.getByRole('region', { name: 'Figures' }).getByRole('table').last();
    const stops = async (title: string): Promise<string> =>
      table.getByRole('row').filter({ hasText: title }).getByRole('cell').nth(5).innerText();
    await expect(table.getByRole('columnheader').nth(5)).toHaveText('Stops');
    expect([await stops(asks), await stops(fails), await stops(key)]).toEqual(['1', '1', '0']);
  });
});

test('what needs the person is told outside of the page once they allow it: once, together, and not what is in sight', async ({
  world,
  page,
  context,
  desktop,
  shell,
}) => {
  test.setTimeout(180_000);
  world.env['SCRIBE_PACE_MS'] = '0';
  const notices = await recordNotices({ page, context, desktop, shell });
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  const gate = join(world.folder, 'let-go');
  const titles = ['First of all', 'Second to none', 'Third time lucky'];
  for (const [index, title] of titles.entries()) {
    const files = { [`src/${String(index)}.js`]: 'export {};\n' };
    // All but the first work on until they are let go.
    const check = index === 0 ? {} : { check: `until [ -e '${gate}' ]; do sleep 0.1; done` };
    await notes.write(`specs/s${String(index)}.md`, specText({ title, files, ...check }));
  }
  await notes.commit('Say what is next');
  await bench.open(notes.path);

  await test.step('the person allows it', async () => {
    await bench.tab(/^Inbox/).click();
    await page.getByRole('button', { name: 'Notifications and quiet hours' }).click();
    await page.getByRole('checkbox', { name: 'Tell me when a run needs me' }).click();
    await expect(page.getByRole('checkbox', { name: 'Tell me when a run needs me' })).toBeChecked();
    await page.keyboard.press('Escape');
  });

  await test.step('in sight, nothing is told; out of sight, one notice of all that came', async () => {
    await bench.spawn(titles[0] ?? '');
    await bench.expectInGroup(titles[0] ?? '', 'Review');
    await bench.tab('Prompts').click();
    expect(await notices()).toEqual([]);
    for (const title of titles.slice(1)) await bench.spawn(title);
    for (const title of titles.slice(1)) await expect(bench.pane(title)).toContainText('Checking proven');
    // Out of sight is what the host takes for it: neither before it knows that they were here, nor before it knows that they left.
    const last = titles.at(-1) ?? '';
    await expect.poll(() => lastLookAt(notes, last)).toBe('open');
    await bench.tab('Prompts').click();
    await expect.poll(() => lastLookAt(notes, last)).toBe('ended');
    await world.run('touch', [gate]);
    for (const title of titles.slice(1)) {
      await expect.poll(async () => (await notices()).join('\n'), { timeout: 60_000 }).toContain(title);
    }
    const told = (await notices()).join('\n');
    expect(told).not.toContain('First of all');
    for (const title of titles.slice(1)) expect(told.split(title)).toHaveLength(2);
    expect(told).toContain('is ready for review');
    expect(told).toContain('silent');
  });
});
