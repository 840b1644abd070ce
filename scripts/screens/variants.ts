import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { eventually } from '#e2e/processes.ts';
import { specText } from '#e2e/spec-text.ts';
import type { World } from '#e2e/world.ts';

import { press, spawnAll, type Place, type Walk } from './screen.ts';

const title =
  'Notes can be tagged, and the list of notes can be narrowed to a tag, from the page and from the command line';
const alone = 'Search the notes';

const tags = (line: string): string =>
  `/** Tags of notes. */\nexport function tagsOf(text) {\n  ${line}\n}\n\nexport const tagSign = '#';\n`;
const long = 'docs/a-very-long-folder-name/how-notes-are-tagged-and-found-again-by-their-tags.txt';

/** What each variant makes besides what all of them write, by its number. */
const more: readonly Readonly<Record<string, string | null>>[] = [
  {
    'src/tags.js': tags('return text.match(/#\\w+/g) ?? [];'),
    'src/tag-list.js': 'export const all = new Set();\n',
    [long]: 'Write #tags.\n',
  },
  {
    'src/tags.js': tags("return text.split(' ').filter((word) => word.startsWith(tagSign));"),
    'src/notes.js': null,
    [long]: 'Write #tags.\n',
  },
  { 'src/tags.js': tags('return text.match(/#\\w+/g) ?? [];'), 'readme.md': '# Notes\n\nWith tags.\n' },
];

/** Where a variant's files are, by its branch. */
async function worktreeOf(world: World, branch: string): Promise<string> {
  const list = await world.run('git', ['-C', join(world.home, 'notes'), 'worktree', 'list', '--porcelain']);
  const entry = list.split('\n\n').find((each) => each.includes(`branch refs/heads/${branch}`));
  const path = /^worktree (.*)$/m.exec(entry ?? '')?.[1];
  if (path === undefined) throw new Error(`no worktree of ${branch} in ${list}`);
  return path;
}

/** Several runs of one spec beside each other, from one alone to a branch that takes from two. */
export const variants: Walk = {
  name: 'variants',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    const notes = await world.repository('notes', 'clean');
    await notes.write(
      '.switchyard/config.yaml',
      'branch: feature/{slug}\ngates:\n  - { id: syntax, title: Every file parses, run: for f in src/*.js; do node --check $f; done }\n  - { id: notes, title: The notes are there, run: test -f src/notes.js }\n',
    );
    const files = { 'src/tag-page.js': 'export const page = (tags) => tags.map((tag) => `<a>${tag}</a>`).join("");\n' };
    await notes.write('specs/tags.md', specText({ title, check: 'test -f src/tag-list.js', files }));
    await notes.write('specs/search.md', specText({ title: alone, files: { 'src/search.js': '//\n' } }));
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'one-alone',
      show: async ({ bench, page }) => {
        await press(page, 'See the commands');
        await press(page, 'Allow these commands');
        await bench.spawn(alone);
        await bench.card(alone).getByText('Scribe').waitFor();
        await compareByPalette(page, alone);
        await page.getByRole('heading', { name: 'Only one run of this spec' }).waitFor();
      },
    },
    {
      name: 'three',
      show: async (place) => {
        const { bench, page, world } = place;
        await bench.tab('Terminals').click();
        await bench.card(title).getByRole('button', { name: 'Spawn' }).click();
        const dialog = page.getByRole('dialog', { name: /^Spawn agents/ });
        for (let times = 0; times < 2; times++)
          await dialog.getByRole('button', { name: 'One run of Scribe more' }).click();
        await spawnAll(page);
        await committed(place, 3);
        for (const [index, made] of more.entries()) {
          const worktree = await worktreeOf(world, `feature/tags-${String(index + 1)}`);
          for (const [path, text] of Object.entries(made)) {
            const file = join(worktree, path);
            await mkdir(dirname(file), { recursive: true });
            if (text === null) await rm(file);
            else await writeFile(file, text);
          }
          if (index < 2)
            await world.run('sh', ['-c', 'git add -A && git commit -qm "Tell tags by their sign"'], worktree);
        }
        await bench.card(title).first().click();
        await compareByPalette(page, title);
        await page.getByText('Really disagree').first().waitFor({ timeout: 120_000 });
        await page.getByText(/They disagree in \d+ place/).waitFor({ timeout: 120_000 });
        await page.getByRole('img', { name: 'not all committed' }).waitFor({ timeout: 120_000 });
        await page.getByText('1/2').first().waitFor({ timeout: 120_000 });
      },
    },
    {
      name: 'before',
      show: async ({ page }) => {
        await page.getByRole('grid', { name: 'Variants and their files' }).focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowRight');
      },
    },
    {
      name: 'keep',
      show: async ({ page }) => {
        await page.keyboard.press('Alt+K');
        const dialog = page.getByRole('dialog', { name: /^Keep/ });
        await dialog.getByText('that no other branch has').first().waitFor();
        await dialog.getByRole('checkbox').first().check();
      },
    },
    {
      name: 'take',
      show: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'More actions for Scribe #1' }).click();
        await page.getByRole('menuitem', { name: 'Take all that is undecided from it' }).click();
        await press(page, 'Take files…');
        await page.getByRole('dialog', { name: 'Take files from several variants' }).waitFor();
      },
    },
    {
      name: 'taken',
      show: async ({ page, bench }) => {
        await press(page, 'Make the branch');
        const card = bench.board.getByRole('article').filter({ hasText: 'Combined' });
        await card.getByText('1/2 gates').waitFor({ timeout: 120_000 });
      },
    },
    {
      name: 'beside',
      show: async ({ page }) => {
        const tabs = page.getByRole('navigation', { name: 'In the centre' });
        await tabs.getByRole('button', { name: /^Variants/ }).click();
        await page.getByRole('columnheader', { name: /Combined/ }).waitFor({ timeout: 60_000 });
        // In a narrow window the table goes along to the variant that is looked at.
        await page.setViewportSize({ width: 1024, height: 700 });
        await page.getByRole('grid', { name: 'Variants and their files' }).focus();
        await page.keyboard.press('Home');
        await page.getByText(/They disagree in \d+ place/).waitFor({ timeout: 120_000 });
        for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowRight');
      },
    },
  ],
};

/** Opens the spec by the palette and compares its runs from there. */
async function compareByPalette(page: Place['page'], spec: string): Promise<void> {
  for (const [wanted, option] of [
    [spec, spec],
    ['compare variants of the open', 'Compare variants of the open spec'],
  ] as const) {
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill(wanted);
    await page.getByRole('option', { name: option }).last().click();
  }
}

async function committed({ world }: Place, count: number): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    const branches = await world
      .run('git', ['-C', join(world.home, 'notes'), 'branch', '--list', 'feature/tags*', '--no-merged', 'main'])
      .catch(() => '');
    return branches.split('\n').filter(Boolean).length === count;
  };
  if (!(await eventually(isDone, 180_000))) throw new Error('the variants did not commit');
}
