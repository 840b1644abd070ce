import { specText } from '#e2e/spec-text.ts';

import { press, settle, spawnAll, type Walk } from './screen.ts';

const rule = (match: string): string => `---
rules:
  lines:
    - { match: '${match}', in: 'src/**', say: Parse it instead. }
  dependencies: [zod]
  limit: { files: 3, lines: 400 }
---

# Nothing that somebody typed is ever run as code

Text of people is data: it is parsed, never evaluated.
`;

const withFootprint = (text: string, globs: readonly string[]): string =>
  text.replace('agents:', `footprint: [${globs.join(', ')}]\nagents:`);

const removeTitle = 'Call what adds a note by what it does: keep, so that nobody takes it for a sum';
const useTitle = 'Notes can be brought in from a folder of Markdown files, with their times and their titles';
const searchTitle = 'Search the notes';

/** Rules that are broken, footprints that meet, and what two branches come to beyond text. */
export const rules: Walk = {
  name: 'rules',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const notes = await world.repository('notes', 'clean');
    await notes.write(
      '.switchyard/config.yaml',
      'gates:\n  - { id: syntax, title: Every file parses, run: for f in src/*.js; do node --check $f; done }\n  - { id: names, title: Every name that is imported is there, run: node -e "import(\'./src/import.js\')", needs: [syntax] }\n',
    );
    await notes.write('.switchyard/invariants/no-eval.md', rule('eval\\('));
    const keep = 'export const notes = [];\n\nexport function keep(text) {\n  notes.push({ text, at: 0 });\n}\n';
    await notes.write(
      'specs/keep.md',
      withFootprint(
        specText({
          title: removeTitle,
          files: { 'src/notes.js': keep, 'db/migrations/0004_keep.sql': 'alter table notes add kept integer;\n' },
        }),
        ['src/notes.js', 'db/**'],
      ),
    );
    await notes.write(
      'specs/import.md',
      withFootprint(
        specText({
          title: useTitle,
          files: {
            'src/import.js': "import { add } from './notes.js';\n\nadd('a note');\n",
            'db/migrations/0004_sources.sql': 'create table sources (path text);\n',
          },
        }),
        ['src/**', 'db/migrations/**'],
      ),
    );
    await notes.write(
      'specs/search.md',
      withFootprint(
        specText({
          title: searchTitle,
          files: {
            'src/search.js': 'export const search = (text) => {\n  return eval(text);\n};\n',
            'docs/a-very-long-folder-name/how-to-search-in-all-the-notes-at-once.txt': 'How to search.\n',
            'package.json':
              '{\n  "name": "notes",\n  "type": "module",\n  "dependencies": { "left-pad": "1.3.0" }\n}\n',
            'src/search-index.js': 'export {};\n',
          },
        }),
        ['src/search.js', 'src/search-index.js', 'package.json'],
      ),
    );
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'spec-overlap',
      show: async ({ bench, page }) => {
        await bench.openCard(searchTitle);
        await page.getByRole('list', { name: 'Footprints that overlap' }).waitFor();
      },
    },
    {
      name: 'spawn-overlap',
      show: async ({ bench, page }) => {
        await press(page, 'See the commands');
        await press(page, 'Allow these commands');
        await bench.tab('Terminals').click();
        await press(page, 'Spawn agents');
        await page.getByRole('dialog').getByRole('list', { name: 'Footprints that overlap' }).waitFor();
      },
    },
    {
      name: 'broken',
      show: async ({ bench, page }) => {
        await spawnAll(page);
        for (const title of [removeTitle, useTitle, searchTitle]) await settle(bench, title, 'Review');
        await bench.card(searchTitle).getByText('breaks 1 invariant').waitFor({ timeout: 60_000 });
        await bench.card(searchTitle).hover();
        await bench.card(searchTitle).getByRole('button', { name: 'Review changes' }).click();
        await page.getByRole('button', { name: /invariant broken/ }).click();
        await page.getByRole('button', { name: 'src/search.js:2' }).click();
      },
    },
    {
      name: 'behind',
      show: async ({ bench, page }) => {
        await bench.tab('Prompts').click();
        await page.getByRole('button', { name: /Nothing that somebody typed/ }).click();
        const editor = page.getByRole('textbox', { name: 'Invariant no-eval' });
        await editor.focus();
        await page.keyboard.press('Control+End');
        await page.keyboard.type('Nor is a regular expression.');
        await press(page, /^Save/);
        await page.getByRole('list', { name: 'Runs that were given another version' }).waitFor({ timeout: 60_000 });
      },
    },
    {
      name: 'signals',
      show: async ({ page }) => {
        await page.keyboard.press('F9');
        await page
          .getByRole('button', { name: /something to look at/ })
          .first()
          .waitFor({ timeout: 60_000 });
        await page
          .getByRole('button', { name: /something to look at/ })
          .first()
          .click();
        await page.getByRole('region', { name: 'Beyond the text' }).waitFor();
      },
    },
    {
      name: 'pair-gates',
      show: async ({ page }) => {
        await press(page, 'Run the gates');
        const gates = page.getByRole('region', { name: 'The gates on the two together' });
        await gates.getByText('failed').first().waitFor({ timeout: 120_000 });
      },
    },
  ],
};
