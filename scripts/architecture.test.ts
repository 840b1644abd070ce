import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { relative } from 'node:path';

import { describe, expect, it } from 'vitest';

import { projectFolder } from './project-paths.ts';

/*
 * What neither the compiler nor the linter sees. A failure says what to do about it.
 */

interface Source {
  path: string;
  text: string;
  imports: readonly string[];
}

const sources: readonly Source[] = await Promise.all(
  globSync('src/**/*.{ts,tsx}', { cwd: projectFolder })
    .filter((path) => !/\.test\.tsx?$|\/test-[^/]+\.ts$/.test(path))
    .map(async (path) => {
      const text = await readFile(`${projectFolder}/${path}`, 'utf8');
      const found = text.matchAll(/(?:from|import|requireCommonJs\(|import\()\s*'([^']+)'/g);
      return { path: relative('.', path), text, imports: [...found].map((match) => match[1] ?? '') };
    }),
);

/** Which files import a package, or a file of it, other than as a mere type. */
const importersOf = (name: string): readonly string[] =>
  sources
    .filter(({ imports }) => imports.some((each) => each === name || each.startsWith(`${name}/`)))
    .filter(({ text }) => !onlyTypes(text, name))
    .map(({ path }) => path)
    .toSorted();

function onlyTypes(text: string, name: string): boolean {
  const all = [...text.matchAll(new RegExp(`import[^;]*?'${name}(?:/[^']*)?'`, 'g'))].map(([statement]) => statement);
  return all.length > 0 && !text.includes(`requireCommonJs('${name}`) && all.every((each) => /import type/.test(each));
}

describe('the architecture', () => {
  it('reads enough of itself to mean something', () => {
    expect(sources.length).toBeGreaterThan(200);
  });

  it.each([
    ['simple-git', /^src\/main\/services\/git\//, 'Git is called through services/git/git.ts.'],
    ['node-pty', /^src\/main\/ptyhost\/pty\.ts$/, 'Ptys belong to the pty host.'],
    ['electron', /^src\/(main\/desktop|preload)\//, 'Everything else also runs headless.'],
    ['electron-store', /^src\/main\/desktop\//, 'Settings go through SettingsBacking.'],
    ['conf', /^src\/main\/services\/settings\/conf-backing\.ts$/, 'Settings go through SettingsBacking.'],
    ['@xterm/xterm', /^src\/renderer\/grid\//, 'Terminals are drawn by the grid.'],
    ['@xterm/headless', /^src\/main\/ptyhost\/screen\.ts$/, 'Screens belong to the pty host.'],
    ['monaco-editor', /^src\/renderer\/monaco\//, 'Monaco is reached through renderer/monaco.'],
    [
      'node:sqlite',
      /^src\/main\/(services\/store\/store|base\/file-lock)\.ts$/,
      'Annotations go through Store, locks through lockFile.',
    ],
    ['ws', /^src\/main\/headless\//, 'Sockets belong to the headless host.'],
  ])('imports %s in one place only', (name, place, advice) => {
    const importers = importersOf(name);
    expect(importers, `nobody imports ${name}: drop it, or mend this test`).not.toEqual([]);
    expect(
      importers.filter((path) => !place.test(path)),
      advice,
    ).toEqual([]);
  });

  it('ships no test double: nothing of the app knows the stand-in for Electron', () => {
    const knowing = sources.filter(({ text }) => /electron-standin|#e2e\//.test(text));
    expect(knowing.map(({ path }) => path)).toEqual([]);
  });

  it('never blocks the host on a child process', () => {
    const blocking = sources.filter(
      ({ path, text }) => path.startsWith('src/main/') && /\b(?:execSync|spawnSync|execFileSync)\(/.test(text),
    );
    expect(
      blocking.map(({ path }) => path),
      'Everything that waits, waits asynchronously: one slow Git would freeze every window.',
    ).toEqual([]);
  });

  it('never uses the stash, which all worktrees share', () => {
    const stashing = sources.filter(({ path, text }) => path.startsWith('src/main/') && /'stash'/.test(text));
    expect(stashing.map(({ path }) => path)).toEqual([]);
  });

  it('keeps every file readable in one sitting', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 500);
    expect(
      long.map(({ path }) => path),
      'Split it by concern.',
    ).toEqual([]);
  });
});
