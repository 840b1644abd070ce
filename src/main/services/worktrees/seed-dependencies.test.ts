import { execFile } from 'node:child_process';
import {
  appendFile,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { seedDependencies, type DependencyFolder } from './seed-dependencies.ts';

const run = promisify(execFile);

let root: string;
let from: string;
let to: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-seed-')));
  [from, to] = [join(root, 'project'), join(root, 'worktree')];
  await write('project/package-lock.json', 'locked');
  await write('worktree/package-lock.json', 'locked');
  await write('project/node_modules/thing/index.js', 'module.exports = 1;');
  await write('project/node_modules/thing/bin.js', '#!/usr/bin/env node');
  await mkdir(join(from, 'node_modules/.bin'));
  await symlink('../thing/bin.js', join(from, 'node_modules/.bin/thing'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
const seed = (folders: readonly DependencyFolder[] = [{ folder: 'node_modules', lockfile: null }]) =>
  seedDependencies({
    projectPath: from,
    worktreePath: to,
    folders,
    platform: process.platform,
    signal: new AbortController().signal,
  });

describe('dependencies of a new worktree', () => {
  it('are copied from the checkout while the lockfile is the same, and are nobody else’s', async () => {
    await run('chmod', ['755', join(from, 'node_modules/thing/bin.js')]);
    expect(await seed()).toEqual([{ folder: 'node_modules', outcome: 'seeded', lockfile: 'package-lock.json' }]);
    const file = 'node_modules/thing/index.js';
    expect(await readFile(join(to, file), 'utf8')).toBe('module.exports = 1;');
    expect((await stat(join(to, 'node_modules/thing/bin.js'))).mode & 0o111).not.toBe(0);
    expect(await readlink(join(to, 'node_modules/.bin/thing'))).toBe('../thing/bin.js');
    expect((await lstat(join(to, 'node_modules'))).isSymbolicLink()).toBe(false);
    // Neither a link nor the same file by another name: written in place, it stays here.
    expect((await stat(join(to, file))).nlink).toBe(1);
    expect((await stat(join(to, file))).ino).not.toBe((await stat(join(from, file))).ino);
    await appendFile(join(to, file), '// mine');
    expect(await readFile(join(from, file), 'utf8')).toBe('module.exports = 1;');
  });

  it('are left out, with the reason, where the lockfile is another one or missing', async () => {
    await write('worktree/package-lock.json', 'locked otherwise');
    expect(await seed()).toMatchObject([{ outcome: 'left-out', reason: expect.stringContaining('another one') }]);
    await rm(join(to, 'package-lock.json'));
    expect(await seed()).toMatchObject([{ reason: 'package-lock.json is not there in both' }]);
    await rm(join(from, 'package-lock.json'));
    expect(await seed()).toMatchObject([{ reason: 'there is no lockfile beside it or above it' }]);
    expect(await seed([{ folder: 'vendor', lockfile: null }])).toMatchObject([
      { reason: 'your checkout does not have it' },
    ]);
    await expect(lstat(join(to, 'node_modules'))).rejects.toThrow('ENOENT');
  });

  it('are left out where a link in them leads to the checkout or anywhere else outside', async () => {
    await symlink(join(from, 'packages'), join(from, 'node_modules/workspace'));
    expect(await seed()).toMatchObject([{ reason: 'workspace in it is a link that leads out of the project' }]);
    await rm(join(from, 'node_modules/workspace'));
    // A package of the same repository, as npm links it: in the worktree it leads to the worktree's own.
    await symlink('../packages/own', join(from, 'node_modules/own'));
    expect(await seed()).toMatchObject([{ outcome: 'seeded' }]);
    expect(await readlink(join(to, 'node_modules/own'))).toBe('../packages/own');
  });

  it('are found in folders below, by the nearest lockfile, and never overwrite what is there', async () => {
    await write('project/app/node_modules/a.js', 'a');
    await mkdir(join(to, 'app'));
    const app = [{ folder: 'app/node_modules', lockfile: null }];
    expect(await seed(app)).toMatchObject([{ outcome: 'seeded', lockfile: 'package-lock.json' }]);
    expect(await seed(app)).toMatchObject([{ reason: 'it is there already' }]);
    expect(await seed([{ folder: 'lib/node_modules', lockfile: null }])).toMatchObject([{ outcome: 'left-out' }]);
  });

  it('do not follow a link that stands in the way', async () => {
    await rm(join(from, 'node_modules'), { recursive: true });
    await mkdir(join(root, 'outside'));
    await symlink(join(root, 'outside'), join(from, 'node_modules'));
    expect(await seed()).toMatchObject([{ reason: 'it is no folder in your checkout' }]);
    await write('project/app/node_modules/a.js', 'a');
    await symlink(join(root, 'outside'), join(to, 'app'));
    expect(await seed([{ folder: 'app/node_modules', lockfile: null }])).toMatchObject([{ outcome: 'left-out' }]);
    await expect(lstat(join(root, 'outside/node_modules'))).rejects.toThrow('ENOENT');
  });
});
