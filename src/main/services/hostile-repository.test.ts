import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { AgentId, SpecSlug } from '#shared/ids.ts';

import { requestOf, TestWorld, type TestHost } from './test-host.ts';

/* A repository that wants its own code run, or to lead the app out of it, or to put words into its terminals. */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('one', { 'one.txt': 'one\n' });
});
afterEach(async () => {
  await world.remove();
});

const shell = { agentId: 'shell' as AgentId };
const mine = { agentId: 'mine' as AgentId };
const slug = (name: string): { slug: SpecSlug } => ({ slug: name as SpecSlug });
/** A command that leaves a file behind where it was run. */
const proof = (name: string): string => `touch ${world.at(`ran-${name}`)}`;
const ran = (name: string): boolean => existsSync(world.at(`ran-${name}`));

async function open(): Promise<void> {
  host = await world.start();
  await host.open();
}

async function trust(): Promise<void> {
  const project = await host.open();
  const fingerprint = project.trust.kind === 'asks' ? project.trust.fingerprint : '';
  expect(await host.api.projects.trust({ projectId: project.id, fingerprint })).toEqual({ ok: true });
}

const spawn = (...requests: Parameters<typeof requestOf>[0][]) =>
  host.api.runs.spawn({ projectId: host.project.id, requests: requests.map(requestOf) });

describe('commands of the config', () => {
  it('are not run before they are trusted, nor others in their place, nor after a restart', async () => {
    await world.writeConfig(`setup: '${proof('first')} && false'\n`);
    await open();
    expect(await spawn(shell)).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    await trust();
    const [id] = await host.spawn(shell);
    await host.until(id!, ({ status }) => status.kind === 'failed');
    expect(ran('first')).toBe(true);

    // An agent has changed the file meanwhile, and nobody has looked at it since.
    await world.writeConfig(`setup: '${proof('second')}'\n`);
    await host.open();
    expect(await host.api.runs.retry({ id: id! })).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    expect(await spawn(shell)).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    await host.end();
    await open();
    expect(await host.api.runs.retry({ id: id! })).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    expect(ran('second')).toBe(false);
    expect(host.faults).toEqual([]);
  });

  it('do not start an agent again that is not trusted any more', async () => {
    const agent = (command: string): string =>
      `agents: [{ id: mine, command: /bin/sh, args: [-c, '${command}'], resume: [again] }]\n`;
    await world.writeConfig(agent(proof('first')));
    await open();
    expect(await spawn(mine)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    await trust();
    const [id] = await host.spawn(mine);
    await host.until(id!, ({ status }) => status.kind === 'exited');
    expect(ran('first')).toBe(true);
    await world.writeConfig(agent(proof('second')));
    await host.open();
    for (const how of ['afresh', 'resume'] as const) {
      expect(await host.api.runs.restart({ id: id!, how })).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    }
    await world.writeConfig('');
    await host.open();
    expect(await host.api.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({
      ok: false,
      error: { kind: 'refused' },
    });
    expect(ran('second')).toBe(false);
    expect(host.faults).toEqual([]);
  });

  it.each([
    ['.git', 'is inside'],
    ['.git/hooks', 'is inside'],
    ['.', 'is the project itself'],
  ])('cannot have worktrees kept in %s', async (folder, reason) => {
    await world.writeConfig(`worktrees: { folder: "${folder}" }\n`);
    await open();
    expect(host.project.config.problems[0]?.message).toContain(reason);
    expect(host.project.config.worktreeFolder).toBe(`${world.repository.path}.worktrees`);
  });

  it('cannot have worktrees kept where programs look for their own, unless the person says so', async () => {
    const plugins = world.at('home', '.vim', 'pack', 'x', 'start');
    await world.writeConfig(`worktrees: { folder: "~/.vim/pack/x/start" }\nbranch: "{slug}"\n`);
    await open();
    expect(host.project.trust).toMatchObject({ kind: 'asks', commands: [{ where: 'worktrees' }] });
    expect(await spawn(shell)).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    expect(existsSync(plugins)).toBe(false);
    await trust();
    const [id] = await host.spawn(shell);
    await host.until(id!, ({ presence }) => presence.worktree);
    expect(existsSync(join(plugins, 'one'))).toBe(true);
  });

  it.each([
    ['a link into .git', () => symlinkSync('.git', world.at('project', 'worktrees'))],
    ['a file', () => writeFileSync(world.at('project', 'worktrees'), '')],
    [
      'a folder with files in it where the worktree would be',
      () => {
        mkdirSync(world.at('project', 'worktrees', 'feature', 'ai-one'), { recursive: true });
        writeFileSync(world.at('project', 'worktrees', 'feature', 'ai-one', 'precious.txt'), 'precious\n');
      },
    ],
  ])('do nothing where the folder for worktrees is %s', async (_what, prepare) => {
    await world.writeConfig('worktrees: { folder: worktrees }\n');
    prepare();
    await open();
    const [id] = await host.spawn(shell);
    const run = await host.until(id!, ({ status }) => status.kind === 'failed');
    expect(run.stages.find(({ state }) => state === 'failed')?.id).toBe('check');
    expect(await world.branches()).toBe('main');
    const plan = await host.discard(id!);
    expect(plan).toBe(null);
    const precious = world.at('project', 'worktrees', 'feature', 'ai-one', 'precious.txt');
    expect(existsSync(precious)).toBe(_what.startsWith('a folder'));
  });
});

describe('links that lead out of the project', () => {
  it('are neither read nor written', async () => {
    const secret = world.at('secret.md');
    writeFileSync(secret, 'setup: the secret\n');
    symlinkSync(secret, world.at('project', 'specs', 'leak.md'));
    symlinkSync(secret, world.at('project', '.worktreeinclude'));
    mkdirSync(world.at('outside', 'invariants'), { recursive: true });
    writeFileSync(world.at('outside', 'config.yaml'), `setup: '${proof('outside')}'\n`);
    writeFileSync(world.at('outside', 'invariants', 'rule.md'), '# the secret\n');
    symlinkSync(world.at('outside'), world.at('project', '.switchyard'));
    await open();
    const { id } = host.project;
    expect(host.project.config).toMatchObject({ setupCommand: null });
    expect(host.project.config.problems[0]?.message).toContain('symbolic link to outside the project');
    const leak = 'leak' as SpecSlug;
    expect(await host.api.specs.read({ projectId: id, slug: leak })).toMatchObject({ ok: false });
    expect(await host.api.specs.save({ projectId: id, slug: leak, text: 'x', version: null })).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write' },
    });
    expect(await spawn(slug('leak'))).toMatchObject({ ok: false, error: { kind: 'refused' } });
    const composed = await host.api.prompts.compose({
      projectId: id,
      slug: 'one' as SpecSlug,
      text: '---\ntitle: x\n---\n',
      agentId: null,
      branch: null,
      base: null,
    });
    expect(JSON.stringify(composed)).not.toContain('the secret');
    expect(await host.api.projects.setUp({ projectId: id })).toMatchObject({ ok: false });
    expect(readFileSync(secret, 'utf8')).toBe('setup: the secret\n');
    expect(existsSync(world.at('outside', 'prompts'))).toBe(false);

    rmSync(world.at('project', 'specs'), { recursive: true });
    symlinkSync(world.at('outside'), world.at('project', 'specs'));
    expect(await host.api.specs.create({ projectId: id, title: 'New' })).toMatchObject({
      ok: false,
      error: { kind: 'could-not-write' },
    });
    expect(host.faults).toEqual([]);
  });
});

describe('a spec', () => {
  it('cannot name its branch as it likes', async () => {
    await open();
    const before = await world.repository.refs();
    for (const branch of ['--upload-pack=x', '../../x', 'refs/heads/main', 'HEAD', '-d', 'a b', 'x.lock', '@{-1}']) {
      await world.writeSpec('one', { 'one.txt': 'one\n' }, { branch: JSON.stringify(branch) });
      const answers = [await spawn(shell), await spawn({ ...shell, branch })];
      expect([branch, answers]).toMatchObject([branch, [0, 1].map(() => ({ ok: false, error: { kind: 'refused' } }))]);
    }
    expect(await world.repository.refs()).toBe(before);
  });

  it('says nothing to the terminal but words', async () => {
    const escape = '\\e]0;owned\\a\\e]52;c;b3duZWQ=\\a\\e[2J';
    await world.writeSpec('one', { 'one.txt': 'one\n' }, { title: `"Title ${escape} end"`, ask: `"Sure ${escape}?"` });
    await world.writeConfig(`setup: "true # \\e]0;owned\\a\\e[2J"\n`);
    await open();
    await trust();
    const [id] = await host.spawn({});
    const run = await host.until(id!, ({ status }) => status.kind === 'waiting');
    const screen = host.watch(run.terminalId!);
    await until(
      () => screen.text().includes('Sure'),
      () => screen.text(),
    );
    expect(run.spec.title).not.toContain('\x1b');
    expect(run.activity).not.toBe('owned');
    expect(screen.text()).toContain('Running the setup command');
    expect(screen.text()).not.toContain('\x1b]52');
  });
});

describe('what the repository can plant', () => {
  it('is not run by anything that the app does by itself', async () => {
    const script = (path: string, name: string): void => {
      writeFileSync(path, `#!/bin/sh\n${proof(name)}\ncat\n`);
      chmodSync(path, 0o755);
    };
    // Found first where PATH has an empty or a relative folder in it, as many have.
    script(world.at('project', 'git'), 'git');
    await world.repository.write('.gitattributes', '*.txt diff=evil filter=evil merge=evil\n');
    await world.repository.write('a.txt', 'a\n');
    await world.repository.commit('Plant');
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = `:.:${path}`;
    script(world.at('trap'), 'config');
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process']) {
      await world.repository.git('config', key, world.at('trap'));
    }
    for (const key of ['merge.evil.driver', 'diff.evil.textconv', 'diff.evil.command', 'diff.external', 'core.pager']) {
      await world.repository.git('config', key, world.at('trap'));
    }
    for (const key of ['core.editor', 'core.sshCommand', 'gpg.program', 'core.askPass', 'core.alternateRefsCommand']) {
      await world.repository.git('config', key, world.at('trap'));
    }
    await world.repository.git('config', 'commit.gpgSign', 'true');
    for (const hook of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-merge', 'post-index-change']) {
      script(world.at('project', '.git', 'hooks', hook), 'hook');
    }
    await open();
    const [id] = await host.spawn(shell);
    const run = await host.until(id!, ({ presence }) => presence.worktree);
    const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-c', 'core.fsmonitor=false'];
    const harmless = [...quiet, '-c', 'filter.evil.clean=', '-c', 'filter.evil.process='];
    writeFileSync(join(run.worktreePath, 'a.txt'), 'changed\n');
    await world.repository.gitIn(run.worktreePath, ...harmless, 'commit', '-q', '-a', '-m', 'Work');
    for (const name of ['config', 'hook', 'git']) rmSync(world.at(`ran-${name}`), { force: true });
    writeFileSync(join(run.worktreePath, 'new.txt'), 'new\n');
    await host.api.runs.decide({ id: id!, decision: 'keep', reason: '' });
    const seen: unknown[] = [];
    const review = host.api.review.onDidChange({ id: id! }, (state) => seen.push(state));
    await until(() => seen.length > 0, 'the review is worked out');
    await host.api.review.content({ id: id!, path: 'a.txt', showHuge: false });
    for (const method of ['merge', 'squash', 'rebase'] as const) await host.api.merges.preview({ id: id!, method });
    review.dispose();
    const snapshot = await host.discard(id!);
    await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: snapshot! });
    process.env['PATH'] = path;
    expect([ran('git'), ran('config'), ran('hook')]).toEqual([false, false, false]);
    expect(host.faults).toEqual([]);
  });
});

describe('what is secret', () => {
  it('is in no log, and is gone with its run', async () => {
    const words = ['canary-in-the-spec', 'canary-on-the-screen', 'canary-that-is-typed'];
    await world.writeSpec('one', { 'one.txt': `${words[0]}\n` }, { ask: `"${words[1]}?"` });
    await open();
    const [id] = await host.spawn({});
    const { terminalId } = await host.until(id!, ({ status }) => status.kind === 'waiting');
    await host.api.terminals.write({ id: terminalId!, data: `${words[2]}\r` });
    await host.finished(id!);
    const promptFile = join(world.stateFolder(), 'prompts', `${id!}.md`);
    expect(readFileSync(promptFile, 'utf8')).toContain(words[0]);
    await host.discard(id!);
    expect(existsSync(promptFile)).toBe(false);
    const ptyHost = join(world.stateFolder(), 'pty-host');
    const secret = (JSON.parse(readFileSync(join(ptyHost, 'host-1.json'), 'utf8')) as { secret: string }).secret;
    const logs = host.log() + readFileSync(join(ptyHost, 'pty-host-1.log'), 'utf8');
    expect(readdirSync(join(ptyHost, 'screens-1'))).toEqual([]);
    for (const word of [...words, secret]) expect(logs).not.toContain(word);
  });
});
