import { describe, expect, it } from 'vitest';

import { isSafeForBatchFile, programStart } from './program-start.ts';
import { findProgram, resolveProgram, startableEndings, startOf, type ProgramSystem } from './resolve-program.ts';

const npm = 'C:\\Users\\A B\\AppData\\Roaming\\npm';
const shim = `@ECHO off\r\n"%_prog%"  "%dp0%\\node_modules\\tool\\bin\\tool.js" %*\r\n`;
const files: Readonly<Record<string, string>> = {
  [`${npm}\\tool`]: '#!/bin/sh',
  [`${npm}\\tool.cmd`]: shim,
  [`${npm}\\tool.ps1`]: '',
  [`${npm}\\script.ps1`]: '',
  [`${npm}\\own.bat`]: '@echo off\r\nstart "" "C:\\idea64.exe" %*\r\n',
  [`${npm}\\macro.js`]: '',
  'C:\\Program Files\\nodejs\\node.exe': '',
  'C:\\Program Files\\GitHub CLI\\gh.exe': '',
};
const windows = (env: Record<string, string> = {}): ProgramSystem => ({
  platform: 'win32',
  env: {
    Path: `.;relative;${npm};C:\\Program Files\\nodejs;"C:\\Program Files\\GitHub CLI"`,
    PATHEXT: '.COM;.EXE;.BAT;.CMD;.VBS;.JS;.PS1',
    SystemRoot: 'C:\\Windows',
    ...env,
  },
  isProgram: (path) => Promise.resolve(path in files),
  readText: (path) => Promise.resolve(files[path] ?? ''),
});

describe('a program of the person’s on Windows', () => {
  it('is found by its name alone, and never where one stands', async () => {
    expect(await findProgram('gh', windows())).toBe('C:\\Program Files\\GitHub CLI\\gh.exe');
    expect(await findProgram('tool', windows())).toBe(`${npm}\\tool.cmd`);
    expect(await findProgram('C:tool', windows())).toBeNull(); // relative to where one stands on that drive
    expect(await findProgram('.\\tool', windows())).toBeNull();
    expect(await findProgram('missing', windows())).toBeNull();
  });

  it('is what Windows starts by itself, whatever else PATHEXT names', async () => {
    expect(startableEndings({ PATHEXT: '.VBS;.CMD;.JS;.exe' })).toBe('.CMD;.EXE');
    expect(startableEndings({})).toBe('.COM;.EXE;.BAT;.CMD');
    expect(startableEndings({ PathExt: '.VBS' })).toBe('.COM;.EXE;.BAT;.CMD');
    expect(await findProgram('macro', windows())).toBeNull();
  });

  it('is behind npm’s file, and gets its arguments as they are', async () => {
    const found = await resolveProgram('tool', windows());
    expect(found).toMatchObject({ ok: true, value: { path: `${npm}\\tool.cmd` } });
    const start = found.ok ? startOf(found.value, ['50% & "more"\n'], windows()) : found;
    expect(start).toEqual({
      ok: true,
      value: {
        command: 'C:\\Program Files\\nodejs\\node.exe',
        args: [`${npm}\\node_modules\\tool\\bin\\tool.js`, '50% & "more"\n'],
        windowsVerbatimArguments: false,
      },
    });
  });

  it('is started through the command processor where it is a batch file with a mind of its own', async () => {
    const found = await resolveProgram('own', windows());
    const start = found.ok ? startOf(found.value, ['C:\\w\\a tree', ''], windows()) : found;
    expect(start).toEqual({
      ok: true,
      value: {
        command: 'C:\\Windows\\System32\\cmd.exe',
        args: ['/d', '/v:off', '/s', '/c', `""${npm}\\own.bat" "C:\\w\\a tree" """`],
        windowsVerbatimArguments: true,
      },
    });
    const refused = found.ok ? startOf(found.value, ['C:\\w\\a&calc'], windows()) : found;
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: 'no-program', message: expect.stringContaining('“C:\\w\\a&calc”') as string },
    });
  });

  it('is not a script of PowerShell, which is said', async () => {
    expect(await resolveProgram('script', windows())).toMatchObject({
      ok: false,
      error: { kind: 'no-program', message: expect.stringContaining('script.ps1 is a PowerShell script') as string },
    });
    expect(await resolveProgram('missing', windows())).toEqual({ ok: false, error: { kind: 'missing' } });
    expect(programStart(`${npm}\\script.ps1`, [], { platform: 'win32', systemRoot: undefined }).ok).toBe(false);
  });
});

describe('a program of the person’s elsewhere', () => {
  it('is started as it is, whatever its name and arguments are', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      expect(programStart('/opt/a.cmd', ['a & b\n'], { platform, systemRoot: undefined })).toEqual({
        ok: true,
        value: { command: '/opt/a.cmd', args: ['a & b\n'], windowsVerbatimArguments: false },
      });
    }
  });
});

it('hands batch files nothing that could begin, end or replace a command', () => {
  for (const argument of ['a&b', 'a|b', '<a', '>a', 'a^', '%PATH%', '!x!', '"', 'a\nb', 'a\rb', 'a\0b']) {
    expect(isSafeForBatchFile(argument), argument).toBe(false);
  }
  for (const argument of ['', 'C:\\a b\\c', '--new-window', "it's", 'ä (1); $x `y` #z', '@x']) {
    expect(isSafeForBatchFile(argument), argument).toBe(true);
  }
});
