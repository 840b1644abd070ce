import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TestProjects } from './test-projects.ts';

let world: TestProjects;
let repository: TestProjects['repository'];
beforeEach(async () => {
  world = await TestProjects.create();
  repository = world.repository;
});
afterEach(() => world.remove());

describe('what cannot be opened has its own answer:', () => {
  it.each(['nowhere', '/no/such/folder', '~/gone', 'a\0b', 'x'.repeat(4000)])('%j is not there', async (name) => {
    expect(await world.failure(name)).toMatchObject({ kind: 'not-found' });
  });

  it('a file, a way through a file, a link to nothing, a link to itself', async () => {
    const file = join(repository.path, 'readme.md');
    expect(await world.failure(file)).toEqual({ kind: 'not-a-folder', path: file });
    expect(await world.failure(join(file, 'x'))).toMatchObject({ kind: 'not-found' });
    await symlink('nothing', world.at('dangling'));
    await symlink('loop', world.at('loop'));
    expect(await world.failure(world.at('dangling'))).toMatchObject({ kind: 'not-found' });
    expect(await world.failure(world.at('loop'))).toMatchObject({ kind: 'not-found' });
  });

  it('a folder that may not be read, and a repository that may not be written', async () => {
    const denied = (path: string) =>
      world.make({
        access: (asked) =>
          asked === path ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' })) : Promise.resolve(),
      });
    expect(await world.failure(repository.path, denied(repository.path))).toEqual({
      kind: 'no-permission',
      path: repository.path,
    });
    expect(await world.failure(repository.path, denied(join(repository.path, '.git')))).toMatchObject({
      kind: 'no-permission',
    });
  });

  it('a folder that is no repository', async () => {
    expect(await world.failure(world.at('home'))).toEqual({ kind: 'not-a-repository', path: world.at('home') });
    await mkdir(world.at('broken'));
    await writeFile(world.at('broken', '.git'), 'gitdir: /no/such/place\n');
    expect(await world.failure(world.at('broken'))).toMatchObject({ kind: 'not-a-repository' });
    await writeFile(world.at('broken', '.git'), 'nonsense\n');
    expect(await world.failure(world.at('broken'))).toMatchObject({ kind: 'git-failed' });
  });

  it('a bare repository, and a worktree of one', async () => {
    await repository.git('clone', '-q', '--bare', repository.path, world.at('bare.git'));
    expect(await world.failure(world.at('bare.git'))).toEqual({ kind: 'bare-repository', path: world.at('bare.git') });
    await repository.gitIn(world.at('bare.git'), 'worktree', 'add', '-q', world.at('of-bare'), 'main');
    expect(await world.failure(world.at('of-bare'))).toEqual({ kind: 'bare-repository', path: world.at('bare.git') });
    await repository.git('config', '--global', 'safe.bareRepository', 'explicit');
    expect(await world.failure(world.at('bare.git'))).toEqual({ kind: 'bare-repository', path: world.at('bare.git') });
  });

  it('a repository without a commit', async () => {
    await mkdir(world.at('empty'));
    await repository.gitIn(world.at('empty'), 'init', '-q');
    expect(await world.failure(world.at('empty'))).toEqual({ kind: 'no-commits', path: world.at('empty') });
  });

  it('a linked worktree, or a folder in one: the main checkout is named', async () => {
    await repository.git('worktree', 'add', '-q', world.at('linked'), '-b', 'other');
    await mkdir(world.at('linked', 'deep'));
    expect(await world.failure(world.at('linked'))).toEqual({
      kind: 'linked-worktree',
      path: world.at('linked'),
      mainPath: repository.path,
    });
    expect(await world.failure(world.at('linked', 'deep'))).toMatchObject({
      kind: 'linked-worktree',
      mainPath: repository.path,
    });
  });

  it('a folder inside a repository, its Git folder included: the top is named', async () => {
    for (const inside of ['src', '.git', '.git/refs']) {
      expect(await world.failure(join(repository.path, inside))).toEqual({
        kind: 'inside-repository',
        path: join(repository.path, inside),
        rootPath: repository.path,
      });
    }
  });

  it('a repository whose files are elsewhere', async () => {
    await repository.git('config', 'core.worktree', world.at('home'));
    expect(await world.failure(repository.path)).toMatchObject({ kind: 'git-failed' });
  });

  it('a repository of another user', async () => {
    const git = world.git();
    const ofAnother = world.make({
      git: {
        read: (call) => git.read({ ...call, env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } }),
        write: (call) => git.write(call),
        writes: (commonDir, task) => git.writes(commonDir, task),
        direct: (call) => git.direct(call),
        commonDir: (cwd) => git.commonDir(cwd),
        gitDir: (cwd) => git.gitDir(cwd),
        version: () => git.version(),
      },
    });
    expect(await world.failure(repository.path, ofAnother)).toEqual({
      kind: 'unsafe-ownership',
      path: repository.path,
      owner: expect.stringMatching(/./) as string,
    });
  });

  it('no Git, and a Git that is too old', async () => {
    expect(await world.failure(repository.path, world.make({ git: world.git({ PATH: world.at('home') }) }))).toEqual({
      kind: 'git-missing',
    });
    await writeFile(world.at('home', 'git'), '#!/bin/sh\necho git version 2.37.1\n');
    await chmod(world.at('home', 'git'), 0o755);
    expect(await world.failure(repository.path, world.make({ git: world.git({ PATH: world.at('home') }) }))).toEqual({
      kind: 'git-too-old',
      found: '2.37.1',
      needed: '2.38',
    });
  });
});
