import { describe, expect, it } from 'vitest';

import { parseProjectConfig } from './config.ts';
import { commandsOf, fingerprintOf, trustOf } from './trust.ts';

const config = (text: string) =>
  parseProjectConfig(text, { projectPath: '/p', commonDir: '/p/.git', homeFolder: '/h', temporaryFolders: [] });

describe('trust', () => {
  it('is asked for nothing when the config names no command', () => {
    expect(trustOf(config('base: main\ncopy: [.env]'), [])).toEqual({ kind: 'nothing-to-trust' });
  });

  it('shows every command there is, with where it stands', () => {
    const text = [
      'setup: npm ci && npm run build',
      'gates:',
      '  - { id: types, run: npx tsc }',
      '  - npm test',
      '  - { kind: odd }',
      'agents:',
      '  - { id: mine, command: ./agent, args: [-m, "two words", "it\'s"], env: { NODE_OPTIONS: --require ./x } }',
    ].join('\n');
    expect(commandsOf(config(text))).toEqual([
      { where: 'setup', command: 'npm ci && npm run build' },
      { where: 'gate types', command: 'npx tsc' },
      { where: 'gate 2', command: 'npm test' },
      { where: 'gate 3', command: '{"kind":"odd"}' },
      { where: 'agent mine', command: `NODE_OPTIONS='--require ./x' ./agent -m 'two words' 'it'\\''s'` },
    ]);
    expect(commandsOf(config('gates: { tests: { command: make test } }'))).toEqual([
      { where: 'gate tests', command: 'make test' },
    ]);
  });

  it('shows the flag before the prompt, and what is only run to resume', () => {
    const text =
      'agents: [{ id: mine, command: sh, prompt: { via: flag, flag: -c }, resume: [-c, "echo again"], env: { A: b } }]';
    expect(commandsOf(config(text))).toEqual([
      { where: 'agent mine', command: 'A=b sh -c <prompt>' },
      { where: 'agent mine, to resume', command: "A=b sh -c 'echo again'" },
    ]);
  });

  it('is asked for a worktree folder that some program could take for its own', () => {
    const asks = (folder: string): string =>
      trustOf(
        parseProjectConfig(`worktrees: { folder: "${folder}" }`, {
          projectPath: '/home/ada/league',
          commonDir: '/home/ada/league/.git',
          homeFolder: '/home/ada',
          temporaryFolders: [],
        }),
        [],
      ).kind;
    for (const folder of ['~/.vim/pack/x/start', '~/.config/systemd/user', '../Library', '../bin', '/srv/trees', '~']) {
      expect([folder, asks(folder)]).toEqual([folder, 'asks']);
    }
    for (const folder of ['../{repo}.worktrees', '.worktrees', '../worktrees', '../league-trees']) {
      expect([folder, asks(folder)]).toEqual([folder, 'nothing-to-trust']);
    }
  });

  it('hides nothing behind characters that cannot be seen', () => {
    const text = 'setup: "echo ok\\e[2K\\r\\u202Egnp.sh\\u200B\\nrm x"';
    expect(commandsOf(config(text))[0]?.command).toBe('echo ok\\u{1b}[2K\\u{d}\\u{202e}gnp.sh\\u{200b}\nrm x');
  });

  it('is asked for the commands of invariants, and again when one changes', () => {
    const withCommand = (run: string) => ({
      ...config('setup: npm ci'),
      invariantCommands: [{ id: 'escaped', title: 'Escaped', run, timeoutMinutes: 1, when: 'review' as const }],
    });
    expect(commandsOf(withCommand('npm run escaped'))).toEqual([
      { where: 'setup', command: 'npm ci' },
      { where: 'invariant escaped', command: 'npm run escaped' },
    ]);
    const trusted = [fingerprintOf(withCommand('npm run escaped'))];
    expect(trustOf(withCommand('npm run escaped'), trusted)).toEqual({ kind: 'trusted' });
    expect(trustOf(withCommand('rm -rf /'), trusted)).toMatchObject({ kind: 'asks' });
    // What was trusted before there were such commands is not asked about again.
    expect(trustOf(config('setup: npm ci'), [fingerprintOf(config('setup: npm ci'))])).toEqual({ kind: 'trusted' });
  });

  it('holds for the commands that were shown and no others', () => {
    const shown = config('setup: npm ci\nbase: main');
    const trusted = [fingerprintOf(shown)];
    expect(trustOf(shown, trusted)).toEqual({ kind: 'trusted' });
    // What starts nothing may change.
    expect(trustOf(config('setup: npm ci\nbase: develop\ncopy: [.env]'), trusted)).toEqual({ kind: 'trusted' });
    for (const other of [
      'setup: npm ci --unsafe',
      'setup: npm ci\ngates: [npm test]',
      'setup: npm ci\nagents: [{ id: a, command: b }]',
      'setup: npm ci\nteardown: rm -rf ~',
    ]) {
      expect(trustOf(config(other), trusted)).toMatchObject({ kind: 'asks' });
    }
    expect(commandsOf(config('teardown: docker compose down'))).toEqual([
      { where: 'teardown', command: 'docker compose down' },
    ]);
    const agent = (extra: string) => fingerprintOf(config(`agents: [{ id: a, command: b, ${extra} }]`));
    const fingerprints = ['args: [x]', 'args: [x, y]', 'env: { A: b }', 'resume: [x]', 'prompt: { via: stdin }'].map(
      agent,
    );
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  });
});
