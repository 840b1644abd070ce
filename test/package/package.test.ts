import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fuses } from '#scripts/fuses.ts';
import { PackedApp } from '#scripts/packaging/packed-app.ts';
import { builtFolder, nodePath, projectFolder, toolPath } from '#scripts/project-paths.ts';
import { findOrInstallBrowser } from '#scripts/find-browser.ts';
import { runTool } from '#scripts/run-program.ts';

const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: { electron: string };
};

/** What each module may have in the package: what it is run with, and its license. */
const modules: Readonly<Record<string, RegExp>> = {
  '@parcel/watcher': /^(?:index|wrapper)\.js$/,
  '@parcel/watcher-linux-x64-glibc': /^watcher\.node$/,
  '@vscode/tree-sitter-wasm': /^(?:cgmanifest\.json|wasm\/tree-sitter-(?:go|javascript|python|tsx|typescript)\.wasm)$/,
  '@xterm/addon-unicode-graphemes': /^lib\/addon-unicode-graphemes\.m?js$/,
  '@xterm/headless': /^lib-headless\/xterm-headless\.m?js$/,
  'detect-libc': /^lib\/[a-z-]+\.js$/,
  'is-extglob': /^index\.js$/,
  'is-glob': /^index\.js$/,
  'node-pty': /^(?:lib\/(?:shared\/|worker\/)?\w+\.js|build\/Release\/pty\.node)$/,
  picomatch: /^(?:index|posix|lib\/\w+)\.js$/,
  'web-tree-sitter': /^web-tree-sitter\.(?:c?js|wasm)$/,
};
const inEach = /^(?:package\.json|LICENSE(?:\.\w+)?)$/;

// Packing is looked at on the platform that all else is run on; its file list is that platform's.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the app as it is packed', () => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await PackedApp.make(manifest.devDependencies.electron);
  });
  afterAll(async () => {
    await app.dispose();
  });

  it('has every file that was built, and of the project nothing else', async () => {
    const { packed, unpacked } = app.listArchive();
    const built = (await readdir(builtFolder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => `out/${relative(builtFolder, join(entry.parentPath, entry.name)).split(sep).join('/')}`)
      .filter((path) => path !== 'out/.stamp');
    expect(built.length).toBeGreaterThan(20);
    const own = [...packed, ...unpacked].filter((path) => !path.startsWith('node_modules/'));
    expect(own.toSorted()).toEqual([...built, 'LICENSE', 'package.json'].toSorted());
  });

  it('has of its modules what they are run with, and no other modules', () => {
    const { packed, unpacked } = app.listArchive();
    expect(packed.filter((path) => path.startsWith('node_modules/'))).toEqual([]);
    const found = new Set<string>();
    const extra = unpacked.filter((path) => {
      const [, name = '', file = ''] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(path) ?? [];
      if (name === '') return false;
      found.add(name);
      return !inEach.test(file) && !modules[name]?.test(file);
    });
    expect(extra).toEqual([]);
    expect([...found].toSorted()).toEqual(Object.keys(modules).toSorted());
  });

  it('keeps main process, preload and page in the archive, and beside it what plain Node runs', async () => {
    const { packed, unpacked } = app.listArchive();
    const folders = (paths: readonly string[]): readonly string[] =>
      [...new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')))]
        .filter((path) => path.startsWith('out/'))
        .toSorted();
    expect(folders(packed)).toEqual(['out/main', 'out/preload', 'out/renderer']);
    expect(folders(unpacked)).toEqual(['out/programs']);
    expect(packed).toContain('package.json');
    expect(await app.list('app.asar.unpacked')).toEqual(unpacked.toSorted());
  });

  it.each(['demo', 'specs-template'])('has the whole folder %s, also its hidden files', async (name) => {
    const tracked = execFileSync('git', ['ls-files', '-z', '--', name], { cwd: projectFolder, encoding: 'utf8' });
    const files = tracked.split('\0').filter((path) => path !== '');
    expect(files.length).toBeGreaterThan(5);
    expect(await app.list(name)).toEqual(files.map((path) => path.slice(name.length + 1)).toSorted());
  });

  it('has the fuses set in its binary', async () => {
    const wire = await getCurrentFuseWire(join(app.appFolder, 'switchyard'));
    const isOn = (fuse: FuseV1Options): boolean => String.fromCharCode(wire[fuse] ?? 0) === '1';
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      enableCookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      enableNodeOptionsEnvironmentVariable: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      enableNodeCliInspectArguments: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      enableEmbeddedAsarIntegrityValidation: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyLoadAppFromAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      loadBrowserProcessSpecificV8Snapshot: isOn(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
      grantFileProtocolExtraPrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual(fuses);
  });

  it('names no feed of updates', () => {
    expect(existsSync(join(app.resources, 'app-update.yml'))).toBe(false);
  });

  it('starts each program beside the archive where there is nothing but the files beside it', () => {
    const beside = (name: string, ...args: readonly string[]): string =>
      execFileSync(nodePath, [join(app.resources, 'app.asar.unpacked', 'out', 'programs', name), ...args], {
        cwd: app.resources,
        encoding: 'utf8',
      });
    expect(beside('command.mjs', '--version').trim()).toBe(manifest.version);
    expect(beside('headless.mjs', '--help')).toContain('Usage: headless.mjs');
  });

  it('does the demo’s work: as the headless host under plain Node, and as the desktop app on the stand-in', async () => {
    await app.openArchive();
    const browser = await findOrInstallBrowser();
    const played = await runTool(toolPath('@playwright', 'test', 'cli.js'), ['test', 'demo.spec'], {
      output: 'keep',
      env: { SWITCHYARD_PACKED: app.resources, SWITCHYARD_BROWSER: browser ?? '' },
    });
    expect(played.output).toMatch(/2 passed/);
    expect(played.code).toBe(0);
  }, 600_000);
});

describe.runIf(process.platform === 'linux')('a feed of updates', () => {
  it('is in the package when it is given an address', async () => {
    const app = await PackedApp.make(manifest.devDependencies.electron, 'https://updates.example.com/switchyard');
    try {
      const said = await readFile(join(app.resources, 'app-update.yml'), 'utf8');
      expect(said).toContain('url: https://updates.example.com/switchyard');
    } finally {
      await app.dispose();
    }
  });
});
