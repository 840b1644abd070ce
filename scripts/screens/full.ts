import { specText } from '#e2e/spec-text.ts';

import { press, seen, settle, spawnAll, type Walk } from './screen.ts';

/** Longer than anybody waits for a picture. */
const stillAtWork = 'echo 214 of 940 tests; sleep 600';

const specs: Readonly<Record<string, Parameters<typeof specText>[0]>> = {
  invitations: {
    title: 'Invite people with a link',
    ask: 'How long should a link be valid: a day, or until it was used?',
    files: { 'src/invite.js': 'export const invite = () => crypto.randomUUID();\n' },
  },
  'time-zones': {
    title: 'Show times in the zone of the reader',
    ask: 'Two notes have no zone. Take UTC for them?',
    files: { 'src/zone.js': 'export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;\n' },
  },
  search: { title: 'Search in all notes', check: 'echo 3 tests failed; exit 1', files: { 'src/search.js': '//\n' } },
  sort: { title: 'Sort the notes by date', files: { 'src/sort.js': 'export const sort = (notes) => notes;\n' } },
  export: { title: 'Export the notes as CSV', files: { 'src/csv.js': 'export const csv = () => "";\n' } },
  colours: { title: 'A theme for the night', files: { 'src/colours.js': 'export const colours = {};\n' } },
  undo: { title: 'Take back the last deletion', files: { 'src/undo.js': 'export const undo = () => {};\n' } },
  import: { title: 'Import notes from a folder', check: stillAtWork, files: { 'src/import.js': '//\n' } },
  offline: { title: 'Work without a connection', check: stillAtWork, files: { 'src/offline.js': '//\n' } },
  sharing: { title: 'Share one note', check: stillAtWork, files: { 'src/share.js': '//\n' } },
  'by-hand': { title: 'Look around by hand', agents: ['shell'] },
  'not-ready': { title: 'Needs what is not there', branch: 'feature/not-ready' },
};

/** Twelve runs in every state there is, then as many panes as the grid takes. */
export const full: Walk = {
  name: 'full',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const notes = await world.repository('notes', 'clean');
    for (const [slug, text] of Object.entries(specs)) await notes.write(`specs/${slug}.md`, specText(text));
    const setup = 'test "$(git branch --show-current)" != feature/not-ready';
    await notes.write('.switchyard/config.yaml', `setup:\n  run: ${setup}\n`);
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'drafts',
      show: async ({ page }) => {
        await page.getByRole('button', { name: 'Spawn agents' }).waitFor();
      },
    },
    {
      name: 'trust',
      show: async ({ page }) => {
        await press(page, 'See the commands');
        await page.getByRole('dialog', { name: /run these commands/ }).waitFor();
      },
    },
    {
      name: 'spawn-12',
      show: async ({ page, bench }) => {
        await press(page, 'Allow these commands');
        await bench.toast('The commands may run').waitFor();
        await press(page, 'Spawn agents');
        await page
          .getByRole('button', { name: /^Spawn 12 runs/ })
          .and(page.locator(':not([aria-disabled])'))
          .waitFor();
      },
    },
    {
      name: 'grid-12',
      show: async ({ page, bench }) => {
        await spawnAll(page);
        await seen(bench, 'Needs what is not there', /setup command failed/i);
        for (const title of ['Invite people', 'Show times']) await seen(bench, title, '›');
        for (const title of ['Sort the notes', 'Export the', 'A theme', 'Take back']) {
          await seen(bench, title, /Committed [0-9a-f]{7}/);
        }
        for (const title of ['Import notes', 'Work without', 'Share one']) await seen(bench, title, /Checking proven/);
        await page.waitForTimeout(2000); // what is committed is seen a moment later
      },
    },
    {
      name: 'board-12',
      show: async ({ page, bench }) => {
        const decide = async (title: string, decision: string, reason: string): Promise<void> => {
          await bench.choose(title, 'Review changes');
          await page.getByRole('textbox', { name: 'Reason for the decision' }).fill(reason);
          await page.getByRole('radio', { name: decision }).click();
          await bench.card(title).getByText(reason).waitFor();
        };
        await decide('A theme for the night', 'Discard', 'The colours of the system are enough');
        await decide('Export the notes as CSV', 'Modify', 'Quote what holds a comma');
        await decide('Sort the notes by date', 'Keep', 'Small and proven');
        await bench.choose('Take back the last deletion', 'Review changes');
        await bench.merge('Take back the last deletion', 'Merge commit');
        await settle(bench, 'Take back the last deletion', 'Done');
      },
    },
    {
      name: 'menu',
      show: async ({ page, bench }) => {
        await bench.card('Sort the notes by date').click({ button: 'right' });
        await page.getByRole('menuitem', { name: /^Delete run/ }).waitFor();
      },
    },
    {
      name: 'remove',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.choose('Invite people with a link', 'Delete run…');
        await bench
          .dialog(/^Delete/)
          .getByText('not committed')
          .waitFor();
      },
    },
    {
      name: 'removed',
      show: async ({ page, bench }) => {
        await press(page, 'Delete run');
        await bench.toast('Deleted “Invite people').waitFor();
      },
    },
    {
      name: 'snapshots',
      show: async ({ page }) => {
        await press(page, /^notes/);
        await page.getByRole('menuitem', { name: 'Snapshots…' }).click();
        await page.getByRole('button', { name: 'Restore' }).first().waitFor();
      },
    },
    {
      name: 'grid-16',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.card('Invite people').getByRole('button', { name: 'Spawn' }).click();
        const dialog = bench.dialog(/^Spawn agents/);
        for (let variants = 1; variants < 5; variants += 1) {
          await dialog
            .getByRole('button', { name: /^One run of .* more$/ })
            .first()
            .click();
        }
        await spawnAll(page);
        await page.getByText('16 terminals').first().waitFor();
      },
    },
    {
      name: 'host-away',
      show: async ({ page, world }) => {
        await world.host.quit();
        await page.getByText('The host is not connected.').waitFor();
      },
    },
  ],
};
