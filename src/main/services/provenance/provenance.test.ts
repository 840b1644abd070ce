import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { TestReviews } from '#main/services/review/test-reviews.ts';
import type { LineOrigin } from '#shared/contract/provenance.ts';
import { projectId, runId, type RunId } from '#shared/ids.ts';

import { Provenance } from './provenance.ts';

const project = projectId.parse('notes');

describe('why a line is there', () => {
  let world: TestReviews;
  let provenance: Provenance;
  let merged: Map<string, RunId>;

  beforeEach(async () => {
    world = await TestReviews.create();
    merged = new Map();
    const known = new Map([
      [world.id, 'This one'],
      [runId.parse('run-blue'), 'Make it blue'],
    ]);
    provenance = new Provenance({
      git: world.git,
      runs: {
        find: (id) => (id === world.id ? { projectId: project, base: 'main' } : null),
        origin: (id) => {
          const title = known.get(id);
          if (title === undefined) return null;
          const decision = { kind: 'keep', reason: 'It is good.', at: 5 } as const;
          const spec = { slug: id === world.id ? 'this' : 'blue', title };
          return { id, projectId: project, title, agent: 'Claude Code', branch: 'b', decision, hasPrompt: true, spec };
        },
        mergedAs: (_project, commit) => merged.get(commit) ?? null,
      },
      deletedRun: () => null,
      mergesOf: () => [],
      filesOf: (id, path) => world.reviews.filesOf(id, path),
      titleOf: (_project, slug) => Promise.resolve(slug === 'red' ? 'Make it red' : null),
      log: silentLog,
    });
  });

  afterEach(() => world.remove());

  async function why(path: string, line: number, side: 'before' | 'after' = 'after'): Promise<LineOrigin> {
    const answer = await provenance.line({ id: world.id, path, line, side });
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value;
  }

  /** Brings a file into main by a merge, as we make one, and another commit after it; then into the run's branch. */
  async function mergeBlue(
    trailers = 'Spec: blue\nRun: run-blue\nAgent: Claude Code\nGates: tests passed',
  ): Promise<void> {
    const { repository } = world;
    await repository.git('checkout', '-q', '-b', 'blue');
    await repository.write('blue.txt', 'one\nblue\n');
    await repository.commit('Blue it is');
    await repository.write('more.txt', 'more\n');
    await repository.commit('More of it');
    await repository.git('checkout', '-q', 'main');
    await repository.write('aside.txt', 'aside\n');
    await repository.commit('Meanwhile');
    await repository.git('merge', '-q', '--no-ff', '-m', `Merge blue into main\n\n${trailers}`, 'blue');
    await repository.write('later.txt', 'later\n');
    await repository.commit('Later');
    await world.inWorktree('merge', '-q', 'main');
  }

  it('is followed from the line to its commit, the merge, the run, the spec and the decision', async () => {
    await mergeBlue();
    expect(await why('blue.txt', 2)).toMatchObject({
      text: 'blue',
      commit: { subject: 'Blue it is', author: 'Ann Author' },
      arrival: { subject: 'Merge blue into main', base: 'main' },
      run: {
        id: 'run-blue',
        title: 'Make it blue',
        isThis: false,
        hasPrompt: true,
        decision: { kind: 'keep', reason: 'It is good.' },
      },
      spec: { slug: 'blue', title: 'Make it blue' },
    });
    expect((await why('blue.txt', 2)).trailers).toContainEqual({ key: 'Gates', value: 'tests passed' });
  });

  it('is this run’s when its branch has it and the base has not, committed or not', async () => {
    await world.write('app.ts', 'one\nTWO\nthree\n');
    await world.commit('Shout');
    expect(await why('app.ts', 2)).toMatchObject({
      commit: { subject: 'Shout' },
      arrival: null,
      run: { title: 'This one', isThis: true },
      spec: { slug: 'this' },
    });
    await world.write('app.ts', 'one\nTWO\nTHREE\n');
    expect(await why('app.ts', 3)).toMatchObject({ commit: null, arrival: null, run: { isThis: true }, text: 'THREE' });
    expect(await why('app.ts', 3, 'before')).toMatchObject({ commit: { subject: 'Begin' }, text: 'three' });
  });

  it('came by itself when it was committed right on the base', async () => {
    await mergeBlue();
    for (const [path, subject] of [
      ['app.ts', 'Begin'],
      ['aside.txt', 'Meanwhile'],
      ['later.txt', 'Later'],
    ] as const) {
      const origin = await why(path, 1);
      expect(origin).toMatchObject({ commit: { subject }, arrival: { subject }, run: null, spec: null });
    }
  });

  it('is known by the record where the merge says nothing', async () => {
    await mergeBlue('No trailers here.');
    expect(await why('blue.txt', 2)).toMatchObject({ run: null, spec: null });
    const arrival = (await why('blue.txt', 2)).arrival?.hash ?? '';
    merged.set(arrival, runId.parse('run-blue'));
    expect(await why('blue.txt', 2)).toMatchObject({ run: { title: 'Make it blue' }, spec: { slug: 'blue' } });
  });

  it('names the spec of a run that is deleted', async () => {
    await mergeBlue('Spec: red\nRun: run-that-is-gone');
    expect(await why('blue.txt', 2)).toMatchObject({ run: null, spec: { slug: 'red', title: 'Make it red' } });
  });

  it('is told from the branch when the worktree is gone', async () => {
    await world.write('app.ts', 'one\nTWO\nthree\n');
    await world.commit('Shout');
    await rm(world.worktree, { recursive: true });
    expect(await why('app.ts', 2)).toMatchObject({ commit: { subject: 'Shout' } });
  });

  it('says so where there is no such line, and follows no name out of the worktree', async () => {
    const { id } = world;
    const ask = (path: string, line: number) => provenance.line({ id, path, line, side: 'after' });
    expect(await ask('app.ts', 99)).toEqual({ ok: false, error: { kind: 'line-missing' } });
    expect(await ask('gone.ts', 1)).toEqual({ ok: false, error: { kind: 'line-missing' } });
    expect(await ask('../project/app.ts', 1)).toEqual({ ok: false, error: { kind: 'line-missing' } });
    expect(await ask('--contents=/etc/passwd', 1)).toEqual({ ok: false, error: { kind: 'line-missing' } });
    await world.write('--evil.ts', 'one\n');
    await world.commit('Evil');
    expect(await why('--evil.ts', 1)).toMatchObject({ commit: { subject: 'Evil' } });
    const other = runId.parse('nobody');
    expect(await provenance.line({ id: other, path: 'app.ts', line: 1, side: 'after' })).toMatchObject({
      error: { kind: 'run-missing' },
    });
    expect(await ask(join('a', 'b'), 1)).toMatchObject({ ok: false });
  });
});
