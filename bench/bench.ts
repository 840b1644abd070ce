// Measures what a person waits for, as ratios within one run: `npm run bench`, and behind `--` the options below.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { chromium, type Browser } from '@playwright/test';

import { buildIfStale } from '#scripts/build-if-stale.ts';
import { findOrInstallBrowser } from '#scripts/find-browser.ts';

import { compared, inWords, meetsGoal, type Figure } from './figure.ts';
import type { Bench, Section } from './section.ts';
import { sections } from './sections.ts';

interface Taken extends Figure {
  section: string;
  compared: number;
  met: boolean | null;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      /** A section by its name; as often as wanted. */
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'string' },
      /** Leaves out the slow sections. */
      quick: { type: 'boolean', default: false },
    },
  });
  if (values.list) {
    for (const { name, about, runs } of sections) console.log(`${name.padEnd(12)} ${about}${note(runs)}`);
    return 0;
  }
  const unknown = values.only.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no section ${unknown.join(', ')}. There are: ${sections.map(({ name }) => name).join(', ')}`,
    );
    return 1;
  }
  const chosen = sections.filter(({ name, runs }) =>
    values.only.length > 0 ? values.only.includes(name) : runs === undefined || (runs === 'slow' && !values.quick),
  );
  const executablePath = (await buildIfStale()) ? await findOrInstallBrowser() : null;
  if (executablePath === null) return 1;

  const taken: Taken[] = [];
  let failed = false;
  let shared: Promise<Browser> | null = null;
  for (const section of chosen) {
    console.log(`\n${section.name}: ${section.about}`);
    const own: Browser[] = [];
    const bench: Bench = {
      rounds: (otherwise) => Number(values.rounds ?? otherwise),
      minutes: (otherwise) => Number(values.minutes ?? otherwise),
      browser: async (flags) => {
        if (!flags) return await (shared ??= launch(executablePath, []));
        const browser = await launch(executablePath, flags);
        own.push(browser);
        return browser;
      },
      report: (figure) => {
        taken.push({ ...figure, section: section.name, compared: compared(figure), met: meetsGoal(figure) });
        console.log(inWords(figure));
      },
      leaveOut: (what, why) => {
        console.log(`   left out  ${what}: ${why}`);
      },
      say: (words) => {
        console.log(`             ${words}`);
      },
    };
    try {
      await section.measure(bench);
    } catch (error) {
      failed = true;
      console.error(`     FAILED  ${section.name}:`, error);
    } finally {
      for (const browser of own) await browser.close();
    }
  }
  await (await (shared as Promise<Browser> | null))?.close();
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(taken, null, 2)}\n`);
  const missed = taken.filter(({ met }) => met === false);
  if (missed.length > 0)
    console.log(`\nMISSED: ${missed.map(({ section, name }) => `${section}: ${name}`).join('; ')}`);
  return failed || missed.length > 0 ? 1 : 0;
}

async function launch(executablePath: string, flags: readonly string[]): Promise<Browser> {
  return await chromium.launch({ executablePath, args: [...flags], chromiumSandbox: process.getuid?.() !== 0 });
}

function note(runs: Section['runs']): string {
  if (runs === 'when-named') return ' (only when it is named)';
  return runs === 'slow' ? ' (not with --quick)' : '';
}
