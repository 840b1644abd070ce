import type { Section } from './section.ts';
import { floodCommand, sleep } from './stage/floods.ts';
import { makePayloads } from './stage/payloads.ts';
import type { Stage } from './stage/stage.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { VscodeStage } from './stage/vscode-stage.ts';
import { median } from './statistics.ts';

const seconds = 4;
const viewport = { width: 1290, height: 760 };

/** Whether a person sees anything of a program that draws one synchronized frame (DEC 2026) after the other. */
export const synchronizedSection: Section = {
  name: 'synchronized',
  about: 'paints of a terminal under back-to-back frames of synchronized output',
  measure: async (bench) => {
    const payloads = await makePayloads(8_000_000);
    const browser = await bench.browser();
    const stage = await SwitchyardStage.create({ browser, runs: 1, shown: [0], viewport });
    const panes = [{ ...(await stage.size(0)), scrollback: 5000 }];
    const baseline = await VscodeStage.create({ browser, panes, viewport });
    try {
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < bench.rounds(3); round++) {
        ours.push(await paintsPerSecond(stage, payloads.tui));
        theirs.push(await paintsPerSecond(baseline, payloads.tui));
      }
      bench.report({
        name: 'paints a second under back-to-back synchronized frames',
        value: median(ours),
        unit: '',
        baseline: null,
        goal: { atLeast: 10 },
      });
      bench.say(`${baseline.name}: ${median(theirs).toFixed(1)} paints a second`);
    } finally {
      await baseline.dispose();
      await stage.dispose();
      await payloads.dispose();
    }
  },
};

async function paintsPerSecond(stage: Stage, tui: string): Promise<number> {
  await stage.focus(0);
  await stage.send(0, `(${floodCommand(tui)})\r`);
  await sleep(1500);
  await stage.page.evaluate((label) => {
    window.probe.watchPaints(label);
  }, stage.label(0));
  const began = performance.now();
  await sleep(seconds * 1000);
  const paints = await stage.page.evaluate(() => window.probe.paints());
  const took = (performance.now() - began) / 1000;
  await stage.send(0, '\x03');
  await sleep(500);
  return paints / took;
}
