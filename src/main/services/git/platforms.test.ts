import { win32 } from 'node:path';

import { describe, expect, it } from 'vitest';

import { gitEnvironment } from './environment.ts';
import { gitProgram } from './git-program.ts';
import { hardeningFor } from './hardening.ts';
import { parseWorktreeList } from './parse.ts';

const present =
  (...paths: readonly string[]) =>
  (path: string) =>
    Promise.resolve(paths.includes(path));

describe('Git on Windows', () => {
  const git = 'C:\\Program Files\\Git\\cmd\\git.exe';
  const env = { Path: `;.;repository;C:\\Program Files\\Git\\cmd` };

  it('is started by its path: by its name alone Node would take one that lies in the repository', async () => {
    expect(await gitProgram('win32', env, present('git.exe', '.\\git.exe', git))()).toBe(git);
    expect(await gitProgram('linux', { PATH: '/bin' })()).toBe('git');
    expect(await gitProgram('darwin', { PATH: '/bin' })()).toBe('git');
  });

  it('is looked for again once it was missing, and remembered when it was found', async () => {
    let looks = 0;
    let isThere = false;
    const program = gitProgram('win32', env, (path) => {
      looks++;
      return Promise.resolve(isThere && path === git);
    });
    expect(await program()).toBeNull();
    isThere = true;
    expect(await program()).toBe(git);
    const before = looks;
    expect([await program(), looks]).toEqual([git, before]);
  });

  it('writes paths of any length, and looks for no hooks where somebody could put some', () => {
    const windows = new Map(hardeningFor([], 'win32'));
    expect(windows.get('core.longpaths')).toBe('true');
    // No file of Windows' can have this name, while C:\dev\null is a folder like any other.
    expect(windows.get('core.hooksPath')).toMatch(/[<>|]/);
    for (const platform of ['linux', 'darwin'] as const) {
      const other = new Map(hardeningFor([], platform));
      expect([other.get('core.longpaths'), other.get('core.hooksPath')]).toEqual([undefined, '/dev/null']);
    }
  });

  it('tells of worktrees by paths as they are written here', () => {
    const list = [
      'worktree C:/Users/ada/project', 'HEAD 1', 'branch refs/heads/main', '',
      'worktree C:/Users/ada/project-worktrees/feature/x', 'HEAD 2', 'branch refs/heads/feature/x', '',
      'worktree //server/share/w', 'HEAD 3', 'detached', '', '',
    ].join('\0'); // prettier-ignore
    expect(parseWorktreeList(list, (path) => win32.resolve(path)).map(({ path }) => path)).toEqual([
      'C:\\Users\\ada\\project',
      'C:\\Users\\ada\\project-worktrees\\feature\\x',
      '\\\\server\\share\\w',
    ]);
  });

  it('has a PATH without folders of the repository, on each platform in its own way', () => {
    expect(gitEnvironment({ Path: '.;C:\\bin;x' }, 'win32')['Path']).toBe('C:\\bin');
    expect(gitEnvironment({ PATH: '.:/bin:x' }, 'linux')['PATH']).toBe('/bin');
  });
});
