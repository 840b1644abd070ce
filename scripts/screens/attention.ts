import { Repository } from '#e2e/repository.ts';
import { specText } from '#e2e/spec-text.ts';

import { press, settle, spawnAll, type Walk } from './screen.ts';

const asks = 'Invite people with a link';
const history = 'Keep a history of every note, with who changed what and when, for as long as the person wants it';

const specs: Readonly<Record<string, Parameters<typeof specText>[0]>> = {
  asks: {
    title: asks,
    ask: 'How long should a link be valid: a day, or until it was used?',
    files: { 'src/invite.js': 'export const invite = () => crypto.randomUUID();\n' },
  },
  zones: {
    title: 'Show times in the zone of the reader',
    ask: 'Two notes have no zone. Take UTC for them?',
    files: { 'src/zone.js': '//\n' },
  },
  search: { title: 'Search in all notes', check: 'echo 3 tests failed; exit 1', files: { 'src/search.js': '//\n' } },
  history: { title: history, files: { 'src/notes.js': '// history\n' } },
  sort: { title: 'Sort the notes by date', files: { 'src/notes.js': '// sorted\n' } },
  import: { title: 'Import notes from a folder', check: 'sleep 600', files: { 'src/import.js': '//\n' } },
  'not-ready': { title: 'Needs what is not there', branch: 'feature/not-ready' },
  export: { title: 'Export the notes as CSV', files: { 'src/csv.js': '//\n' } },
};

/** The inbox, from nothing to everything, and what is new in a run. */
export const attention: Walk = {
  name: 'attention',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const notes = await world.repository('notes', 'clean');
    for (const [slug, text] of Object.entries(specs)) {
      const waits = slug === 'export' ? 'after: [sort]\n' : '';
      await notes.write(`specs/${slug}.md`, specText(text).replace('title:', `${waits}title:`));
    }
    const setup = 'test "$(git branch --show-current)" != feature/not-ready';
    await notes.write('.switchyard/config.yaml', `setup:\n  run: ${setup}\n`);
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'empty',
      show: async ({ page }) => {
        await press(page, /^Inbox/);
        await page.getByRole('heading', { name: 'Nothing needs you.' }).waitFor();
      },
    },
    {
      name: 'inbox',
      show: async ({ page, bench }) => {
        await press(page, 'See the commands');
        await press(page, 'Allow these commands');
        await bench.toast('The commands may run').waitFor();
        await press(page, 'Terminals');
        await press(page, 'Spawn agents');
        await spawnAll(page);
        await press(page, /^Inbox/);
        const inbox = page.getByRole('region', { name: 'Inbox' });
        for (const words of ['check failed', 'collides', 'failed', '1 run waits for it']) {
          await inbox.getByText(words).first().waitFor({ timeout: 120_000 });
        }
        await inbox.getByRole('listitem').nth(5).waitFor({ timeout: 120_000 });
      },
    },
    {
      name: 'snooze-menu',
      show: async ({ page }) => {
        await press(page, 'Snooze');
        await page.getByRole('menuitem', { name: 'Until it changes' }).waitFor();
      },
    },
    {
      name: 'snoozed',
      show: async ({ page }) => {
        await page.getByRole('menuitem', { name: 'Until it changes' }).click();
        await press(page, 'Snooze');
        await page.getByRole('menuitem', { name: 'Until tomorrow' }).click();
        await page.getByRole('list', { name: 'Snoozed' }).getByRole('listitem').nth(1).waitFor();
      },
    },
    {
      name: 'since-terminal',
      show: async ({ page, world, bench }) => {
        await bench.choose(asks, 'Open terminal');
        await bench.typeLine(asks, 'Until it was used');
        await settle(bench, asks, 'Review');
        await page.waitForTimeout(1500);
        await press(page, /^Inbox/);
        await page.waitForTimeout(1500);
        const notes = new Repository(`${world.home}/notes`, world.env);
        const worktrees = (await notes.git('worktree', 'list', '--porcelain')).split('\n\n');
        const path = worktrees.find((entry) => entry.includes('/ai-asks'))?.match(/^worktree (.*)$/m)?.[1];
        const branch = new Repository(path ?? '', world.env);
        for (const [file, subject] of [
          ['src/valid.js', 'Links are valid once'],
          ['src/expire.js', 'Old links expire, and say so to whoever follows one'],
          ['test/links.test.js', 'Prove it'],
        ]) {
          await branch.write(file ?? '', 'export {};\n');
          await branch.commit(subject ?? '');
        }
        await branch.write('notes.txt', 'half done\n');
        await bench.card(asks).getByText('1 uncommitted').waitFor();
        await bench.choose(asks, 'Open terminal');
        await page.getByRole('complementary', { name: 'Since you last looked' }).waitFor();
      },
    },
    {
      name: 'since-review',
      show: async ({ page, bench }) => {
        await bench.choose(asks, 'Review changes');
        await page.getByRole('complementary', { name: 'Since you last looked' }).waitFor();
        await page.locator('.monaco-diff-editor, .monaco-editor').first().waitFor();
      },
    },
    {
      name: 'settings',
      show: async ({ page }) => {
        await press(page, /^Inbox/);
        await press(page, 'Notifications and quiet hours');
        await page.getByRole('checkbox', { name: 'Quiet hours' }).click();
        await page.getByRole('textbox', { name: 'Quiet from' }).waitFor();
      },
    },
    {
      name: 'figures',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await press(page, /^notes/);
        await page.getByRole('menuitem', { name: 'Figures' }).click();
        await page.getByRole('region', { name: 'Figures' }).waitFor();
      },
    },
  ],
};
