import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { RunId } from '#shared/ids.ts';

import { OpenIn } from './open-in.ts';
import { openTargets } from './targets.ts';
import { workspaceText } from './workspace-file.ts';

const id = 'abc' as RunId;
let root: string;
let openIn: OpenIn;
let folder: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-open-')));
  await mkdir(join(root, 'bin'));
  // A name that would be an option, a command and a list, if anything took it for more than a name.
  folder = join(root, "-rf $(touch pwned) ; 'x");
  await mkdir(folder);
  openIn = new OpenIn({
    platform: 'linux',
    folder: join(root, 'workspaces'),
    environment: () => Promise.resolve({ PATH: join(root, 'bin'), OUT: join(root, 'out') }),
    run: (asked) => (asked === id ? { worktreePath: folder, branch: 'feature/colours', title: 'A theme' } : null),
    log: silentLog,
  });
});
afterEach(() => rm(root, { recursive: true }));

/** Writes its arguments and where it was started, one a line. */
async function program(name: string, end = ''): Promise<void> {
  const file = join(root, 'bin', name);
  await writeFile(
    file,
    `#!/bin/sh\n{ pwd; for each in "$@"; do printf '%s\\n' "$each"; done; } > "$OUT.part"\n/bin/mv "$OUT.part" "$OUT"\n${end}\n`,
  );
  await chmod(file, 0o755);
}
async function written(): Promise<readonly string[]> {
  let text = '';
  await until(async () => (text = await readFile(join(root, 'out'), 'utf8').catch(() => '')) !== '');
  return text.trimEnd().split('\n');
}

describe('opening a worktree elsewhere', () => {
  it('offers what is on this machine, and says how to get the rest, a family of editors once', async () => {
    await program('zed');
    const listed = await openIn.list();
    const all = listed.ok ? listed.value : [];
    expect(all.filter(({ missing }) => missing === null).map((each) => each.id)).toEqual(['zed']);
    expect(all.find((each) => each.id === 'vscode')?.missing).toContain('code.visualstudio.com');
    expect(all.filter(({ label }) => label === 'A JetBrains IDE')).toHaveLength(1);
    await program('goland');
    const again = await openIn.list();
    const now = again.ok ? again.value : [];
    expect(now.filter(({ missing }) => missing === null).map(({ label }) => label)).toEqual(['GoLand', 'Zed']);
    expect(now.some(({ label }) => label === 'A JetBrains IDE')).toBe(false);
  });

  it('hands the folder over as one argument, whatever it is called', async () => {
    await program('zed');
    expect(await openIn.open({ id, target: 'zed' })).toEqual({ ok: true, value: undefined });
    expect(await written()).toEqual([folder, '--new', folder]);
    await expect(readFile(join(root, 'pwned'))).rejects.toThrow('ENOENT');
  });

  it('gives editors of VS Code’s family a file of ours with title and colours, and writes nothing into the worktree', async () => {
    await program('code');
    await openIn.open({ id, target: 'vscode' });
    const [, option, file = ''] = await written();
    expect(option).toBe('--new-window');
    expect(file).toBe(join(root, 'workspaces', 'abc.code-workspace'));
    const workspace = JSON.parse(await readFile(file, 'utf8')) as {
      folders: unknown;
      settings: Record<string, unknown>;
    };
    expect(workspace.folders).toEqual([{ name: 'feature/colours', path: folder }]);
    expect(workspace.settings['window.title']).toMatch(/^feature\/colours — A theme/);
    expect(workspace.settings['workbench.colorCustomizations']).toMatchObject({
      'titleBar.activeBackground': expect.stringMatching(/^#[0-9a-f]{6}$/),
    });
    await openIn.forget(id);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('tells branches apart by their colours, all dark enough for white letters', () => {
    const colours = Array.from({ length: 40 }, (_, at) => {
      const text = workspaceText({ folder: '/w', branch: `feature/${String(at)}`, title: 't' });
      return (
        /"titleBar.activeBackground": "#(..)(..)(..)"/
          .exec(text)
          ?.slice(1)
          .map((part) => parseInt(part, 16)) ?? []
      );
    });
    expect(new Set(colours.map(String)).size).toBeGreaterThan(30);
    for (const [red = 255, green = 255, blue = 255] of colours) {
      expect(0.2126 * red + 0.7152 * green + 0.0722 * blue).toBeLessThan(110);
    }
  });

  it('says what is missing, what is gone, and what did not start', async () => {
    expect(await openIn.open({ id: 'other' as RunId, target: 'zed' })).toEqual({
      ok: false,
      error: { kind: 'run-missing' },
    });
    expect(await openIn.open({ id, target: 'zed' })).toMatchObject({ ok: false, error: { kind: 'not-there' } });
    await program('kitty', 'exit 7');
    expect(await openIn.open({ id, target: 'terminal' })).toMatchObject({
      ok: false,
      error: { kind: 'could-not-start', message: expect.stringContaining('exit code 7') },
    });
    await rm(folder, { recursive: true });
    expect(await openIn.open({ id, target: 'terminal' })).toEqual({ ok: false, error: { kind: 'worktree-missing' } });
  });

  it('knows ways on every platform, none of which begins with the name of a file', () => {
    const place = { folder: '/w/-x', workspaceFile: '/s/abc.code-workspace' };
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      for (const { id: targetId, ways } of openTargets) {
        expect([targetId, ways(platform).length > 0]).toEqual([targetId, true]);
        for (const way of ways(platform)) expect(way.args(place).some((arg) => arg === '-x')).toBe(false);
      }
    }
  });
});

describe('opening a worktree on Windows', () => {
  const programs = 'C:\\Programs';
  const code = [
    '@echo off',
    'setlocal',
    'set VSCODE_DEV=',
    'set ELECTRON_RUN_AS_NODE=1',
    '"%~dp0..\\Code.exe" "%~dp0..\\resources\\app\\out\\cli.js" %*',
    'endlocal',
  ].join('\r\n');
  const files = new Map([
    [`${programs}\\bin\\code.cmd`, code],
    [`${programs}\\bin\\idea.cmd`, '@echo off\r\nstart "" "C:\\idea\\idea64.exe" %*\r\n'],
    [`${programs}\\bin\\zed.ps1`, ''],
    [`${programs}\\bin\\wt.exe`, ''],
  ]);
  const windows = (): OpenIn =>
    new OpenIn({
      platform: 'win32',
      folder: join(root, 'workspaces'),
      environment: () => Promise.resolve({ Path: `${programs}\\bin`, PATHEXT: '.COM;.EXE;.BAT;.CMD' }),
      run: () => ({ worktreePath: folder, branch: 'b', title: 't' }),
      log: silentLog,
      isProgram: (path) => Promise.resolve(files.has(path)),
      readText: (path) => Promise.resolve(files.get(path) ?? ''),
    });

  it('offers editors that have only a batch file, and says why a script of PowerShell is not started', async () => {
    const listed = await windows().list();
    const all = listed.ok ? listed.value : [];
    expect(all.filter(({ missing }) => missing === null).map((each) => each.id)).toEqual([
      'vscode',
      'idea',
      'terminal',
    ]);
    expect(all.find((each) => each.id === 'zed')?.missing).toContain('zed.ps1 is a PowerShell script');
    expect(await windows().open({ id, target: 'zed' })).toMatchObject({
      ok: false,
      error: { kind: 'not-there', missing: expect.stringContaining('PowerShell') as string },
    });
  });

  it('starts nothing where a batch file would take the folder for a command', async () => {
    folder = join(root, 'a & calc');
    await mkdir(folder);
    expect(await windows().open({ id, target: 'idea' })).toMatchObject({
      ok: false,
      error: {
        kind: 'could-not-start',
        message: expect.stringContaining('more than one argument. Nothing was started.'),
      },
    });
  });
});
