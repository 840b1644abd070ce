import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { runId } from '#shared/ids.ts';

import { lines, TestMerges } from './test-merges.ts';

let world: TestMerges;
beforeEach(async () => {
  world = await TestMerges.create();
});
afterEach(() => world.remove());

const id = runId.parse('run-1234');
const file = (name: string): Promise<string> => readFile(join(world.repository.path, name), 'utf8');
const status = (): Promise<string> => world.repository.git('status', '--porcelain');

describe('a clean merge', () => {
  beforeEach(async () => {
    await world.commitOn('topic', { 'feature.ts': 'feature\n', 'old.txt': null }, 'Add the feature');
    await world.commitIn(world.repository.path, { 'readme.md': 'read me again\n' }, 'Meanwhile');
  });

  it('is shown first, with what it brings and what is left out of it', async () => {
    await writeFile(join(await world.addWorktree(), 'notes.txt'), 'not committed\n');
    expect(await world.merges.preview({ id, method: 'merge' })).toMatchObject({
      ok: true,
      value: {
        base: 'main',
        branch: 'topic',
        commits: 1,
        files: 2,
        insertions: 1,
        deletions: 1,
        uncommittedFiles: ['notes.txt'],
        outcome: { kind: 'clean' },
        checkout: { kind: 'fast-forward' },
        message: lines(
          'Merge topic into main',
          '',
          'Match history for players',
          '',
          'Spec: match-history',
          'Run: run-1234',
          'Agent: Scribe',
        ),
      },
    });
  });

  it('becomes a commit of both, and the checkout follows', async () => {
    const [base, branch] = [
      await world.repository.git('rev-parse', 'main'),
      await world.repository.git('rev-parse', 'topic'),
    ];
    const merged = await world.confirm('merge', 'My words\n\nReviewed-by: Ann\n');
    expect(merged).toMatchObject({
      ok: true,
      value: { base: 'main', previousCommit: base, checkout: 'fast-forwarded' },
    });
    if (!merged.ok) return;
    const { commit, snapshot } = merged.value;
    expect(await world.repository.git('rev-parse', 'main', `${commit}^1`, `${commit}^2`, `${snapshot}^1`)).toBe(
      [commit, base, branch, base].join('\n'),
    );
    expect(await world.repository.git('log', '-1', '--format=%B', 'main')).toBe(
      'My words\n\nReviewed-by: Ann\nSpec: match-history\nRun: run-1234\nAgent: Scribe\n',
    );
    expect(await world.repository.git('log', '-1', '--format=%(trailers:key=Run,valueonly)|%an|%cn', 'main')).toBe(
      'run-1234\n|Ann Author|Ann Author',
    );
    expect(await file('feature.ts')).toBe('feature\n');
    expect(await file('readme.md')).toBe('read me again\n');
    expect(await status()).toBe('');
    expect(await world.repository.git('reflog', '-1', '--format=%gs', 'main')).toContain('merge topic');
    expect(world.events).toMatchObject([{ runId: id, method: 'merge', commit }]);
  });

  it('is refused while what both sides promise has not passed on it, and nothing has changed then', async () => {
    world.unproved = ['It is still blue.'];
    const before = await world.repository.refs();
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      expect(await world.confirm(method)).toEqual({
        ok: false,
        error: { kind: 'sides-unproved', criteria: ['It is still blue.'] },
      });
    }
    expect(await world.repository.refs()).toBe(before);
    world.unproved = [];
    expect(await world.confirm('merge')).toMatchObject({ ok: true });
  });

  it('becomes one commit when it is squashed, and then there is nothing more to merge', async () => {
    await world.commitOn('topic', { 'feature.ts': 'feature two\n' }, 'Improve the feature');
    const merged = await world.confirm('squash');
    expect(merged).toMatchObject({ ok: true });
    expect(await world.repository.git('log', '-1', '--format=%p|%s|%b', 'main')).toBe(
      `${await world.repository.git('rev-parse', '--short', 'main^')}|Match history for players|${lines(
        '* Add the feature',
        '* Improve the feature',
        '',
        'Spec: match-history',
        'Run: run-1234',
        'Agent: Scribe',
      )}`,
    );
    expect(await status()).toBe('');
    for (const method of ['squash', 'merge', 'rebase'] as const) {
      expect(await world.merges.preview({ id, method })).toMatchObject({
        value: { outcome: { kind: 'nothing-to-merge' } },
      });
    }
    expect(await world.confirm('squash')).toEqual({ ok: false, error: { kind: 'nothing-to-merge' } });
  });

  it('keeps files that are not in its way: untracked and ignored ones', async () => {
    await world.repository.write('scratch.txt', 'mine\n');
    await world.repository.write('local.env', 'secret\n');
    expect(await world.confirm('merge')).toMatchObject({ ok: true });
    expect(await file('scratch.txt')).toBe('mine\n');
    expect(await file('local.env')).toBe('secret\n');
  });

  it('only moves the branch when it is checked out nowhere', async () => {
    await world.repository.git('switch', '-q', '-c', 'elsewhere');
    await world.repository.write('app.ts', 'half done\n');
    expect(await world.merges.preview({ id, method: 'merge' })).toMatchObject({
      value: { checkout: { kind: 'not-checked-out', headBranch: 'elsewhere' } },
    });
    const before = await world.repository.git('rev-parse', 'elsewhere');
    expect(await world.confirm('merge')).toMatchObject({ ok: true, value: { checkout: 'left-alone' } });
    expect(await world.repository.git('rev-parse', 'elsewhere')).toBe(before);
    expect(await world.repository.git('show', 'main:feature.ts')).toBe('feature');
    expect(await status()).toBe(' M app.ts');
    expect(await file('app.ts')).toBe('half done\n');
  });

  it('takes a linked worktree along where the base is checked out in one', async () => {
    await world.repository.git('switch', '-q', '--detach');
    const linked = join(world.repository.root, 'linked');
    await world.repository.git('worktree', 'add', '-q', linked, 'main');
    expect(await world.confirm('merge')).toMatchObject({ ok: true, value: { checkout: 'fast-forwarded' } });
    expect(await world.repository.gitIn(linked, 'status', '--porcelain')).toBe('');
    expect(await readFile(join(linked, 'feature.ts'), 'utf8')).toBe('feature\n');
  });

  it('works on branches whose names look like options', async () => {
    await world.repository.git('update-ref', 'refs/heads/--force', 'topic');
    world.run = { ...world.run, branch: '--force' };
    expect(await world.confirm('merge')).toMatchObject({ ok: true });
    expect(await file('feature.ts')).toBe('feature\n');
  });

  it('is made in the person’s name, and refused without one', async () => {
    for (const name of ['AUTHOR_NAME', 'AUTHOR_EMAIL', 'COMMITTER_NAME', 'COMMITTER_EMAIL']) {
      delete world.repository.env[`GIT_${name}`];
    }
    const before = await world.repository.refs();
    world.merges = world.mergesOn(new Git({ log: silentLog, env: world.repository.env }));
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      expect(await world.confirm(method)).toMatchObject({
        ok: false,
        error: { kind: 'git-failed', message: expect.stringContaining('git config --global user.name') },
      });
    }
    expect(await world.repository.refs()).toBe(before);
    await writeFile(
      world.repository.env['GIT_CONFIG_GLOBAL']!,
      '[user]\nname = Jürgen Person\nemail = j@example.com\n',
    );
    expect(await world.confirm('merge')).toMatchObject({ ok: true });
    expect(await world.repository.git('log', '-1', '--format=%an <%ae>', 'main')).toBe('Jürgen Person <j@example.com>');
  });
});

describe('a rebase', () => {
  it('replays each commit with its author, date and message, and drops what the base has already', async () => {
    await world.commitOn('topic', { 'app.ts': lines('ONE', 'two', 'three', 'four', 'five') }, 'Picked upstream too');
    const path = await world.addWorktree();
    await world.repository.write(join(path, 'feature.ts'), 'feature\n');
    await world.repository.gitIn(path, 'add', '-A');
    const author = ['--author=Zoë Agent <zoe@example.com>', '--date=2020-02-02T02:02:02+0300'];
    const message = 'Add a feature\n\nWith a body.\n\nSigned-off-by: Zoë <zoe@example.com>';
    await world.repository.gitIn(path, 'commit', '-q', ...author, '-m', message);
    await world.repository.gitIn(path, 'commit', '-q', '--allow-empty', '-m', 'Empty from the start');
    await world.commitIn(world.repository.path, { 'app.ts': lines('ONE', 'two', 'three', 'four', 'five') }, 'Picked');
    await world.commitIn(world.repository.path, { 'readme.md': 'new\n' }, 'Meanwhile');
    const base = await world.repository.git('rev-parse', 'main');

    expect(await world.confirm('rebase')).toMatchObject({ ok: true, value: { checkout: 'fast-forwarded' } });
    expect(await world.repository.git('log', '--reverse', '--format=%an <%ae> %aI%n%B', `${base}..main`)).toBe(
      `Zoë Agent <zoe@example.com> 2020-02-02T02:02:02+03:00\n${message}\n\n${await world.repository.gitIn(
        path,
        'log',
        '-1',
        '--format=%an <%ae> %aI%n%B',
      )}`,
    );
    expect(await world.repository.git('log', '-1', '--format=%cn', 'main')).toBe('Ann Author');
    expect(await file('feature.ts')).toBe('feature\n');
    expect(await status()).toBe('');

    // The same, by Git itself, in a clone.
    await world.repository.git('clone', '-q', '--no-local', world.repository.path, '../clone');
    const clone = join(world.repository.root, 'clone');
    await world.repository.gitIn(clone, 'switch', '-q', 'topic');
    await world.repository.gitIn(clone, 'rebase', '-q', base);
    expect(await world.repository.gitIn(clone, 'rev-parse', 'HEAD^{tree}')).toBe(
      await world.repository.git('rev-parse', 'main^{tree}'),
    );
    expect(await world.repository.gitIn(clone, 'log', '--format=%an%aI%B', `${base}..`)).toBe(
      await world.repository.git('log', '--format=%an%aI%B', `${base}..main`),
    );
  });

  it('keeps the very commits when the base has not moved', async () => {
    const tip = await world.commitOn('topic', { 'feature.ts': 'feature\n' });
    expect(await world.confirm('rebase')).toMatchObject({ ok: true, value: { commit: tip } });
    expect(await world.repository.git('rev-parse', 'main')).toBe(tip);
  });

  it('keeps a message in another encoding as it is', async () => {
    await world.commitOn('topic', { 'a.txt': 'a\n' });
    const path = await world.addWorktree();
    await writeFile(join(world.repository.root, 'message'), Buffer.from('Gr\xfc\xdfe', 'latin1'));
    await world.repository.gitIn(
      path,
      '-c',
      'i18n.commitEncoding=ISO-8859-1',
      'commit',
      '--amend',
      '-q',
      '-F',
      '../message',
    );
    await world.commitIn(world.repository.path, { 'readme.md': 'new\n' });
    expect(await world.confirm('rebase')).toMatchObject({ ok: true });
    expect(await world.repository.git('log', '-1', '--format=%e %s', 'main')).toBe('ISO-8859-1 Grüße');
  });

  it('names the commit that conflicts, even where the sum of them would not', async () => {
    await world.commitOn('topic', { 'app.ts': lines('one', 'TWO', 'three', 'four', 'five') }, 'There');
    await world.commitOn(
      'topic',
      { 'app.ts': lines('one', 'two', 'three', 'four', 'five'), 'b.txt': 'b\n' },
      'And back',
    );
    await world.commitIn(world.repository.path, { 'app.ts': lines('one', 'zwei', 'three', 'four', 'five') });
    expect(await world.merges.preview({ id, method: 'merge' })).toMatchObject({
      value: { outcome: { kind: 'clean' } },
    });
    const refs = await world.repository.refs();
    expect(await world.confirm('rebase')).toMatchObject({
      ok: false,
      error: {
        kind: 'conflicts',
        conflicts: [{ path: 'app.ts', reason: expect.stringMatching(/same lines \(in commit [0-9a-f]{9} “There”\)/u) }],
      },
    });
    expect(await world.repository.refs()).toBe(refs);
  });

  it('refuses a branch with merges in it, because it would drop what was resolved there', async () => {
    await world.commitOn('topic', { 'a.txt': 'a\n' });
    await world.commitIn(world.repository.path, { 'readme.md': 'new\n' });
    await world.repository.gitIn(await world.addWorktree(), 'merge', '-q', '--no-edit', 'main');
    expect(await world.merges.preview({ id, method: 'rebase' })).toMatchObject({
      ok: false,
      error: { kind: 'git-failed', message: expect.stringContaining('contains merge commits') },
    });
    expect(await world.confirm('merge')).toMatchObject({ ok: true });
  });
});

describe('a merge is refused, and nothing has changed,', () => {
  beforeEach(async () => {
    await world.commitOn('topic', { 'app.ts': lines('one', 'two', 'three', 'four', 'FIVE'), 'dir/new.txt': 'n\n' });
  });

  /** The refusal, after a look that all is as it was. */
  const refusal = async (files: Readonly<Record<string, string>> = {}): Promise<object | null> => {
    const before = await world.picture();
    const merged = await world.confirm('merge');
    expect(await world.picture()).toBe(before);
    for (const [name, text] of Object.entries(files)) expect(await file(name)).toBe(text);
    return merged.ok ? null : merged.error;
  };

  it('when it was not decided to keep it', async () => {
    world.run = { ...world.run, decision: 'modify' };
    expect(await refusal()).toMatchObject({ kind: 'not-kept' });
  });

  it('when the checkout has changes, staged or not, also to other files', async () => {
    await world.repository.write('readme.md', 'half a sentence\n');
    expect(await refusal({ 'readme.md': 'half a sentence\n' })).toMatchObject({
      kind: 'checkout-dirty',
      files: ['readme.md'],
    });
    await world.repository.git('add', 'readme.md');
    expect(await refusal()).toMatchObject({
      kind: 'checkout-dirty',
      path: world.repository.path,
      files: ['readme.md'],
    });
    expect(await world.merges.preview({ id, method: 'merge' })).toMatchObject({
      value: { checkout: { kind: 'dirty', files: ['readme.md'] } },
    });
  });

  it.each([
    ['an untracked file', 'dir/new.txt'],
    ['an untracked file where it needs a folder', 'dir'],
    ['untracked files in a folder where it needs a file', 'dir/new.txt/mine.txt'],
  ])('when %s is in the way', async (_what, name) => {
    await world.repository.write(name, 'mine\n');
    expect(await refusal({ [name]: 'mine\n' })).toMatchObject({ kind: 'checkout-dirty', files: [name] });
  });

  it('when an ignored file is in the way, which Git itself would replace', async () => {
    await world.commitOn('topic', { '.gitignore': '', 'local.env': 'theirs\n' });
    await world.repository.write('local.env', 'secret\n');
    expect(await refusal({ 'local.env': 'secret\n' })).toMatchObject({ kind: 'checkout-dirty', files: ['local.env'] });
  });

  it('when Git was told not to look at a file that was changed', async () => {
    await world.repository.git('update-index', '--assume-unchanged', 'app.ts');
    await world.repository.write('app.ts', 'mine\n');
    expect(await refusal({ 'app.ts': 'mine\n' })).toMatchObject({ kind: 'checkout-dirty', files: ['app.ts'] });
  });

  it('when something is under way in the checkout', async () => {
    await world.commitOn('other', { 'app.ts': lines('1', 'two', 'three', 'four', 'five') });
    await world.commitIn(world.repository.path, { 'app.ts': lines('I', 'two', 'three', 'four', 'five') });
    await world.repository.git('merge', 'other').catch(() => undefined);
    expect(await refusal()).toMatchObject({
      kind: 'checkout-dirty',
      obstacle: expect.stringContaining('A merge is under way'),
    });
    await world.repository.git('merge', '--abort');
    await world.repository.git('rebase', 'other').catch(() => undefined);
    expect(await refusal()).toMatchObject({
      kind: 'checkout-dirty',
      obstacle: expect.stringContaining('A rebase is under way'),
    });
  });

  it('when the base is checked out twice', async () => {
    await world.repository.git('worktree', 'add', '-q', '--force', '../second', 'main');
    expect(await refusal()).toMatchObject({
      kind: 'checkout-dirty',
      obstacle: expect.stringContaining('checked out a second time'),
    });
  });

  it('when its files go through a filter that only the repository’s own configuration names', async () => {
    await world.repository.git('config', 'filter.crypt.smudge', 'tr a-z n-za-m');
    await world.repository.git('config', 'filter.crypt.clean', 'tr a-z n-za-m');
    await world.commitIn(world.repository.path, { '.gitattributes': '*.secret filter=crypt\n' });
    await world.repository.git('branch', '-D', '-q', 'topic');
    await world.commitOn('topic', { 'a.secret': 'hello\n' });
    expect(await refusal()).toMatchObject({
      kind: 'checkout-dirty',
      files: ['a.secret'],
      obstacle: expect.stringContaining('crypt'),
    });
  });

  it('when it would move a submodule that is checked out', async () => {
    const lib = join(world.repository.path, 'lib');
    await world.repository.git('init', '-q', lib);
    const commit = await world.repository.commit('Library', lib);
    await world.repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},lib`);
    await world.repository.git('commit', '-q', '-m', 'Add the library');
    await world.repository.git('worktree', 'add', '-q', '-b', 'bump', '../bump');
    const bump = join(world.repository.root, 'bump');
    await world.repository.gitIn(bump, 'update-index', '--cacheinfo', `160000,${'2'.repeat(40)},lib`);
    await world.repository.gitIn(bump, 'commit', '-q', '-m', 'Bump');
    world.run = { ...world.run, branch: 'bump' };
    expect(await refusal()).toMatchObject({ kind: 'checkout-dirty', files: ['lib'], obstacle: expect.any(String) });
  });

  it('when the branch or the base is gone, or they have nothing in common', async () => {
    world.run = { ...world.run, branch: 'nowhere' };
    expect(await world.merges.preview({ id, method: 'merge' })).toEqual({
      ok: false,
      error: { kind: 'branch-missing', branch: 'nowhere' },
    });
    world.run = { ...world.run, branch: 'topic', base: 'a\nb' };
    expect(await world.merges.preview({ id, method: 'merge' })).toEqual({
      ok: false,
      error: { kind: 'base-missing', base: 'a\nb' },
    });
    const tree = await world.repository.git('rev-parse', 'main^{tree}');
    await world.repository.git(
      'branch',
      'stranger',
      await world.repository.git('commit-tree', tree, '-m', 'Other root'),
    );
    world.run = { ...world.run, base: 'main', branch: 'stranger' };
    expect(await world.merges.preview({ id, method: 'rebase' })).toEqual({
      ok: false,
      error: { kind: 'unrelated-histories' },
    });
    expect(await world.merges.preview({ id: runId.parse('run-none'), method: 'merge' })).toEqual({
      ok: false,
      error: { kind: 'run-missing' },
    });
  });

  it('when Git is too old for it', async () => {
    const { git } = world;
    const old = world.mergesOn({
      read: (call) => git.read(call),
      direct: (call) => git.direct(call),
      write: (call) => git.write(call),
      writes: (commonDir, task) => git.writes(commonDir, task),
      commonDir: (cwd) => git.commonDir(cwd),
      gitDir: (cwd) => git.gitDir(cwd),
      version: () => Promise.resolve({ text: '2.34.1', major: 2, minor: 34 }),
    });
    expect(await old.preview({ id, method: 'merge' })).toEqual({
      ok: false,
      error: { kind: 'git-too-old', found: '2.34.1', needed: '2.38' },
    });
  });
});

describe('when something moves between the preview and the merge', () => {
  const confirmAfter = async (meanwhile: () => Promise<unknown>): Promise<unknown> => {
    const preview = await world.merges.preview({ id, method: 'merge' });
    if (!preview.ok) throw new Error('no preview');
    await meanwhile();
    const { baseCommit, branchCommit } = preview.value;
    return world.merges.merge({ id, method: 'merge', baseCommit, branchCommit, message: '' });
  };

  it('the merge is not made, and the new preview comes back', async () => {
    await world.commitOn('topic', { 'a.txt': 'a\n' });
    const branchMoved = await confirmAfter(() => world.commitOn('topic', { 'b.txt': 'b\n' }));
    expect(branchMoved).toMatchObject({ ok: false, error: { kind: 'moved', preview: { commits: 2, files: 2 } } });
    let base = '';
    const baseMoved = await confirmAfter(async () => {
      base = await world.commitIn(world.repository.path, { 'a.txt': 'mine\n' });
    });
    expect(baseMoved).toMatchObject({
      ok: false,
      error: { kind: 'moved', preview: { baseCommit: base, outcome: { kind: 'conflicts' } } },
    });
    expect(await world.repository.git('rev-parse', 'main')).toBe(base);
  });

  it('only one of two merges at once is made', async () => {
    await world.commitOn('topic', { 'a.txt': 'a\n' });
    const preview = await world.merges.preview({ id, method: 'merge' });
    if (!preview.ok) throw new Error('no preview');
    const { baseCommit, branchCommit } = preview.value;
    const both = await Promise.all(
      [1, 2].map(() => world.merges.merge({ id, method: 'merge', baseCommit, branchCommit, message: '' })),
    );
    expect(both.filter((each) => each.ok)).toHaveLength(1);
    expect(both.find((each) => !each.ok)).toMatchObject({ error: { kind: 'moved' } });
    expect(await status()).toBe('');
    expect(await world.repository.git('rev-list', '--count', '--first-parent', 'main')).toBe('2');
  });
});
