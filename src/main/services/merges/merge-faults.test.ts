import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { GitError, type Git, type GitCall, type GitOutput } from '#main/services/git/git.ts';
import { runId } from '#shared/ids.ts';

import type { GitPort } from './merge-ports.ts';
import { lines, TestMerges } from './test-merges.ts';

let world: TestMerges;
beforeEach(async () => {
  world = await TestMerges.create();
  await world.commitOn('topic', {
    'a.txt': 'a\n',
    'app.ts': lines('one', 'two', 'three', 'four', 'FIVE'),
    'old.txt': null,
  });
  await world.commitOn('topic', { 'dir/z.txt': 'new\n' }, 'More');
});
afterEach(() => world.remove());

const id = runId.parse('run-1234');

/** Git up to one change to the repository: the app is killed right after it, or it is refused once. */
function stopping(at: {
  count: number;
  how: 'killed' | 'refused';
}): GitPort & Pick<Git, 'write'> & { stopped: boolean } {
  const { git } = world;
  let left = at.count;
  const checkAlive = (): void => {
    if (port.stopped && at.how === 'killed') throw new Error('killed');
  };
  const port = {
    stopped: false,
    read: (call: GitCall) => {
      checkAlive();
      return git.read(call);
    },
    direct: async (call: GitCall): Promise<GitOutput> => {
      checkAlive();
      if (left-- !== 0) return git.direct(call);
      port.stopped = true;
      if (at.how === 'refused') {
        throw new GitError({
          call: call.name,
          args: call.args,
          exitCode: 128,
          stderr: 'fatal: no space left on device',
        });
      }
      await git.direct(call);
      throw new Error('killed');
    },
    write: (call: GitCall & { commonDir: string }) => git.writes(call.commonDir, () => port.direct(call)),
    writes: <T>(commonDir: string, task: () => Promise<T>) => git.writes(commonDir, task),
    commonDir: (cwd: string) => git.commonDir(cwd),
    gitDir: (cwd: string) => git.gitDir(cwd),
    version: () => git.version(),
  };
  return port;
}

/** The base is where it was or where the merge put it, the checkout is exactly there, and Git finds nothing broken. */
async function expectWhole(before: string): Promise<'old' | 'new'> {
  const now = await world.repository.git('rev-parse', 'main');
  expect(await world.repository.git('status', '--porcelain')).toBe('');
  expect(await world.repository.git('write-tree')).toBe(await world.repository.git('rev-parse', 'HEAD^{tree}'));
  expect(await world.repository.git('fsck', '--no-dangling', '--no-progress')).toBe('');
  if (now === before) return 'old';
  const merged = world.repository.git('merge-base', '--is-ancestor', before, now);
  await expect(merged).resolves.toBe('');
  return 'new';
}

describe('whichever change to the repository is the last', () => {
  it.each([
    ['killed', 'merge', 'the base checked out'],
    ['killed', 'rebase', 'the base checked out'],
    ['killed', 'squash', 'another branch checked out'],
    ['refused', 'merge', 'the base checked out'],
  ] as const)(
    '(%s) a %s leaves the base at the old or the new commit and %s, untouched or there too',
    async (how, method, where) => {
      await world.commitIn(world.repository.path, { 'readme.md': 'meanwhile\n' });
      const before = await world.repository.git('rev-parse', 'main');
      if (where === 'another branch checked out') await world.repository.git('switch', '-q', '-c', 'elsewhere');
      const seen = new Set<string>();
      const said: string[] = [];
      for (let count = 0; ; count++) {
        const git = stopping({ count, how });
        world.merges = world.mergesOn(git);
        said.push(
          await world.confirm(method).then(
            (merged) => JSON.stringify(merged),
            (error: unknown) => String(error),
          ),
        );
        seen.add(await expectWhole(before));
        if (!git.stopped) break;
        // What a stopped merge left must not be in the way of the next: it starts from here.
        if (where === 'the base checked out') await world.repository.git('reset', '-q', '--hard', before);
        else await world.repository.git('update-ref', 'refs/heads/main', before);
      }
      expect(said.pop()).toContain('"ok":true');
      expect(said.length).toBeGreaterThan(3);
      for (const each of said) expect(each).toContain(how === 'killed' ? 'killed' : 'git-failed');
      expect(seen).toEqual(new Set(['old', 'new']));
    },
  );
});

describe('a merge that fails while the checkout is written', () => {
  /** A filter of the person's own that cannot write one file, as a full disk could not. */
  const failOn = async (content: string): Promise<void> => {
    const script = join(world.repository.root, 'smudge.sh');
    await writeFile(script, `#!/bin/sh\ntext=$(cat)\n[ "$text" = '${content}' ] && exit 1\nprintf '%s\\n' "$text"\n`);
    await chmod(script, 0o755);
    await writeFile(
      world.repository.env['GIT_CONFIG_GLOBAL']!,
      `[filter "picky"]\nsmudge = ${script}\nclean = cat\nrequired = true\n`,
    );
  };

  it('puts back what was written so far', async () => {
    await world.commitIn(world.repository.path, { '.gitattributes': 'a.txt filter=picky\ndir/z.txt filter=picky\n' });
    await failOn('new');
    const before = await world.picture();
    expect(await world.confirm('merge')).toMatchObject({
      ok: false,
      error: {
        kind: 'git-failed',
        message: expect.stringContaining('Nothing has changed'),
      },
    });
    expect(await world.picture()).toBe(before);
    expect(await readFile(join(world.repository.path, 'old.txt'), 'utf8')).toBe('to be deleted\n');
    expect(await readFile(join(world.repository.path, 'app.ts'), 'utf8')).toContain('five\n');
  });

  it('does so too when an undo fails', async () => {
    await world.commitIn(world.repository.path, { '.gitattributes': 'app.ts filter=picky\nold.txt filter=picky\n' });
    const merged = await world.confirm('merge');
    if (!merged.ok) throw new Error(JSON.stringify(merged.error));
    await failOn('to be deleted');
    const before = await world.picture();
    const undone = await world.merges.undo({ projectId: world.projectId, snapshot: merged.value.snapshot });
    expect(undone).toMatchObject({ ok: false, error: { kind: 'git-failed' } });
    expect(await world.picture()).toBe(before);
  });
});

describe('what the person does at the very last moment', () => {
  /** Lets something happen between the last look at the checkout and the step that moves it. */
  const confirmWith = async (meanwhile: () => Promise<unknown>): Promise<unknown> => {
    world.merges = world.mergesBefore(async (call) => {
      if (call.args.includes('--ff-only')) await meanwhile();
    });
    return world.confirm('merge');
  };
  const path = (name: string): string => join(world.repository.path, name);

  it('is kept when a file is saved that the merge would change', async () => {
    const before = await world.repository.refs();
    const merged = await confirmWith(() => writeFile(path('app.ts'), 'saved\n'));
    expect(merged).toMatchObject({ ok: false, error: { kind: 'checkout-dirty', files: ['app.ts'] } });
    expect(await readFile(path('app.ts'), 'utf8')).toBe('saved\n');
    expect(await world.repository.git('status', '--porcelain')).toBe(' M app.ts');
    expect(await world.repository.refs()).toBe(before);
  });

  it.each(['a.txt', 'dir'])('is kept when the new file %s is in the way', async (name) => {
    const before = await world.repository.refs();
    const merged = await confirmWith(() => writeFile(path(name), 'saved\n'));
    expect(merged).toMatchObject({ ok: false, error: { kind: 'checkout-dirty' } });
    expect(await readFile(path(name), 'utf8')).toBe('saved\n');
    expect(await world.repository.git('status', '--porcelain')).toBe(`?? ${name}`);
    expect(await world.repository.refs()).toBe(before);
  });

  it('is kept when another file is saved, and the merge is made around it', async () => {
    const merged = await confirmWith(() => writeFile(path('readme.md'), 'saved\n'));
    expect(merged).toMatchObject({ ok: true });
    expect(await world.repository.git('status', '--porcelain')).toBe(' M readme.md');
  });

  it('counts when it is a commit to the base', async () => {
    let commit = '';
    const merged = await confirmWith(async () => {
      commit = await world.commitIn(world.repository.path, { 'readme.md': 'committed\n' });
    });
    expect(merged).toMatchObject({ ok: false, error: { kind: 'moved', preview: { baseCommit: commit } } });
    expect(await world.repository.git('rev-parse', 'main')).toBe(commit);
    expect(await world.repository.git('status', '--porcelain')).toBe('');
  });

  it('counts when it is another branch that is checked out, which is then not moved in its place', async () => {
    await world.repository.git('branch', 'other');
    const before = await world.repository.refs();
    const merged = await confirmWith(() => world.repository.git('switch', '-q', 'other'));
    expect(merged).toMatchObject({ ok: false, error: { kind: 'moved' } });
    expect(await world.repository.refs()).toBe(before);
    expect(await world.repository.git('status', '--porcelain')).toBe('');
  });
});

describe('options for merges in the repository’s configuration', () => {
  it.each(['-s ours', '--squash --autostash'])('(%s) make no other merge of it', async (options) => {
    await world.repository.git('config', 'branch.main.mergeOptions', options);
    await world.repository.git('config', 'merge.ff', 'false');
    const merged = await world.confirm('merge');
    expect(merged).toMatchObject({ ok: true, value: { checkout: 'fast-forwarded' } });
    expect(await world.repository.git('rev-list', '--count', '--first-parent', 'main')).toBe('2');
    expect(await readFile(join(world.repository.path, 'a.txt'), 'utf8')).toBe('a\n');
    expect(await world.repository.git('status', '--porcelain')).toBe('');
  });
});

describe('a lock file that somebody holds', () => {
  it('is named, and nothing changes', async () => {
    // Side by side, because each is waited for.
    const locks = ['index.lock', 'HEAD.lock', 'refs/heads/main.lock', 'detached: refs/heads/main.lock'];
    await Promise.all(
      locks.map(async (lock) => {
        const each = await TestMerges.create();
        await each.commitOn('topic', { 'a.txt': 'a\n' });
        if (lock.startsWith('detached: ')) await each.repository.git('switch', '-q', '--detach');
        const preview = await each.merges.preview({ id, method: 'merge' });
        if (!preview.ok) throw new Error('no preview');
        const { baseCommit, branchCommit } = preview.value;
        const before = await each.picture();
        const path = join(each.repository.path, '.git', lock.replace('detached: ', ''));
        await writeFile(path, '');
        const merged = await each.merges.merge({ id, method: 'merge', baseCommit, branchCommit, message: '' });
        expect(merged).toMatchObject({
          ok: false,
          error: { kind: 'base-locked', message: expect.stringContaining(path) },
        });
        await rm(path);
        expect(await each.picture()).toBe(before);
        await each.remove();
      }),
    );
  });
});
