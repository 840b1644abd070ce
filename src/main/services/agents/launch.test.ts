import { describe, expect, it } from 'vitest';

import type { ConfiguredAgent } from '#main/services/projects/config.ts';

import { noHooks, type AgentDefinition, type HookInjection } from './agent-definition.ts';
import { claude } from './catalogue/claude.ts';
import { cline } from './catalogue/cline.ts';
import { codex } from './catalogue/codex.ts';
import { copilot } from './catalogue/copilot.ts';
import { droid } from './catalogue/droid.ts';
import { gemini } from './catalogue/gemini.ts';
import { kilo } from './catalogue/kilo.ts';
import { opencode } from './catalogue/opencode.ts';
import { pi } from './catalogue/pi.ts';
import { qwen } from './catalogue/qwen.ts';
import { scribe } from './catalogue/scribe.ts';
import { shell } from './catalogue/shell.ts';
import { configuredDefinition } from './configured-agent.ts';
import { planLaunch, type LaunchDraft, type LaunchInput } from './launch.ts';
import { reporterCommand } from './reporter-command.ts';
import { typedMessage } from './typed-message.ts';

const plan = (definition: AgentDefinition, changes: Partial<LaunchInput> = {}): LaunchDraft =>
  planLaunch({
    definition,
    program: { command: `/bin/${definition.id}`, args: [], env: {} },
    path: '/bin:/usr/bin',
    mode: null,
    hooks: noHooks,
    prompt: '<task>\nDo "it" $HOME `x`\n</task>',
    promptFile: '/state/prompts/r1.md',
    newSessionId: 'uuid',
    resumeSession: null,
    platform: 'linux',
    ...changes,
  });
const prompt = '<task>\nDo "it" $HOME `x`\n</task>';
const our = scribe({ execPath: '/bin/node', args: ['/app/scribe.js'], env: { ELECTRON_RUN_AS_NODE: '1' } });
const declared: ConfiguredAgent = {
  id: codex.id,
  label: 'Mine',
  description: '',
  command: 'mine',
  args: ['--fast'],
  prompt: { via: 'arg', flag: null },
  resume: null,
  env: { MODE: 'x' },
  install: null,
};
const configured = (changes: Partial<ConfiguredAgent>): AgentDefinition =>
  configuredDefinition({ ...declared, ...changes }, '/project');

const withModes = [claude, codex, kilo, opencode, gemini, qwen, copilot, pi, droid, cline];
const hooksOf = (definition: AgentDefinition): HookInjection =>
  definition.hooks?.({ command: '/bin/node /app/r.js', argv: ['/bin/node', '/app/r.js'], folder: '/state/hooks/r1' }) ??
  noHooks;

describe('how much an agent may do unasked', () => {
  it('is the same choice for all: from planning to skipping every permission, in rising order', () => {
    const order = ['plan', 'ask', 'edits', 'auto', 'skip'];
    for (const { modes } of withModes) {
      const places = modes.map(({ id }) => order.indexOf(id));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(modes.at(-1)?.id).toBe('skip');
    }
    // It never asks, and says so.
    expect(pi.modes).toHaveLength(1);
  });

  it('goes to the agent as its own options and variables, before the prompt', () => {
    const mode = (definition: AgentDefinition, id: string) => definition.modes.find((each) => each.id === id) ?? null;
    expect(plan(claude, { mode: mode(claude, 'skip') }).args[0]).toBe('--dangerously-skip-permissions');
    expect(plan(codex, { mode: mode(codex, 'ask') }).args).toEqual([
      '--sandbox',
      'read-only',
      '--ask-for-approval',
      'on-request',
      '--',
      prompt,
    ]);
    expect(plan(kilo, { mode: mode(kilo, 'ask') }).env).toMatchObject({
      KILO_PERMISSION: '{"edit":"ask","bash":"ask"}',
    });
    // It holds for a session that goes on too.
    expect(plan(gemini, { mode: mode(gemini, 'plan'), resumeSession: 's1', prompt: null }).args).toEqual([
      '--approval-mode',
      'plan',
      '--resume',
      's1',
    ]);
  });
});

describe('the hooks of a start', () => {
  it('are given by option or variable, with files in our own folder, and name the reporter', () => {
    const { args } = hooksOf(claude);
    expect(args[0]).toBe('--settings');
    expect(JSON.parse(args[1] ?? '')).toMatchObject({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: '/bin/node /app/r.js' }] }] },
    });
    expect(hooksOf(codex).args).toEqual(['-c', 'notify=["/bin/node","/app/r.js","notify"]']);
    for (const [definition, variable] of [
      [kilo, 'KILO_CONFIG_CONTENT'],
      [opencode, 'OPENCODE_CONFIG_CONTENT'],
    ] as const) {
      const { env, files } = hooksOf(definition);
      expect(env).toEqual({ [variable]: '{"plugin":["file:///state/hooks/r1/run-status.js"]}' });
      expect(files.map(({ name }) => name)).toEqual(['run-status.js']);
    }
    expect(hooksOf(droid)).toMatchObject({ args: ['--settings', '/state/hooks/r1/settings.json'] });
    expect(hooksOf(copilot).args).toEqual(['--plugin-dir', '/state/hooks/r1']);
    expect(hooksOf(pi).args).toEqual(['-e', '/state/hooks/r1/run-status.ts']);
  });

  it('survive a shell, whatever the folders are called', () => {
    const program = { execPath: "/it's here/node", args: ['/a b/r.js'], env: { ELECTRON_RUN_AS_NODE: '1' } };
    expect(reporterCommand(program, 'linux')).toEqual({
      command: `/usr/bin/env ELECTRON_RUN_AS_NODE=1 '/it'\\''s here/node' '/a b/r.js'`,
      argv: ['/usr/bin/env', 'ELECTRON_RUN_AS_NODE=1', "/it's here/node", '/a b/r.js'],
    });
    // A shell of Windows' sets no variable for one command, and nothing does for a program.
    expect(reporterCommand(program, 'win32')).toEqual({ command: null, argv: null });
    expect(reporterCommand({ ...program, env: {} }, 'win32').argv).toEqual(["/it's here/node", '/a b/r.js']);
  });
});

describe('how each agent is started', () => {
  it.each<[string, LaunchDraft, readonly string[]]>([
    ['claude', plan(claude), ['--session-id', 'uuid', '--', prompt]],
    ['codex', plan(codex), ['--', prompt]],
    ['qwen', plan(qwen), ['--session-id', 'uuid', '--prompt-interactive', prompt]],
    ['copilot', plan(copilot), ['--session-id', 'uuid', '-i', prompt]],
    ['pi', plan(pi), [prompt]],
    ['droid', plan(droid), [prompt]],
    ['cline', plan(cline), ['-i', prompt]],
    ['opencode', plan(opencode), ['--prompt', prompt]],
    ['kilo', plan(kilo), ['--prompt', prompt]],
    ['gemini', plan(gemini), ['--session-id', 'uuid', '--prompt-interactive', prompt]],
    ['shell', plan(shell('/bin/zsh')), []],
    [
      'scribe',
      plan(our, { program: { command: '/bin/node', args: [], env: {} } }),
      ['/app/scribe.js', '/state/prompts/r1.md'],
    ],
  ])('%s', (_name, { args, typed }, expected) => {
    expect(args).toEqual(expected);
    expect(typed).toBeNull();
  });

  it.each<[string, LaunchDraft, readonly string[]]>([
    ['claude', plan(claude, { resumeSession: 's1', prompt: null }), ['--resume', 's1']],
    ['codex', plan(codex, { resumeSession: 'last' }), ['resume', '--last']],
    ['codex, once it said its id,', plan(codex, { resumeSession: 's1' }), ['resume', 's1']],
    ['opencode', plan(opencode, { resumeSession: 's1' }), ['--session', 's1']],
    ['kilo', plan(kilo, { resumeSession: 's1' }), ['--session', 's1']],
    ['copilot', plan(copilot, { resumeSession: 's1' }), ['--resume=s1']],
    ['droid', plan(droid, { resumeSession: 's1' }), ['--resume', 's1']],
    ['gemini', plan(gemini, { resumeSession: 's1' }), ['--resume', 's1']],
    ['scribe', plan(our, { resumeSession: 'last' }), ['/app/scribe.js', '--resume', '/state/prompts/r1.md']],
  ])('%s goes on with its session, without a prompt', (_name, draft, expected) => {
    expect(draft.args).toEqual(expected);
    expect(draft).toMatchObject({ typed: null, promptFileText: null });
    expect(draft.sessionId).not.toBeNull();
  });

  it('gives an agent that cannot go on its prompt again, and says that there is no session', () => {
    expect(plan(cline, { resumeSession: 'x' })).toMatchObject({ args: ['-i', prompt], sessionId: null });
    expect(plan(opencode)).toMatchObject({ sessionId: null });
  });

  it('loosens nothing that an agent asks the person about', () => {
    const loose = /skip|danger|bypass|yolo|auto(?!-approve)|never|full-access|allow/i;
    for (const definition of withModes) {
      const mode = definition.modes.find(({ id }) => id === 'ask');
      if (!mode) continue;
      const { args, env } = plan(definition, { prompt: 'p', mode, hooks: hooksOf(definition) });
      expect([...args, ...Object.entries(env).flat()].filter((text) => loose.test(text))).toEqual([]);
    }
  });

  it('has the PATH of the person, and the variables of the definition', () => {
    expect(plan(kilo).env).toEqual({ PATH: '/bin:/usr/bin', KILO_TERMINAL_ACTIVITY: '1', KILO_NO_DAEMON: '1' });
    expect(plan(our).env).toEqual({ PATH: '/bin:/usr/bin', ELECTRON_RUN_AS_NODE: '1' });
    expect(plan(codex, { path: null }).env).toEqual({});
  });
});

describe('an agent that a project declares', () => {
  it('is given its prompt in the way that it says', () => {
    expect(plan(configured({})).args).toEqual(['--fast', prompt]);
    expect(plan(configured({ prompt: { via: 'flag', flag: '-m' } })).args).toEqual(['--fast', '-m', prompt]);
    expect(plan(configured({ prompt: { via: 'type', flag: null } }))).toMatchObject({
      args: ['--fast'],
      typed: { text: prompt, readyPattern: null },
    });
    expect(plan(configured({ resume: ['--continue'] }), { resumeSession: 'last' }).args).toEqual([
      '--fast',
      '--continue',
    ]);
  });

  it('reads its prompt from a file on standard input, through a script that holds nothing of the project', () => {
    const draft = plan(configured({ prompt: { via: 'stdin', flag: null }, args: ['$(rm)'] }));
    expect(draft).toMatchObject({
      command: '/bin/sh',
      args: ['-c', 'file=$1; shift; exec "$@" <"$file"', 'sh', '/state/prompts/r1.md', '/bin/codex', '$(rm)'],
      promptFileText: prompt,
      typed: null,
    });
    expect(plan(configured({ prompt: { via: 'stdin', flag: null } }), { prompt: null }).command).toBe('/bin/codex');
  });

  it.each([
    ['mine', 'mine'],
    ['./bin/mine', '/project/bin/mine'],
    ['tools/mine', '/project/tools/mine'],
    ['/opt/mine', '/opt/mine'],
    ['C:\\mine.exe', 'C:\\mine.exe'],
  ])('names its command %s, which is %s', (command, expected) => {
    expect(configured({ command }).command).toBe(expected);
  });

  it('is never started to be asked for its version', () => {
    expect(configured({})).toMatchObject({ version: null, source: 'config' });
  });
});

describe('a prompt that cannot be an argument', () => {
  const viaFile = 'Read the file /state/prompts/r1.md and do what it says. It holds your whole task.';

  it.each<[string, string, NodeJS.Platform, string]>([
    ['is too long for Linux', 'x'.repeat(120_001), 'linux', '/bin/pi'],
    ['is too long in bytes', '漢'.repeat(40_001), 'darwin', '/bin/pi'],
    ['has a NUL in it', 'a\0b', 'linux', '/bin/pi'],
    ['is too long for Windows', 'x'.repeat(20_001), 'win32', 'C:\\codex.exe'],
    ['goes to a batch file', 'short', 'win32', 'C:\\codex.cmd'],
  ])('goes into a file that the prompt names when it %s', (_why, long, platform, command) => {
    const draft = plan(pi, { prompt: long, platform, program: { command, args: [], env: {} } });
    expect(draft).toMatchObject({ args: [viaFile], promptFileText: long });
  });

  it('is one argument when it just fits', () => {
    expect(plan(pi, { prompt: 'x'.repeat(120_000) })).toMatchObject({ promptFileText: null });
  });

  it('is named in what is typed, too', () => {
    const draft = plan(configured({ prompt: { via: 'type', flag: null } }), { prompt: 'x'.repeat(120_001) });
    expect(draft).toMatchObject({ typed: { text: viaFile } });
  });

  it('is no option when it starts with a dash', () => {
    expect(plan(pi, { prompt: '--help me' }).args).toEqual(['\n--help me']);
    expect(plan(codex, { prompt: '--help me' }).args).toEqual(['--', '--help me']);
    expect(plan(opencode, { prompt: '-x' }).args).toEqual(['--prompt', '\n-x']);
    expect(plan(claude, { prompt: '-x' }).args.slice(-2)).toEqual(['--', '-x']);
  });
});

describe('a message that is typed', () => {
  it('is pasted in one piece and sent by a key of its own', () => {
    expect(typedMessage(claude, 'one\r\ntwo\n\n')).toEqual({ paste: '\x1b[200~one\rtwo\x1b[201~', send: '\r' });
    expect(typedMessage(shell('/bin/sh'), 'ls -l')).toEqual({ paste: 'ls -l', send: '\r' });
  });

  it('cannot press keys, whatever is in it', () => {
    const { paste } = typedMessage(claude, 'a\x1b[201~\rrm -rf /\x03\x04\x00\x9b201~ tab\there 😀');
    expect(paste).toBe('\x1b[200~a[201~\rrm -rf /201~ tab\there 😀\x1b[201~');
  });
});
