import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GitCall } from '#main/services/git/git.ts';

import { TestMerges } from './test-merges.ts';

/* Somebody deletes the base while it is merged into, or while a merge is taken back. */

let world: TestMerges;
let base: string;
beforeEach(async () => {
  world = await TestMerges.create();
  await world.commitOn('topic', { 'feature.ts': 'feature\n', 'old.txt': null }, 'Add the feature');
  base = await world.commitIn(world.repository.path, { 'readme.md': 'only in the base\n' }, 'Meanwhile');
});
afterEach(() => world.remove());

/** Deletes the base right before the first of these calls. */
function deletingBefore(matches: (call: GitCall) => boolean): void {
  let isDeleted = false;
  world.merges = world.mergesBefore(async (call) => {
    if (isDeleted || !matches(call)) return;
    isDeleted = true;
    await world.repository.git('update-ref', '-d', 'refs/heads/main');
  });
}

/** Every commit that a ref of the repository still holds. */
const held = async (): Promise<readonly string[]> => (await world.repository.git('rev-list', '--all')).split('\n');

const isThere = (): Promise<boolean> =>
  world.repository.git('rev-parse', '--verify', '-q', 'refs/heads/main').then(
    () => true,
    () => false,
  );

describe.each([
  ['checked out', false],
  ['not checked out', true],
])('a base that is deleted in mid-merge, %s,', (_where, isElsewhere) => {
  beforeEach(async () => {
    if (isElsewhere) await world.repository.git('switch', '-q', '-c', 'elsewhere', 'topic');
  });

  it('is told, nothing is lost, and the merge can be made when it is back', async () => {
    await writeFile(join(world.repository.path, 'scratch.txt'), 'mine\n');
    const files = await world.repository.git('ls-files', '--stage');
    const readme = await readFile(join(world.repository.path, 'readme.md'), 'utf8');
    deletingBefore(({ name }) => name === 'note the merge');
    expect(await world.confirm('merge')).toEqual({ ok: false, error: { kind: 'base-missing', base: 'main' } });
    expect(await isThere()).toBe(false);
    // The checkout is as it was: its files, its index and what Git does not track.
    expect(await world.repository.git('ls-files', '--stage')).toBe(files);
    expect(await readFile(join(world.repository.path, 'scratch.txt'), 'utf8')).toBe('mine\n');
    expect(await readFile(join(world.repository.path, 'readme.md'), 'utf8')).toBe(readme);
    // Only the snapshot holds now what the base had.
    expect(await held()).toContain(base);

    await world.repository.git('update-ref', 'refs/heads/main', base);
    world.merges = world.mergesOn(world.git);
    expect(await world.confirm('merge')).toMatchObject({ ok: true, value: { previousCommit: base } });
    expect(await world.repository.git('status', '--porcelain')).toBe('?? scratch.txt');
    expect(await world.repository.git('show', 'main:feature.ts')).toBe('feature');
  });

  it('when a merge is undone is told, and nothing is lost', async () => {
    const merged = await world.confirm('merge');
    if (!merged.ok) throw new Error(JSON.stringify(merged.error));
    const { commit, snapshot } = merged.value;
    const files = await world.repository.git('ls-files', '--stage');
    deletingBefore(({ name, args }) => args.includes('--keep') || name === 'move refs/heads/main');
    const undo = () => world.merges.undo({ projectId: world.projectId, snapshot });
    expect(await undo()).toEqual({ ok: false, error: { kind: 'base-moved', base: 'main' } });
    expect(await isThere()).toBe(false);
    expect(await world.repository.git('ls-files', '--stage')).toBe(files);
    expect(await held()).toEqual(expect.arrayContaining([base, commit]));

    await world.repository.git('update-ref', 'refs/heads/main', commit);
    world.merges = world.mergesOn(world.git);
    expect(await undo()).toEqual({ ok: true, value: { base: 'main', commit: base } });
    expect(await world.repository.git('status', '--porcelain')).toBe('');
  });
});

describe('a base that is deleted in the very last moment before it moves', () => {
  it('is told where it is not checked out, and its snapshot holds what it had', async () => {
    await world.repository.git('switch', '-q', '-c', 'elsewhere', 'topic');
    deletingBefore(({ name }) => name === 'move refs/heads/main');
    expect(await world.confirm('merge')).toEqual({ ok: false, error: { kind: 'base-missing', base: 'main' } });
    expect(await isThere()).toBe(false);
    expect(await held()).toContain(base);
  });

  it('begins anew where it is checked out, with all that it had and the merge, as its checkout has it', async () => {
    deletingBefore(({ args }) => args.includes('--ff-only'));
    expect(await world.confirm('merge')).toMatchObject({ ok: true, value: { previousCommit: base } });
    expect(await world.repository.git('rev-list', 'main')).toContain(base);
    expect(await world.repository.git('ls-files')).not.toContain('old.txt');
    expect(await world.repository.git('status', '--porcelain')).toBe('');
  });
});
