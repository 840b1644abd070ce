import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { TestReviews } from './test-reviews.ts';

let world: TestReviews;
afterEach(() => world.remove());

const regular = '100644';
const modified = {
  oldPath: null,
  change: 'modified',
  content: 'text',
  oldMode: regular,
  newMode: regular,
  uncommitted: false,
};
const added = { ...modified, change: 'added', oldMode: null };
const text = (seed: string): string => Array.from({ length: 20 }, (_, line) => `${seed} ${String(line)}\n`).join('');

describe('a review', () => {
  it('shows what is committed and what is not, and marks the latter', async () => {
    world = await TestReviews.create((repository) => repository.write('other.ts', 'x\n'));
    await world.write('app.ts', 'one\nTWO\nthree\n');
    const head = await world.commit('Change two');
    await world.write('app.ts', 'one\nTWO\nthree\nfour\n');
    await world.write('other.ts', 'y\n');
    await world.inWorktree('add', 'other.ts');
    await world.write('new.ts', 'a\nb\n');
    const state = await world.look();
    expect(state).toMatchObject({
      kind: 'review',
      review: {
        base: 'main',
        branch: 'topic',
        mergeBase: world.run?.baseCommit,
        head,
        commits: [{ hash: head, subject: 'Change two', author: 'Ann Author' }],
        omittedFiles: 0,
      },
    });
    expect(await world.files()).toEqual([
      { ...modified, path: 'app.ts', insertions: 2, deletions: 1, uncommitted: true },
      { ...added, path: 'new.ts', insertions: 2, deletions: 0, uncommitted: true },
      { ...modified, path: 'other.ts', insertions: 1, deletions: 1, uncommitted: true },
    ]);
    expect(await world.content('app.ts')).toEqual({
      kind: 'text',
      original: 'one\ntwo\nthree\n',
      modified: 'one\nTWO\nthree\nfour\n',
      language: 'typescript',
    });
    expect(await world.content('new.ts')).toMatchObject({ original: null, modified: 'a\nb\n' });
    // Looking has changed nothing: the file that was not added is still not.
    expect(await world.inWorktree('status', '--porcelain')).toBe(' M app.ts\nM  other.ts\n?? new.ts');
  });

  it('compares with the merge base, not with what the base has got since', async () => {
    world = await TestReviews.create();
    await world.write('feature.ts', 'f\n');
    await world.commit();
    await world.repository.write('app.ts', 'changed on main\n');
    await world.repository.commit('Meanwhile');
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
    await world.inWorktree('merge', '-q', '--no-edit', 'main');
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
  });

  it('can still be read when the run is merged, and when its worktree is gone', async () => {
    world = await TestReviews.create();
    await world.write('feature.ts', 'f\n');
    await world.commit();
    await world.repository.git('merge', '-q', '--no-ff', '--no-edit', 'topic');
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
    await world.repository.git('worktree', 'remove', '--force', world.worktree);
    expect(await world.files()).toEqual([{ ...added, path: 'feature.ts', insertions: 1, deletions: 0 }]);
    expect(await world.content('feature.ts')).toMatchObject({ kind: 'text', original: null, modified: 'f\n' });
  });

  it('is empty when nothing has changed', async () => {
    world = await TestReviews.create();
    expect(await world.look()).toMatchObject({ kind: 'review', review: { files: [], commits: [] } });
  });

  it('says why there is nothing', async () => {
    world = await TestReviews.create();
    const run = world.run!;
    const reason = async (change: Partial<typeof run>): Promise<unknown> => {
      world.run = { ...run, ...change };
      return world.look();
    };
    const nothing = (why: string): object => ({ kind: 'nothing-there', reason: why });
    expect(await reason({ branch: 'none' })).toEqual(nothing('branch-missing'));
    expect(await reason({ branch: 'none', baseCommit: null })).toEqual(nothing('not-started'));
    expect(await reason({ base: '--output=x', baseCommit: null })).toEqual(nothing('base-missing'));
    expect(await reason({ base: 'a\nb', baseCommit: null })).toEqual(nothing('base-missing'));
    const tree = await world.repository.git('rev-parse', 'main^{tree}');
    const stranger = await world.repository.git('commit-tree', tree, '-m', 'Other root');
    await world.repository.git('branch', 'stranger', stranger);
    expect(await reason({ base: 'stranger' })).toEqual(nothing('unrelated-histories'));
    world.run = null;
    expect(await world.look()).toEqual(nothing('run-missing'));
    expect(await world.content('app.ts')).toEqual({ kind: 'not-in-review' });
  });

  it('goes on from where the branch started when the base is gone', async () => {
    world = await TestReviews.create();
    await world.write('feature.ts', 'f\n');
    world.run = { ...world.run!, base: 'deleted-base' };
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
  });

  it('shows the branch and not the folder when the folder has another branch', async () => {
    world = await TestReviews.create();
    await world.write('feature.ts', 'f\n');
    await world.commit();
    await world.inWorktree('switch', '-q', '-c', 'elsewhere', 'main');
    await world.write('stray.ts', 's\n');
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
  });

  it('is not fooled by a folder that is no checkout any more', async () => {
    world = await TestReviews.create();
    await world.write('feature.ts', 'f\n');
    await world.commit();
    await rm(join(world.worktree, '.git'));
    await world.repository.gitIn(world.repository.root, 'init', '-q');
    await world.write('stray.ts', 's\n');
    expect((await world.files()).map(({ path }) => path)).toEqual(['feature.ts']);
  });
});

describe('a file that was written again', () => {
  it('with what is committed has that content, and is not uncommitted', async () => {
    world = await TestReviews.create();
    await world.write('app.ts', 'committed\n');
    await world.commit();
    await world.write('app.ts', 'something else\n');
    await world.write('app.ts', 'committed\n');
    expect(await world.files()).toMatchObject([{ path: 'app.ts', insertions: 1, deletions: 3, uncommitted: false }]);
    expect(await world.content('app.ts')).toMatchObject({ modified: 'committed\n' });
  });
});

describe('kinds of change:', () => {
  it('deleted, renamed, copied, moved without telling Git, and with another case', async () => {
    world = await TestReviews.create(async (repository) => {
      await repository.write('deleted.ts', 'gone\n');
      await repository.write('old.ts', text('old'));
      await repository.write('moved.ts', text('moved'));
      await repository.write('source.ts', text('source'));
      await repository.write('Case.ts', text('case'));
    });
    await world.inWorktree('mv', 'old.ts', 'new.ts');
    await world.write('new.ts', `${text('old')}more\n`);
    await world.inWorktree('mv', 'Case.ts', 'case.ts');
    await world.inWorktree('rm', '-q', 'deleted.ts');
    await world.write('copy.ts', text('source'));
    await world.write('source.ts', `${text('source')}more\n`);
    await world.commit();
    await mkdir(join(world.worktree, 'sub'));
    await rename(join(world.worktree, 'moved.ts'), join(world.worktree, 'sub/moved.ts'));
    expect(await world.files()).toEqual([
      { ...modified, path: 'case.ts', oldPath: 'Case.ts', change: 'renamed', insertions: 0, deletions: 0 },
      { ...modified, path: 'copy.ts', oldPath: 'source.ts', change: 'copied', insertions: 0, deletions: 0 },
      { ...modified, path: 'deleted.ts', change: 'deleted', newMode: null, insertions: 0, deletions: 1 },
      { ...modified, path: 'new.ts', oldPath: 'old.ts', change: 'renamed', insertions: 1, deletions: 0 },
      { ...modified, path: 'source.ts', insertions: 1, deletions: 0 },
      {
        ...modified,
        path: 'sub/moved.ts',
        oldPath: 'moved.ts',
        change: 'renamed',
        insertions: 0,
        deletions: 0,
        uncommitted: true,
      },
    ]);
    expect(await world.content('new.ts')).toMatchObject({ original: text('old'), modified: `${text('old')}more\n` });
    expect(await world.content('deleted.ts')).toMatchObject({ original: 'gone\n', modified: null });
    expect(await world.content('sub/moved.ts')).toMatchObject({ original: text('moved'), modified: text('moved') });
  });

  it('mode, file to link and back', async () => {
    world = await TestReviews.create(async (repository) => {
      await repository.write('run.sh', 'echo\n');
      await repository.write('becomes-link', 'content\n');
      await symlink('app.ts', join(repository.path, 'link'));
      await symlink('app.ts', join(repository.path, 'becomes-file'));
    });
    const path = (name: string): string => join(world.worktree, name);
    await chmod(path('run.sh'), 0o755);
    for (const name of ['becomes-link', 'link', 'becomes-file']) await rm(path(name));
    await symlink('/etc/passwd', path('becomes-link'));
    await symlink('elsewhere', path('link'));
    await writeFile(path('becomes-file'), 'content\n');
    const expected = [
      { path: 'becomes-file', change: 'type-changed', content: 'text', oldMode: '120000', newMode: regular },
      { path: 'becomes-link', change: 'type-changed', content: 'text', oldMode: regular, newMode: '120000' },
      { path: 'link', change: 'modified', content: 'symlink', oldMode: '120000', newMode: '120000' },
      { path: 'run.sh', change: 'mode-changed', content: 'text', oldMode: regular, newMode: '100755' },
    ];
    expect(await world.files()).toMatchObject(expected);
    expect(await world.content('becomes-file')).toMatchObject({ original: 'app.ts', modified: 'content\n' });
    // The link's target is shown, never what is there.
    expect(await world.content('becomes-link')).toMatchObject({ original: 'content\n', modified: '/etc/passwd' });
    expect(await world.content('link')).toEqual({
      kind: 'symlink',
      originalTarget: 'app.ts',
      modifiedTarget: 'elsewhere',
    });
    await world.commit();
    expect(await world.files()).toMatchObject(expected);
    expect(await world.content('becomes-link')).toMatchObject({ original: 'content\n', modified: '/etc/passwd' });
  });

  it('submodules, and repositories that an agent made in its worktree', async () => {
    world = await TestReviews.create();
    const nested = join(world.worktree, 'nested');
    await mkdir(nested);
    await world.repository.gitIn(nested, 'init', '-q');
    expect(await world.files()).toMatchObject([{ path: 'nested', change: 'added', content: 'submodule' }]);
    expect(await world.content('nested')).toEqual({ kind: 'submodule', originalCommit: null, modifiedCommit: null });
    await writeFile(join(nested, 'file'), 'x');
    const first = await world.repository.commit('First', nested);
    expect(await world.content('nested')).toEqual({ kind: 'submodule', originalCommit: null, modifiedCommit: first });
    await world.commit();
    const second = await world.repository.commit('Second', nested);
    expect(await world.files()).toMatchObject([{ path: 'nested', content: 'submodule', uncommitted: true }]);
    expect(await world.content('nested')).toEqual({ kind: 'submodule', originalCommit: null, modifiedCommit: second });
  });

  it('files in conflict, each once', async () => {
    world = await TestReviews.create();
    await world.write('app.ts', 'one\nTOPIC\nthree\n');
    await world.commit();
    await world.repository.write('app.ts', 'one\nMAIN\nthree\n');
    await world.repository.commit('Meanwhile');
    await world.inWorktree('merge', 'main').catch(() => undefined);
    expect(await world.files()).toMatchObject([{ path: 'app.ts', change: 'modified', uncommitted: true }]);
    expect(await world.content('app.ts')).toMatchObject({ modified: expect.stringContaining('<<<<<<<') });
  });
});

describe('viewed marks', () => {
  it('hold for the version that was seen: not when the file changes, but when it is only committed', async () => {
    world = await TestReviews.create();
    await world.write('app.ts', 'seen\n');
    await world.write('other.ts', 'not seen\n');
    const marks = async (): Promise<unknown> => {
      const state = await world.look();
      if (state.kind !== 'review') throw new Error(state.reason);
      return state.review.files.map(({ path, version, viewed }) => ({ path, version, viewed }));
    };
    const [file] = (await marks()) as { path: string; version: string }[];
    const mark = { id: world.id, path: 'app.ts', version: file!.version };
    expect(await world.reviews.setViewed({ ...mark, viewed: true })).toMatchObject({ ok: true });
    expect(await marks()).toMatchObject([{ viewed: true }, { viewed: false }]);
    await world.commit();
    expect(await marks()).toMatchObject([{ viewed: true }, { viewed: false }]);
    await world.write('app.ts', 'changed\n');
    expect(await marks()).toMatchObject([{ viewed: false }, { viewed: false }]);
    await world.write('app.ts', 'seen\n');
    expect(await marks()).toMatchObject([{ viewed: true }, { viewed: false }]);
    await world.reviews.setViewed({ ...mark, viewed: false });
    expect(await marks()).toMatchObject([{ viewed: false }, { viewed: false }]);
    world.run = null;
    expect(await world.reviews.setViewed({ ...mark, viewed: true })).toEqual({
      ok: false,
      error: { kind: 'run-missing' },
    });
  });
});
