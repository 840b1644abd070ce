import type { Section } from './section.ts';
import { sleep, startLoad } from './stage/floods.ts';
import { makePayloads } from './stage/payloads.ts';
import { memoryOf, rendererMemory } from './stage/process-memory.ts';
import { SwitchyardStage } from './stage/switchyard-stage.ts';
import { median } from './statistics.ts';

const terminals = 16;
const viewport = { width: 1920, height: 1080 };
const sampleMilliseconds = 10_000;

/** Whether memory stays flat while everything floods. */
export const soakSection: Section = {
  name: 'soak',
  about: `memory of page, host and pty host while ${String(terminals)} terminals in view flood, for ten minutes`,
  runs: 'when-named',
  measure: async (bench) => {
    const payloads = await makePayloads(8_000_000);
    const browser = await bench.browser([]);
    const all = Array.from({ length: terminals }, (_, index) => index);
    const stage = await SwitchyardStage.create({ browser, runs: terminals, shown: all, viewport });
    try {
      const ptyHostPid = await stage.world.ptyHostPid();
      if (ptyHostPid === null) throw new Error('no pty host runs');
      await startLoad(stage, all, 'floods', payloads.log);
      const samples = { renderer: [] as number[], host: [] as number[], 'pty host': [] as number[] };
      const end = performance.now() + bench.minutes(10) * 60_000;
      while (performance.now() < end) {
        await sleep(sampleMilliseconds);
        samples.renderer.push(await rendererMemory(browser, stage.page));
        samples.host.push(await memoryOf(stage.world.host.pid));
        samples['pty host'].push(await memoryOf(ptyHostPid));
      }
      for (const [name, megabytes] of Object.entries(samples)) {
        // The first quarter fills the scrollback.
        const quarter = Math.max(1, Math.floor(megabytes.length / 4));
        bench.report({
          name: `${name}: memory in the last quarter of the time`,
          value: median(megabytes.slice(-quarter)),
          unit: 'MB',
          baseline: { name: 'in the second quarter', value: median(megabytes.slice(quarter, 2 * quarter)) },
          goal: { atMost: 1.15 },
        });
      }
    } finally {
      await stage.dispose();
      await payloads.dispose();
    }
  },
};
