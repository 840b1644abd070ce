// What hostile output costs: `node bench/hostile-output.ts [--quick | --flood]`. `--quick` leaves out the gigabyte through
// the app, `--flood` does nothing else.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { chromium } from '@playwright/test';

import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';
import { World } from '#e2e/world.ts';
import { pageMemoryFlags } from '#main/desktop/page-memory.ts';
import { buildIfStale } from '#scripts/build-if-stale.ts';
import { findOrInstallBrowser } from '#scripts/find-browser.ts';
import { nodePath } from '#scripts/project-paths.ts';
import { costlyOutput } from '#shared/terminal/test-sequences.ts';

import { sleep } from './stage/floods.ts';
import { pretendGraphicsCard, webglFlags } from './stage/pretend-graphics-card.ts';

const run = promisify(execFile);

/** A sequence of at most 64 bytes, and one of any length up to 20 MB. */
const goals = {
  short: { bytes: 64, milliseconds: 50, megabytes: 20 },
  long: { bytes: Infinity, milliseconds: 2000, megabytes: Infinity },
};
const gigabyte = 1_000_000_000;
/** What 5000 full lines of 120 columns take in a page, with room for what is being parsed. */
const scrollbackMegabytes = 12;
const hostMegabytes = 200;

interface Cost {
  bytes: number;
  milliseconds: number;
  megabytes: number;
  sequence?: string;
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, flood: { type: 'boolean', default: false } },
});

function say(isMet: boolean, words: string, isJudged = true): boolean {
  const verdict = isMet ? 'met   ' : 'MISSED';
  console.log(`${isJudged ? verdict : '      '}  ${words}`);
  return isMet || !isJudged;
}

/** Each in a process of its own, so that what one leaves in memory is not the next one's. */
async function costs(): Promise<boolean> {
  let isMet = true;
  for (const name of [...Object.keys(costlyOutput), 'short sequences']) {
    const { stdout } = await run(nodePath, [join(import.meta.dirname, 'parse-cost.ts'), name]);
    const { bytes, milliseconds, megabytes, sequence } = JSON.parse(stdout) as Cost;
    const goal = bytes <= goals.short.bytes ? goals.short : goals.long;
    // The memory of many short sequences together says nothing of one.
    const memory = sequence === undefined ? megabytes : 0;
    const words = `${name}: ${milliseconds.toFixed(1)} ms, ${megabytes.toFixed(0)} MB${sequence === undefined ? '' : ` at worst, ${JSON.stringify(sequence)}`}`;
    isMet = say(milliseconds <= goal.milliseconds && memory <= goal.megabytes, words) && isMet;
  }
  return isMet;
}

interface Drawing {
  words: string;
  isWebgl: boolean;
  flags: readonly string[];
  /** Whether the page’s goal holds for it. */
  isJudged: boolean;
}

/**
 * Drawn by xterm's DOM renderer, most of what the page takes is elements that it has let go of and the browser has not collected
 * yet: the desktop app has its Chromium collect sooner, which a page in somebody's browser cannot. With WebGL, as on a
 * machine with a graphics card, there are no such elements.
 */
const drawings: readonly Drawing[] = [
  {
    words: 'as elements, as in the desktop app',
    isWebgl: false,
    flags: [`--js-flags=${pageMemoryFlags}`],
    isJudged: true,
  },
  { words: 'as elements, in a browser as it is', isWebgl: false, flags: [], isJudged: false },
  { words: 'with WebGL, in a browser as it is', isWebgl: true, flags: webglFlags, isJudged: true },
];

/** A gigabyte from a program in a pane that is shown: what page and pty host take meanwhile, and whether the end is there. */
async function flood({ words, isWebgl, flags, isJudged }: Drawing): Promise<boolean> {
  const executablePath = (await buildIfStale()) ? await findOrInstallBrowser() : null;
  if (executablePath === null) return false;
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...flags],
  });
  const world = await World.create();
  try {
    const title = 'Print a gigabyte';
    const notes = await world.repository('notes', 'clean');
    await notes.write('specs/print.md', specText({ title, agents: ['shell'] }));
    await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
    await notes.commit('Say what is next');
    const file = join(world.folder, 'gigabyte.mjs');
    await writeFile(file, program);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    if (isWebgl) await page.addInitScript(pretendGraphicsCard);
    const bench = new Workbench(page);
    await page.goto(await world.host.start());
    await bench.open(notes.path);
    await bench.spawn(title);
    const pane = bench.pane(title);
    await (isWebgl ? pane.locator('canvas').first() : pane.locator('.xterm-rows').getByText('$').first()).waitFor();
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    const ptyHost = (await world.ptyHostPid()) ?? 0;
    const pageMegabytes = async (): Promise<number> => Math.max(...(await Promise.all(pages.map(proportional))));

    await page.waitForTimeout(3000);
    const idle = await pageMegabytes();
    const most = { page: idle, host: 0 };
    let isDone = false;
    const watching = (async () => {
      while (!isDone) {
        most.page = Math.max(most.page, await pageMegabytes());
        most.host = Math.max(most.host, await proportional(ptyHost));
        await page.waitForTimeout(250);
      }
    })();
    const started = performance.now();
    await bench.typeLine(title, `'${nodePath}' '${file}' ${String(gigabyte)} '${join(world.folder, 'the-end')}'`);
    const end = join(world.folder, 'the-end');
    if (isWebgl) await existsWithin(end, 220_000);
    else await pane.getByText('THE END').waitFor({ timeout: 220_000 });
    const seconds = (performance.now() - started) / 1000;
    isDone = true;
    await watching;
    const rows = (await bench.rows(title))
      .filter((row) => /^line \d+ /.test(row))
      .map((row) => Number(row.split(' ')[1]));
    const isWhole = rows.length > 10 && rows.every((number, at) => at === 0 || number === (rows[at - 1] ?? 0) + 1);
    const bound = 2 * idle + scrollbackMegabytes;
    console.log(
      `        a gigabyte through one pane, drawn ${words}: ${seconds.toFixed(0)} s, ${(gigabyte / 1e6 / seconds).toFixed(1)} MB/s`,
    );
    const results = [
      say(
        most.page < bound,
        `page: ${most.page.toFixed(0)} MB at most, ${idle.toFixed(0)} MB idle (goal ${bound.toFixed(0)})`,
        isJudged,
      ),
      say(most.host < hostMegabytes, `pty host: ${most.host.toFixed(0)} MB at most (goal ${String(hostMegabytes)})`),
      // What is drawn on a canvas cannot be read from the page.
      isWebgl || say(isWhole, `the last ${String(rows.length)} lines are there, in order`),
    ];
    return results.every(Boolean);
  } finally {
    await browser.close();
    await world.dispose();
  }
}

async function floods(): Promise<boolean> {
  let isMet = true;
  for (const drawing of drawings) isMet = (await flood(drawing)) && isMet;
  return isMet;
}

async function existsWithin(path: string, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!existsSync(path)) {
    if (performance.now() > end) throw new Error(`${path} was not written`);
    await sleep(100);
  }
}

/** Memory of a process in megabytes, what it shares counted in parts. */
async function proportional(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1000;
}

/** Lines of a log, as many as the bytes that it is told; then its last word. */
const program = `
import { writeFileSync } from 'node:fs';
const bytes = Number(process.argv[2]);
let written = 0, line = 0;
const next = () => {
  let text = '';
  while (text.length < 65536) text += 'line ' + (++line) + ' \\x1b[32minfo\\x1b[0m something happened in a place that has a name, and took 12 ms\\n';
  written += text.length;
  process.stdout.write(text, written < bytes ? next : () => process.stdout.write('THE END\\n', () => writeFileSync(process.argv[3], '')));
};
next();
`;

const costsAreMet = values.flood || (await costs());
process.exitCode = (values.quick || (await floods())) && costsAreMet ? 0 : 1;
