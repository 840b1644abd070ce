import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { RadarPair, RadarState } from '#shared/contract/radar.ts';
import { projectId, runId, type RunId } from '#shared/ids.ts';

import { mergeBatch } from './merge-batch.ts';
import { Radar } from './radar.ts';
import type { RadarRun } from './radar-ports.ts';

const run = promisify(execFile);
const project = projectId.parse('league');
const numbered = (count: number, change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, index) => `${change[index + 1] ?? `line ${String(index + 1)}`}\n`).join('');

describe('the radar', () => {
  let repository: TestRepository;
  let git: Git;
  let radar: Radar;
  let runs: RadarRun[];
  let after: Record<string, readonly string[]>;
  const changeListeners = new Set<(event: { projectPath: string; worktreePath: string | null }) => void>();
  const runListeners = new Set<(id: typeof project) => void>();

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('plan.md', numbered(40));
    await repository.write('other.md', numbered(40));
    await repository.write('picture.bin', new Uint8Array([0, 1, 2]));
    await repository.commit('Begin');
    git = new Git({ log: silentLog, env: repository.env });
    runs = [];
    after = {};
    radar = new Radar({
      git,
      log: silentLog,
      projects: {
        find: (id) => (id === project ? { id, path: repository.path, commonDir: join(repository.path, '.git') } : null),
      },
      runs: {
        active: () => runs,
        find: (id) => {
          const found = runs.find((each) => each.id === id);
          return found ? { projectId: project, run: found, size: 1 } : null;
        },
        onDidChange: (listener) => {
          runListeners.add(listener);
          return { dispose: () => runListeners.delete(listener) };
        },
      },
      specs: { after: (_, slug) => Promise.resolve(after[slug] ?? []) },
      changed: (listener) => {
        changeListeners.add(listener);
        return { dispose: () => changeListeners.delete(listener) };
      },
      pace: { settle: 5, rest: 20 },
    });
  });

  afterEach(async () => {
    radar.dispose();
    changeListeners.clear();
    runListeners.clear();
    await repository.remove();
  });

  /** A run with a worktree of its own, and what is written there; committed unless it is said otherwise. */
  async function begin(
    name: string,
    files: Readonly<Record<string, string | Uint8Array | null>>,
    how: 'committed' | 'uncommitted' = 'committed',
    spec = name,
  ): Promise<RunId> {
    const worktreePath = join(repository.root, name);
    await repository.git('worktree', 'add', '-q', '-b', name, worktreePath, 'main');
    for (const [path, text] of Object.entries(files)) await put(worktreePath, path, text);
    if (how === 'committed') await repository.commit(`Work of ${name}`, worktreePath);
    const id = runId.parse(`run-${name}`);
    runs.push({ id, spec, title: name, branch: name, base: 'main', worktreePath, isNearReview: false });
    return id;
  }

  async function put(worktreePath: string, path: string, text: string | Uint8Array | null): Promise<void> {
    if (text === null) await rm(join(worktreePath, path));
    else await writeFile(join(worktreePath, path), text);
  }

  /** The first state that was worked out and fits. */
  async function seen(fits: (state: RadarState) => boolean = () => true): Promise<RadarState> {
    const states: RadarState[] = [];
    const feed = radar.onDidChange(project, (state) => states.push(state));
    try {
      return await vi.waitFor(
        () => {
          const found = states.findLast((state) => state.at !== null && fits(state));
          if (!found) throw new Error(`not seen in ${JSON.stringify(states)}`);
          return found;
        },
        { timeout: 60_000, interval: 20 },
      );
    } finally {
      feed.dispose();
    }
  }

  const between = (state: RadarState, a: RunId, b: RunId | null): RadarPair | undefined =>
    state.pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));

  it('finds what two branches collide in, and not what they merely share', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one was here' }) });
    const two = await begin('two', { 'plan.md': numbered(40, { 3: 'two was here' }) });
    const three = await begin('three', { 'plan.md': numbered(40, { 30: 'three, far below' }) });
    const state = await seen();
    expect(between(state, one, two)?.outcome).toEqual({
      kind: 'conflicts',
      conflicts: [{ path: 'plan.md', reason: 'both changed the same lines' }],
    });
    expect(between(state, one, three)?.outcome).toEqual({ kind: 'clean' });
    expect(between(state, two, three)?.outcome).toEqual({ kind: 'clean' });
  });

  it('shows the places, with what each side and their ancestor has', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one was here', 30: 'one again' }) });
    const two = await begin('two', { 'plan.md': numbered(40, { 3: 'two was here', 30: 'two again' }) });
    const files = await radar.pair({ a: one, b: two });
    expect(files).toEqual({
      ok: true,
      value: [
        {
          path: 'plan.md',
          reason: 'both changed the same lines',
          hunks: [
            { line: 3, ours: ['two was here'], base: ['line 3'], theirs: ['one was here'] },
            { line: 30, ours: ['two again'], base: ['line 30'], theirs: ['one again'] },
          ],
        },
      ],
    });
  });

  it('counts what is not committed, tracked and new, and leaves worktree, index, refs and repository as they were', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one' }), 'new.md': 'one\n' }, 'uncommitted');
    const two = await begin('two', { 'plan.md': numbered(40, { 3: 'two' }), 'new.md': 'two\n' }, 'uncommitted');
    const before = await everything();
    const state = await seen();
    expect(between(state, one, two)?.outcome).toMatchObject({
      kind: 'conflicts',
      conflicts: [
        { path: 'new.md', reason: 'both added it, with different content' },
        { path: 'plan.md', reason: 'both changed the same lines' },
      ],
    });
    expect(state.branches.every(({ hasUncommitted }) => hasUncommitted)).toBe(true);
    expect(await everything()).toEqual(before);
  });

  async function everything(): Promise<unknown> {
    const { stdout: objects } = await run('find', [join(repository.path, '.git', 'objects'), '-type', 'f']);
    const indexes = await Promise.all(
      runs.map(({ worktreePath }) => repository.gitIn(worktreePath, 'ls-files', '--stage', '--debug')),
    );
    const statuses = await Promise.all(
      runs.map(({ worktreePath }) => repository.gitIn(worktreePath, 'status', '--porcelain')),
    );
    return { refs: await repository.refs(), objects: objects.split('\n').toSorted(), indexes, statuses };
  }

  it('holds each branch against its base, which has moved', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one' }) });
    const two = await begin('two', { 'other.md': numbered(40, { 3: 'two' }) });
    await repository.write('plan.md', numbered(40, { 3: 'the base' }));
    await repository.commit('The base moves');
    const state = await seen();
    expect(between(state, one, null)?.outcome).toMatchObject({ kind: 'conflicts' });
    expect(between(state, two, null)?.outcome).toEqual({ kind: 'clean' });
  });

  it('sees a change as it is made, and that a collision is gone', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one' }) });
    const two = await begin('two', { 'other.md': numbered(40, { 9: 'two' }) });
    const feed = radar.onDidChange(project, () => undefined);
    expect(between(await seen(), one, two)?.outcome).toEqual({ kind: 'clean' });
    const worktreePath = join(repository.root, 'two');
    const told = (): void => {
      for (const listener of changeListeners) listener({ projectPath: repository.path, worktreePath });
    };
    await put(worktreePath, 'plan.md', numbered(40, { 3: 'two' }));
    told();
    await seen((state) => between(state, one, two)?.outcome.kind === 'conflicts');
    await put(worktreePath, 'plan.md', numbered(40));
    told();
    await seen((state) => between(state, one, two)?.outcome.kind === 'clean');
    feed.dispose();
  });

  it('takes variants of one spec for alternatives, binary files and deletions for what they are', async () => {
    const one = await begin('one', { 'plan.md': null, 'picture.bin': new Uint8Array([0, 9]) }, 'committed', 'same');
    const two = await begin(
      'two',
      { 'plan.md': numbered(40, { 3: 'two' }), 'picture.bin': new Uint8Array([0, 8]) },
      'committed',
      'same',
    );
    const pair = between(await seen(), one, two);
    expect(pair).toMatchObject({
      areVariants: true,
      outcome: {
        kind: 'conflicts',
        conflicts: [
          { path: 'picture.bin', reason: 'both changed this binary file' },
          { path: 'plan.md', reason: 'deleted in one, changed in two' },
        ],
      },
    });
    const files = await radar.pair({ a: one, b: two });
    expect(files.ok && files.value.map(({ hunks }) => hunks)).toEqual([null, null]);
  });

  it('goes on beside a branch that shares no history, a worktree that is gone, and one with a huge new file', async () => {
    const one = await begin('one', { 'plan.md': numbered(40, { 3: 'one' }) });
    const two = await begin('two', { 'plan.md': numbered(40, { 3: 'two' }) });
    const three = await begin('three', { 'huge.bin': new Uint8Array(6_000_000) }, 'uncommitted');
    const orphan = join(repository.root, 'orphan');
    await repository.git('worktree', 'add', '-q', '--detach', orphan, 'main');
    await repository.gitIn(orphan, 'checkout', '-q', '--orphan', 'strange');
    await repository.commit('A root of its own', orphan);
    const strange = runId.parse('run-strange');
    runs.push({
      id: strange,
      spec: 'strange',
      title: 'strange',
      branch: 'strange',
      base: 'main',
      worktreePath: orphan,
      isNearReview: false,
    });
    await rm(join(repository.root, 'two'), { recursive: true });
    const state = await seen();
    expect(between(state, one, two)?.outcome.kind).toBe('conflicts');
    expect(between(state, one, strange)?.outcome.kind).toBe('unrelated');
    expect(between(state, one, three)?.outcome.kind).toBe('clean');
    expect(state.branches.find(({ id }) => id === three)?.leftOut).toMatch(/1 new file/);
  });

  it('runs nothing that an agent has put into the configuration, the attributes or the hooks', async () => {
    const trap = join(repository.root, 'trap');
    await begin('one', { 'plan.md': numbered(40, { 3: 'one' }) }, 'uncommitted');
    await begin('two', { 'plan.md': numbered(40, { 3: 'two' }) }, 'uncommitted');
    for (const key of ['filter.trap.clean', 'filter.trap.smudge', 'merge.trap.driver', 'core.fsmonitor']) {
      await repository.git('config', key, `touch ${trap}`);
    }
    for (const { worktreePath } of runs) {
      await put(worktreePath, '.gitattributes', '*.md filter=trap merge=trap\n');
    }
    await mkdir(join(repository.path, '.git', 'hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit']) {
      await writeFile(join(repository.path, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    }
    await seen();
    expect(await readdir(repository.root)).not.toContain('trap');
  });

  describe('the order of merges', () => {
    it('puts the branch that collides with many behind those that do not collide with each other', async () => {
      const wide = await begin('wide', {
        'plan.md': numbered(40, { 3: 'wide' }),
        'other.md': numbered(40, { 3: 'wide' }),
      });
      const left = await begin('left', { 'plan.md': numbered(40, { 3: 'left' }) });
      const right = await begin('right', { 'other.md': numbered(40, { 3: 'right' }) });
      const alone = await begin('alone', { 'alone.md': 'alone\n' });
      const order = await radar.order({ projectId: project, ids: [wide, left, right, alone], order: 'proposed' });
      expect(order).toMatchObject({ ok: true, value: { base: 'main', collisions: 1 } });
      const steps = order.ok ? order.value.steps : [];
      expect(steps.at(-1)).toMatchObject({
        id: wide,
        outcome: { kind: 'conflicts', with: expect.arrayContaining([left, right]) },
      });
      expect(steps.every(({ reason }) => reason !== '')).toBe(true);

      const given = await radar.order({ projectId: project, ids: [wide, left, right, alone], order: 'given' });
      expect(given.ok && given.value.steps.map(({ outcome }) => outcome.kind)).toEqual([
        'clean',
        'conflicts',
        'conflicts',
        'clean',
      ]);
    });

    it('explains an order of one’s own by what happens in it, and nothing else', async () => {
      const wide = await begin('wide', {
        'plan.md': numbered(40, { 3: 'wide' }),
        'other.md': numbered(40, { 3: 'wide' }),
      });
      const left = await begin('left', { 'plan.md': numbered(40, { 3: 'left' }) });
      const right = await begin('right', { 'other.md': numbered(40, { 3: 'right' }) });
      const reasons = async (order: 'given' | 'proposed', ...ids: RunId[]): Promise<readonly string[]> => {
        const worked = await radar.order({ projectId: project, ids, order });
        return worked.ok ? worked.value.steps.map(({ reason }) => reason) : [];
      };
      // Two collide where one would, if it went last: no word of that this were the best there is.
      expect(await reasons('given', wide, left, right)).toEqual([
        'Merges cleanly. “left” and “right” further down collide with it.',
        '1 file cannot be merged with “wide”, which is merged before it.',
        '1 file cannot be merged with “wide”, which is merged before it.',
      ]);
      expect(await reasons('given', left, wide, right)).toEqual([
        'Merges cleanly. “wide” further down collides with it.',
        '1 file cannot be merged with “left”, which is merged before it.',
        'Merges cleanly, and nothing further down collides with it.',
      ]);
      expect(await reasons('proposed', wide, left, right)).toEqual([
        'Merges cleanly. After it “wide” will collide; behind it this one would.',
        'Merges cleanly. After it “wide” will collide; behind it this one would.',
        '2 files cannot be merged with “left” and “right”, which are merged before it. Before them it would merge, and they would not.',
      ]);
      after = { left: ['wide'], right: ['wide'] };
      expect((await reasons('proposed', wide, left, right))[0]).toBe(
        'Merges cleanly. After it “left” and “right” will collide; behind them this one would.',
      );
      await repository.write('plan.md', numbered(40, { 3: 'main' }));
      await repository.commit('The base goes on');
      expect(await reasons('given', right, left)).toEqual([
        'Merges cleanly, and nothing further down collides with it.',
        '1 file cannot be merged with the base as it is.',
      ]);
    });

    it('keeps to what a spec says of its place, and says where an order of one’s own does not', async () => {
      const first = await begin('first', { 'a.md': 'a\n' });
      const second = await begin('second', { 'b.md': 'b\n' });
      after = { first: ['second'] };
      const order = await radar.order({ projectId: project, ids: [first, second], order: 'proposed' });
      expect(order.ok && order.value.steps.map(({ id }) => id)).toEqual([second, first]);
      const given = await radar.order({ projectId: project, ids: [first, second], order: 'given' });
      expect(given.ok && given.value.steps[0]?.reason).toContain('after “second”');
    });
  });

  it('answers for a Git that merges only one pair at a time as for one that takes many', async () => {
    await begin('one', { 'plan.md': numbered(40, { 3: 'one' }) });
    await begin('two', { 'plan.md': numbered(40, { 3: 'two' }) });
    await begin('three', { 'plan.md': numbered(40, { 30: 'three' }) });
    const tips = await Promise.all(['one', 'two', 'three'].map((name) => repository.git('rev-parse', name)));
    const [one = '', two = '', three = ''] = tips;
    const questions = [
      [one, two],
      [one, three],
      [two, three],
    ].map(([ours = '', theirs = '']) => ({ ours, theirs, sides: { ours: 'a', theirs: 'b' } }));
    const old = {
      read: git.read.bind(git),
      version: () => Promise.resolve({ text: '2.38.1', major: 2, minor: 38 }),
    };
    const many = await mergeBatch(git, repository.path, questions);
    expect(many.map(({ kind }) => kind)).toEqual(['conflicts', 'clean', 'clean']);
    expect(await mergeBatch(old, repository.path, questions)).toEqual(many);
  });
});
