import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { Git } from './git.ts';
import { TestRepository } from './test-repository.ts';

describe('objects from a process that stays', () => {
  let repository: TestRepository;
  let git: Git;

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('begin.txt', 'begin\n');
    await repository.commit('Begin');
    git = new Git({ log: silentLog, env: repository.env });
  });
  afterEach(() => repository.remove());

  async function write(content: string | Uint8Array): Promise<string> {
    await repository.write('file', content);
    return repository.git('hash-object', '-w', 'file');
  }

  it('are whole, however large or odd, and in any number of questions at once', async () => {
    const large = new Uint8Array(3_000_000).map((_, index) => (index * 7 + (index >> 8)) % 256);
    const contents: (string | Uint8Array)[] = ['', 'a\n', 'no end', 'blob 5\nfake\n', large, '\n\n'];
    const hashes: string[] = [];
    for (const content of contents) hashes.push(await write(content));
    const answers = await Promise.all([
      git.objects(repository.path, hashes),
      ...hashes.map((hash) => git.objects(repository.path, [hash])),
    ]);
    for (const [index, hash] of hashes.entries()) {
      const expected = Buffer.from(contents[index] as string);
      expect(answers[0]?.get(hash)?.equals(expected)).toBe(true);
      expect(answers[index + 1]?.get(hash)?.equals(expected)).toBe(true);
    }
  });

  it('that are not there are left out, and those that come later are found', async () => {
    const there = await write('there\n');
    const missing = 'f'.repeat(40);
    const answer = await git.objects(repository.path, [missing, there, 'not a hash', '--batch-all-objects']);
    expect([...(answer?.keys() ?? [])]).toEqual([there]);
    const later = await write('later\n');
    expect((await git.objects(repository.path, [later]))?.get(later)?.toString()).toBe('later\n');
    await repository.git('add', '-A');
    await repository.git('commit', '-qm', 'Pack');
    await repository.git('gc', '-q');
    expect((await git.objects(repository.path, [there, later]))?.size).toBeGreaterThan(0);
  });

  it('cannot be had where there is no repository, and that is said and not waited for', async () => {
    expect(await git.objects(repository.root, ['1'.repeat(40)])).toBeNull();
    expect(await git.objects(join(repository.root, 'nowhere'), ['1'.repeat(40)])).toBeNull();
    const hash = await write('x\n');
    await git.objects(repository.path, [hash]);
    await rm(join(repository.path, '.git'), { recursive: true });
    // Whatever it says, it says something.
    await git.objects(repository.path, ['2'.repeat(40)]);
  });

  it('hold no folder any more that they were to let go, also where their process was about to be started', async () => {
    const hash = await write('x\n');
    const answers = [git.objects(repository.path, [hash]), git.objects(repository.path, [hash])];
    git.letGo(repository.path);
    expect(await Promise.all(answers)).toEqual([null, null]);
    expect((await git.objects(repository.path, [hash]))?.size).toBe(1);
  });
});
