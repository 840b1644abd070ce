import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import headless from '@xterm/headless';

import type { Bench, Section } from './section.ts';
import { makePayloads, type Payloads } from './stage/payloads.ts';
import type { Stage } from './stage/stage.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { VscodeStage } from './stage/vscode-stage.ts';
import { median } from './statistics.ts';

const run = promisify(execFile);

const payloadBytes = 16_000_000;
const hiddenTerminals = 8;
/** In which one terminal has about 120 columns by 40 rows, beside the board. */
const viewport = { width: 1290, height: 760 };

/** How fast output gets from a program to a person's eyes, or to the screen that is kept while nobody looks. */
export const throughputSection: Section = {
  name: 'throughput',
  about: 'one terminal that is shown, and eight that are hidden, against others that take the same output',
  measure: async (bench) => {
    const payloads = await makePayloads(payloadBytes);
    try {
      await measureShown(bench, payloads);
      await measureHidden(bench, payloads);
    } finally {
      await payloads.dispose();
    }
  },
};

async function measureShown(bench: Bench, payloads: Payloads): Promise<void> {
  const browser = await bench.browser();
  const ours = await SwitchyardStage.create({ browser, runs: 1, shown: [0], viewport });
  const size = await ours.size(0);
  const panes = [{ ...size, scrollback: 5000 }];
  const baseline = await VscodeStage.create({ browser, panes, viewport }).catch(async (error: unknown) => {
    await ours.dispose();
    throw error;
  });
  try {
    bench.say(
      `${String(size.cols)} columns by ${String(size.rows)} rows, ${String(payloads.bytes / 1e6)} MB each time`,
    );
    const natives = await nativeTerminals(bench);
    for (const [name, path] of [
      ['log', payloads.log],
      ['TUI frames', payloads.tui],
    ] as const) {
      const rates = { ours: [] as number[], baseline: [] as number[], natives: natives.map(() => [] as number[]) };
      for (let round = 0; round < bench.rounds(3); round++) {
        rates.baseline.push(await rateOf(baseline, path));
        rates.ours.push(await rateOf(ours, path));
        for (const [index, native] of natives.entries()) rates.natives[index]?.push(await native.rate(path, size));
      }
      const value = median(rates.ours);
      const what = `${name}: from the program to the last line painted`;
      bench.report({
        name: what,
        value,
        unit: 'MB/s',
        baseline: { name: baseline.name, value: median(rates.baseline) },
        goal: { atLeast: 1.3 },
      });
      for (const [index, native] of natives.entries()) {
        bench.report({
          name: what,
          value,
          unit: 'MB/s',
          baseline: { name: native.name, value: median(rates.natives[index] ?? []) },
          goal: name === 'log' ? { atLeast: native.goal } : null,
        });
      }
    }
  } finally {
    await baseline.dispose();
    await ours.dispose();
  }
}

let marks = 0;

/** Megabytes a second, from before the first byte is written to the paint of what comes after the last. */
async function rateOf(stage: Stage, path: string): Promise<number> {
  const mark = String(++marks);
  const started = `${path}.started-${mark}`;
  const painted = stage.page.evaluate(([label, text]) => window.probe.painted(label, text), [
    stage.label(0),
    `DONE-${mark}.`,
  ] as const);
  // The command as it is typed does not hold the mark itself.
  await stage.send(0, `echo $EPOCHREALTIME >'${started}'; cat '${path}'; printf '\\nDONE-%s.\\n' ${mark}\r`);
  const end = await painted;
  const begin = Number(await readFile(started, 'utf8')) * 1000;
  return payloadBytes / 1e6 / ((end - begin) / 1000);
}

interface NativeTerminal {
  name: string;
  /** The least share of its rate that ours is to have. */
  goal: number;
  rate(path: string, size: { cols: number; rows: number }): Promise<number>;
}

/** Terminal programs that are installed here, each on an X server without a screen. */
async function nativeTerminals(bench: Bench): Promise<NativeTerminal[]> {
  if (!(await isInstalled('xvfb-run'))) {
    bench.leaveOut('Alacritty and xterm', 'xvfb-run is not installed (Debian: xvfb, xauth)');
    return [];
  }
  const found: NativeTerminal[] = [];
  const add = async (
    program: string,
    name: string,
    goal: number,
    options: (size: { cols: number; rows: number }) => string[],
  ): Promise<void> => {
    if (!(await isInstalled(program))) {
      bench.leaveOut(name, `${program} is not installed`);
      return;
    }
    found.push({ name, goal, rate: (path, size) => nativeRate([program, ...options(size)], path) });
  };
  await add('alacritty', 'Alacritty', 0.35, ({ cols, rows }) => [
    '-o',
    `window.dimensions.columns=${String(cols)}`,
    '-o',
    `window.dimensions.lines=${String(rows)}`,
    '-e',
  ]);
  await add('xterm', 'xterm(1)', 1, ({ cols, rows }) => [
    '-geometry',
    `${String(cols)}x${String(rows)}`,
    '-sl',
    '5000',
    '-e',
  ]);
  return found;
}

/** The program answers a question at the end of the output when it has parsed all of it. */
async function nativeRate(terminal: readonly string[], path: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-native-'));
  const script = join(folder, 'inside.sh');
  const result = join(folder, 'result');
  try {
    await writeFile(
      script,
      `#!/bin/bash
b=$EPOCHREALTIME; cat '${path}'; printf '\\e[6n'; IFS= read -rs -d R -t 100 answer; echo $b $EPOCHREALTIME >'${result}'
`,
      { mode: 0o755 },
    );
    const command = ['-a', '-s', '-screen 0 1600x1000x24', ...terminal, script];
    // It may grumble about the missing graphics card, and that is no matter.
    await run('xvfb-run', command, { timeout: 120_000 });
    const [begin = 0, end = 0] = (await readFile(result, 'utf8')).split(' ').map(Number);
    return payloadBytes / 1e6 / (end - begin);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureHidden(bench: Bench, payloads: Payloads): Promise<void> {
  const others = Array.from({ length: hiddenTerminals }, (_, index) => index + 1);
  const browser = await bench.browser();
  const ours = await SwitchyardStage.create({ browser, runs: hiddenTerminals + 1, shown: [0], viewport });
  try {
    const text = await readFile(payloads.log, 'utf8');
    const rates: number[] = [];
    const parserRates: number[] = [];
    for (let round = 0; round < bench.rounds(3); round++) {
      parserRates.push(await parserRate(text));
      const share = Math.floor(payloads.bytes / 4);
      const spans = await Promise.all(others.map((index) => drain(ours, index, payloads.log, share, round)));
      const began = Math.min(...spans.map(([begin]) => begin));
      const ended = Math.max(...spans.map(([, end]) => end));
      rates.push((share * others.length) / 1e6 / (ended - began));
    }
    bench.report({
      name: `log: ${String(hiddenTerminals)} hidden terminals, from their programs into their screens, together`,
      value: median(rates),
      unit: 'MB/s',
      baseline: { name: '@xterm/headless alone, in one process', value: median(parserRates) },
      goal: { atLeast: 0.4 },
    });
  } finally {
    await ours.dispose();
  }
}

/** Prints a part of the payload; seconds of its first byte, and of the answer of a screen that has parsed all of it. */
async function drain(
  stage: SwitchyardStage,
  index: number,
  path: string,
  bytes: number,
  round: number,
): Promise<readonly [begin: number, end: number]> {
  const result = `${path}.drained-${String(index)}-${String(round)}`;
  const inside = `b=$EPOCHREALTIME; head -c ${String(bytes)} '${path}'; printf '\\e[6n'; IFS= read -rs -d R answer; echo $b $EPOCHREALTIME >'${result}.part'; mv '${result}.part' '${result}'`;
  await stage.send(index, `${inside}\r`);
  for (;;) {
    const text = await readFile(result, 'utf8').catch(() => null);
    if (text !== null) {
      const [begin = 0, end = 0] = text.split(' ').map(Number);
      return [begin, end];
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the parser makes of the same text when it has nothing else to do: megabytes a second. */
async function parserRate(text: string): Promise<number> {
  const terminal = new headless.Terminal({ cols: 120, rows: 40, scrollback: 2000, allowProposedApi: true });
  const lines = text.replaceAll('\n', '\r\n');
  const piece = 65_536;
  const write = (from: number): Promise<void> =>
    new Promise((resolve) => {
      terminal.write(lines.slice(from, from + piece), resolve);
    });
  for (let from = 0; from < 4_000_000; from += piece) await write(from);
  const began = performance.now();
  let written = 0;
  let waiting: Promise<void>[] = [];
  for (let from = 4_000_000; from < lines.length; from += piece) {
    written += Math.min(piece, lines.length - from);
    waiting.push(write(from));
    if (waiting.length === 16) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  terminal.dispose();
  return written / 1e6 / ((performance.now() - began) / 1000);
}

async function isInstalled(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
