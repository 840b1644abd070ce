import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Run } from '#shared/contract/runs.ts';
import type { RunId, SpecSlug, TerminalId } from '#shared/ids.ts';

import { requestOf, TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const working = (run: Run): boolean => run.status.kind === 'working';
const spawn = async (name: string): Promise<RunId> => (await test.spawn({ slug: name as SpecSlug }))[0]!;
const kinds = (ids: readonly RunId[]) => ids.map((id) => test.run(id).status.kind);

describe('a run for which there is no place', () => {
  it('waits with nothing made, says for what, and begins by itself when another one comes to rest', async () => {
    test.limit({ mostRunning: 2 });
    const spawned = await test.runs.spawn({
      projectId: test.projectId,
      requests: ['one', 'two', 'three', 'four'].map((slug) => requestOf({ slug: slug as SpecSlug })),
    });
    const ids = spawned.ok ? spawned.value : [];
    await test.until(ids[1]!, working);
    await test.until(ids[0]!, working);
    expect(kinds(ids)).toEqual(['working', 'working', 'queued', 'queued']);
    expect(test.run(ids[2]!).status).toMatchObject({
      detail: 'Waits for a place: 2 of at most 2 runs are at work.',
      waitsForPlace: 'running',
    });
    expect(existsSync(test.run(ids[2]!).worktreePath)).toBe(false);

    test.terminals.exit(`run-${ids[1]!}` as TerminalId, 0);
    await test.until(ids[2]!, working);
    expect(test.run(ids[3]!).status.kind).toBe('queued');
    expect(test.run(ids[2]!).status.waitsForPlace).toBeUndefined();
    // More places, by the settings.
    test.limit({ mostRunning: 3 });
    await test.until(ids[3]!, working);
  });

  it('is planned as one, before it is asked for', async () => {
    test.limit({ mostRunning: 1 });
    const request = requestOf({ slug: 'one' as SpecSlug, variants: 2 });
    const planned = await test.runs.plan({ projectId: test.projectId, requests: [request] });
    expect(planned.ok && planned.value.map(({ waits }) => waits)).toEqual([
      null,
      'Waits for a place: 1 of at most 1 runs are at work.',
    ]);
  });

  it('keeps its place in the line when the app is opened again, and a paused run keeps its own', async () => {
    test.limit({ mostRunning: 1 });
    const first = await spawn('one');
    await test.until(first, working);
    const second = await spawn('two');
    await test.runs.pause({ id: first });
    await test.reopen();
    expect(test.run(second).status).toMatchObject({ kind: 'queued', waitsForPlace: 'running' });
    expect(test.run(first)).toMatchObject({ pausedSince: 5000 });
    await test.runs.stop({ id: first });
    await test.until(second, working);
    expect(test.run(first).pausedSince).toBeNull();
  });

  it('can be started all the same, cancelled, and deleted', async () => {
    test.limit({ mostRunning: 1 });
    const first = await spawn('one');
    await test.until(first, working);
    const [second, third, fourth] = [await spawn('two'), await spawn('three'), await spawn('four')];
    expect((await test.runs.startNow({ id: third })).ok).toBe(true);
    await test.until(third, working);
    expect((await test.runs.stop({ id: second })).ok).toBe(true);
    expect(test.run(second).status).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('Nothing had been made'),
    });
    const plan = await test.runs.planRemoval({ id: fourth });
    expect((await test.runs.remove({ id: fourth, fingerprint: plan.ok ? plan.value.fingerprint : '' })).ok).toBe(true);
    // Tried again it stands in the line as before.
    expect((await test.runs.retry({ id: second })).ok).toBe(true);
    expect(test.run(second).status).toMatchObject({ kind: 'queued', waitsForPlace: 'running' });
    expect(test.run(second).stages.every(({ state }) => state === 'pending')).toBe(true);
  });

  it('waits for the person where too much is to be reviewed, until something is decided', async () => {
    test.limit({ mostToReview: 1 });
    const first = await spawn('one');
    const { worktreePath } = await test.until(first, working);
    await writeFile(join(worktreePath, 'new.txt'), 'work');
    test.terminals.exit(`run-${first}` as TerminalId, 0);
    test.runs.refresh(test.projectId, worktreePath);
    await test.until(first, (run) => run.status.kind === 'exited' && run.changes?.uncommitted === 1);
    const second = await spawn('two');
    expect(test.run(second).status).toMatchObject({
      kind: 'queued',
      detail: 'Waits for your review: 1 of at most 1 results are to be decided.',
      waitsForPlace: 'review',
    });
    await test.runs.decide({ id: first, decision: 'keep', reason: '' });
    await test.until(second, working);
  });

  it('waits for memory, but never when nothing else runs', async () => {
    test.limit({ isMemoryLow: true });
    const first = await spawn('one');
    await test.until(first, working);
    const second = await spawn('two');
    expect(test.run(second).status.waitsForPlace).toBe('memory');
    test.limit({ isMemoryLow: false });
    await test.until(second, working);
  });

  it('goes through both lines: for other specs first, then for a place', async () => {
    test.after.set('two', ['one']);
    test.limit({ mostRunning: 1 });
    const first = await spawn('one');
    const { worktreePath, branch } = await test.until(first, working);
    const second = await spawn('two');
    expect(test.run(second).status).toMatchObject({ waitsFor: ['one'] });
    await test.repository.git('-C', worktreePath, 'commit', '-q', '--allow-empty', '-m', 'Work');
    await test.repository.git('merge', '-q', '--no-ff', '-m', 'Merge', branch);
    test.runs.refresh(test.projectId, null);
    await test.until(second, (run) => run.status.waitsForPlace === 'running');
    test.terminals.exit(`run-${first}` as TerminalId, 0);
    await test.until(second, working);
  });
});

describe('while no run is to begin', () => {
  it('none does, whatever becomes free, and afterwards each does in its turn', async () => {
    test.limit({ mostRunning: 1 });
    const first = await spawn('one');
    await test.until(first, working);
    const second = await spawn('two');
    const held = test.runs.holdQueue('Waits until the rest is stopped.');
    const heldToo = test.runs.holdQueue('Waits for something else.');
    await test.runs.stop({ id: first });
    const third = await spawn('three');
    await test.until(second, ({ status }) => status.detail === 'Waits until the rest is stopped.');
    expect(kinds([first, second, third])).toEqual(['exited', 'queued', 'queued']);
    held.dispose();
    held.dispose();
    await test.until(second, ({ status }) => status.detail === 'Waits for something else.');
    expect(existsSync(test.run(second).worktreePath)).toBe(false);
    heldToo.dispose();
    await test.until(second, working);
    expect(test.run(third).status).toMatchObject({ kind: 'queued', waitsForPlace: 'running' });
  });

  it('one can be started all the same', async () => {
    test.runs.holdQueue('Waits.');
    const first = await spawn('one');
    expect(test.run(first).status).toMatchObject({ kind: 'queued', detail: 'Waits.' });
    expect((await test.runs.startNow({ id: first })).ok).toBe(true);
    await test.until(first, working);
  });
});

describe('a run that is paused', () => {
  it('says so, is not taken for idle or stuck, and goes on', async () => {
    const id = await spawn('one');
    await test.until(id, working);
    expect(await test.runs.pause({ id })).toEqual({ ok: true, value: undefined });
    expect(test.run(id)).toMatchObject({ pausedSince: 5000, status: { kind: 'working' } });
    expect((await test.runs.unpause({ id })).ok).toBe(true);
    expect(test.run(id).pausedSince).toBeNull();
    test.terminals.exit(`run-${id}` as TerminalId, 0);
    expect(await test.runs.pause({ id })).toEqual({ ok: false, error: { kind: 'not-running' } });
  });
});
