import { describe, expect, it } from 'vitest';

import { findCommand } from './find-command.ts';

describe('findCommand', () => {
  const present =
    (...paths: string[]) =>
    (path: string) =>
      Promise.resolve(paths.includes(path));

  it('takes the first in PATH, and nothing from where one happens to stand', async () => {
    const lookup = { platform: 'linux' as const, pathExt: '', isProgram: present('/b/x', '/c/x', 'x', './x') };
    expect(await findCommand('x', { ...lookup, path: ':.:rel:/a:/b:/c' })).toBe('/b/x');
    expect(await findCommand('./x', { ...lookup, path: '/b' })).toBeNull();
    expect(await findCommand('/c/x', { ...lookup, path: '/b' })).toBe('/c/x');
    expect(await findCommand('', { ...lookup, path: '/b' })).toBeNull();
    expect(await findCommand('x\0y', { ...lookup, path: '/b' })).toBeNull();
  });

  it('looks on Windows for what Windows can start', async () => {
    const lookup = {
      platform: 'win32' as const,
      pathExt: '.COM;.EXE;.CMD',
      path: '"C:\\Program Files\\a";C:\\npm',
      isProgram: present('C:\\npm\\codex', 'C:\\npm\\codex.cmd', 'C:\\Program Files\\a\\git.exe'),
    };
    expect(await findCommand('codex', lookup)).toBe('C:\\npm\\codex.cmd');
    expect(await findCommand('codex.cmd', lookup)).toBe('C:\\npm\\codex.cmd');
    expect(await findCommand('git', lookup)).toBe('C:\\Program Files\\a\\git.exe');
    expect(await findCommand('..\\x', lookup)).toBeNull();
  });
});
