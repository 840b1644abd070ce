import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';
import headless from '@xterm/headless';

import type { Bench, Section } from './section.ts';
import { printFile, sleep } from './stage/floods.ts';
import { logLine } from './stage/payloads.ts';
import { memoryOf, rendererMemory } from './stage/process-memory.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { VscodeStage } from './stage/vscode-stage.ts';
import { median } from './statistics.ts';

const few = 4;
const many = 50;
const parked = 8;
const viewport = { width: 1920, height: 1080 };
/** Fills 10,000 lines of 120 columns. */
const filledLines = 11_000;
const restMilliseconds = 10_000;
/** Between one terminal that is shown and the next, as a person looks at it; what is above its screen has come by then. */
const lookMilliseconds = 1500;
interface Approach {
  words: string;
  from: Parameters<Window['probe']['shown']>[0];
  press: (page: Page, card: Locator) => Promise<void>;
}

/** A person’s hand takes about so long from when the pointer has come to a card, or the keyboard, until it presses. */
const pointsMilliseconds = 200;
/** A short tap. */
const tapMilliseconds = 80;
/** How a card is opened, and the event at which a person has said so and begins to wait. */
const approaches: readonly Approach[] = [
  {
    words: 'from a click by a pointer that came to its card 200 ms before',
    from: 'pointerup',
    press: async (page, card) => {
      await card.hover();
      await sleep(pointsMilliseconds);
      await page.mouse.down();
      await page.mouse.up();
    },
  },
  {
    words: 'from the end of a tap of 80 ms that came out of nowhere',
    from: 'pointerup',
    press: async (page, card) => {
      await card.hover();
      await page.mouse.down();
      await sleep(tapMilliseconds);
      await page.mouse.up();
    },
  },
  {
    words: 'from Enter on its card, reached 200 ms before',
    from: 'keydown',
    press: async (page, card) => {
      await card.focus();
      await sleep(pointsMilliseconds);
      await page.keyboard.press('Enter');
    },
  },
];

/** What terminals cost that nobody looks at, and how soon one of them is there when it is looked at. */
export const memorySection: Section = {
  name: 'memory',
  about: `hidden terminals: memory with ${String(many)} runs, and the time to show one`,
  measure: async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
    const log = join(folder, 'log.txt');
    await writeFile(log, Array.from({ length: filledLines }, (_, index) => logLine(index)).join(''));
    try {
      const parkedCost = await measureParked(bench, log);
      const atFew = await measureRuns(bench, few, log);
      const atMany = await measureRuns(bench, many, log);
      const hidden = many - few;
      bench.report({
        name: 'a hidden terminal, in the page and in the pty host together',
        value: (atMany.renderer - atFew.renderer + atMany.ptyHost - atFew.ptyHost) / hidden,
        unit: 'MB',
        baseline: { name: 'a parked xterm of 10,000 lines', value: parkedCost },
        goal: { atMost: 0.25 },
      });
      bench.say(
        `pty host ${atFew.ptyHost.toFixed(0)} MB with ${String(few)} runs, ${atMany.ptyHost.toFixed(0)} MB with ${String(many)}`,
      );
      bench.report({
        name: `the page’s renderer with ${String(many)} runs`,
        value: atMany.renderer,
        unit: 'MB',
        baseline: { name: `with ${String(few)}`, value: atFew.renderer },
        goal: { atMost: 2 },
      });
      for (const approach of approaches) {
        bench.report({
          name: `until a hidden terminal is painted, ${approach.words}`,
          value: median(
            atMany.shown.filter((one) => one.approach === approach).map(({ milliseconds }) => milliseconds),
          ),
          unit: 'ms',
          baseline: null,
          goal: { atMost: 100 },
        });
      }
      bench.report({
        name: 'terminals that did not show exactly the host’s text',
        value: atMany.shown.filter(({ isExact }) => !isExact).length,
        unit: '',
        baseline: null,
        goal: { atMost: 0 },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** An xterm that is kept beyond the edge of the page, as apps do that keep every terminal: megabytes each. */
async function measureParked(bench: Bench, log: string): Promise<number> {
  const browser = await bench.browser([]);
  const stage = await VscodeStage.create({ browser, panes: [], viewport });
  try {
    const before = await rendererMemory(browser, stage.page);
    const panes = Array.from({ length: parked }, () => ({ cols: 120, rows: 40, scrollback: 10_000, isParked: true }));
    await stage.page.evaluate((wanted) => window.vscodePage.open(wanted), panes);
    for (const index of panes.keys()) await printFile(stage, index, log, lastWords(index));
    return ((await rendererMemory(browser, stage.page)) - before) / parked;
  } finally {
    await stage.dispose();
  }
}

interface Shown {
  approach: Approach;
  milliseconds: number;
  isExact: boolean;
}

async function measureRuns(
  bench: Bench,
  runs: number,
  log: string,
): Promise<{ renderer: number; ptyHost: number; shown: readonly Shown[] }> {
  const browser = await bench.browser([]);
  const panes = Array.from({ length: few }, (_, index) => index);
  const stage = await SwitchyardStage.create({ browser, runs, shown: panes, viewport });
  try {
    for (let index = 0; index < runs; index++) await printFile(stage, index, log, lastWords(index));
    const ptyHostPid = await stage.world.ptyHostPid();
    if (ptyHostPid === null) throw new Error('no pty host runs');
    // Before others are shown: what is measured is what hidden ones cost, once nothing has come from them for a while.
    await sleep(restMilliseconds);
    const memory = { renderer: await rendererMemory(browser, stage.page), ptyHost: await memoryOf(ptyHostPid) };
    const shown: Shown[] = [];
    if (runs > few) {
      for (let round = 0; round < bench.rounds(4); round++) {
        for (const approach of approaches) {
          shown.push(await showHidden(stage, approach));
          await sleep(lookMilliseconds);
        }
      }
    }
    return { ...memory, shown };
  } finally {
    await stage.dispose();
  }
}

const lastWords = (index: number): string => `READY-${String(index)}.`;

/** Opens a hidden run whose card stands on the board, and compares what is painted with what the host has. */
async function showHidden(stage: SwitchyardStage, approach: Approach): Promise<Shown> {
  const { page } = stage;
  const found = await page.evaluate(() => {
    const inGrid = new Set(
      Array.from(document.querySelectorAll('section[data-run]'), (pane) => pane.getAttribute('data-run')),
    );
    const cards = Array.from(document.querySelectorAll('article[data-run]'), (card) => card.getAttribute('data-run'));
    return cards.find((id) => !inGrid.has(id));
  });
  const index = stage.runs.findIndex(({ id }) => id === found);
  if (index < 0) throw new Error('no card of a hidden run is on the board');
  const label = stage.label(index);
  const wanted = [approach.from, label, lastWords(index)] as const;
  const shown = page.evaluate((given) => window.probe.shown(...given), wanted);
  await approach.press(page, page.locator(`article[data-run="${found ?? ''}"] button`).first());
  const milliseconds = await shown;
  let isExact = false;
  // Its pane may give it another size, and then it is painted once more.
  for (let attempt = 0; attempt < 20 && !isExact; attempt++) {
    const expected = await stage.look(index, visibleText);
    isExact = (await page.evaluate((wanted) => window.probe.text(wanted), label)).trim() === expected.trim();
    if (!isExact) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { approach, milliseconds, isExact };
}

/** The rows that a snapshot shows. */
async function visibleText(snapshot: { data: string; cols: number; rows: number }): Promise<string> {
  const terminal = new headless.Terminal({ ...snapshot, scrollback: 20_000, allowProposedApi: true, logLevel: 'off' });
  await new Promise<void>((resolve) => {
    terminal.write(snapshot.data, resolve);
  });
  const { active } = terminal.buffer;
  const rows = Array.from({ length: snapshot.rows }, (_, row) =>
    (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
  );
  terminal.dispose();
  return rows.join('\n');
}
