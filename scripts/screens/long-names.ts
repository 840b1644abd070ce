import { specText } from '#e2e/spec-text.ts';

import { press, settle, spawnAll, type Walk } from './screen.ts';

const title =
  'Let whoever keeps the records of a club move every note of a season that has ended into an archive which can be searched';
const branch = `feature/${'a-branch-that-somebody-has-named-after-everything-it-does-'.repeat(3)}`.slice(0, 149) + '9';
const folder = 'src/a-folder-for-everything/that-has-to-do-with-seasons/that-have-ended';
const hebrew = 'ייבוא פתקים מתוך תיקייה אחת או יותר, עם תאריך ועם שם הכותב';
const japanese = '試合の記録を選手ごとに並べ替えて、日付と相手で絞り込めるようにする機能を追加する';

/** Names as long as they get, and in other scripts: nothing may be cut without a way to read it, or push others away. */
export const longNames: Walk = {
  name: 'long',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const name = 'the-repository-of-a-company-that-names-its-repositories-after-whole-departments';
    const long = await world.repository(name, 'clean');
    await long.git('checkout', '-q', '-b', 'release/2026-11-the-one-with-the-archive-and-the-search-and-all-the-rest');
    await long.write(
      'specs/archive.md',
      specText({
        title,
        branch,
        ask: `${'Should a note that was archived twice be kept twice, or once with both dates, or not at all? '.repeat(2)}`,
        files: {
          [`${folder}/archive-of-notes-that-nobody-has-opened-since-the-season-ended.js`]: 'export {};\n',
          [`${folder}/archive.js`]: `export const archive = '${'everything '.repeat(40)}';\n`,
          'src/notes.js': 'export const notes = [];\n',
        },
      }),
    );
    await long.write('specs/hebrew.md', specText({ title: hebrew, files: { 'docs/ייבוא פתקים.md': `# ${hebrew}\n` } }));
    await long.write(
      'specs/japanese.md',
      specText({ title: japanese, files: { 'docs/試合の記録.md': `# ${japanese}\n` } }),
    );
    await long.write('specs/word.md', specText({ title: 'W'.repeat(120), files: { 'word.txt': 'W\n' } }));
    await long.write('.switchyard/config.yaml', '# The defaults hold.\n');
    await long.commit('Say what is next');
    return ['--project', long.path];
  },
  screens: [
    {
      name: 'drafts',
      show: async ({ page }) => {
        await page.getByRole('button', { name: 'Spawn agents' }).waitFor();
      },
    },
    {
      name: 'spec',
      show: async ({ page, bench }) => {
        await bench.openCard('Let whoever keeps');
        await page.getByText(/^about .* tokens$/).waitFor();
      },
    },
    {
      name: 'spawn',
      show: async ({ page, bench }) => {
        await bench.openCard(japanese);
        await bench.openCard(hebrew);
        await bench.tab('Terminals').click();
        await press(page, 'Spawn agents');
        await page
          .getByRole('button', { name: /^Spawn 4 runs/ })
          .and(page.locator(':not([aria-disabled])'))
          .waitFor();
      },
    },
    {
      name: 'grid',
      show: async ({ page, bench }) => {
        await spawnAll(page);
        await settle(bench, 'Let whoever keeps', 'Needs you');
        for (const each of [hebrew, japanese, 'WWW']) await settle(bench, each, 'Review');
      },
    },
    {
      name: 'review',
      show: async ({ page, bench }) => {
        await bench.choose('Let whoever keeps', 'Review changes');
        await page.getByRole('option', { name: /archive-of-notes/ }).click();
        await page.getByText('not committed').first().waitFor();
      },
    },
    {
      name: 'review-hebrew',
      show: async ({ page, bench }) => {
        await bench.choose(hebrew, 'Review changes');
        await page.getByRole('option').first().waitFor();
      },
    },
    {
      name: 'merge',
      show: async ({ page, bench }) => {
        await bench.choose('Let whoever keeps', 'Open terminal');
        await bench.typeLine(title, 'Once, with both dates.');
        await settle(bench, 'Let whoever keeps', 'Review');
        await bench.choose('Let whoever keeps', 'Review changes');
        await press(page, /^Merge…/);
        await page.getByText('Merges cleanly').waitFor();
      },
    },
    {
      name: 'merged',
      show: async ({ page, bench }) => {
        await press(page, /^(?:Merge|Keep and merge)$/);
        await bench.toast('Merged “Let whoever').waitFor();
      },
    },
    {
      name: 'remove',
      show: async ({ bench }) => {
        await bench.choose('Let whoever keeps', 'Delete run…');
        await bench
          .dialog(/^Delete/)
          .getByRole('definition')
          .first()
          .waitFor();
      },
    },
    {
      name: 'palette',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+P');
        await page.getByRole('combobox').waitFor();
      },
    },
  ],
};
