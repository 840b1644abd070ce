import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { resolveCommand } from './resolve-command.ts';

describe('resolveCommand', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, 'bin', 'data'), 'no program', { mode: 0o644 });
    mkdirSync(join(folder, 'bin', 'folder'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const resolve = (command: string, more: { args?: string[]; cwd?: string; env?: Record<string, string> } = {}) =>
    resolveCommand({ command, args: [], cwd: folder, env: { PATH: join(folder, 'bin') }, ...more }, 'linux');
  const message = (result: ReturnType<typeof resolve>): string => (result.ok ? 'found' : result.error.message);

  it('finds a program on the PATH of the environment it will have', () => {
    expect(resolve('tool')).toMatchObject({ ok: true, value: { file: join(folder, 'bin', 'tool') } });
  });

  it('finds a program by its path, relative to the folder it will run in', () => {
    expect(resolve('./bin/tool')).toMatchObject({ ok: true, value: { file: join(folder, 'bin', 'tool') } });
  });

  it('says why a command cannot be started', () => {
    expect(message(resolve('nothing'))).toBe('The command “nothing” was not found on PATH.');
    expect(message(resolve('./nothing'))).toBe('The command “./nothing” does not exist.');
    expect(message(resolve('data'))).toContain('is not executable');
    expect(message(resolve('folder'))).toContain('was not found');
    expect(message(resolve(''))).toBe('No command was given.');
    expect(message(resolve('tool', { args: ['a\0b'] }))).toContain('NUL');
    expect(message(resolve('tool', { args: ['x'.repeat(200_000)] }))).toContain('longer than the system takes');
    expect(message(resolve('tool', { args: Array.from({ length: 30 }, () => 'x'.repeat(100_000)) }))).toContain(
      'longer than the system takes together',
    );
  });

  it('says what is wrong with the folder', () => {
    expect(message(resolve('tool', { cwd: join(folder, 'gone') }))).toContain('does not exist');
    expect(message(resolve('tool', { cwd: join(folder, 'bin', 'tool') }))).toContain('is not a folder');
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
    expect(message(resolve('tool', { cwd: join(folder, 'dangling') }))).toContain('does not exist');
  });

  it('never takes a program from the repository because PATH has an empty entry', () => {
    writeFileSync(join(folder, 'ls'), '#!/bin/sh\n');
    chmodSync(join(folder, 'ls'), 0o755);
    expect(message(resolve('ls', { env: { PATH: `:.:${join(folder, 'bin')}` } }))).toContain('was not found');
  });
});

describe('resolveCommand on Windows', () => {
  const npm = 'C:\\Users\\A B\\npm';
  const shell = 'C:\\Windows\\System32\\cmd.exe';
  const files = [`${npm}\\agent`, `${npm}\\agent.cmd`, `${npm}\\agent.ps1`, `${npm}\\only.ps1`, shell];
  const env = {
    Path: `relative;;"${npm}";C:\\Windows\\System32`,
    PATHEXT: '.COM;.EXE;.BAT;.CMD;.JS',
    SystemRoot: 'C:\\Windows',
  };
  const resolve = (command: string, args: readonly string[] = []) =>
    resolveCommand({ command, args, cwd: tmpdir(), env }, 'win32', (path) => files.includes(path));
  const message = (result: ReturnType<typeof resolve>): string => (result.ok ? 'found' : result.error.message);

  it('starts a batch file with a command line of ours, each argument in quotes', () => {
    expect(resolve('agent', ['--do', 'two words', ''])).toMatchObject({
      ok: true,
      value: { file: shell, commandLine: `/d /v:off /s /c ""${npm}\\agent.cmd" "--do" "two words" """` },
    });
  });

  it.each(['a & calc.exe', '"', '100%', 'a\nb', '^', '!x!', 'a|b', '<x', '>x'])(
    'hands no batch file an argument that it could take for more: %j',
    (argument) => {
      expect(message(resolve('agent', [argument]))).toContain('more than one argument. Nothing was started.');
    },
  );

  it('says what is there when it is a script of PowerShell, and when it is longer than Windows takes', () => {
    expect(message(resolve('only'))).toContain('only.ps1 is a PowerShell script');
    expect(message(resolve('nothing'))).toBe('The command “nothing” was not found on PATH.');
    expect(message(resolve('agent', ['x'.repeat(9000)]))).toContain('longer than Windows takes (8000 characters)');
    expect(message(resolve('cmd', ['x'.repeat(33_000)]))).toContain('longer than Windows takes (32000 characters)');
  });

  it('gives a command for the command processor to it as it is', () => {
    expect(resolve(shell, ['/d', '/s', '/c', 'npm run "a b" && echo %PATH%'])).toMatchObject({
      ok: true,
      value: { file: shell, commandLine: '/d /s /c "npm run "a b" && echo %PATH%"' },
    });
  });
});
