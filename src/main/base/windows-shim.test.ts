import { describe, expect, it } from 'vitest';

import { readShim } from './windows-shim.ts';

describe('a command of npm on Windows', () => {
  const shim = (target: string): string =>
    `@ECHO off\r\nGOTO start\r\n:find_dp0\r\nSET dp0=%~dp0\r\nEXIT /b\r\n:start\r\nSETLOCAL\r\nCALL :find_dp0\r\n\r\nIF EXIST "%dp0%\\node.exe" (\r\n  SET "_prog=%dp0%\\node.exe"\r\n) ELSE (\r\n  SET "_prog=node"\r\n)\r\n\r\nendLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & ${target}\r\n`;

  it('is the script or the program behind it', () => {
    const at = 'C:\\Users\\A B\\npm\\codex.cmd';
    expect(
      readShim(shim('"%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*'), at, 'C:\\node.exe'),
    ).toEqual({
      command: 'C:\\node.exe',
      args: ['C:\\Users\\A B\\npm\\node_modules\\@openai\\codex\\bin\\codex.js'],
      env: {},
    });
    expect(readShim(shim('"%dp0%\\node_modules\\x\\x.exe"   %*'), at, 'n')).toEqual({
      command: 'C:\\Users\\A B\\npm\\node_modules\\x\\x.exe',
      args: [],
      env: {},
    });
    expect(readShim('@node "%~dp0\\..\\lib\\cli.mjs" %*', 'C:\\a\\bin\\x.cmd', 'n')).toEqual({
      command: 'n',
      args: ['C:\\a\\lib\\cli.mjs'],
      env: {},
    });
  });

  it('is left as it is when it is none of those', () => {
    for (const text of ['', '@echo hello', shim('"%dp0%\\run.sh" %*'), '"%dp0%\\x.js"']) {
      expect(readShim(text, 'C:\\x.cmd', 'n')).toBeNull();
    }
  });
});

describe('an editor’s command on Windows', () => {
  const at = 'C:\\Programs\\Code & Co\\bin\\code.cmd';
  const lines = (...more: string[]): string =>
    [
      '@echo off',
      'setlocal',
      'set VSCODE_DEV=',
      'set ELECTRON_RUN_AS_NODE=1',
      ...more,
      'IF %ERRORLEVEL% NEQ 0 EXIT /b %ERRORLEVEL%',
      'endlocal',
      '',
    ].join('\r\n');
  const start = '"%~dp0..\\Code.exe" "%~dp0..\\resources\\app\\out\\cli.js" %*';

  it('is its own executable as Node with the script behind it', () => {
    const found = {
      command: 'C:\\Programs\\Code & Co\\Code.exe',
      args: ['C:\\Programs\\Code & Co\\resources\\app\\out\\cli.js'],
      env: { VSCODE_DEV: '', ELECTRON_RUN_AS_NODE: '1' },
    };
    expect(readShim(lines(start), at, 'n')).toEqual(found);
    expect(readShim(lines(`call ${start}`), at, 'n')).toEqual(found);
  });

  it('is left as it is when it does anything else', () => {
    for (const more of [
      `del /q x & ${start}`,
      'set PATH=%PATH%;x',
      `for %%a in (*) do ${start}`,
      'start "" "%~dp0x.exe"',
    ]) {
      expect(readShim(lines(more), at, 'n')).toBeNull();
      expect(readShim(lines(more, start), at, 'n')).toBeNull();
    }
    expect(readShim(lines(), at, 'n')).toBeNull();
  });
});
