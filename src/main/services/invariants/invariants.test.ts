import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import { unreadableWords } from '#main/services/gates/unreadable-check.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Radar } from '#main/services/radar/radar.ts';
import type { RadarRun } from '#main/services/radar/radar-ports.ts';
import { Store } from '#main/services/store/store.ts';
import type { RunInvariants } from '#shared/contract/invariants.ts';
import { projectId, runId, type RunId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';

import type { CheckedRun } from './invariant-ports.ts';
import { Invariants } from './invariants.ts';
import { readInvariantFiles, readInvariants } from './read-invariants.ts';
import { ToldInvariants } from './told-invariants.ts';

const project = projectId.parse('league');
const invariant = (rules: string, prose = 'Prose.'): string => `---\nrules:\n${rules}\n---\n\n# Escaped\n\n${prose}\n`;

describe('the invariants of a project', () => {
  let repository: TestRepository;
  let radar: Radar;
  let invariants: Invariants;
  let folder: string;
  let store: Store;
  let runs: RadarRun[];
  let given: Map<RunId, Map<string, string>>;
  let sent: { id: RunId; text: string }[];
  let isRunning: boolean;
  const footprints = new Emitter<ReadonlyMap<string, readonly string[]>>();
  const runsChanged = new Emitter<typeof project>();
  const worktreeChanged = new Emitter<{ projectPath: string; worktreePath: string | null }>();
  const states = new Map<RunId, RunInvariants>();
  const feeds: { dispose(): void }[] = [];

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('src/app.ts', 'export const app = 1;\n');
    await repository.write('package.json', '{ "dependencies": { "ws": "8" } }\n');
    await repository.commit('Begin');
    folder = mkdtempSync(join(tmpdir(), 'invariants-'));
    store = new Store({ path: join(folder, 'state.db'), log: silentLog });
    runs = [];
    given = new Map();
    sent = [];
    isRunning = true;
    states.clear();
    const found = (id: RunId): RadarRun | undefined => runs.find((each) => each.id === id);
    const checked = ({ id, spec }: RadarRun): CheckedRun => ({
      id,
      projectId: project,
      spec,
      isSplitting: false,
      given: given.get(id) ?? null,
    });
    radar = new Radar({
      git: new Git({ log: silentLog, env: repository.env }),
      log: silentLog,
      projects: { find: () => ({ id: project, path: repository.path, commonDir: join(repository.path, '.git') }) },
      runs: {
        active: () => runs,
        find: (id) => {
          const run = found(id);
          return run ? { projectId: project, run, size: 1 } : null;
        },
        onDidChange: (listener) => runsChanged.event(listener),
      },
      specs: { after: () => Promise.resolve([]) },
      changed: (listener) => worktreeChanged.event(listener),
      pace: { settle: 5, rest: 20 },
    });
    invariants = new Invariants({
      projects: { find: () => ({ path: repository.path, told: new ToldInvariants(store) }) },
      runs: {
        find: (id) => {
          const run = found(id);
          return run ? checked(run) : null;
        },
        active: () => runs.map(checked),
        onDidChange: (listener) => runsChanged.event(listener),
        send: (message) => {
          if (!isRunning) return Promise.resolve(fail({ kind: 'not-running' }));
          sent.push(message);
          return Promise.resolve(ok(undefined));
        },
      },
      radar,
      footprints: (_id, listener) => footprints.event(listener),
      watch: watchFolderWith(silentLog),
      log: silentLog,
      pace: { settle: 5, rest: 20 },
    });
  });

  afterEach(async () => {
    for (const feed of feeds.splice(0)) feed.dispose();
    invariants.dispose();
    radar.dispose();
    store.dispose();
    await repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function follow(): void {
    feeds.push(
      invariants.onDidChange(project, (push) => {
        if (push.kind === 'changed') states.set(push.run.runId, push.run);
        if (push.kind === 'removed') states.delete(push.runId);
      }),
      radar.onDidChange(project, () => undefined),
    );
  }

  const rule = (name: string, text: string): Promise<void> =>
    repository.write(`.switchyard/invariants/${name}.md`, text);

  async function put(path: string, text: string | Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** A run whose worktree holds these files; the prompt that it was sent had the rules of now. */
  async function begin(name: string, files: Readonly<Record<string, string | Uint8Array | null>>): Promise<RunId> {
    const worktreePath = join(repository.root, name);
    await repository.git('worktree', 'add', '-q', '-b', name, worktreePath, 'main');
    const id = runId.parse(`run-${name}`);
    await write(name, files);
    const present = await readInvariants(repository.path);
    given.set(id, new Map(present.map(({ id: rule, version }) => [rule, version])));
    store.run(
      `INSERT INTO runs (id, spec_slug, spec_title, agent_id, agent_label, branch, base, worktree_path, created_at, stages, status)
       VALUES (?, ?, '', '', '', '', '', '', 0, '[]', '{}')`,
      id,
      name,
    );
    runs.push({ id, spec: name, title: name, branch: name, base: 'main', worktreePath, isNearReview: false });
    return id;
  }

  async function write(name: string, files: Readonly<Record<string, string | Uint8Array | null>>): Promise<void> {
    const worktreePath = join(repository.root, name);
    for (const [path, text] of Object.entries(files)) {
      if (text === null) await rm(join(worktreePath, path));
      else await put(join(worktreePath, path), text);
    }
    worktreeChanged.fire({ projectPath: repository.path, worktreePath });
  }

  const seen = (id: RunId, fits: (state: RunInvariants) => boolean): Promise<RunInvariants> =>
    vi.waitFor(
      () => {
        const state = states.get(id);
        if (!state || !fits(state)) throw new Error(`not seen: ${JSON.stringify(state)}`);
        return state;
      },
      { timeout: 60_000, interval: 20 },
    );
  const looked = ({ tree }: RunInvariants): boolean => tree !== null;
  const inShort = ({ findings }: RunInvariants): readonly string[] =>
    findings.map(({ rule: kind, path, line, words }) => `${kind} ${path ?? '-'}:${String(line ?? '-')} ${words}`);

  it('a line that no branch may add is found, with its file and line, committed or not, and gone when it is gone', async () => {
    await rule('escaped', invariant("  lines: [{ match: 'new Html\\(', in: 'src/**', say: Use the tag. }]"));
    const id = await begin('one', {
      'src/app.ts': 'export const app = 1;\n\nexport const page = new Html(app);\n',
      'test/app.ts': 'new Html(1);\n',
    });
    follow();
    const state = await seen(id, looked);
    expect(inShort(state)).toEqual(['lines src/app.ts:3 This line matches new Html\\(. Use the tag.']);
    expect(state).toMatchObject({ checked: 1, unchecked: [], behind: [] });

    await repository.commit('Work', join(repository.root, 'one'));
    await write('one', { 'src/app.ts': 'export const app = 1;\nexport const page = html`x`;\n' });
    expect(inShort(await seen(id, ({ findings }) => findings.length === 0))).toEqual([]);
  });

  it('what was there before, or is only moved, is nothing that the branch adds', async () => {
    await repository.write('src/old.ts', 'new Html(1);\nlet a = 1;\nlet b = 2;\nlet c = 3;\n');
    await repository.commit('Old');
    await rule('escaped', invariant("  lines: ['new Html']"));
    const id = await begin('one', { 'src/app.ts': 'export const app = 2;\n' });
    await repository.gitIn(join(repository.root, 'one'), 'mv', 'src/old.ts', 'src/new.ts');
    follow();
    expect((await seen(id, looked)).findings).toEqual([]);
  });

  it('paths, dependencies and size are held against the rules', async () => {
    await rule(
      'a-paths',
      invariant("  forbid: ['vendor/**', package-lock.json]\n  require: [{ path: 'test/**', with: 'src/**' }]"),
    );
    await rule('b-dependencies', invariant('  dependencies: [zod]'));
    await rule('c-size', invariant("  limit: { files: 2, lines: 1000, except: ['vendor/**'] }"));
    const id = await begin('one', {
      'vendor/big.js': 'x\n'.repeat(2000),
      'src/app.ts': 'export const app = 2;\n',
      'src/two.ts': 'export {};\n',
      'package.json': '{\n  "dependencies": {\n    "ws": "8",\n    "zod": "4",\n    "left-pad": "1"\n  }\n}\n',
    });
    follow();
    expect(inShort(await seen(id, looked))).toEqual([
      'forbid vendor/big.js:- vendor/big.js is added, and nothing there may be.',
      'require -:- src/app.ts is changed, and nothing in test/** is.',
      'dependencies package.json:5 left-pad is a new dependency, and not among those that may be added.',
      'limit -:- It changes 3 files and 11 lines; at most 2 files and 1000 lines may be.',
    ]);
  });

  it('the rules are those of the person’s checkout: what a branch makes of them loosens nothing', async () => {
    await rule('escaped', invariant("  lines: ['eval']"));
    await repository.commit('Rules');
    const id = await begin('one', {
      '.switchyard/invariants/escaped.md': invariant('  lines: [nothing-ever]'),
      'src/app.ts': 'eval(1)\n',
    });
    follow();
    expect(inShort(await seen(id, looked))).toEqual(['lines src/app.ts:1 This line matches eval.']);
  });

  it('when a rule changes the branches are checked again, the runs that were given another are behind, and are told', async () => {
    await rule('escaped', invariant("  lines: ['eval']", 'As it was.'));
    await rule('other', '# Other\n\nNo rules.\n');
    const id = await begin('one', { 'src/app.ts': 'document.write(1)\n' });
    follow();
    expect((await seen(id, looked)).findings).toEqual([]);

    await rule('escaped', invariant("  lines: ['document\\.write']", 'As it is now.'));
    const changed = await seen(id, ({ behind }) => behind.length > 0);
    expect(changed.behind).toMatchObject([{ id: 'escaped', title: 'Escaped', change: 'changed' }]);
    expect(inShort(await seen(id, ({ findings }) => findings.length > 0))).toEqual([
      'lines src/app.ts:1 This line matches document\\.write.',
    ]);

    isRunning = false;
    expect(await invariants.tell({ id, what: 'changes' })).toEqual({ ok: false, error: { kind: 'not-running' } });
    expect(states.get(id)?.behind).toHaveLength(1);
    isRunning = true;
    expect(await invariants.tell({ id, what: 'changes' })).toMatchObject({ ok: true });
    expect(sent[0]?.text).toContain('As it is now.');
    expect(sent[0]?.text).toContain('No added line matches `document\\.write`.');
    await seen(id, ({ behind }) => behind.length === 0);
    expect(await invariants.tell({ id, what: 'changes' })).toEqual({ ok: false, error: { kind: 'nothing-to-tell' } });

    expect(await invariants.tell({ id, what: 'findings' })).toMatchObject({ ok: true });
    expect(sent[1]?.text).toContain('“Escaped”: src/app.ts:1: This line matches document\\.write.');

    await repository.git('rm', '-q', '--cached', '--ignore-unmatch', '.switchyard/invariants/other.md');
    await rm(join(repository.path, '.switchyard/invariants/other.md'));
    await rule('third', '# Third\n\nNew.\n');
    const again = await seen(id, ({ behind }) => behind.length === 2);
    expect(again.behind.map(({ id: name, change }) => `${name} ${change}`)).toEqual(['third added', 'other removed']);

    // It begins anew, with its prompt alone.
    new ToldInvariants(store).forget(id);
    runsChanged.fire(project);
    await seen(id, ({ behind }) => behind.length === 3);
  });

  it('a run that leaves its footprint is marked, and one without a footprint has none to leave', async () => {
    const one = await begin('one', { 'src/app.ts': 'export const app = 2;\n', 'docs/a.md': 'a\n' });
    const two = await begin('two', { 'docs/b.md': 'b\n' });
    follow();
    footprints.fire(new Map([['one', ['src/**']]]));
    expect((await seen(one, ({ strays }) => strays.count > 0)).strays).toEqual({ count: 1, paths: ['docs/a.md'] });
    expect((await seen(two, looked)).strays).toEqual({ count: 0, paths: [] });
    footprints.fire(new Map([['one', ['src/**', 'docs']]]));
    await seen(one, ({ strays }) => strays.count === 0);
  });

  it('hostile rules and files are named or left out with their reason, and nothing hangs', async () => {
    await rule('a', invariant("  lines: ['(a+)+$', '(?=x)', '[', '(a?){500}a{500}']"));
    await rule('b', invariant(`  forbid: ['${'{a,b}'.repeat(20)}', '0/**']`));
    await rule('c', '---\nrules: [\n---\nBroken.\n');
    const id = await begin('one', {
      'long.txt': `${'a'.repeat(200_000)}b\n`.repeat(5),
      'many.txt': `${'a'.repeat(1900)}\n`.repeat(200),
      'picture.bin': new Uint8Array([0, 1, 2, 97, 97, 10]),
      'huge.txt': 'a line\n'.repeat(600_000),
      '0/file with "quotes" and\ttab.txt': 'a\n',
    });
    follow();
    const state = await seen(id, looked);
    const { unreadable } = await readInvariantFiles(repository.path);
    const words = unreadable.map(unreadableWords).join('\n');
    expect(words).toMatch(/a\.md: The pattern `\(\?=x\)` is no expression that can be checked/u);
    expect(words).toMatch(/a\.md: The pattern `\[` is no expression/u);
    expect(words).toMatch(/b\.md, line 3: .*more than 64 alternatives/u);
    expect(words).toMatch(/c\.md, line 2: .*not YAML/u);
    expect(state.unchecked).toContain('huge.txt is too large to be looked through.');
    expect(state.unchecked.join('\n')).toMatch(/first 2000 characters/u);
    expect(state.findings.filter(({ rule: kind }) => kind === 'forbid')).toMatchObject([
      { path: '0/file with "quotes" and\ttab.txt' },
    ]);
    expect(state.findings.length).toBeLessThanOrEqual(200);
    expect(state.findings.some(({ path }) => path === 'picture.bin')).toBe(false);
    expect(state.findings).toContainEqual(
      expect.objectContaining({ rule: 'lines', path: '0/file with "quotes" and\ttab.txt', line: 1 }),
    );
  });

  it('a check that is asked for looks at the files as they are at that moment', async () => {
    await rule('escaped', invariant("  lines: ['eval']"));
    const id = await begin('one', { 'src/app.ts': 'ok\n' });
    follow();
    await seen(id, looked);
    // Written behind the watcher's back.
    await put(join(repository.root, 'one', 'src/app.ts'), 'eval(1)\n');
    expect(await invariants.check({ id })).toMatchObject({ ok: true });
    expect(states.get(id)?.findings).toHaveLength(1);
    expect(await invariants.check({ id: runId.parse('nobody') })).toEqual({
      ok: false,
      error: { kind: 'run-missing' },
    });
  });

  it('a run that is no longer active is told as gone', async () => {
    const id = await begin('one', { 'src/app.ts': 'ok\n' });
    follow();
    await seen(id, looked);
    runs.length = 0;
    runsChanged.fire(project);
    await vi.waitFor(() => expect(states.has(id)).toBe(false), { timeout: 60_000 });
  });
});
