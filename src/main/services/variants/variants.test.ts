import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Radar } from '#main/services/radar/radar.ts';
import type { TakenRefused, TakenWork } from '#main/services/runs/taken-run.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { VariantFile, VariantsState } from '#shared/contract/variants.ts';
import { projectId, runId, specSlug, type RunId } from '#shared/ids.ts';
import { ok } from '#shared/result.ts';

import { Variants } from './variants.ts';

const exec = promisify(execFile);
const project = projectId.parse('league');
const slug = specSlug.parse('notes');
const numbered = (count: number, change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, index) => `${change[index + 1] ?? `line ${String(index + 1)}`}\n`).join('');

type Files = Readonly<Record<string, string | Uint8Array | null>>;

describe('variants', () => {
  let repository: TestRepository;
  let radar: Radar;
  let variants: Variants;
  let runs: Run[];
  let refused: Extract<TakenRefused, { kind: 'bad-branch' | 'branch-exists' }> | null;
  let spawned: TakenWork[];
  const changeListeners = new Set<(event: { projectPath: string; worktreePath: string | null }) => void>();
  const runListeners = new Set<(id: typeof project) => void>();

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('plan.md', numbered(40));
    await repository.write('other.md', numbered(40));
    await repository.write('src/app.ts', 'export const app = 1;\n');
    await repository.write('picture.bin', new Uint8Array([0, 1, 2]));
    await repository.commit('Begin');
    const git = new Git({ log: silentLog, env: repository.env });
    runs = [];
    refused = null;
    spawned = [];
    const listen = <T>(listeners: Set<T>, listener: T) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    };
    const radarRun = (run: Run) => ({ ...run, spec: run.spec.slug, title: run.branch, isNearReview: false });
    radar = new Radar({
      git,
      log: silentLog,
      projects: {
        find: (id) => (id === project ? { id, path: repository.path, commonDir: join(repository.path, '.git') } : null),
      },
      runs: {
        active: () => runs.map(radarRun),
        find: (id) => {
          const run = runs.find((each) => each.id === id);
          return run ? { projectId: project, run: radarRun(run), size: 1 } : null;
        },
        onDidChange: (listener) => listen(runListeners, listener),
      },
      specs: { after: () => Promise.resolve([]) },
      changed: (listener) => listen(changeListeners, listener),
      pace: { settle: 5, rest: 20 },
    });
    variants = new Variants({
      git,
      log: silentLog,
      projects: { find: (id) => (id === project ? { id, path: repository.path } : null) },
      runs: {
        all: () => runs,
        onDidChange: (listener) => listen(runListeners, listener),
        proposeBranch: () => 'feature/notes-combined',
        whyNotBranch: () => refused,
        spawnTaken: (_, taken) => {
          spawned.push(taken);
          return Promise.resolve(ok(taken.id));
        },
      },
      radar: {
        lookAt: (id, ids) => radar.lookAt(id, ids),
        tryMerges: (id, questions) => radar.tryMerges(id, questions),
        gitOf: (id) => radar.gitOf(id),
        commitOf: (id) => radar.commitOf(id),
        onDidChange: (id, listener) => radar.onDidChange(id, listener),
        onDidLook: (listener) => radar.onDidLook(listener),
      },
      history: (_, ids) =>
        new Map(
          ids.map((id) => [
            id,
            [
              { at: 1000, kind: 'working', source: 'process' },
              { at: 61_000, kind: 'idle', source: 'report' },
            ],
          ]),
        ),
      pace: { settle: 5, rest: 20 },
    });
  });

  afterEach(async () => {
    variants.dispose();
    radar.dispose();
    changeListeners.clear();
    runListeners.clear();
    await repository.remove();
  });

  /** A variant with a worktree of its own, and what is written there; committed unless it is said otherwise. */
  async function begin(
    name: string,
    files: Files,
    how: 'committed' | 'uncommitted' = 'committed',
    from = 'main',
  ): Promise<RunId> {
    const worktreePath = join(repository.root, name);
    await repository.git('worktree', 'add', '-q', '-b', name, worktreePath, from);
    for (const [path, text] of Object.entries(files)) await put(name, path, text);
    if (how === 'committed') await repository.commit(`Work of ${name}`, worktreePath);
    const id = runId.parse(`run-${name}`);
    runs.push(
      testRun(id, {
        projectId: project,
        status: { kind: 'idle', source: 'report', since: 61_000, detail: null },
        spec: { slug, title: 'Notes' },
        branch: name,
        base: 'main',
        baseCommit: await repository.git('rev-parse', from),
        worktreePath,
        createdAt: runs.length,
        variant: runs.length + 1,
      }),
    );
    return id;
  }

  async function put(name: string, path: string, text: string | Uint8Array | null): Promise<void> {
    const file = join(repository.root, name, path);
    await mkdir(dirname(file), { recursive: true });
    if (text === null) await rm(file, { recursive: true });
    else await writeFile(file, text);
  }

  /** The first state that was worked out and fits. */
  async function seen(fits: (state: VariantsState) => boolean = () => true): Promise<VariantsState> {
    const states: VariantsState[] = [];
    const feed = variants.onDidChange({ projectId: project, slug }, (state) => states.push(state));
    try {
      return await found(states, fits);
    } finally {
      feed.dispose();
    }
  }

  const found = (states: readonly VariantsState[], fits: (state: VariantsState) => boolean = () => true) =>
    vi.waitFor(
      () => {
        const state = states.findLast((each) => each.at !== null && fits(each));
        if (!state) throw new Error(`not seen in ${JSON.stringify(states)}`);
        return state;
      },
      { timeout: 60_000, interval: 20 },
    );

  const fileOf = (state: VariantsState, path: string): VariantFile => {
    const file = state.files.find((each) => each.path === path);
    if (!file) throw new Error(`${path} is not among ${JSON.stringify(state.files)}`);
    return file;
  };
  const agreements = (state: VariantsState): Record<string, string> =>
    Object.fromEntries(state.files.map(({ path, agreement }) => [path, agreement]));
  const treesOf = (state: VariantsState) =>
    state.variants.flatMap((each) => (each.tree === null ? [] : [{ runId: each.runId, tree: each.tree }]));

  /** Takes what is said from what is seen, as the page does it. */
  async function take(state: VariantsState, picks: Readonly<Record<string, RunId>>) {
    const chosen = Object.entries(picks).map(([path, id]) => ({ path, runId: id }));
    return variants.take({
      projectId: project,
      slug,
      from: state.from ?? '',
      seen: treesOf(state).filter((each) => chosen.some((pick) => pick.runId === each.runId)),
      picks: chosen,
      branch: 'feature/notes-combined',
    });
  }

  /** Everything that a person could miss: refs, and the files, index and status of every worktree. */
  async function everything(): Promise<string> {
    const parts = [await repository.refs()];
    for (const { worktreePath } of runs) {
      parts.push(
        await repository.gitIn(worktreePath, '--no-optional-locks', 'status', '--porcelain=v2', '--branch', '-z'),
      );
      parts.push(await repository.gitIn(worktreePath, 'ls-files', '--stage'));
      parts.push((await readdir(worktreePath, { recursive: true })).toSorted().join('\n'));
    }
    return parts.join('\n');
  }

  const isSound = async (): Promise<void> => {
    // It fails where an object is missing or broken.
    await repository.git('fsck', '--full', '--strict', '--no-dangling');
  };

  it('tells what is the same in all, what one touched, what differs in places, and what really disagrees', async () => {
    await begin('one', {
      'plan.md': numbered(40, { 3: 'ONE' }),
      'other.md': numbered(40, { 3: 'ONE' }),
      'same.md': 'same\n',
      'only.md': 'only\n',
      'some.md': 'some\n',
    });
    await begin('two', {
      'plan.md': numbered(40, { 3: 'TWO' }),
      'other.md': numbered(40, { 30: 'TWO' }),
      'same.md': 'same\n',
      'some.md': 'some\n',
    });
    await begin('three', { 'same.md': 'same\n', 'other.md': numbered(40, { 3: 'ONE' }) }, 'uncommitted');
    const before = await everything();
    const state = await seen();
    expect(agreements(state)).toEqual({
      'plan.md': 'disagree',
      'other.md': 'apart',
      'only.md': 'only-one',
      'some.md': 'some',
      'same.md': 'same',
    });
    expect(state.files.map(({ agreement }) => agreement)).toEqual(['disagree', 'apart', 'only-one', 'some', 'same']);
    expect(fileOf(state, 'plan.md').conflicts).toMatchObject([{ a: 0, b: 1 }]);
    expect(fileOf(state, 'other.md').changes.map((change) => change?.outcome)).toEqual([0, 1, 0]);
    expect(
      state.variants.map(({ hasUncommitted, files, insertions, subject }) => [
        hasUncommitted,
        files,
        insertions,
        subject,
      ]),
    ).toEqual([
      [false, 5, 5, 'Work of one'],
      [false, 4, 4, 'Work of two'],
      [true, 2, 2, null],
    ]);
    expect(state.variants.map(({ worked, restedAt }) => [worked, restedAt])).toEqual(Array(3).fill([60_000, 61_000]));
    expect(state).toMatchObject({ haveSameStart: true, proposedBranch: 'feature/notes-combined', unavailable: null });
    expect(state.from).toBe(await repository.git('rev-parse', 'main'));
    expect(await everything()).toBe(before);
  });

  it('tells renames, deletions, modes, binary files and links for what they are', async () => {
    await begin('one', { 'picture.bin': new Uint8Array([0, 9, 9]), 'plan.md': null, 'new.md': 'a\n' });
    const two = await begin(
      'two',
      { 'picture.bin': new Uint8Array([0, 8, 8]), 'plan.md': numbered(40, { 7: 'TWO' }) },
      'uncommitted',
    );
    const worktree = join(repository.root, 'two');
    await rename(join(worktree, 'other.md'), join(worktree, 'moved.md'));
    await chmod(join(worktree, 'src/app.ts'), 0o755);
    await symlink('plan.md', join(worktree, 'new.md'));
    const one = runId.parse('run-one');
    await repository.commit('Work of two', worktree);
    await put('one', 'other.md', numbered(40, { 20: 'ONE' }));

    const state = await seen((each) => fileOf(each, 'other.md').changes[0] !== null);
    expect(agreements(state)).toEqual({
      'new.md': 'disagree',
      'picture.bin': 'disagree',
      'plan.md': 'disagree',
      // The one edits what the other moves: Git merges that.
      'other.md': 'apart',
      'src/app.ts': 'only-one',
    });
    expect(fileOf(state, 'plan.md').changes.map((change) => change?.kind)).toEqual(['deleted', 'modified']);
    expect(fileOf(state, 'plan.md').conflicts[0]?.reason).toMatch(/deleted/);
    expect(fileOf(state, 'other.md').changes[1]).toMatchObject({ kind: 'renamed', path: 'moved.md' });
    expect(fileOf(state, 'src/app.ts').changes[1]).toMatchObject({ kind: 'mode-changed', mode: '100755' });
    expect(fileOf(state, 'new.md').changes[1]).toMatchObject({ kind: 'added', mode: '120000' });
    expect(fileOf(state, 'picture.bin').changes[0]).toMatchObject({ kind: 'modified', insertions: null });
    const feed = variants.onDidChange({ projectId: project, slug }, () => undefined);
    const sides = (path: string, left: RunId | null, right: RunId | null) =>
      variants.file({ projectId: project, slug, path, left, right, showHuge: false });
    await vi.waitFor(async () => expect(await sides('plan.md', one, two)).toMatchObject({ ok: true }), {
      timeout: 60_000,
    });
    expect(await sides('plan.md', one, two)).toMatchObject({
      value: { content: { kind: 'text', original: null }, leftPath: null, rightPath: 'plan.md', places: null },
    });
    expect(await sides('other.md', one, two)).toMatchObject({
      value: { leftPath: 'other.md', rightPath: 'moved.md', places: [] },
    });
    expect(await sides('picture.bin', null, two)).toMatchObject({
      value: { content: { kind: 'binary', originalBytes: 3 } },
    });
    expect(await sides('new.md', null, two)).toMatchObject({
      value: { content: { kind: 'symlink', modifiedTarget: 'plan.md' } },
    });
    feed.dispose();
  });

  it('shows two variants of a file, and the places where they really disagree', async () => {
    const one = await begin('one', {
      'plan.md': numbered(40, { 3: 'ONE', 20: 'SAME', 30: 'ONE' }),
      'new.md': numbered(9, { 5: 'ONE' }),
    });
    const theirs = {
      'plan.md': numbered(40, { 3: 'TWO', 20: 'SAME', 30: 'TWO' }),
      'new.md': numbered(9, { 5: 'TWO' }),
    };
    const two = await begin('two', theirs, 'uncommitted');
    const states: VariantsState[] = [];
    const feed = variants.onDidChange({ projectId: project, slug }, (state) => states.push(state));
    await found(states);
    const answer = await variants.file({
      projectId: project,
      slug,
      path: 'plan.md',
      left: one,
      right: two,
      showHuge: false,
    });
    expect(answer).toMatchObject({
      ok: true,
      value: {
        content: { kind: 'text', original: numbered(40, { 3: 'ONE', 20: 'SAME', 30: 'ONE' }), language: 'markdown' },
        places: [
          { line: 3, ours: ['ONE'], base: ['line 3'], theirs: ['TWO'] },
          { line: 30, ours: ['ONE'], base: ['line 30'], theirs: ['TWO'] },
        ],
      },
    });
    const before = await variants.file({
      projectId: project,
      slug,
      path: 'plan.md',
      left: null,
      right: two,
      showHuge: false,
    });
    expect(before).toMatchObject({ ok: true, value: { content: { original: numbered(40) }, places: null } });
    // Both added it: what is the same in both is nothing that they disagree in.
    expect(
      await variants.file({ projectId: project, slug, path: 'new.md', left: one, right: two, showHuge: false }),
    ).toMatchObject({ ok: true, value: { places: [{ line: 5, ours: ['ONE'], theirs: ['TWO'] }] } });
    expect(
      await variants.file({ projectId: project, slug, path: 'nowhere.md', left: one, right: two, showHuge: false }),
    ).toEqual({ ok: false, error: { kind: 'not-compared' } });
    feed.dispose();
  });

  it('follows a variant that goes on, and one that is discarded', async () => {
    await begin('one', { 'plan.md': 'one\n' });
    await begin('two', { 'plan.md': 'one\n' });
    const states: VariantsState[] = [];
    const feed = variants.onDidChange({ projectId: project, slug }, (state) => states.push(state));
    await found(states, (state) => agreements(state)['plan.md'] === 'same');
    await put('two', 'plan.md', 'two\n');
    for (const tell of changeListeners)
      tell({ projectPath: repository.path, worktreePath: join(repository.root, 'two') });
    const state = await found(states, (each) => agreements(each)['plan.md'] === 'disagree');
    expect(state.variants[1]).toMatchObject({ hasUncommitted: true });
    runs = runs.map((run) =>
      run.branch === 'two' ? { ...run, decision: { kind: 'discard', reason: '', at: 1 } } : run,
    );
    for (const tell of runListeners) tell(project);
    expect(await found(states, ({ discarded }) => discarded === 1)).toMatchObject({ variants: [{ runId: 'run-one' }] });
    feed.dispose();
  });

  it('compares each with where it began itself, and says that they began elsewhere', async () => {
    const start = await repository.git('rev-parse', 'main');
    await begin('one', { 'plan.md': numbered(40, { 3: 'ONE' }) });
    await repository.write('base.md', 'of the base\n');
    await repository.commit('The base goes on');
    await begin('two', { 'plan.md': numbered(40, { 3: 'TWO' }) });
    const state = await seen();
    expect(agreements(state)).toEqual({ 'plan.md': 'disagree' });
    expect(state).toMatchObject({ haveSameStart: false, from: start });
  });

  it('says why a variant is not compared, and compares the others', async () => {
    await begin('one', { 'plan.md': 'one\n' });
    await begin('two', { 'plan.md': 'two\n' });
    const made = await begin('three', {});
    runs = runs.map((run) =>
      run.id === made
        ? {
            ...run,
            presence: { branch: false, worktree: false },
            status: { kind: 'queued', source: 'stages', since: 0, detail: null },
          }
        : run,
    );
    const state = await seen();
    expect(state.variants[2]).toMatchObject({ tree: null, obstacle: 'Its branch is not made yet.', files: 0 });
    expect(agreements(state)).toEqual({ 'plan.md': 'disagree' });
    expect(fileOf(state, 'plan.md').changes).toHaveLength(3);
  });

  it('lists so many files, and leaves out a variant that changes too much, in so many words', async () => {
    await begin('one', { 'plan.md': 'one\n' });
    const many = async (name: string, count: number): Promise<void> => {
      await repository.write(join(repository.root, 'blob'), 'of many\n');
      const blob = await repository.git('hash-object', '-w', join(repository.root, 'blob'));
      const entries = Array.from({ length: count }, (_, index) => `100644 blob ${blob}\t${String(index)}.md\n`);
      await repository.write(join(repository.root, `${name}.txt`), entries.join(''));
      const { stdout } = await exec('sh', ['-c', `git mktree < "${repository.root}/${name}.txt"`], {
        cwd: repository.path,
        env: repository.env,
      });
      const commit = await repository.git('commit-tree', '-p', 'main', '-m', 'Many', stdout.trim());
      await repository.git('branch', name, commit);
      const made = testRun(`run-${name}`, {
        projectId: project,
        spec: { slug, title: 'Notes' },
        branch: name,
        base: 'main',
      });
      runs.push({ ...made, createdAt: runs.length, presence: { branch: true, worktree: false } });
    };
    await many('many', 6000);
    await many('sweep', 21_000);
    const state = await seen();
    expect(state.variants.map(({ tree }) => tree === null)).toEqual([false, false, true]);
    expect(state.variants[2]?.obstacle).toContain('too much to be compared file by file');
    expect(state.files).toHaveLength(5000);
    // Four files of the start are gone there.
    expect(state.omittedFiles).toBe(6004 - 5000);
    expect(fileOf(state, 'plan.md').agreement).toBe('disagree');
  });

  describe('taking files of several', () => {
    it('makes a commit of them on where they began, which says what came from which', async () => {
      const one = await begin('one', {
        'plan.md': numbered(40, { 3: 'ONE' }),
        'only.md': 'only\n',
        'src/app.ts': null,
      });
      const two = await begin('two', { 'plan.md': numbered(40, { 3: 'TWO' }) }, 'uncommitted');
      await rename(join(repository.root, 'two/other.md'), join(repository.root, 'two/moved.md'));
      const before = await everything();
      const state = await seen();
      const answer = await take(state, { 'plan.md': two, 'only.md': one, 'src/app.ts': one, 'other.md': two });
      expect(answer).toMatchObject({ ok: true });
      const [work] = spawned;
      expect(work).toMatchObject({ branch: 'feature/notes-combined', base: 'main', spec: { slug: 'notes' } });
      const commit = work?.work.commit ?? '';
      expect(await repository.git('rev-parse', `${commit}^`)).toBe(await repository.git('rev-parse', 'main'));
      expect(await repository.git('diff', '--name-status', '-M', 'main', commit)).toBe(
        'R100\tother.md\tmoved.md\nA\tonly.md\nM\tplan.md\nD\tsrc/app.ts',
      );
      expect(await repository.git('show', `${commit}:plan.md`)).toContain('TWO');
      const message = await repository.git('log', '-1', '--format=%B', commit);
      expect(message).toContain('Take 4 files from 2 runs of Notes');
      expect(message).toContain('* src/app.ts (deleted)');
      expect(message).toContain('* moved.md (was other.md)');
      const trailers = await repository.git('log', '-1', '--format=%(trailers:key=File-From,valueonly)', commit);
      expect(trailers.trim().split('\n')).toEqual([
        'run-one only.md',
        'run-one src/app.ts',
        'run-two plan.md',
        'run-two moved.md',
      ]);
      expect(await repository.git('log', '-1', '--format=%(trailers:key=Run,valueonly)', commit)).toContain(work?.id);
      expect(await everything()).toBe(before);
      await isSound();
    });

    it('takes links, modes, binary files, line ends, submodules and odd names byte for byte', async () => {
      const odd = ['-dash.md', 'name with  two blanks.md', 'ä 漢字.md', 'tab\tname.md', '"quoted".md', '*.md'];
      const crlf = 'one\r\ntwo\r\n';
      const other = await TestRepository.create('library');
      const one = await begin('one', {
        ...Object.fromEntries(odd.map((name) => [name, `of ${name}\n`])),
        'crlf.txt': crlf,
        'picture.bin': new Uint8Array([0, 255, 254]),
      });
      const worktree = join(repository.root, 'one');
      await symlink('../nowhere/at all', join(worktree, 'link'));
      await chmod(join(worktree, 'src/app.ts'), 0o755);
      await exec('git', ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', other.path, 'library'], {
        cwd: worktree,
        env: repository.env,
      });
      await repository.commit('More of one', worktree);
      const two = await begin('two', { 'plan.md': 'two\n' });
      const state = await seen();
      const picks = Object.fromEntries(state.files.map(({ path, changes }) => [path, changes[0] ? one : two]));
      expect(Object.keys(picks)).toEqual(
        expect.arrayContaining([...odd, 'link', 'library', '.gitmodules', 'crlf.txt']),
      );
      expect(await take(state, picks)).toMatchObject({ ok: true });
      const commit = spawned[0]?.work.commit ?? '';
      // Of everything but what the other one alone changed, the tree is the first one's.
      expect(await repository.git('diff', '--raw', '--no-abbrev', 'one', commit)).toMatch(
        /^\S+ \S+ \S+ \S+ M\tplan\.md$/,
      );
      expect(await repository.git('ls-tree', commit, 'library')).toMatch(/^160000 commit /);
      await isSound();
      await other.remove();
    });

    it('leaves everything alone when a variant has moved or is gone meanwhile', async () => {
      const one = await begin('one', { 'plan.md': 'one\n', 'only.md': 'only\n' });
      const two = await begin('two', { 'plan.md': 'two\n' });
      const state = await seen();
      await put('two', 'plan.md', 'two, and more\n');
      const before = await everything();
      expect(await take(state, { 'only.md': one, 'plan.md': two })).toEqual({
        ok: false,
        error: { kind: 'moved', runs: [two] },
      });
      // What is taken from the other one alone is as it was seen.
      expect(await take(state, { 'only.md': one })).toMatchObject({ ok: true });
      runs = runs.filter(({ id }) => id !== two);
      expect(await take(state, { 'only.md': one, 'plan.md': two })).toEqual({
        ok: false,
        error: { kind: 'run-missing', runs: [two] },
      });
      runs = [...runs];
      await repository.git('worktree', 'remove', '--force', join(repository.root, 'one'));
      await repository.git('branch', '-D', 'one');
      expect(await take(state, { 'only.md': one })).toEqual({ ok: false, error: { kind: 'run-missing', runs: [one] } });
      expect(spawned).toHaveLength(1);
      expect(before).not.toBe('');
      await isSound();
    });

    it('refuses what cannot be one tree, and what would be nothing', async () => {
      const one = await begin('one', { tools: 'a file\n', 'docs/a.md': 'a\n' });
      const two = await begin('two', { 'tools/make.sh': 'a folder\n' });
      const state = await seen();
      expect(fileOf(state, 'tools').agreement).toBe('disagree');
      expect(fileOf(state, 'tools/make.sh').agreement).toBe('disagree');
      expect(await take(state, { tools: one, 'tools/make.sh': two })).toMatchObject({
        ok: false,
        error: { kind: 'clash', paths: ['tools', 'tools/make.sh'] },
      });
      expect(await take(state, { 'tools/make.sh': two, 'docs/a.md': one })).toMatchObject({ ok: true });
      // One that left the file alone has nothing of it that could be taken.
      expect(await take(state, { 'docs/a.md': two })).toEqual({ ok: false, error: { kind: 'moved', runs: [] } });
      refused = { kind: 'branch-exists', branch: 'feature/notes-combined' };
      expect(await take(state, { 'docs/a.md': one })).toEqual({ ok: false, error: refused });
      expect(spawned).toHaveLength(1);
    });

    it('names a full disk, and who does not say who they are', async () => {
      const one = await begin('one', { 'plan.md': 'one\n' });
      await begin('two', { 'plan.md': 'two\n' });
      const state = await seen();
      const refs = await repository.refs();
      const home = join(repository.root, 'nobody');
      await mkdir(home);
      const nobody = { ...repository.env, HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig') };
      for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'])
        Reflect.deleteProperty(nobody, name);
      const takeWith = (env: NodeJS.ProcessEnv) =>
        new Variants({
          git: new Git({ log: silentLog, env }),
          log: silentLog,
          projects: { find: (id) => ({ id, path: repository.path }) },
          runs: {
            all: () => runs,
            onDidChange: () => ({ dispose: () => undefined }),
            proposeBranch: () => '',
            whyNotBranch: () => null,
            spawnTaken: () => Promise.reject(new Error('not to be reached')),
          },
          radar: {
            lookAt: (id, ids) => radar.lookAt(id, ids),
            tryMerges: (id, questions) => radar.tryMerges(id, questions),
            gitOf: (id) => radar.gitOf(id),
            commitOf: (id) => radar.commitOf(id),
            onDidChange: () => ({ dispose: () => undefined }),
            onDidLook: () => ({ dispose: () => undefined }),
          },
          history: () => new Map(),
        }).take({
          projectId: project,
          slug,
          from: state.from ?? '',
          seen: treesOf(state).filter(({ runId: id }) => id === one),
          picks: [{ path: 'plan.md', runId: one }],
          branch: 'x',
        });
      expect(await takeWith(nobody)).toMatchObject({
        ok: false,
        error: { kind: 'git-failed', message: expect.stringMatching(/does not know who you are/) as string },
      });
      // A Git that finds no room where it writes a tree.
      const bin = join(repository.root, 'bin');
      const { stdout } = await exec('sh', ['-c', 'command -v git'], { env: repository.env });
      await mkdir(bin);
      await writeFile(
        join(bin, 'git'),
        `#!/bin/sh\ncase "$*" in *write-tree*) echo "fatal: unable to write file: No space left on device" >&2; exit 128;; esac\nexec ${stdout.trim()} "$@"\n`,
        { mode: 0o755 },
      );
      expect(await takeWith({ ...repository.env, PATH: `${bin}:${String(repository.env['PATH'])}` })).toMatchObject({
        ok: false,
        error: { kind: 'disk-full' },
      });
      expect(await repository.refs()).toBe(refs);
      await isSound();
    });
  });
});
