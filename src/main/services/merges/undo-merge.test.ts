import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Snapshots } from '#main/services/snapshots/snapshots.ts';

import { lines, TestMerges } from './test-merges.ts';

let world: TestMerges;
beforeEach(async () => {
  world = await TestMerges.create();
});
afterEach(() => world.remove());

const file = (name: string): Promise<string> => readFile(join(world.repository.path, name), 'utf8');
const status = (): Promise<string> => world.repository.git('status', '--porcelain');

describe('undo', () => {
  beforeEach(async () => {
    await world.commitOn('topic', { 'feature.ts': 'feature\n', 'old.txt': null, 'readme.md': 'changed\n' });
    await world.commitIn(world.repository.path, { 'app.ts': lines('ONE', 'two', 'three', 'four', 'five') });
  });

  const mergeOnce = async (method: 'merge' | 'squash' | 'rebase' = 'merge'): Promise<string> => {
    const merged = await world.confirm(method);
    if (!merged.ok) throw new Error(JSON.stringify(merged.error));
    return merged.value.snapshot;
  };
  const undo = (snapshot: string): ReturnType<TestMerges['merges']['undo']> =>
    world.merges.undo({ projectId: world.projectId, snapshot });

  it.each(['merge', 'squash', 'rebase'] as const)('puts the base and its checkout back after a %s', async (method) => {
    const before = await world.repository.git('rev-parse', 'main');
    const snapshot = await mergeOnce(method);
    await world.repository.write('scratch.txt', 'mine\n');
    expect(await undo(snapshot)).toEqual({ ok: true, value: { base: 'main', commit: before } });
    expect(await world.repository.git('rev-parse', 'main')).toBe(before);
    expect(await status()).toBe('?? scratch.txt');
    expect(await file('old.txt')).toBe('to be deleted\n');
    expect(await world.confirm(method)).toMatchObject({ ok: true });
  });

  it('moves only the branch when it is not checked out', async () => {
    const before = await world.repository.git('rev-parse', 'main');
    const snapshot = await mergeOnce();
    await world.repository.git('switch', '-q', '--detach');
    expect(await undo(snapshot)).toMatchObject({ ok: true });
    expect(await world.repository.git('rev-parse', 'main')).toBe(before);
    expect(await file('feature.ts')).toBe('feature\n');
  });

  it('is refused when the base has moved on, when files are changed or in the way, or for another snapshot', async () => {
    const snapshot = await mergeOnce();
    await world.repository.write('readme.md', 'mine\n');
    expect(await undo(snapshot)).toMatchObject({ error: { kind: 'checkout-dirty', files: ['readme.md'] } });
    expect(await file('readme.md')).toBe('mine\n');
    await world.repository.git('checkout', '-q', 'readme.md');
    await world.repository.write('old.txt', 'mine\n');
    expect(await undo(snapshot)).toMatchObject({ error: { kind: 'checkout-dirty', files: ['old.txt'] } });
    expect(await file('old.txt')).toBe('mine\n');
    await rm(join(world.repository.path, 'old.txt'));
    const tip = await world.commitIn(world.repository.path, { 'later.txt': 'later\n' });
    expect(await undo(snapshot)).toEqual({ ok: false, error: { kind: 'base-moved', base: 'main' } });
    expect(await world.repository.git('rev-parse', 'main')).toBe(tip);
    const reason = 'Delete run main';
    const other = await new Snapshots({ git: world.git, log: silentLog }).takeRef({
      projectPath: world.repository.path,
      ref: 'refs/heads/main',
      reason,
    });
    expect(await undo(other.ref)).toEqual({ ok: false, error: { kind: 'snapshot-missing' } });
    expect(await undo('refs/switchyard/snapshots/none')).toEqual({
      ok: false,
      error: { kind: 'snapshot-missing' },
    });
  });
});
