import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { Git, GitError } from './git.ts';
import { TestRepository } from './test-repository.ts';

let repository: TestRepository;
let folder: string;
let git: Git;

beforeEach(async () => {
  repository = await TestRepository.create();
  folder = repository.path;
  git = new Git({ log: silentLog, env: repository.env });
});
afterEach(() => repository.remove());

describe('Git', () => {
  it('hands back bytes, exit code and text, and reads standard input', async () => {
    const written = await git.direct({
      name: 'write a blob',
      cwd: folder,
      args: ['hash-object', '-w', '--stdin'],
      input: Buffer.from([0, 255, 10, 128]),
    });
    const hash = written.text.trim();
    const blob = await git.read({ name: 'read it', cwd: folder, args: ['cat-file', 'blob', hash] });
    expect(blob.stdout).toEqual(Buffer.from([0, 255, 10, 128]));
    const missing = await git.read({
      name: 'look',
      cwd: folder,
      args: ['rev-parse', '--verify', '--quiet', 'refs/heads/none'],
      okExitCodes: [0, 1],
    });
    expect(missing.exitCode).toBe(1);
  });

  it('throws with what Git said when the exit code is not expected', async () => {
    const failure = await git
      .read({ name: 'show a commit', cwd: folder, args: ['rev-parse', '--verify', 'nope'] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GitError);
    expect(failure).toMatchObject({ call: 'show a commit', exitCode: 128 });
    expect(String(failure)).toContain('Needed a single revision');
  });

  it('says that a folder is gone', async () => {
    await expect(git.read({ name: 'ask', cwd: join(folder, 'gone'), args: ['status'] })).rejects.toMatchObject({
      exitCode: null,
    });
    await expect(git.direct({ name: 'ask', cwd: join(folder, 'gone'), args: ['status'] })).rejects.toBeInstanceOf(
      GitError,
    );
  });

  it('finds the common Git directory from a subfolder and from a worktree, and again after the folder was replaced', async () => {
    const worktree = join(repository.root, 'a worktree');
    await repository.git('worktree', 'add', '-q', '-b', 'side', worktree);
    expect(await git.commonDir(join(folder, 'src'))).toBe(join(folder, '.git'));
    expect(await git.commonDir(worktree)).toBe(join(folder, '.git'));
    await rm(worktree, { recursive: true });
    await mkdir(worktree);
    await repository.gitIn(worktree, 'init', '-q');
    expect(await git.commonDir(worktree)).toBe(join(worktree, '.git'));
    await expect(git.commonDir(tmpdir())).rejects.toBeInstanceOf(GitError);
  });

  it('knows the version, or that there is no Git', async () => {
    expect(await git.version()).toMatchObject({ major: 2 });
    expect(await new Git({ log: silentLog, env: { PATH: folder } }).version()).toBeNull();
  });

  it('is not led into another repository by the environment that the app was started in', async () => {
    const other = await TestRepository.create('other');
    const led = new Git({
      log: silentLog,
      env: { ...repository.env, GIT_DIR: join(other.path, '.git'), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: '/none' },
    });
    expect(await led.commonDir(folder)).toBe(join(folder, '.git'));
    const { text } = await led.read({ name: 'ask', cwd: folder, args: ['rev-parse', '--show-toplevel'] });
    expect(text.trim()).toBe(folder);
    await other.remove();
  });

  it('stops Git and the programs that it started when it is cancelled', async () => {
    const controller = new AbortController();
    const cancelled = git.direct({
      name: 'wait for input that never comes',
      cwd: folder,
      args: ['-c', 'alias.hang=!sleep 600 & wait', 'hang'],
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 100);
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses more output than was allowed', async () => {
    await repository.write('long.txt', 'x'.repeat(300_000));
    await repository.commit('Long');
    await expect(
      git.read({ name: 'read it', cwd: folder, args: ['cat-file', 'blob', 'HEAD:long.txt'], maxBytes: 1000 }),
    ).rejects.toThrow('printed more than 1000 bytes');
  });

  it('waits for a lock that somebody holds for a moment, and gives up on one that stays', async () => {
    const commonDir = await git.commonDir(folder);
    const head = await repository.git('rev-parse', 'HEAD');
    const lock = join(commonDir, 'refs', 'heads', 'next.lock');
    await writeFile(lock, '');
    const update = { name: 'make a branch', cwd: folder, commonDir, args: ['update-ref', 'refs/heads/next', head] };
    const waiting = git.write(update);
    setTimeout(() => void rm(lock), 60);
    await waiting;
    expect(await repository.git('rev-parse', 'next')).toBe(head);
    await writeFile(lock, '');
    await expect(git.write({ ...update, args: ['update-ref', '-d', 'refs/heads/next'] })).rejects.toThrow('next.lock');
    expect(await repository.git('rev-parse', 'next')).toBe(head);
  });

  it('runs writes to one repository one after another', async () => {
    const commonDir = await git.commonDir(folder);
    const seen: string[] = [];
    const turn = (name: string): Promise<void> =>
      git.writes(commonDir, async () => {
        seen.push(`${name} begins`);
        await git.direct({ name, cwd: folder, args: ['update-ref', `refs/heads/${name}`, 'HEAD'] });
        seen.push(`${name} ends`);
      });
    await Promise.all(['a', 'b', 'c'].map(turn));
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });
});
