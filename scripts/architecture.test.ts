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

const withoutComments = (text: string): string => text.replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, '');

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

  /*
   * What differs between platforms has one module for each concern, which is told the platform: so that each branch is tested on any
   * of them. To let another file in here is to begin a second place where somebody has to look.
   */
  it.each([
    [
      'which platform this is',
      /process\.platform\b|\bplatform\b[^=\n]*\} = (?:globalThis\.)?process\b/,
      [
        // The programs, which hand it on.
        'src/main/command/main.ts',
        'src/main/desktop/main.ts',
        'src/main/headless/main.ts',
        'src/main/ptyhost/main.ts',
        'src/main/scribe/main.ts',
        // As what is meant where nobody says.
        'src/main/base/move-over.ts',
        'src/main/services/gates/named-test.ts',
        'src/main/services/git/git.ts',
      ],
      'Take the platform as a value, from whoever constructs you.',
    ],
    [
      'processes and their trees, by signals',
      /\bprocess\.kill\(|'SIG(?:STOP|CONT|HUP)'/,
      [
        'src/main/base/process-group.ts',
        'src/main/desktop/quitting.ts', // hears them
        'src/main/headless/quit-signal.ts', // hears them
        'src/main/ptyhost/conpty.ts', // whether one is there
        'src/main/ptyhost/kill-ladder.ts',
        'src/main/ptyhost/main.ts', // hears them
        'src/main/ptyhost/pause-tree.ts',
        'src/main/scribe/main.ts', // hears them
      ],
      'Processes of ours are ended by base/process-group.ts, those of a terminal by ptyhost/kill-ladder.ts.',
    ],
    [
      'processes, as Linux tells of them',
      /\/proc\b/,
      [
        'src/main/base/file-holders.ts',
        'src/main/ptyhost/lower-priority.ts',
        'src/main/ptyhost/pause-tree.ts',
        'src/main/ptyhost/process-names.ts',
        'src/main/ptyhost/process-tree.ts',
        'src/main/ptyhost/process-usage.ts',
        'src/main/ptyhost/processor-time.ts',
        'src/main/services/machine/read-memory.ts',
      ],
      'Ask one of these modules: each has an answer for the other platforms too.',
    ],
    [
      'who owns a file and who may open a socket',
      /\bgetuid\b|\bumask\(|userInfo\(|\\\\pipe\\/,
      ['src/main/base/listen-privately.ts'],
      'Sockets and private folders are made by base/listen-privately.ts.',
    ],
    [
      'a shell of Unix',
      /\/bin\/sh\b/,
      [
        'src/main/services/agents/catalogue/catalogue.ts', // as an agent, where nobody says which
        'src/main/services/agents/launch.ts',
        'src/main/services/services.ts',
      ],
      'Commands of the person’s get their shell from services.ts.',
    ],
    [
      'a shell that reads arguments again',
      /\bshell: true\b/,
      ['src/main/scribe/programs.ts'], // for commands that are meant for one
      'Start programs by base/resolve-program.ts: it knows what Windows needs, and no shell reads what is given.',
    ],
    [
      'what a command is called on Windows',
      /PATHEXT/,
      ['src/main/base/resolve-program.ts', 'src/main/ptyhost/child-environment.ts'],
      'Find programs by base/resolve-program.ts.',
    ],
  ] as const)('knows %s in few places', (_, pattern, places, advice) => {
    const knowing = sources
      .filter(({ path }) => path.startsWith('src/main/'))
      .filter(({ text }) => pattern.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(
      knowing.filter((path) => !(places as readonly string[]).includes(path)),
      advice,
    ).toEqual([]);
    expect(
      places.filter((path) => !knowing.includes(path)),
      'Take it off the list.',
    ).toEqual([]);
  });

  it('keeps every file readable in one sitting', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 500);
    expect(
      long.map(({ path }) => path),
      'Split it by concern.',
    ).toEqual([]);
  });
});
