import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Radar } from '#main/services/radar/radar.ts';
import type { RadarRun } from '#main/services/radar/radar-ports.ts';
import type { RadarSignal, RadarState } from '#shared/contract/radar.ts';
import { projectId, runId, type RunId } from '#shared/ids.ts';

import { numberOf } from './branch-facts.ts';
import { isAt, placeOf } from './modules.ts';
import { SignalFinder } from './signal-finder.ts';
import { SymbolReader } from './symbol-reader.ts';

const project = projectId.parse('league');
const workerPath = fileURLToPath(import.meta.resolve('./symbol-worker.ts'));
type Files = Readonly<Record<string, string | Uint8Array | null>>;

describe('what two branches come to beyond text', () => {
  let repository: TestRepository;
  let radar: Radar;
  let symbols: SymbolReader;
  let runs: RadarRun[];

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    symbols = new SymbolReader({ workerPath, log: silentLog });
    runs = [];
    radar = new Radar({
      git: new Git({ log: silentLog, env: repository.env }),
      log: silentLog,
      projects: { find: () => ({ id: project, path: repository.path, commonDir: join(repository.path, '.git') }) },
      runs: {
        active: () => runs,
        find: (id) => {
          const run = runs.find((each) => each.id === id);
          return run ? { projectId: project, run, size: 1 } : null;
        },
        onDidChange: () => ({ dispose: () => undefined }),
      },
      specs: { after: () => Promise.resolve([]) },
      changed: () => ({ dispose: () => undefined }),
      findSignals: () => {
        const finder = new SignalFinder({ symbols });
        return (ports, nodes, pairs) => finder.find(ports, nodes, pairs);
      },
      pace: { settle: 5, rest: 20 },
    });
  });

  afterEach(async () => {
    radar.dispose();
    symbols.dispose();
    await repository.remove();
  });

  async function put(root: string, files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      if (text === null) await rm(join(root, path));
      else {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    }
  }

  async function base(files: Files): Promise<void> {
    await put(repository.path, { 'readme.md': 'Base.\n', ...files });
    await repository.commit('Base');
  }

  async function begin(name: string, files: Files, spec = name): Promise<RunId> {
    const worktreePath = join(repository.root, name);
    await repository.git('worktree', 'add', '-q', '-b', name, worktreePath, 'main');
    await put(worktreePath, files);
    const id = runId.parse(`run-${name}`);
    runs.push({ id, spec, title: name, branch: name, base: 'main', worktreePath, isNearReview: false });
    return id;
  }

  /** The first state that was worked out and fits. */
  async function state(fits: (state: RadarState) => boolean = () => true): Promise<RadarState> {
    const states: RadarState[] = [];
    const feed = radar.onDidChange(project, (next) => states.push(next));
    try {
      return await vi.waitFor(
        () => {
          const seen = states.findLast((each) => each.at !== null && fits(each));
          if (!seen) throw new Error(`not seen in ${JSON.stringify(states)}`);
          return seen;
        },
        { timeout: 60_000, interval: 20 },
      );
    } finally {
      feed.dispose();
    }
  }

  const found = async (a: RunId, b: RunId | null, count = 1): Promise<readonly RadarSignal[]> => {
    const signalsOf = (at: RadarState): readonly RadarSignal[] =>
      at.pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a))?.signals ?? [];
    return signalsOf(await state((at) => signalsOf(at).length >= count));
  };
  const words = (signals: readonly RadarSignal[]): readonly string[] =>
    signals.map((each) => `${each.kind}: ${each.words}`);

  it('a name that one renames and the other begins to use, with its places, in TypeScript', async () => {
    await base({
      'src/league.ts': 'export function standings() {}\nexport function teams() {}\n',
      'src/page.ts': "import { teams } from './league.ts';\nteams();\n",
    });
    const one = await begin('one', { 'src/league.ts': 'export function table() {}\nexport function teams() {}\n' });
    const two = await begin('two', {
      'src/page.ts':
        "import { teams } from './league.ts';\nimport { standings } from './league.ts';\nteams();\nstandings();\n",
    });
    const [signal, ...others] = await found(one, two);
    expect(others).toEqual([]);
    expect(signal).toEqual({
      kind: 'removed-name',
      words: '“one” renames standings to table in src/league.ts; “two” begins to use it in src/page.ts:2.',
      places: [
        { run: one, path: 'src/league.ts', line: 1 },
        { run: two, path: 'src/page.ts', line: 2 },
      ],
    });
  });

  it('a module that one deletes or moves and the other begins to use, through an alias, a namespace, require', async () => {
    await base({
      'src/base/clock.ts': 'export const now = () => 1;\n',
      'src/old.js':
        'exports.run = () => 1;\nexports.stop = () => 2;\nexports.more = "some text that stays the same";\n',
    });
    const one = await begin('one', {
      'src/base/clock.ts': null,
      'src/old.js': null,
      'src/new.js':
        'exports.run = () => 1;\nexports.stop = () => 2;\nexports.more = "some text that stays the same";\n',
    });
    const two = await begin('two', {
      'src/a.ts': "import * as clock from '#app/base/clock.ts';\nclock.now();\n",
      'src/deep/b.js': "const old = require('../old');\nold.run();\n",
    });
    expect(words(await found(one, two, 2)).toSorted()).toEqual([
      'removed-name: “one” deletes src/base/clock.ts; “two” begins to use it in src/a.ts:1.',
      'removed-name: “one” moves src/old.js to src/new.js; “two” begins to use it in src/deep/b.js:1.',
    ]);
  });

  it('in Python and in Go', async () => {
    await base({
      'app/models.py': 'class Player: pass\n\nclass Team: pass\n',
      'go.mod': 'module example.com/league\n',
      'store/store.go': 'package store\n\nfunc Open() {}\n\nfunc Close() {}\n',
      'store/more.go': 'package store\n\nfunc More() {}\n',
    });
    const one = await begin('one', {
      'app/models.py': 'class Team: pass\n',
      // `Close` only moves to another file of its package; `Open` is gone.
      'store/store.go': 'package store\n',
      'store/more.go': 'package store\n\nfunc More() {}\n\nfunc Close() {}\n',
    });
    const two = await begin('two', {
      'app/views.py': 'from app.models import Player, Team\n\nPlayer()\n',
      'main.go': 'package main\n\nimport "example.com/league/store"\n\nfunc main() { store.Open(); store.Close() }\n',
      'store/own.go': 'package store\n\nfunc own() { Open() }\n',
    });
    expect(words(await found(one, two, 2)).toSorted()).toEqual([
      'removed-name: “one” removes Open from store/store.go; “two” begins to use it in main.go:5, store/own.go:3.',
      'removed-name: “one” removes Player from app/models.py; “two” begins to use it in app/views.py:1.',
    ]);
  });

  it('says nothing of what was used before and is mended by the one who removes it, or of what only looks the same', async () => {
    await base({
      'src/league.ts': 'export const standings = 1;\nexport const teams = 2;\n',
      'src/page.ts': "import { standings } from './league.ts';\n\n\n\n\nexport const end = standings;\n",
      'src/other.ts': 'export const standings = 3;\n',
    });
    const one = await begin('one', {
      'src/league.ts': 'export const table = 1;\nexport const teams = 2;\n',
      'src/page.ts': "import { table } from './league.ts';\n\n\n\n\nexport const end = table;\n",
    });
    const two = await begin('two', {
      'src/page.ts':
        "import { standings } from './league.ts';\n\n\n\n\nexport const end = standings;\n\n\n\n\nexport const more = 1;\n",
      'src/third.ts':
        "import { standings } from './other.ts';\nimport { teams } from './league.ts';\nstandings + teams;\n",
    });
    const three = await begin('three', { 'package.json': '{ "name": "marks that signals were looked for" }\n' });
    const four = await begin('four', { 'package.json': '{ "name": "marks that signals were looked for" }\n' });
    expect(await found(three, four)).toHaveLength(1);
    const now = await state();
    expect(now.pairs.find(({ a, b }) => a === one && b === two)?.signals).toEqual([]);
  });

  it('the same number, version, dependency and path', async () => {
    await base({
      'package.json': '{\n  "version": "1.0.0",\n  "dependencies": {\n    "ws": "7"\n  }\n}\n',
      'packages/a/package.json': '{ "dependencies": {} }\n',
    });
    const one = await begin('one', {
      'db/migrations/0007_players.sql': 'a\n',
      'package.json': '{\n  "version": "1.1.0",\n  "dependencies": {\n    "ws": "7"\n  }\n}\n',
      'packages/a/package.json': '{ "dependencies": { "zod": "3" } }\n',
      'src/Clock.ts': 'export {};\n',
      'same.txt': 'same\n',
      'docs/2024-report.md': 'a\n',
    });
    const two = await begin('two', {
      'db/migrations/0007_teams.sql': 'b\n',
      'package.json': '{\n  "version": "1.1.0",\n  "dependencies": {\n    "zod": "4",\n    "ws": "7"\n  }\n}\n',
      'src/clock.ts': 'export {};\n',
      'same.txt': 'same\n',
      'docs/2024-plan.md': 'b\n',
    });
    const signals = await found(one, two, 5);
    expect(words(signals)).toEqual([
      'same-number: Both take the number 7: db/migrations/0007_players.sql of “one”, db/migrations/0007_teams.sql of “two”.',
      'same-number: Both set the version in package.json to 1.1.0, so two states of it would be called the same.',
      'same-dependency: zod at different versions: 3 in packages/a/package.json of “one”, 4 in package.json of “two”.',
      'same-path: Both add same.txt with the same content: the same thing may have been built twice.',
      'same-path: src/Clock.ts of “one” and src/clock.ts of “two” are one file on Windows and macOS, and two in Git.',
    ]);
    expect(signals[2]?.places).toEqual([
      { run: one, path: 'packages/a/package.json', line: 1 },
      { run: two, path: 'package.json', line: 4 },
    ]);
  });

  it('the base counts as well, as it has moved since; variants of one spec do not', async () => {
    await base({ 'src/league.ts': 'export const standings = 1;\n' });
    const use = { 'src/page.ts': "import { standings } from './league.ts';\n" };
    const one = await begin('one', use, 'spec');
    const two = await begin('two', { 'src/league.ts': 'export const rows = 1;\n' }, 'spec');
    await put(repository.path, { 'src/league.ts': 'export const table = 1;\n' });
    await repository.commit('Rename');
    expect(words(await found(one, null))).toEqual([
      'removed-name: main renames standings to table in src/league.ts; “one” begins to use it in src/page.ts:1.',
    ]);
    expect((await state()).pairs.find(({ a, b }) => a === one && b === two)?.signals).toEqual([]);
  });

  it('hostile sources and manifests are left out, and what else there is is found', async () => {
    await base({ 'src/league.ts': 'export const standings = 1;\n', 'src/broken.ts': 'export const gone = 1;\n' });
    const one = await begin('one', {
      'src/league.ts': 'export const table = 1;\n',
      // Not understood any more: nothing of it can be said to be gone.
      'src/broken.ts': 'export const = = {{{ "\n',
      'src/large.ts': `export const x = 1;\n${'// a line of a large file\n'.repeat(30_000)}`,
      'src/binary.ts': new Uint8Array([0, 255, 254, 0, 1]),
      'package.json': '{ "dependencies": [[[',
      'Cargo.toml': '[dependencies\n',
      'deep.py': `${'('.repeat(50_000)}\n`,
    });
    const two = await begin('two', {
      'src/page.ts': "import { standings } from './league.ts';\nimport { gone } from './broken.ts';\n",
    });
    expect(words(await found(one, two))).toEqual([
      'removed-name: “one” renames standings to table in src/league.ts; “two” begins to use it in src/page.ts:1.',
    ]);
  });
});

describe('a number in front of a name', () => {
  it.each([
    ['db/migrations/0007_players.sql', '7'],
    ['db/V12__add.sql', '12'],
    ['app/migrations/0012_auto.py', '12'],
    ['prisma/migrations/20240101120000_init', '20240101120000'],
    ['docs/adr/0003-use-sqlite.md', '3'],
    ['docs/2024-report.md', null],
    ['src/2d.ts', null],
    ['src/app.ts', null],
    ['photos/007.jpg', '7'],
  ])('%s: %s', (path, number) => {
    expect(numberOf(path)).toBe(number);
  });
});

describe('where a use points', () => {
  it.each([
    ['src/a/b.ts', './c.ts', 'src/a/c', true],
    ['src/a/b.ts', '../c', 'src/c', true],
    ['src/a/b.ts', '../c', 'src/a/c', false],
    ['src/a/b.ts', '#main/base/x.ts', 'src/main/base/x', true],
    ['src/a/b.ts', '@/lib/x', 'src/lib/x', true],
    ['src/a/b.ts', '@scope/lib/x', 'src/lib/x', false],
    ['src/a/b.ts', 'lodash/fp', 'src/fp', false],
    ['src/a/b.ts', './folder', 'src/a/folder', true],
  ])('%s %s means %s: %s', (file, module, target, means) => {
    const place = placeOf(file, module, 'typescript');
    expect(place !== null && isAt(place, target, 'typescript')).toBe(means);
  });

  it.each([
    ['app/views.py', 'app.models', 'app/models', true],
    ['app/views.py', '.models', 'app/models', true],
    ['app/deep/views.py', '..models', 'app/models', true],
    ['app/views.py', 'models', 'other/models', true],
    ['src/app/views.py', 'app.models', 'src/app/models', true],
  ])('%s %s means %s: %s', (file, module, target, means) => {
    const place = placeOf(file, module, 'python');
    expect(place !== null && isAt(place, target, 'python')).toBe(means);
  });
});
