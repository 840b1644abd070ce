import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';

import { TestProjects } from './test-projects.ts';

let world: TestProjects;
let repository: TestProjects['repository'];
beforeEach(async () => {
  world = await TestProjects.create();
  repository = world.repository;
});
afterEach(() => world.remove());

describe('the next steps', () => {
  it('makes a repository of a folder, and its first commit, without taking a file in', async () => {
    const folder = world.at('new');
    await mkdir(folder);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect(await world.projects.initialise({ path: folder })).toEqual({ ok: true, value: undefined });
    expect(await world.failure(folder)).toMatchObject({ kind: 'no-commits' });
    await repository.gitIn(folder, 'add', 'notes.txt');
    expect(await world.projects.createFirstCommit({ path: folder })).toEqual({ ok: true, value: undefined });
    expect(await world.open(folder)).toMatchObject({ headBranch: 'main', branches: ['main'], checkoutIsDirty: true });
    expect(await repository.gitIn(folder, 'ls-tree', '-r', 'HEAD')).toBe('');
    expect(await repository.gitIn(folder, 'log', '--format=%an %s')).toBe('Ann Author Start');
    expect(await repository.gitIn(folder, 'status', '--porcelain')).toBe('A  notes.txt');
  });

  it('does nothing where it is done already, and does not nest repositories', async () => {
    const before = await repository.refs();
    expect(await world.projects.initialise({ path: repository.path })).toMatchObject({ ok: true });
    expect(await world.projects.createFirstCommit({ path: repository.path })).toMatchObject({ ok: true });
    expect(await repository.refs()).toBe(before);
    expect(await world.projects.initialise({ path: join(repository.path, 'src') })).toMatchObject({
      error: { kind: 'inside-repository' },
    });
    expect(await readdir(join(repository.path, 'src'))).toEqual(['app.ts']);
  });

  it('says which two commands make Git know who you are', async () => {
    await mkdir(world.at('new'));
    const git = new Git({
      log: silentLog,
      env: Object.fromEntries(Object.entries(repository.env).filter(([name]) => !/AUTHOR|COMMITTER/.test(name))),
    });
    const without = world.make({ git });
    await without.initialise({ path: world.at('new') });
    const refused = await without.createFirstCommit({ path: world.at('new') });
    expect(refused).toMatchObject({ ok: false, error: { kind: 'git-failed' } });
    expect(JSON.stringify(refused)).toMatch(/git config --global user\.name .*git config --global user\.email/);
    expect(await world.failure(world.at('new'))).toMatchObject({ kind: 'no-commits' });
  });

  it('sets a project up', async () => {
    await mkdir(world.at('template', '.switchyard'), { recursive: true });
    await mkdir(world.at('template', 'specs'));
    await writeFile(world.at('template', '.switchyard', 'config.yaml'), 'branch: ai/{slug}\n');
    await writeFile(world.at('template', 'specs', 'first.md'), '# First\n');
    const { id } = await world.open();
    expect(await world.projects.planSetup({ projectId: id })).toMatchObject({
      value: [{ exists: false }, { exists: false }],
    });
    expect(await world.projects.setUp({ projectId: id })).toEqual({
      ok: true,
      value: { written: ['.switchyard/config.yaml', 'specs/first.md'] },
    });
    expect(world.projects.require(id).state).toMatchObject({ isSetUp: true, config: { branchTemplate: 'ai/{slug}' } });
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('');
  });
});
