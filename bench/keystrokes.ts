import type { Bench, Section } from './section.ts';
import { bytesWritten, floodCommand, sleep, startEcho, startLoad, type Load } from './stage/floods.ts';
import { makePayloads } from './stage/payloads.ts';
import type { Stage } from './stage/stage.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { VscodeStage } from './stage/vscode-stage.ts';
import { median, percentile } from './statistics.ts';

/** As many as the grid holds: one is typed in, and all others are busy. */
const terminals = 16;
const viewport = { width: 1920, height: 1080 };
const keysPerRound = 60;
/** Until the load has come to itself. */
const settleMilliseconds = 2500;

interface Typing {
  /** From the press of a key to the paint of its character, milliseconds; infinite for one that was lost. */
  echoes: readonly number[];
  lost: number;
  frames: readonly number[];
  tasks: readonly number[];
}

/** How long a person waits for what they type while all other terminals are busy. */
export const keystrokesSection: Section = {
  name: 'keystrokes',
  about: `from a key to its paint in one of ${String(terminals)} terminals in view, while the others are busy; Ctrl-C; fairness`,
  measure: async (bench) => {
    const payloads = await makePayloads(8_000_000);
    try {
      for (const load of ['floods', 'TUIs'] as const) await measureLoad(bench, load, payloads.log);
      await measureInterrupt(bench, payloads.log);
    } finally {
      await payloads.dispose();
    }
  },
};

/** Idle, ours under load and the baseline under load, in turn, each on a stage of its own. */
async function measureLoad(bench: Bench, load: Load, log: string): Promise<void> {
  const idle: Typing[] = [];
  const ours: Typing[] = [];
  const theirs: Typing[] = [];
  const fairness: number[] = [];
  const busy = Array.from({ length: terminals - 1 }, (_, index) => index + 1);
  for (let round = 0; round < bench.rounds(2); round++) {
    const browser = await bench.browser();
    const shown = Array.from({ length: terminals }, (_, index) => index);
    const stage = await SwitchyardStage.create({ browser, runs: terminals, shown, viewport });
    const panes = await Promise.all(shown.map(async (index) => ({ ...(await stage.size(index)), scrollback: 5000 })));
    try {
      await startEcho(stage, 0);
      idle.push(await type(stage));
      await startLoad(stage, busy, load, log);
      await sleep(settleMilliseconds);
      const pids = load === 'floods' ? await stage.pids(busy) : [];
      const before = await bytesWritten(pids);
      ours.push(await type(stage));
      const after = await bytesWritten(pids);
      const written = after.map((bytes, index) => bytes - (before[index] ?? 0));
      if (written.length > 0) fairness.push(Math.min(...written) / Math.max(...written));
    } finally {
      await stage.dispose();
    }
    const baseline = await VscodeStage.create({ browser, panes, viewport });
    try {
      await startEcho(baseline, 0);
      await startLoad(baseline, busy, load, log);
      await sleep(settleMilliseconds);
      theirs.push(await type(baseline));
    } finally {
      await baseline.dispose();
    }
  }
  report(bench, `${String(busy.length)} ${load}`, { idle, ours, theirs });
  if (fairness.length > 0) {
    bench.report({
      name: `${String(busy.length)} floods: bytes of the slowest to bytes of the fastest`,
      value: median(fairness),
      unit: '',
      baseline: null,
      goal: { atLeast: 0.75 },
    });
  }
}

function report(
  bench: Bench,
  load: string,
  typed: { idle: readonly Typing[]; ours: readonly Typing[]; theirs: readonly Typing[] },
): void {
  const echoes = (rounds: readonly Typing[]): number[] => rounds.flatMap((round) => round.echoes);
  const ours = echoes(typed.ours);
  for (const [share, goal] of [
    [0.5, 1.5],
    [0.95, 2.5],
    [0.99, 4],
  ] as const) {
    bench.report({
      name: `${load}: key to paint, p${String(share * 100)}`,
      value: percentile(ours, share),
      unit: 'ms',
      baseline: { name: 'idle', value: percentile(echoes(typed.idle), share) },
      goal: { atMost: goal },
    });
  }
  bench.report({
    name: `${load}: key to paint, p50`,
    value: percentile(ours, 0.5),
    unit: 'ms',
    baseline: { name: 'a VS Code-style pipe', value: percentile(echoes(typed.theirs), 0.5) },
    goal: { atMost: 0.25 },
  });
  bench.report({
    name: `${load}: keys that were never painted`,
    value: typed.ours.reduce((sum, { lost }) => sum + lost, 0),
    unit: '',
    baseline: null,
    goal: { atMost: 0 },
  });
  const frames = (rounds: readonly Typing[]): number[] => rounds.flatMap((round) => round.frames);
  bench.report({
    name: `${load}: from frame to frame of the page, p99`,
    value: percentile(frames(typed.ours), 0.99),
    unit: 'ms',
    baseline: null,
    goal: { atMost: 50 },
  });
  bench.report({
    name: `${load}: longest task of the page`,
    value: Math.max(0, ...typed.ours.flatMap((round) => round.tasks)),
    unit: 'ms',
    baseline: null,
    goal: { atMost: 100 },
  });
  const idleFrames = percentile(frames(typed.idle), 0.99);
  const theirFrames = percentile(frames(typed.theirs), 0.99);
  bench.say(`frame to frame, p99: idle ${idleFrames.toFixed(0)} ms, the baseline ${theirFrames.toFixed(0)} ms`);
}

/** Types as a fast typist does, and waits for the last character. */
async function type(stage: Stage): Promise<Typing> {
  const { page } = stage;
  await page.evaluate((label) => {
    window.probe.watchKeys(label);
    window.probe.reset();
  }, stage.label(0));
  for (let key = 0; key < keysPerRound; key++) {
    await page.keyboard.press('abcdefghijklmnopqrstuvwxyz'.charAt(key % 26));
    await sleep(40 + Math.random() * 60);
  }
  const times = await page.evaluate(() => window.probe.times());
  await page
    .waitForFunction((count) => window.probe.echoes().length >= count, keysPerRound, { timeout: 10_000 })
    .catch(() => undefined); // what is lost is counted
  const echoes = await page.evaluate(() => window.probe.echoes());
  const lost = Array.from({ length: keysPerRound - echoes.length }, () => Infinity);
  return {
    echoes: [...echoes.map(({ pressedAt, paintedAt }) => paintedAt - pressedAt), ...lost],
    lost: lost.length,
    frames: times.frames,
    tasks: times.tasks,
  };
}

/** Ctrl-C in a terminal that floods, until the shell's next word is painted. */
async function measureInterrupt(bench: Bench, log: string): Promise<void> {
  const browser = await bench.browser();
  const size = { width: 1290, height: 760 };
  const stage = await SwitchyardStage.create({ browser, runs: 1, shown: [0], viewport: size });
  const panes = [{ ...(await stage.size(0)), scrollback: 5000 }];
  const baseline = await VscodeStage.create({ browser, panes, viewport: size });
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < bench.rounds(2) + 3; round++) {
      ours.push(await interrupt(stage, log, round));
      theirs.push(await interrupt(baseline, log, round));
    }
    bench.report({
      name: 'one flood: from Ctrl-C to quiet',
      value: median(ours),
      unit: 'ms',
      baseline: null,
      goal: { atMost: 100 },
    });
    bench.report({
      name: 'one flood: from Ctrl-C to quiet',
      value: median(ours),
      unit: 'ms',
      baseline: { name: baseline.name, value: median(theirs) },
      goal: null,
    });
  } finally {
    await baseline.dispose();
    await stage.dispose();
  }
}

async function interrupt(stage: Stage, log: string, round: number): Promise<number> {
  const { page } = stage;
  await stage.focus(0);
  // The prompt that comes back says it; as it is typed here the text is another.
  await stage.send(0, `PS1='QUIET''-${String(round)}. '; (${floodCommand(log)})\r`);
  await sleep(1500);
  const quiet = page.evaluate(([label, text]) => window.probe.painted(label, text), [
    stage.label(0),
    `QUIET-${String(round)}.`,
  ] as const);
  await page.keyboard.press('Control+c');
  const quietAt = await quiet;
  return quietAt - (await page.evaluate(() => window.probe.controlPressedAt()));
}
