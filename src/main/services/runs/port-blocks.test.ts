import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { RunId } from '#shared/ids.ts';

import { PortBlocks, portsOfRun } from './port-blocks.ts';
import { runVariables } from './run-variables.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-ports-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const id = (name: string): RunId => name as RunId;
const open = (isFree: (port: number) => Promise<boolean> = () => Promise.resolve(true)) =>
  new PortBlocks({ folder: join(folder, 'ports'), log: silentLog, isFree });

describe('the ports of runs', () => {
  it('are never shared, also when many ask at once and of two hosts', async () => {
    const [one, other] = [open(), open()];
    const names = Array.from({ length: 12 }, (_, at) => `run-${String(at)}`);
    const firsts = await Promise.all(names.map((name, at) => (at % 2 ? one : other).claim(id(name), '/p')));
    expect(new Set(firsts).size).toBe(12);
    const sorted = firsts.map(Number).toSorted((a, b) => a - b);
    const gaps = sorted.slice(1).map((first, at) => first - (sorted[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(portsOfRun);
    // It keeps its own, whoever asks.
    expect(await other.claim(id('run-1'), '/p')).toBe(firsts[1]);
  });

  it('are given back at the end, and are the next one’s', async () => {
    const blocks = open();
    const first = await blocks.claim(id('a'), '/p');
    const second = await blocks.claim(id('b'), '/p');
    await blocks.release(id('a'));
    expect(await blocks.claim(id('c'), '/p')).toBe(first);
    await blocks.keepOnly('/other', new Set());
    expect(await blocks.claim(id('b'), '/p')).toBe(second);
    await blocks.keepOnly('/p', new Set([id('b')]));
    expect(await readdir(join(folder, 'ports'))).toEqual([String(second)]);
  });

  it('are none where somebody listens already', async () => {
    const blocks = new PortBlocks({ folder: join(folder, 'ports'), log: silentLog });
    const first = (await blocks.claim(id('a'), '/p')) ?? 0;
    await blocks.release(id('a'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(first + 3, '0.0.0.0', resolve));
    const next = await blocks.claim(id('b'), '/p');
    expect(next).toBeGreaterThan(first);
    await new Promise((resolve) => server.close(resolve));
  });

  it('are left alone where a file cannot be read, and said to be gone when none is left', async () => {
    const blocks = open((port) => Promise.resolve(port < 20_020));
    const first = await blocks.claim(id('a'), '/p');
    await writeFile(join(folder, 'ports', String(first)), 'half a fi');
    expect(await blocks.claim(id('b'), '/p')).toBe((first ?? 0) + portsOfRun);
    expect(await blocks.claim(id('c'), '/p')).toBeNull();
  });

  it('are told to the programs of a run, with where they are', () => {
    const run = { branch: 'feature/x', base: 'main', worktreePath: '/w/x' };
    const variables = runVariables(run, '/p', 20_010);
    expect(variables).toMatchObject({
      SWITCHYARD_PROJECT: '/p',
      SWITCHYARD_WORKTREE: '/w/x',
      SWITCHYARD_BRANCH: 'feature/x',
      SWITCHYARD_BASE: 'main',
      SWITCHYARD_PORT: '20010',
      SWITCHYARD_PORT_1: '20011',
      SWITCHYARD_PORT_9: '20019',
    });
    expect(Object.keys(runVariables(run, '/p', null)).filter((name) => name.includes('PORT'))).toEqual([]);
  });
});
