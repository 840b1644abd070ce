import { describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { MachineMemory, RunUsage } from '#shared/contract/machine.ts';
import type { ProjectId, RunId, TerminalId } from '#shared/ids.ts';

import { isLow, Machine } from './machine.ts';
import { parseMeminfo, parseVmStat, readMemory } from './read-memory.ts';

const gigabyte = 1024 ** 3;
const pace = { memoryMilliseconds: 5, usageMilliseconds: 5 };

describe('the machine’s memory', () => {
  it('is read on this one, and from the words of Linux and macOS', async () => {
    const memory = await readMemory(process.platform);
    expect(memory?.availableBytes).toBeGreaterThan(0);
    expect(memory?.availableBytes).toBeLessThan(memory?.totalBytes ?? 0);
    const meminfo = 'MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    4000000 kB\n';
    expect(parseMeminfo(meminfo)).toEqual({ totalBytes: 16e6 * 1024, availableBytes: 4e6 * 1024 });
    expect(parseMeminfo('')).toBeNull();
    const vmStat = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10.
Pages active:                           5000.
Pages inactive:                           20.
Pages speculative:                         3.
Pages purgeable:                           1.
`;
    expect(parseVmStat(vmStat)).toBe(34 * 16384);
    expect(parseVmStat('')).toBeNull();
  });

  it('is low when another agent may be too much, and is so until it is clearly better', () => {
    const at = (totalBytes: number, availableBytes: number, wasLow = false) =>
      isLow({ totalBytes: totalBytes * gigabyte, availableBytes: availableBytes * gigabyte }, wasLow);
    expect([at(8, 1.1), at(8, 0.9), at(64, 2.1), at(64, 1.9), at(2, 0.6), at(2, 0.4)]).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
    expect([at(8, 1.1, true), at(8, 1.3, true)]).toEqual([true, false]);
  });

  it('is told when it becomes low, and when that is over', async () => {
    let availableBytes = 8 * gigabyte;
    const machine = new Machine({
      platform: 'linux',
      terminals: { usage: () => Promise.resolve(null) },
      running: () => [],
      log: silentLog,
      memory: () => Promise.resolve({ totalBytes: 16 * gigabyte, availableBytes }),
      pace,
    });
    const told: (MachineMemory | null)[] = [];
    machine.onDidChangeMemory({}, (memory) => told.push(memory));
    machine.start();
    await until(() => told.at(-1)?.isLow === false);
    availableBytes = 0.5 * gigabyte;
    await until(() => told.at(-1)?.isLow === true);
    expect(machine.isMemoryLow).toBe(true);
    availableBytes = 9 * gigabyte;
    await until(() => told.at(-1)?.isLow === false);
    machine.dispose();
  });
});

describe('what runs take', () => {
  it('is measured while somebody looks: the share of a core from the second look on', async () => {
    let looks = 0;
    let now = 1000;
    const machine = new Machine({
      platform: 'linux',
      terminals: {
        usage: (ids) => {
          looks++;
          now += 1000;
          const all = [
            { id: 'run-a', processes: 2, memoryBytes: 300, processorMilliseconds: looks * 500 },
            { id: 'run-b', processes: 1, memoryBytes: 10, processorMilliseconds: 1000 - looks },
          ];
          return Promise.resolve(all.filter(({ id }) => ids.includes(id as TerminalId)) as never);
        },
      },
      running: () => ['a', 'b', 'gone'].map((id) => ({ id: id as RunId, terminalId: `run-${id}` as TerminalId })),
      log: silentLog,
      pace,
      now: () => now,
    });
    const told: (readonly RunUsage[] | null)[] = [];
    const listening = machine.onDidMeasure('p' as ProjectId, (usage) => told.push(usage));
    await until(() => told.length >= 2);
    listening.dispose();
    expect(told[0]).toEqual([
      { id: 'a', processes: 2, memoryBytes: 300, processorShare: null },
      { id: 'b', processes: 1, memoryBytes: 10, processorShare: null },
    ]);
    expect(told[1]?.map(({ processorShare }) => processorShare)).toEqual([0.5, 0]);
    const before = looks;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(looks - before).toBeLessThanOrEqual(1);
    machine.dispose();
  });
});
