import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { Git } from './git.ts';
import { TestRepository } from './test-repository.ts';

let repository: TestRepository;
let git: Git;
let proof: string;

beforeEach(async () => {
  repository = await TestRepository.create();
  proof = join(repository.root, 'ran');
  git = new Git({ log: silentLog, env: repository.env });
  for (const name of ['one', 'two']) await repository.write(`${name}.txt`, 'first\nsecond\nthird\n');
  await repository.write('.gitattributes', '*.txt diff=evil filter=evil merge=evil\n*.ts filter=with=equals\n');
  await repository.commit('Attributes');
  await repository.git('branch', 'feature');
  await repository.git('checkout', '-q', 'feature');
  await repository.write('one.txt', 'first\nsecond\nthird, by feature\n');
  await repository.commit('On feature');
  await repository.git('checkout', '-q', 'main');
  await repository.write('one.txt', 'first, by main\nsecond\nthird\n');
  await repository.commit('On main');
});
afterEach(() => repository.remove());

/** A command that leaves a line behind when it is run. */
const trap = (name: string): string => `sh -c 'echo ${name} >> ${proof}; cat' --`;
const whatRan = (): Promise<string> => readFile(proof, 'utf8').catch(() => '');

/** Everything in a repository's configuration that can start a program, as an agent could plant it. */
async function plant(gitDir: string, set: (key: string, value: string) => Promise<unknown>): Promise<void> {
  const program = async (name: string): Promise<string> => {
    const path = join(repository.root, `trap-${name}`);
    await writeFile(path, `#!/bin/sh\necho ${name} >> ${proof}\nexit 1\n`);
    await chmod(path, 0o755);
    return path;
  };
  await set('core.fsmonitor', await program('fsmonitor'));
  for (const [key, value] of [
    ['filter.evil.clean', trap('clean')],
    ['filter.evil.smudge', trap('smudge')],
    ['filter.evil.required', 'true'],
    ['filter.with=equals.clean', trap('clean-equals')],
    ['filter.with=equals.smudge', trap('smudge-equals')],
    ['diff.evil.textconv', `sh -c 'echo textconv >> ${proof}; cat $0'`],
    ['diff.evil.command', trap('diff-command')],
    ['diff.external', trap('diff-external')],
    ['merge.evil.driver', `sh -c 'echo merge-driver >> ${proof}; exit 0'`],
    ['core.pager', trap('pager')],
    ['core.editor', trap('editor')],
    ['core.sshCommand', trap('ssh')],
    ['core.askPass', trap('askpass')],
    ['commit.gpgSign', 'true'],
    ['gpg.program', await program('gpg')],
    ['log.showSignature', 'true'],
    ['credential.helper', `!echo credential >> ${proof}`],
    ['alias.status', `!echo alias >> ${proof}`],
  ] as const) {
    await set(key, value);
  }
  await mkdir(join(gitDir, 'hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit', 'post-merge']) {
    const path = join(gitDir, 'hooks', hook);
    await writeFile(path, `#!/bin/sh\necho hook ${hook} >> ${proof}\n`);
    await chmod(path, 0o755);
  }
}

const plantInProject = (): Promise<void> =>
  plant(join(repository.path, '.git'), (key, value) => repository.git('config', key, value));

const read = async (...args: string[]): Promise<string> =>
  (await git.read({ name: args.join(' '), cwd: repository.path, args, okExitCodes: [0, 1] })).text;
const write = async (...args: string[]): Promise<string> =>
  (await git.direct({ name: args.join(' '), cwd: repository.path, args })).text;

describe('a repository whose configuration was planted', () => {
  it('runs none of it, whatever the app asks of Git', async () => {
    await plantInProject();
    await repository.write('two.txt', 'changed\n');
    await repository.write('src/app.ts', 'export const app = 2;\n');
    expect(await read('status', '--porcelain=v2', '-z')).toContain('two.txt');
    expect(await read('diff', 'HEAD')).toContain('+changed');
    expect(await read('diff', '--numstat', 'main', 'feature')).toContain('one.txt');
    expect(await read('log', '-p', '-3')).toContain('by main');
    expect(await read('show', 'feature')).toContain('by feature');
    expect(await read('diff-tree', '-p', 'main', 'feature')).toContain('by feature');
    expect(await read('blame', 'one.txt')).toContain('by main');
    expect(await read('cat-file', '-p', 'main:one.txt')).toContain('by main');
    await write('worktree', 'add', '-q', '-b', 'fresh', join(repository.root, 'fresh'), 'feature');
    await write('update-ref', 'refs/heads/moved', 'HEAD');
    await write('commit-tree', 'HEAD^{tree}', '-m', 'By hand');
    await write('add', 'two.txt');
    await write('reset', '--hard', '-q');
    expect(await whatRan()).toBe('');
    expect(await readFile(join(repository.root, 'fresh', 'one.txt'), 'utf8')).toContain('by feature');
    // The traps are real: the same repository, asked plainly, springs them.
    await repository.write('two.txt', 'changed\n');
    await repository.git('add', 'two.txt');
    await repository.git('branch', 'plain');
    const sprung = await whatRan();
    for (const name of ['fsmonitor', 'clean', 'hook']) expect(sprung).toContain(name);
  });

  it('merges both sides as Git itself would, where the planted driver would have kept one', async () => {
    await plantInProject();
    const tree = (await read('merge-tree', '--write-tree', 'main', 'feature')).split('\n')[0] ?? '';
    expect(await read('cat-file', '-p', `${tree}:one.txt`)).toBe('first, by main\nsecond\nthird, by feature\n');
    expect(await whatRan()).toBe('');
  });

  it('still reports a conflict where both changed the same lines, and in binary files', async () => {
    for (const [branch, byte] of [
      ['main', 1],
      ['feature', 2],
    ] as const) {
      await repository.git('checkout', '-q', branch);
      await repository.write('two.txt', `by ${branch}\n`);
      await repository.write('image.bin', Buffer.from([0, byte, 0, byte]));
      await repository.write('.gitattributes', '* merge=evil\n');
      await repository.commit(`Same lines on ${branch}`);
    }
    await plantInProject();
    const merged = await git.read({
      name: 'merge',
      cwd: repository.path,
      args: ['merge-tree', '--write-tree', '--name-only', 'main', 'feature'],
      okExitCodes: [0, 1],
    });
    expect(merged.exitCode).toBe(1);
    expect(merged.text.split('\n')).toEqual(expect.arrayContaining(['two.txt', 'image.bin']));
    expect(await whatRan()).toBe('');
  });

  it('notices what is planted while the app runs, in an included file and in a worktree too', async () => {
    const worktree = join(repository.root, 'side');
    await repository.git('worktree', 'add', '-q', '-b', 'side', worktree);
    const status = (cwd: string): Promise<unknown> =>
      git.read({ name: 'status', cwd, args: ['status', '--porcelain'] });
    await status(worktree);
    await status(repository.path);
    const included = join(repository.root, 'included');
    await repository.git('config', 'include.path', included);
    await status(repository.path);
    await plant(join(repository.path, '.git'), (key, value) =>
      repository.git('config', '--file', included, key, value),
    );
    await repository.write('two.txt', 'changed\n');
    await repository.write(join(worktree, 'two.txt'), 'changed\n');
    await status(worktree);
    await status(repository.path);
    await rm(included);
    await repository.git('config', '--unset', 'include.path');
    await repository.git('config', 'extensions.worktreeConfig', 'true');
    await status(worktree);
    await plant(join(repository.path, '.git'), (key, value) =>
      repository.gitIn(worktree, 'config', '--worktree', key, value),
    );
    await repository.write(join(worktree, 'two.txt'), 'changed again\n');
    await status(worktree);
    expect(await whatRan()).toBe('');
  });

  it('runs nothing of a repository that is nested in a worktree as a submodule', async () => {
    const inner = join(repository.path, 'inner');
    await mkdir(inner);
    await repository.gitIn(inner, 'init', '-q', '-b', 'main');
    await repository.write('inner/.gitattributes', '*.txt filter=evil diff=evil\n');
    await repository.write('inner/file.txt', 'text\n');
    await repository.commit('Inner', inner);
    await repository.commit('With a nested repository');
    await plant(join(inner, '.git'), (key, value) => repository.gitIn(inner, 'config', key, value));
    await repository.write('inner/file.txt', 'TEXT\n');
    await read('status', '--porcelain=v2', '-z');
    await read('diff', 'HEAD');
    await git.read({ name: 'ask the submodule itself', cwd: inner, args: ['status', '--porcelain'] });
    expect(await whatRan()).toBe('');
  });
});

describe("the person's own configuration", () => {
  it('stays in force: a filter installed for the user runs, and comes back where the repository overrides it', async () => {
    await repository.git('config', '--global', 'filter.evil.smudge', 'sed s/first/FIRST/');
    await repository.git('config', '--global', 'filter.evil.clean', 'sed s/FIRST/first/');
    await write('worktree', 'add', '-q', '-b', 'fresh', join(repository.root, 'fresh'), 'feature');
    expect(await readFile(join(repository.root, 'fresh', 'one.txt'), 'utf8')).toContain('FIRST');
    await plantInProject();
    await write('worktree', 'add', '-q', '-b', 'again', join(repository.root, 'again'), 'feature');
    expect(await readFile(join(repository.root, 'again', 'one.txt'), 'utf8')).toContain('FIRST');
    expect(await whatRan()).toBe('');
  });
});
