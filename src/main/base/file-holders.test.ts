import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findHolders, parseLsof } from './file-holders.ts';
import { until } from './test-until.ts';

const marker = 'SWITCHYARD_TERMINAL';

describe('who keeps files of a folder open', () => {
  it('is read from what lsof prints on a Mac', async () => {
    const text = [
      'p1', 'claunchd', 'n/', 'n/private/var/db',
      'p20', 'cnode', 'fcwd', 'n/w/tree', 'n/w/tree/src/app.ts', 'n->0x1',
      'p21', 'czsh', 'n/w/tree-two/x',
      'p22', 'cvim with space', 'n/w/tree/a b.swp',
    ].join('\n'); // prettier-ignore
    const holders = [
      { pid: 20, name: 'node', path: '/w/tree', isOurs: false },
      { pid: 22, name: 'vim with space', path: '/w/tree/a b.swp', isOurs: false },
    ];
    expect(parseLsof(text, '/w/tree')).toEqual(holders);
    const told = await findHolders('/w/tree', { platform: 'darwin', marker }, { lsof: () => Promise.resolve(text) });
    expect(told).toEqual({ kind: 'known', holders });
    const silent = { lsof: () => Promise.reject(new Error('ENOENT')) };
    expect(await findHolders('/w/tree', { platform: 'darwin', marker }, silent)).toMatchObject({ kind: 'unknown' });
  });

  it('is not to be had on Windows, and it is said how the person finds out', async () => {
    expect(await findHolders('C:\\w', { platform: 'win32', marker })).toEqual({
      kind: 'unknown',
      advice: expect.stringContaining('Resource Monitor') as string,
    });
  });

  describe.runIf(process.platform === 'linux')('on Linux', () => {
    let folder: string;
    let children: ChildProcess[];
    beforeEach(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'holders-')));
      children = [];
    });
    afterEach(() => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });
    const start = (script: string, cwd: string, env: Record<string, string> = {}): number => {
      const child = spawn('sh', ['-c', script], { cwd, env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' });
      children.push(child);
      return child.pid ?? 0;
    };

    it('is whoever has a file open in it or works in it, and whether a terminal of ours has started it', async () => {
      writeFileSync(join(folder, 'open.txt'), 'x');
      const reader = start(`exec 7<'${folder}/open.txt'; exec sleep 300`, '/', { [marker]: 'run-1.abc' });
      const worker = start('exec sleep 300', folder);
      start('exec sleep 300', '/');
      await until(async () => {
        const found = await findHolders(folder, { platform: 'linux', marker });
        return (
          found.kind === 'known' && found.holders.length === 2 && found.holders.every(({ name }) => name === 'sleep')
        );
      });
      const found = await findHolders(folder, { platform: 'linux', marker });
      const holders = found.kind === 'known' ? found.holders.toSorted((a, b) => a.pid - b.pid) : [];
      expect(holders).toEqual([
        { pid: reader, name: 'sleep', path: join(folder, 'open.txt'), isOurs: true },
        { pid: worker, name: 'sleep', path: folder, isOurs: false },
      ]);
    });
  });
});
