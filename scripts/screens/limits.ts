import { join } from 'node:path';

import { Repository } from '#e2e/repository.ts';
import { specText } from '#e2e/spec-text.ts';

import { press, seen, settle, spawnAll, type Screen, type Walk } from './screen.ts';

const counting = '#!/bin/sh\nn=0\nwhile :; do n=$((n+1)); echo "tick $n"; sleep 1; done\n';
/** By its whole path: a login shell may set PATH anew. */
const config = (program: string): string => `agents:
  - id: counter
    label: Counter
    command: ${JSON.stringify(program)}
teardown: docker compose down
`;
const lines = Array.from({ length: 240 }, (_, at) => `export const line${String(at)} = ${String(at)};\n`).join('');

/** The last one first on the board, and so the first to get a place: those that come to an end by themselves. */
const specs: Readonly<Record<string, Parameters<typeof specText>[0]>> = {
  third: {
    title: 'A very long title of a run for which there is no place, and which says why in two lines',
    agents: ['counter'],
  },
  second: { title: 'Find notes that say the same', agents: ['counter'] },
  first: { title: 'Count the words of every note', agents: ['counter'] },
  sorted: { title: 'Sort the notes by date', files: { 'src/sort.js': lines.repeat(2) } },
  written: { title: 'Export the notes as CSV', files: { 'src/csv.js': lines } },
};

const closed: Screen['show'] = async ({ page }) => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
};

/** The person's limits, what a run takes of the machine, and the ways in which its work goes on elsewhere. */
export const limits: Walk = {
  name: 'limits',
  prepare: async (world) => {
    world.env['SCRIBE_PACE_MS'] = '0';
    await world.program('count-for-ever', counting);
    await world.program('code', '#!/bin/sh\nexit 0\n');
    await world.program('kitty', '#!/bin/sh\nexit 0\n');
    const notes = await world.repository('notes', 'clean');
    await notes.write(
      '.emdash.json',
      '{ "preservePatterns": [".env"], "scripts": { "setup": "npm ci", "teardown": "npm run down" } }\n',
    );
    for (const [slug, text] of Object.entries(specs)) await notes.write(`specs/${slug}.md`, specText(text));
    await notes.commit('Say what is next');
    return ['--project', notes.path];
  },
  screens: [
    {
      name: 'proposed',
      show: async ({ page }) => {
        await press(page, 'See what would be written');
        await page.getByRole('dialog').getByRole('button', { name: '.switchyard/config.yaml' }).click();
      },
    },
    {
      name: 'settings',
      show: async (place) => {
        await closed(place);
        const { page, world } = place;
        await new Repository(join(world.home, 'notes'), world.env).write(
          '.switchyard/config.yaml',
          config(join(world.folder, 'bin', 'count-for-ever')),
        );
        await press(page, 'See the commands');
        await press(page, 'Allow these commands');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await page.keyboard.press('Control+,');
        await page.getByRole('textbox', { name: 'Runs at work at once' }).fill('2');
        await page.getByRole('dialog').getByRole('radio', { name: 'Only these' }).click();
      },
    },
    {
      name: 'plan',
      show: async (place) => {
        await place.page.getByRole('dialog').getByRole('radio', { name: 'All' }).click();
        await closed(place);
        await press(place.page, 'Spawn agents');
        await place.page
          .getByText(/Waits for a place/)
          .first()
          .waitFor();
      },
    },
    {
      name: 'queued',
      show: async ({ page, bench }) => {
        await spawnAll(page);
        await settle(bench, 'Export the notes', 'Review');
        await settle(bench, 'Sort the notes', 'Review');
        await settle(bench, 'A very long title', 'Queued');
        await seen(bench, 'Count the words', /tick/);
      },
    },
    {
      name: 'paused',
      show: async ({ page, bench }) => {
        await bench.choose('Count the words', 'Pause');
        await bench.card('Count the words').getByText('Paused').waitFor();
        await bench.choose('Count the words', 'Show memory and processor use');
        await bench
          .card('Find notes')
          .getByText(/of a core/)
          .waitFor();
        await page.mouse.move(700, 500);
      },
    },
    {
      name: 'menu',
      show: async ({ bench }) => {
        await bench.card('Count the words').hover();
        await bench.card('Count the words').getByRole('button', { name: 'More actions' }).click();
      },
    },
    {
      name: 'open-in',
      show: async ({ page, bench }) => {
        await page.keyboard.press('Escape');
        await bench.choose('Count the words', 'Open in…');
        await page.getByText(/^Not found on this machine/).click();
      },
    },
    {
      name: 'continue-with',
      show: async (place) => {
        await closed(place);
        await place.bench.choose('Count the words', 'Continue with…');
        await place.page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'little-memory',
      show: async (place) => {
        await closed(place);
        const { page } = place;
        await page.addInitScript(pretendLittleMemory);
        await page.reload();
        await page.getByText(/of memory left/).waitFor();
      },
    },
  ],
};

/** In the page: it is told that the machine is short of memory, which is nothing to be brought about for a picture. */
function pretendLittleMemory(): void {
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  Object.defineProperty(MessageEvent.prototype, 'data', {
    get(this: MessageEvent): unknown {
      const told: unknown = data?.get?.call(this);
      return typeof told === 'string' ? told.replace('"isLow":false', '"isLow":true') : told;
    },
  });
}
