import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';

import { Programs } from './programs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const check = (command: string) => new Programs(folder, process.env, process.platform).runCommand(command, 600_000);
const leftRunning = async (): Promise<number> => Number(await readFile(join(folder, 'pid'), 'utf8'));

describe.skipIf(process.platform === 'win32')('a check that leaves something running', () => {
  it('is over when it ends itself, and what it left is ended', async () => {
    const { code, output } = await check('sleep 600 & echo $! >pid; echo checked; exit 3');
    expect({ code, output }).toEqual({ code: 3, output: 'checked\n' });
    const pid = await leftRunning();
    await until(() => !isAlive(pid), 'what it left is ended');
  });

  it.skipIf(process.platform !== 'linux')('is over too when that holds its output from another session', async () => {
    const { code, output } = await check("setsid sh -c 'echo $$ >pid; exec sleep 600' & sleep 0.3; echo checked");
    expect({ code, output }).toEqual({ code: 0, output: 'checked\n' });
    process.kill(await leftRunning());
  });
});
