import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import type { ConfiguredAgent } from '#main/services/projects/config.ts';
import type { Agent, PermissionMode } from '#shared/contract/agents.ts';
import type { AgentId, ProjectId, RunId } from '#shared/ids.ts';

import { Agents } from './agents.ts';
import { readLoginPath } from './login-path.ts';

const projectId = 'project' as ProjectId;
const id = (text: string): AgentId => text as AgentId;
const runId = 'run-1234' as RunId;

let world: string;
let bin: string;
let state: string;
let configured: readonly ConfiguredAgent[];
let isTrusted: boolean;
let configChanged: () => void;
let agents: Agents;
let modes: Map<AgentId, PermissionMode>;
let own: Record<string, string>;

const codexAsks = '--sandbox read-only --ask-for-approval on-request'.split(' ');
const codexSettings = [...codexAsks, '-c', 'notify=["/bin/node","/app/reporter.js","notify"]'];

/** A program of the person's. */
const install = async (name: string, script: string, folder = bin): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
};
const createAgents = (
  env: Record<string, string> = {},
  limits = { loginPathMilliseconds: 5000, versionMilliseconds: 5000 },
): Agents => {
  const environment = { PATH: '/usr/bin:/bin', HOME: world, SHELL: join(world, 'shell'), ...env };
  return new Agents({
    projects: {
      require: () => ({ path: join(world, 'project'), config: { agents: configured }, isTrusted }),
      onDidChange: (_id, listener) => {
        configChanged = listener;
        return { dispose: () => undefined };
      },
    },
    scribe: { execPath: process.execPath, args: ['/app/scribe.js'], env: {} },
    reporter: { execPath: '/bin/node', args: ['/app/reporter.js'], env: {} },
    modes: {
      permissionMode: (_path, agent) => modes.get(agent) ?? null,
      choosePermissionMode: (_path, agent, mode) => modes.set(agent, mode),
    },
    stateFolder: state,
    platform: 'linux',
    env: environment,
    environment: (explicit) => ({ ...environment, ...explicit }),
    ownVariables: () => own,
    log: silentLog,
    limits,
  });
};

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'agents-')));
  bin = join(world, 'their bin');
  state = join(world, 'state');
  configured = [];
  modes = new Map();
  own = {};
  isTrusted = true;
  await mkdir(join(world, 'project'));
  // The person's shell: its start-up files talk, and PATH is longer than that of the app.
  await install(
    'shell',
    `echo "Welcome! PATH=/wrong"; PATH="${bin}:relative:$PATH"; export PATH; shift 3; eval "$1"`,
    world,
  );
  agents = createAgents();
});

afterEach(async () => {
  agents.dispose();
  await rm(world, { recursive: true, force: true });
});

const follow = () => {
  const lists: (readonly Agent[])[] = [];
  const subscription = agents.onDidChange(projectId, (list) => lists.push(list));
  const availabilityOf = (name: string) => lists.at(-1)?.find((agent) => agent.id === name)?.availability;
  return { lists, availabilityOf, stop: () => subscription.dispose() };
};
const settled = (availabilityOf: (name: string) => Agent['availability'] | undefined, name: string): Promise<void> =>
  vi.waitFor(() => {
    expect(availabilityOf(name)?.kind).not.toBe('checking');
  }, 15_000);

const declared = (changes: Partial<ConfiguredAgent> = {}): ConfiguredAgent => ({
  id: id('mine'),
  label: 'Mine',
  description: '',
  command: 'mine',
  args: [],
  prompt: { via: 'arg', flag: null },
  resume: null,
  env: {},
  install: null,
  ...changes,
});

describe('the list of agents', () => {
  it('is there at once, and fills with what is found on the PATH of the person', async () => {
    await install('claude', 'echo "WARNING: old"; echo "2.1.330 (Claude Code)"');
    await install('codex', 'echo "codex-cli 0.169.0" >&2; exit 3');
    await install('gemini', 'echo "no number"');
    const { lists, availabilityOf, stop } = follow();
    expect(lists[0]?.map((agent) => agent.id)).toEqual([
      'claude',
      'codex',
      'kilo',
      'opencode',
      'gemini',
      'qwen',
      'copilot',
      'pi',
      'droid',
      'cline',
      'amp',
      'shell',
      'scribe',
    ]);
    expect(lists[0]?.every(({ availability }) => availability.kind === 'checking')).toBe(true);
    for (const name of ['claude', 'codex', 'kilo', 'gemini', 'shell', 'scribe']) await settled(availabilityOf, name);
    expect(availabilityOf('claude')).toEqual({ kind: 'available', path: join(bin, 'claude'), version: '2.1.330' });
    expect(availabilityOf('codex')).toMatchObject({ kind: 'available', version: '0.169.0' });
    expect(availabilityOf('gemini')).toMatchObject({ kind: 'available', version: null });
    expect(availabilityOf('kilo')).toEqual({
      kind: 'missing',
      command: 'kilo',
      install: 'npm install -g @kilocode/cli',
    });
    expect(availabilityOf('shell')).toMatchObject({ kind: 'available', path: join(world, 'shell') });
    expect(availabilityOf('scribe')).toMatchObject({ kind: 'available', path: process.execPath });
    stop();
  });

  it('says which is for demos, and which takes no prompt', () => {
    const { lists, stop } = follow();
    stop();
    expect(lists[0]?.filter(({ isForDemos }) => isForDemos).map((agent) => agent.id)).toEqual(['scribe']);
    expect(lists[0]?.filter(({ takesPrompt }) => !takesPrompt).map((agent) => agent.id)).toEqual(['shell']);
  });

  it('asks for versions outside every worktree, with no input, and gives up on a CLI that hangs', async () => {
    agents.dispose();
    agents = createAgents({}, { loginPathMilliseconds: 5000, versionMilliseconds: 700 });
    await install('claude', `pwd > "${world}/where"; if read line; then echo 9.9.9; else echo 1.2.3; fi`);
    const pidFile = join(world, 'pid');
    await install('codex', `echo $$ > "${pidFile}"; sleep 600 & sleep 600`);
    const { availabilityOf, stop } = follow();
    await settled(availabilityOf, 'claude');
    await settled(availabilityOf, 'codex');
    stop();
    expect(availabilityOf('claude')).toMatchObject({ version: '1.2.3' });
    expect((await readFile(join(world, 'where'), 'utf8')).trim()).toBe(state);
    expect(availabilityOf('codex')).toMatchObject({ kind: 'available', version: null });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await vi.waitFor(() => {
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    });
  });

  it('is looked through again on request, when a CLI has come or gone', async () => {
    await install('claude', 'echo 1.0.0');
    const { availabilityOf, stop } = follow();
    await settled(availabilityOf, 'claude');
    await settled(availabilityOf, 'codex');
    await rm(join(bin, 'claude'));
    await install('codex', 'echo 2.0.0');
    await agents.refresh({ projectId });
    expect(availabilityOf('claude')).toMatchObject({ kind: 'missing' });
    expect(availabilityOf('codex')).toMatchObject({ kind: 'available', version: '2.0.0' });
    stop();
  });

  it('has the agents of the config too, follows it, and lets none take the name of ours', async () => {
    const ran = join(world, 'ran');
    await install('mine', `touch "${ran}"`);
    const { lists, availabilityOf, stop } = follow();
    configured = [declared(), declared({ id: id('claude'), command: 'evil', label: 'Not Claude' })];
    configChanged();
    await settled(availabilityOf, 'mine');
    expect(
      lists
        .at(-1)
        ?.map((agent) => agent.id)
        .slice(-2),
    ).toEqual(['scribe', 'mine']);
    expect(lists.at(-1)?.find((agent) => agent.id === 'claude')?.label).toBe('Claude Code');
    expect(availabilityOf('mine')).toEqual({ kind: 'available', path: join(bin, 'mine'), version: null });
    await expect(stat(ran)).rejects.toThrow('ENOENT');
    stop();
  });
});

describe('what an agent reports beside its state', () => {
  it('is of itself: neither the session nor the last words of a sub-agent are taken for its own', () => {
    const report = { event: 'agent-turn-complete', type: null, session: 's1', tool: null, subject: null };
    const said = (agentId: string, more: { event?: string; agent: string | null }) => {
      const told = { ...report, message: 'Done.', ...more };
      return [agents.sessionOf(projectId, id(agentId), told), agents.doingIn(projectId, id(agentId), told).message];
    };
    expect(said('codex', { agent: null })).toEqual(['s1', 'Done.']);
    expect(said('codex', { agent: 's1' })).toEqual([null, null]);
    expect(said('claude', { event: 'SubagentStop', agent: 'a1' })).toEqual([null, null]);
    expect(said('opencode', { event: 'session.idle', agent: 'child' })).toEqual([null, null]);
  });
});

describe('an agent to be spawned', () => {
  it('is found as soon as it is installed', async () => {
    expect(await agents.find(projectId, id('codex'))).toMatchObject({
      obstacle: 'Codex is not there: the command “codex” was not found. To get it: npm install -g @openai/codex',
    });
    await expect(
      agents.launch({ projectId, agentId: id('codex'), prompt: 'p', runId, resumeSession: null }),
    ).rejects.toThrow('not found');
    await install('codex', 'echo 1.0.0');
    expect(await agents.find(projectId, id('codex'))).toMatchObject({
      obstacle: null,
      takesPrompt: true,
      canResume: true,
    });
    expect(
      await agents.launch({ projectId, agentId: id('codex'), prompt: 'p', runId, resumeSession: null }),
    ).toMatchObject({
      command: join(bin, 'codex'),
      args: [...codexSettings, '--', 'p'],
      env: { PATH: `${bin}:relative:/usr/bin:/bin` },
      sessionId: 'last',
    });
    expect(await agents.find(projectId, id('nobody'))).toBeNull();
  });

  it('of an untrusted project is not started', async () => {
    await install('mine', 'exit 0');
    configured = [declared()];
    isTrusted = false;
    expect((await agents.find(projectId, id('mine')))?.obstacle).toContain('not trusted');
    await expect(
      agents.launch({ projectId, agentId: id('mine'), prompt: 'p', runId, resumeSession: null }),
    ).rejects.toThrow('not trusted');
    isTrusted = true;
    expect((await agents.find(projectId, id('mine')))?.obstacle).toBeNull();
  });

  it('may do what the person has chosen for the project, and what is safe until then', async () => {
    await install('claude', 'echo 1.0.0');
    const { lists, stop } = follow();
    const launched = async () =>
      (await agents.launch({ projectId, agentId: id('claude'), prompt: 'p', runId, resumeSession: null })).args;
    expect(await launched()).toEqual(expect.arrayContaining(['--permission-mode', 'default']));
    expect(await agents.chooseMode({ projectId, agentId: id('claude'), mode: 'skip' })).toMatchObject({ ok: true });
    expect(await launched()).toContain('--dangerously-skip-permissions');
    expect(lists.at(-1)?.find((agent) => agent.id === 'claude')).toMatchObject({ mode: 'skip' });
    expect(await agents.chooseMode({ projectId, agentId: id('gemini'), mode: 'auto' })).toMatchObject({
      ok: false,
      error: { kind: 'no-such-mode' },
    });
    stop();
  });

  it('gets its hooks in a folder of ours for this run, which is gone when the run is', async () => {
    await install('opencode', 'echo 1.0.0');
    const { env } = await agents.launch({
      projectId,
      agentId: id('opencode'),
      prompt: 'p',
      runId,
      resumeSession: null,
    });
    const plugin = join(state, 'hooks', runId, 'run-status.js');
    expect(env['OPENCODE_CONFIG_CONTENT']).toContain(plugin.replaceAll(' ', '%20'));
    expect((await stat(plugin)).mode & 0o777).toBe(0o600);
    await agents.forget(runId);
    await expect(stat(plugin)).rejects.toThrow('ENOENT');
  });

  it('gets what the person’s own variables say beside what we add, and what those forbid stays forbidden', async () => {
    await install('opencode', 'echo 1.0.0');
    await install('kilo', 'echo 1.0.0');
    own = {
      OPENCODE_CONFIG_CONTENT: '{"model":"mine/model","plugin":["their-plugin"]}',
      OPENCODE_PERMISSION: '{"bash":{"*":"allow","git status":"allow","git push*":"deny"},"webfetch":"deny"}',
      KILO_CONFIG_CONTENT: '{ // theirs, in a form that we do not read\n "model": "mine/model" }',
      KILO_PERMISSION: '{"edit":"deny","bash":"deny"}',
    };
    const variables = async (agentId: string) =>
      (await agents.launch({ projectId, agentId: id(agentId), prompt: 'p', runId, resumeSession: null })).env;
    const opencode = await variables('opencode');
    expect(JSON.parse(opencode['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual({
      model: 'mine/model',
      plugin: ['their-plugin', expect.stringContaining('run-status.js')],
    });
    expect(JSON.parse(opencode['OPENCODE_PERMISSION'] ?? '')).toEqual({
      edit: 'ask',
      bash: { '*': 'ask', 'git push*': 'deny' },
      webfetch: 'deny',
    });
    const kilo = await variables('kilo');
    // It stays theirs, and what our plugin would report is not known.
    expect(kilo['KILO_CONFIG_CONTENT']).toBeUndefined();
    expect(JSON.parse(kilo['KILO_PERMISSION'] ?? '')).toEqual({ edit: 'deny', bash: 'deny' });
    await agents.chooseMode({ projectId, agentId: id('kilo'), mode: 'edits' });
    expect(JSON.parse((await variables('kilo'))['KILO_PERMISSION'] ?? '')).toEqual({ edit: 'deny', bash: 'deny' });
  });

  it('gets a session id of its own at every new start', async () => {
    await install('claude', 'echo 1.0.0');
    const launch = () => agents.launch({ projectId, agentId: id('claude'), prompt: 'p', runId, resumeSession: null });
    const [first, second] = [await launch(), await launch()];
    expect(first.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.args).toContain(first.sessionId);
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('finds a prompt that goes by file, which nobody else may read', async () => {
    const prompt = 'x'.repeat(150_000);
    await install('codex', 'echo 1.0.0');
    for (const agentId of [id('codex'), id('scribe')]) {
      const { args } = await agents.launch({ projectId, agentId, prompt, runId, resumeSession: null });
      const path = join(state, 'prompts', `${runId}.md`);
      expect(args.at(-1)).toContain(path);
      expect(await readFile(path, 'utf8')).toBe(prompt);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
  });

  it('that reads its prompt from standard input gets it whole', async () => {
    await install('mine', 'printf "%s|" "$@"; cat');
    configured = [declared({ prompt: { via: 'stdin', flag: null }, args: ['a b', '$HOME'] })];
    const prompt = `long line ${'x'.repeat(10_000)}\n'quoted' "$(whoami)"\n`;
    const { command, args } = await agents.launch({
      projectId,
      agentId: id('mine'),
      prompt,
      runId,
      resumeSession: null,
    });
    const { stdout } = await promisify(execFile)(command, args);
    expect(stdout).toBe(`a b|$HOME|${prompt}`);
  });

  it('is given a first prompt that is typed as a paste', async () => {
    await install('mine', 'exit 0');
    configured = [declared({ prompt: { via: 'type', flag: null } })];
    const { typed } = await agents.launch({
      projectId,
      agentId: id('mine'),
      prompt: 'a\nb',
      runId,
      resumeSession: null,
    });
    expect(typed).toEqual({ text: '\x1b[200~a\rb\x1b[201~', readyPattern: null });
  });
});

describe('the PATH of the login shell', () => {
  const ask = (shell: string, limitMilliseconds = 5000) =>
    readLoginPath({ shell, env: { PATH: '/usr/bin:/bin', HOME: world }, limitMilliseconds });

  it('is what a real shell says, whatever its start-up files print', async () => {
    await writeFile(join(world, '.bashrc'), 'echo noise; export PATH="/from/rc:$PATH"\n');
    await writeFile(join(world, '.bash_profile'), 'echo more; . ~/.bashrc; export PATH="/from/profile:$PATH"\n');
    expect(await ask('/bin/bash')).toMatch(/^\/from\/profile:\/from\/rc:/);
  });

  it('is not waited for longer than the limit, and nothing is left behind', async () => {
    const pidFile = join(world, 'pid');
    const shell = await install('slow', `echo $$ > "${pidFile}"; sleep 600`, world);
    expect(await ask(shell, 300)).toBeNull();
    const pid = Number(await readFile(pidFile, 'utf8'));
    await vi.waitFor(() => {
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    });
  });

  it('is unknown where there is no such shell, or one that is asked otherwise', async () => {
    expect(await ask(join(world, 'none'))).toBeNull();
    expect(await ask('/bin/false')).toBeNull();
    expect(await ask(await install('endless', 'yes', world), 2000)).toBeNull();
  });

  it('is that of the app when the shell does not say', async () => {
    agents.dispose();
    agents = createAgents({ SHELL: '/bin/false', PATH: `${bin}:/usr/bin:/bin` });
    await install('codex', 'echo 1.0.0');
    expect(await agents.find(projectId, id('codex'))).toMatchObject({ obstacle: null });
  });
});

describe('where a command is', () => {
  it('passes over what may not be run', async () => {
    await mkdir(join(world, 'a', 'codex'), { recursive: true });
    await mkdir(join(world, 'b'));
    await writeFile(join(world, 'b', 'codex'), 'x');
    await mkdir(join(world, 'c'));
    await symlink('nowhere', join(world, 'c', 'codex'));
    await install('codex', 'echo 1.0.0');
    agents.dispose();
    agents = createAgents({
      SHELL: '/bin/false',
      PATH: ['a', 'b', 'c', 'their bin'].map((name) => join(world, name)).join(':'),
    });
    expect(
      await agents.launch({ projectId, agentId: id('codex'), prompt: 'p', runId, resumeSession: null }),
    ).toMatchObject({
      command: join(bin, 'codex'),
    });
  });
});
