import { execSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TestRepository } from '#main/services/git/test-repository.ts';
import type { Result } from '#shared/result.ts';

import type { Created, CreateFailure, CreateRequest } from './create.ts';
import { testWorktrees } from './test-worktrees.ts';
import type { Worktrees } from './worktrees.ts';

let repository: TestRepository;
let worktrees: Worktrees;
let stages: string[];

beforeEach(async () => {
  repository = await TestRepository.create('the project');
  ({ worktrees } = testWorktrees(repository));
  stages = [];
});
afterEach(() => repository.remove());

const beside = (name: string): string => join(repository.root, 'the project.worktrees', name);

const create = (
  request: Partial<CreateRequest> = {},
  signal = new AbortController().signal,
): Promise<Result<Created, CreateFailure>> =>
  worktrees.create(
    {
      projectPath: repository.path,
      branch: 'feature/one',
      base: 'main',
      worktreePath: beside('one'),
      copy: [],
      ...request,
    },
    (stage, state) => stages.push(`${stage} ${state}`),
    signal,
  );

/** Refs, worktrees and the folders beside the project, to compare before and after. */
const everything = async (): Promise<unknown> => [
  await repository.refs(),
  await repository.git('worktree', 'list', '--porcelain'),
  await lstat(join(repository.root, 'the project.worktrees')).catch(() => 'no folder'),
];

describe('creating a worktree', () => {
  it('makes branch, worktree and files in named stages, locked, clean and without a tracked branch', async () => {
    const head = await repository.git('rev-parse', 'HEAD');
    expect(await create()).toEqual({ ok: true, value: { baseCommit: head, worktreePath: beside('one') } });
    expect(stages).toEqual([
      'check running',
      'check done',
      'branch running',
      'branch done',
      'worktree running',
      'worktree done',
      'copy running',
      'copy skipped',
    ]);
    expect(await repository.gitIn(beside('one'), 'status', '--porcelain', '--branch')).toBe('## feature/one');
    expect(await readFile(join(beside('one'), 'src', 'app.ts'), 'utf8')).toBe('export const app = 1;\n');
    expect(await worktrees.list(repository.path)).toEqual([
      { path: repository.path, branch: 'main', head, isMain: true, isLocked: false, isPrunable: false },
      { path: beside('one'), branch: 'feature/one', head, isMain: false, isLocked: true, isPrunable: false },
    ]);
  });

  it('leaves an index in which Git need not read every file again', async () => {
    await create();
    const index = await repository.gitIn(beside('one'), 'rev-parse', '--path-format=absolute', '--git-path', 'index');
    const [{ mtimeMs: indexTime }, { mtimeMs: fileTime }] = await Promise.all([
      lstat(index),
      lstat(join(beside('one'), 'readme.md')),
    ]);
    expect(indexTime).toBeGreaterThan(fileTime);
  });

  it.each([
    ['a space', "it's a b"],
    ['Unicode', 'höhe 高さ 🚦'],
    ['quotes and a dollar', `"q" 'r' $HOME \`x\``],
    ['a leading dash', '-rf'],
    ['a line end', 'two\nlines'],
  ])('works with a worktree folder that has %s in its name', async (_, name) => {
    expect(await create({ worktreePath: beside(name) })).toMatchObject({ ok: true });
    expect((await worktrees.list(repository.path)).map(({ path }) => path)).toContain(beside(name));
    expect(await repository.gitIn(beside(name), 'status', '--porcelain')).toBe('');
  });

  it('works with a branch name of quotes and Unicode, and from a tag, a remote branch and a commit', async () => {
    const commit = await repository.commit('Second');
    await repository.git('tag', 'v1', 'HEAD^');
    await repository.git('tag', 'main', 'HEAD^');
    await repository.git('update-ref', 'refs/remotes/origin/next', commit);
    expect(await create({ branch: `q'uote"höhe$(x)`, base: 'v1', worktreePath: beside('a') })).toMatchObject({
      ok: true,
    });
    expect(await create({ branch: 'b', base: 'origin/next', worktreePath: beside('b') })).toMatchObject({ ok: true });
    expect(await create({ branch: 'c', base: commit.slice(0, 12), worktreePath: beside('c') })).toMatchObject({
      ok: true,
    });
    // A branch goes before a tag of the same name.
    expect(await create({ branch: 'd', base: 'main', worktreePath: beside('d') })).toMatchObject({
      ok: true,
      value: { baseCommit: commit },
    });
    expect(await repository.git('config', '--get-regexp', '^branch\\.').catch(() => 'none')).toBe('none');
  });

  it('makes eight at once', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `n${String(index)}`);
    const results = await Promise.all(
      names.map((name) => create({ branch: `feature/${name}`, worktreePath: beside(`feature/${name}`) })),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(8);
    for (const name of names)
      expect(await repository.gitIn(beside(`feature/${name}`), 'status', '--porcelain')).toBe('');
  });

  it('takes the place of a record whose folder was deleted by hand', async () => {
    await create();
    await rm(beside('one'), { recursive: true });
    expect(await create({ branch: 'feature/two' })).toMatchObject({ ok: true });
    expect((await worktrees.list(repository.path)).map(({ branch }) => branch)).toEqual(['main', 'feature/two']);
  });

  it('refuses what cannot work, says why, and changes nothing', async () => {
    const refusals: [string, Partial<CreateRequest>, string][] = [
      ['a name with a leading dash', { branch: '-x' }, 'cannot start with a dash'],
      ['an option as a name', { branch: '--force' }, 'cannot start with a dash'],
      ['HEAD', { branch: 'HEAD' }, 'means something else'],
      ['a full ref', { branch: 'refs/heads/x' }, 'means something else'],
      ['the previous branch', { branch: '@{-1}' }, 'does not take'],
      ['two dots', { branch: 'a..b' }, 'does not take'],
      ['a space', { branch: 'a b' }, 'does not take'],
      ['a lock', { branch: 'a.lock' }, 'does not take'],
      ['a line end', { branch: 'a\nb' }, 'control characters'],
      ['no name', { branch: '' }, 'no name'],
      ['a branch that exists', { branch: 'main' }, 'exists already'],
      ['another case of a branch', { branch: 'Main' }, 'upper and lower case'],
      ['a branch below a branch', { branch: 'main/x' }, 'side by side'],
      ['a base that is not there', { base: 'nope' }, 'no branch or commit called “nope”'],
      ['a base with a dash', { base: '--upload-pack=x' }, 'no branch or commit'],
      ['a base of two lines', { base: 'main\nmain' }, 'no branch or commit'],
      ['a relative path', { worktreePath: 'x' }, 'not a full path'],
      ['a NUL in the path', { worktreePath: '/x\0y' }, 'not a full path'],
    ];
    await repository.git('checkout', '-q', '-b', 'other');
    const before = await everything();
    for (const [what, request, message] of refusals) {
      const result = await create(request);
      // `what` is there to be read when it fails.
      expect({ what, result }).toMatchObject({
        what,
        result: { ok: false, error: { kind: 'failed', stage: 'check' } },
      });
      expect({ what, said: JSON.stringify(result) }).toEqual({
        what,
        said: expect.stringContaining(message) as string,
      });
      expect({ what, stage: stages.at(-1) }).toEqual({ what, stage: 'check failed' });
    }
    expect(await everything()).toEqual(before);
  });

  it('refuses a place that is taken, and leaves what is there', async () => {
    await mkdir(beside('full'), { recursive: true });
    await writeFile(join(beside('full'), 'mine.txt'), 'mine');
    await writeFile(beside('file'), 'mine');
    await symlink(repository.path, beside('link'));
    await mkdir(beside('empty'));
    await create({ branch: 'inner', worktreePath: beside('inner') });
    const places: [string, string][] = [
      [beside('full'), 'not empty'],
      [beside('file'), 'no folder'],
      [beside('file/below'), 'no folder'],
      [beside('link'), 'project'],
      [repository.path, 'not empty|project'],
      [repository.root, 'project'],
      [join(repository.path, '.git', 'x'), "inside Git's own folder"],
      [beside('inner/nested'), 'inside the worktree'],
    ];
    for (const [worktreePath, message] of places) {
      const result = await create({ worktreePath });
      expect(result).toMatchObject({ ok: false, error: { stage: 'check' } });
      expect(JSON.stringify(result)).toMatch(new RegExp(message));
    }
    expect(await readFile(join(beside('full'), 'mine.txt'), 'utf8')).toBe('mine');
    expect(await create({ worktreePath: beside('empty') })).toMatchObject({ ok: true });
  });

  it('refuses the temporary folder for a project that is not in it', async () => {
    const before = process.env['TMPDIR'];
    const temporary = await realpath(await mkdtemp(join(tmpdir(), 'temporary-')));
    process.env['TMPDIR'] = temporary;
    try {
      expect(JSON.stringify(await create({ worktreePath: join(temporary, 'one') }))).toContain('temporary folder');
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(temporary, { recursive: true });
    }
  });

  it('says what to do in a repository without a commit', async () => {
    const empty = await TestRepository.createEmpty();
    const result = await create({ projectPath: empty.path, worktreePath: join(empty.root, 'w') });
    expect(JSON.stringify(result)).toContain('no commit yet');
    await empty.remove();
  });

  it('runs no hook, also none that the person made', async () => {
    const proof = join(repository.root, 'ran');
    await repository.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${proof}\nexit 1\n`);
    await chmod(join(repository.path, '.git/hooks/post-checkout'), 0o755);
    expect(await create()).toMatchObject({ ok: true });
    await expect(lstat(proof)).rejects.toThrow('ENOENT');
  });

  it('refuses names that the system would not take, before anything is made', async () => {
    const before = await repository.refs();
    const refused = await create({ branch: 'x'.repeat(300), worktreePath: beside('x'.repeat(300)) });
    expect(refused).toMatchObject({
      ok: false,
      error: { stage: 'check', message: expect.stringContaining('255') as string },
    });
    expect(await repository.refs()).toBe(before);
  });
});

describe('a creation that does not come to its end', () => {
  it('takes back all it made when it is cancelled, in whatever stage', async () => {
    for (let index = 0; index < 300; index++) await repository.write(`many/${String(index)}.txt`, 'x\n');
    await repository.write('secret.env', 'x');
    await repository.commit('Many');
    const before = await everything();
    for (const at of [
      'check running',
      'branch running',
      'branch done',
      'worktree running',
      'worktree done',
      'copy running',
    ]) {
      const controller = new AbortController();
      const request = {
        projectPath: repository.path,
        branch: 'feature/one',
        base: 'main',
        worktreePath: beside('a/b/one'),
      };
      const result = await worktrees.create(
        { ...request, copy: ['*.env'] },
        (stage, state) => {
          if (`${stage} ${state}` === at) controller.abort();
        },
        controller.signal,
      );
      expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled', left: null } });
      expect(await everything()).toEqual(before);
    }
  });

  it('takes back all it made when Git is stopped in the middle of writing files', async () => {
    // A filter that never ends: the person's own, so that it runs.
    await repository.git('config', '--global', 'filter.slow.smudge', 'sleep 600');
    await repository.write('.gitattributes', '*.slow filter=slow\n');
    await repository.write('a.slow', 'x\n');
    await repository.commit('Slow');
    const before = await everything();
    const controller = new AbortController();
    const running = create({ worktreePath: beside('slow') }, controller.signal);
    const written = async (): Promise<boolean> =>
      (await lstat(join(beside('slow'), '.git')).catch(() => null)) !== null;
    while (!(await written())) await new Promise((resolve) => setTimeout(resolve, 10));
    setTimeout(() => controller.abort(), 50);
    expect(await running).toMatchObject({ ok: false, error: { kind: 'cancelled', left: null } });
    expect(await everything()).toEqual(before);
  });

  it('takes back all it made when Git fails in the middle of writing files', async () => {
    await repository.git('config', '--global', 'filter.broken.smudge', 'false');
    await repository.git('config', '--global', 'filter.broken.clean', 'cat');
    await repository.git('config', '--global', 'filter.broken.required', 'true');
    await repository.write('.gitattributes', '*.zzz filter=broken\n');
    await repository.write('z.zzz', 'x\n');
    await repository.commit('Broken');
    const before = await everything();
    const result = await create();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', stage: 'worktree' } });
    expect(JSON.stringify(result)).toContain('Nothing was left behind');
    expect(await everything()).toEqual(before);
  });

  it('names its stage and what is left, and keeps a branch that somebody moved meanwhile', async () => {
    const moved = await repository.git('commit-tree', 'HEAD^{tree}', '-m', 'Somebody else');
    const result = await worktrees.create(
      { projectPath: repository.path, branch: 'mine', base: 'main', worktreePath: beside('one'), copy: [] },
      (stage, state) => {
        if (stage === 'worktree' && state === 'running') {
          // Somebody puts a file where the parent folder has to be, and moves the branch.
          execSync(`touch "${join(repository.root, 'the project.worktrees')}"`);
          execSync(`git update-ref refs/heads/mine ${moved}`, { cwd: repository.path });
        }
      },
      new AbortController().signal,
    );
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', stage: 'worktree' } });
    expect(JSON.stringify(result)).toContain('Left behind');
    expect(await repository.git('rev-parse', 'mine')).toBe(moved);
  });

  it('says that a lock is held, and by which file', async () => {
    await repository.write('.git/refs/heads/feature/one.lock', '');
    const result = await create();
    expect(result).toMatchObject({ ok: false, error: { kind: 'failed', stage: 'branch' } });
    expect(JSON.stringify(result)).toContain('one.lock');
    expect(JSON.stringify(result)).toContain('Nothing was left behind');
  });
});

describe('the files that a new worktree is given', () => {
  it('are those of .worktreeinclude and the configuration, in gitignore syntax, and no others', async () => {
    // As some editors leave it: with a mark at the start, and blanks at the end of a line.
    await repository.write('.worktreeinclude', '\uFEFF*.env  \n# what runs need\n!public.env\nignored/keep/**\n');
    await repository.write('a.env', 'A=1');
    await repository.write('packages/b/b.env', 'B=1');
    await repository.write('public.env', 'P=1');
    await repository.write('ignored/keep/x.txt', 'x');
    await repository.write('ignored/other.txt', 'o');
    await repository.write('local.json', '{}');
    expect(await create({ copy: ['/local.json', '-n'] })).toMatchObject({ ok: true });
    const there = async (path: string): Promise<string> =>
      readFile(join(beside('one'), path), 'utf8').catch(() => 'none');
    expect(await Promise.all(['a.env', 'packages/b/b.env', 'ignored/keep/x.txt', 'local.json'].map(there))).toEqual([
      'A=1',
      'B=1',
      'x',
      '{}',
    ]);
    expect(await Promise.all(['public.env', 'ignored/other.txt'].map(there))).toEqual(['none', 'none']);
    expect(stages.at(-1)).toBe('copy done');
  });

  it('are never read or written through a link, nor put in the place of what is there', async () => {
    const outside = join(repository.root, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret.env'), 'secret');
    // The base has a link where the project's checkout has a folder, and a file where it has another.
    await repository.git('checkout', '-q', '-b', 'links');
    await symlink(outside, join(repository.path, 'config'));
    await repository.write('taken.env', 'from the base');
    await repository.git('add', '-f', 'config', 'taken.env');
    await repository.commit('Links');
    await repository.git('checkout', '-q', 'main');
    await repository.write('config/new.env', 'local');
    await repository.write('taken.env', 'local');
    await symlink(join(outside, 'secret.env'), join(repository.path, 'linked.env'));
    expect(await create({ base: 'links', copy: ['*.env'] })).toMatchObject({ ok: true });
    await expect(lstat(join(outside, 'new.env'))).rejects.toThrow('ENOENT');
    await expect(lstat(join(beside('one'), 'linked.env'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(beside('one'), 'taken.env'), 'utf8')).toBe('from the base');
  });

  it('leave out other worktrees that are kept inside the project', async () => {
    await create({ branch: 'inside', worktreePath: join(repository.path, '.worktrees', 'inside') });
    await repository.write('.worktrees/inside/x.env', 'not ours');
    await repository.write('x.env', 'ours');
    expect(await create({ copy: ['*.env', '.worktrees/'] })).toMatchObject({ ok: true });
    expect(await readFile(join(beside('one'), 'x.env'), 'utf8')).toBe('ours');
    await expect(lstat(join(beside('one'), '.worktrees'))).rejects.toThrow('ENOENT');
  });
});

describe('who made a branch', () => {
  const find = (note: string, branch = 'feature/one'): Promise<string | null> =>
    worktrees.findNotedBranch({ projectPath: repository.path, branch, note });

  it('can be told by the note, until somebody moves it or makes it anew', async () => {
    // The repository keeps no logs of its own accord.
    await repository.git('config', 'core.logAllRefUpdates', 'false');
    let told: string | null = null;
    await create({
      note: 'run 1',
      onDidMakeBranch: (commit) => {
        told = commit;
      },
    });
    const head = await repository.git('rev-parse', 'HEAD');
    expect(told).toBe(head);
    expect(await find('run 1')).toBe(head);
    expect(await find('run 2')).toBe(null);
    expect(await find('run 1', 'no/such')).toBe(null);
    await repository.git('-C', beside('one'), 'commit', '-q', '--allow-empty', '-m', 'Work');
    expect(await find('run 1')).toBe(null);
  });

  it('cannot be told of a branch that the person made', async () => {
    await repository.git('branch', 'mine');
    expect(await find('run 1', 'mine')).toBe(null);
    await repository.git('-c', 'core.logAllRefUpdates=false', 'branch', 'unlogged');
    expect(await find('run 1', 'unlogged')).toBe(null);
  });
});

describe('a worktree with what its project says', () => {
  it('has the files of some folders only, keeps the rest in every commit, and says nothing is missing', async () => {
    await repository.write('apps/web/index.ts', 'web');
    await repository.write('apps/api/index.ts', 'api');
    await repository.write('docs/guide.md', 'guide');
    await repository.commit('More');
    expect(await create({ sparse: ['apps/web'] })).toMatchObject({ ok: true });
    const at = beside('one');
    expect(await readFile(join(at, 'apps/web/index.ts'), 'utf8')).toBe('web');
    expect(await readFile(join(at, 'readme.md'), 'utf8')).toBe('# Project\n');
    for (const path of ['apps/api', 'docs', 'src']) await expect(lstat(join(at, path))).rejects.toThrow('ENOENT');
    expect(await repository.gitIn(at, 'status', '--porcelain')).toBe('');
    await writeFile(join(at, 'apps/web/index.ts'), 'changed');
    await repository.gitIn(at, 'commit', '-qam', 'Change');
    expect(await repository.gitIn(at, 'diff', '--name-only', 'main', 'HEAD')).toBe('apps/web/index.ts');
    // The person's own checkout, and other worktrees, have everything.
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await create({ branch: 'two', worktreePath: beside('two') })).toMatchObject({ ok: true });
    expect(await readFile(join(beside('two'), 'docs/guide.md'), 'utf8')).toBe('guide');
  });

  it('can be deleted with a snapshot that has nothing of what it had no files of as deleted', async () => {
    await repository.write('docs/guide.md', 'guide');
    await repository.commit('More');
    await create({ sparse: ['src'] });
    await writeFile(join(beside('one'), 'src/app.ts'), 'not committed');
    const place = {
      projectPath: repository.path,
      worktreePath: beside('one'),
      branch: 'feature/one',
      base: 'main',
      processIsRunning: false,
    };
    const plan = await worktrees.planRemoval(place);
    expect(plan.uncommittedFiles).toEqual(['src/app.ts']);
    const removed = await worktrees.remove({ ...place, reason: 'Delete', fingerprint: plan.fingerprint });
    const snapshot = removed.ok ? (removed.value.snapshot ?? '') : '';
    const files = await repository.git(
      'log',
      '-m',
      '--first-parent',
      '--name-status',
      '--format=',
      '--all',
      '--',
      'docs',
    );
    expect(snapshot).not.toBe('');
    expect(files).toContain('A\tdocs/guide.md');
    expect(files).not.toContain('D\tdocs');
  });

  it('gets its dependencies from the checkout while the lockfile is the same', async () => {
    await repository.write('package-lock.json', 'locked');
    await repository.commit('Lock');
    await repository.write('node_modules/thing/index.js', 'thing');
    const dependencies = [{ folder: 'node_modules', lockfile: null }];
    expect(await create({ dependencies })).toMatchObject({ ok: true });
    expect(await readFile(join(beside('one'), 'node_modules/thing/index.js'), 'utf8')).toBe('thing');
    expect(stages).toContain('copy done');
    await repository.write('package-lock.json', 'locked otherwise');
    expect(await create({ dependencies, branch: 'two', worktreePath: beside('two') })).toMatchObject({ ok: true });
    await expect(lstat(join(beside('two'), 'node_modules'))).rejects.toThrow('ENOENT');
  });
});
