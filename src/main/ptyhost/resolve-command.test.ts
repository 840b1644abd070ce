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
