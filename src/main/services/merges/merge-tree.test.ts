import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';

import { mergeTrees } from './merge-tree.ts';

let repository: TestRepository;
let git: Git;
beforeAll(async () => {
  repository = await TestRepository.createEmpty();
  git = new Git({ log: silentLog, env: repository.env });
});
afterAll(() => repository.remove());

/** A commit as `git fast-import` reads it. Content null deletes; a mode other than 100644 stands before the path. */
const commitStream = (branch: string, from: string | null, files: Readonly<Record<string, string | null>>): string => {
  const changes = Object.entries(files).map(([name, content]) => {
    const [, mode = '100644', path = name] = /^(1\d{5}) (.*)$/su.exec(name) ?? [];
    const quoted = JSON.stringify(path);
    if (content === null) return `D ${quoted}\n`;
    if (mode === '160000') return `M 160000 ${content} ${quoted}\n`;
    return `M ${mode} inline ${quoted}\ndata ${String(Buffer.byteLength(content))}\n${content}\n`;
  });
  const parent = from === null ? '' : `from refs/heads/${from}\n`;
  return `reset refs/heads/${branch}\n${parent}commit refs/heads/${branch}\ncommitter A <a@example.com> 1700000000 +0000\ndata 4\nwork\n${parent}${changes.join('')}\n`;
};

const importAll = async (stream: string): Promise<void> => {
  await git.direct({
    name: 'import',
    cwd: repository.path,
    args: ['fast-import', '--quiet', '--force'],
    input: stream,
  });
};

describe('conflicts are told in words:', () => {
  const text = (seed: string): string =>
    Array.from({ length: 12 }, (_, index) => `${seed} ${String(index)}\n`).join('');
  const cases: readonly {
    what: string;
    base: Readonly<Record<string, string | null>>;
    ours: Readonly<Record<string, string | null>>;
    theirs: Readonly<Record<string, string | null>>;
    conflicts: readonly { path: string; reason: string }[];
  }[] = [
    {
      what: 'content',
      base: { 'a b "c"\n.txt': 'one\n' },
      ours: { 'a b "c"\n.txt': 'two\n' },
      theirs: { 'a b "c"\n.txt': 'three\n' },
      conflicts: [{ path: 'a b "c"\n.txt', reason: 'both changed the same lines' }],
    },
    {
      what: 'added on both sides',
      base: {},
      ours: { '-new': 'ours\n' },
      theirs: { '-new': 'theirs\n' },
      conflicts: [{ path: '-new', reason: 'both added it, with different content' }],
    },
    {
      what: 'changed and deleted, either way round',
      base: { one: 'one\n', two: 'two\n' },
      ours: { one: 'one!\n', two: null },
      theirs: { one: null, two: 'two!\n' },
      conflicts: [
        { path: 'one', reason: 'changed in main, deleted in topic' },
        { path: 'two', reason: 'deleted in main, changed in topic' },
      ],
    },
    {
      what: 'renamed differently',
      base: { old: text('r') },
      ours: { old: null, ours: text('r') },
      theirs: { old: null, theirs: text('r') },
      conflicts: ['old', 'ours', 'theirs'].map((path) => ({
        path,
        reason: 'renamed differently in main and in topic',
      })),
    },
    {
      what: 'renamed and deleted',
      base: { old: text('r') },
      ours: { old: null },
      theirs: { old: null, new: text('r') },
      conflicts: [{ path: 'new', reason: 'renamed on one side, deleted on the other' }],
    },
    {
      what: 'a file and a folder',
      base: { keep: 'k\n' },
      ours: { thing: 'file\n' },
      theirs: { 'thing/inside': 'folder\n' },
      conflicts: [{ path: 'thing', reason: 'a file on one side, a folder on the other' }],
    },
    {
      what: 'binary',
      base: { 'x.bin': '\0\u0001' },
      ours: { 'x.bin': '\0\u0002' },
      theirs: { 'x.bin': '\0\u0003' },
      conflicts: [{ path: 'x.bin', reason: 'both changed this binary file' }],
    },
    {
      what: 'a submodule',
      base: { '160000 lib': '1'.repeat(40) },
      ours: { '160000 lib': '2'.repeat(40) },
      theirs: { '160000 lib': '3'.repeat(40) },
      conflicts: [{ path: 'lib', reason: 'a submodule that main and topic set to different commits' }],
    },
    {
      what: 'a symbolic link and a file',
      base: { '120000 link': 'there' },
      ours: { '120000 link': 'elsewhere' },
      theirs: { link: 'a file\n' },
      conflicts: [{ path: 'link', reason: 'different kinds of file on the two sides' }],
    },
    {
      what: 'a mode that one side set and a mode that the other added with',
      base: {},
      ours: { run: 'same\n' },
      theirs: { '100755 run': 'same\n' },
      conflicts: [{ path: 'run', reason: 'both added it, with different content' }],
    },
    {
      what: 'a file in a folder that was renamed',
      base: { 'd/1': text('1'), 'd/2': text('2') },
      ours: { 'd/3': text('3') },
      theirs: { 'd/1': null, 'd/2': null, 'e/1': text('1'), 'e/2': text('2') },
      conflicts: [{ path: 'e/3', reason: 'its folder was renamed on the other side, so it may belong there' }],
    },
  ];

  it.each(cases)('$what', async ({ base, ours, theirs, conflicts }) => {
    await importAll(
      [
        commitStream('base', null, { always: 'here\n', ...base }),
        commitStream('ours', 'base', ours),
        commitStream('theirs', 'base', theirs),
      ].join(''),
    );
    const hashes = (await repository.git('rev-parse', 'ours', 'theirs')).split('\n');
    const merged = await mergeTrees({
      git,
      cwd: repository.path,
      ours: hashes[0]!,
      theirs: hashes[1]!,
      sides: { ours: 'main', theirs: 'topic' },
    });
    expect(merged).toEqual({ kind: 'conflicts', conflicts });
  });
});

describe('merging trees', () => {
  const pairs = 60;

  it(`agrees with git merge on ${String(pairs)} random pairs of branches: the same verdict and the same tree`, async () => {
    const random = generator(20261123);
    const stream: string[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const base = randomFiles(random);
      stream.push(commitStream(`b${String(pair)}`, null, base));
      stream.push(commitStream(`o${String(pair)}`, `b${String(pair)}`, randomChanges(random, base)));
      stream.push(commitStream(`t${String(pair)}`, `b${String(pair)}`, randomChanges(random, base)));
    }
    await importAll(stream.join(''));
    const scratch = join(repository.root, 'scratch');
    await repository.git('clone', '-q', '--no-checkout', repository.path, scratch);

    const numbers = Array.from({ length: pairs }, (_, pair) => pair);
    const refs = numbers.flatMap((pair) => [`o${String(pair)}`, `t${String(pair)}`]);
    const hashes = (await repository.git('rev-parse', ...refs)).split('\n');
    const byGit: unknown[] = [];
    const byUs: unknown[] = [];
    let clean = 0;
    for (const pair of numbers) {
      const [ours = '', theirs = ''] = hashes.slice(pair * 2);
      const merged = await mergeTrees({
        git,
        cwd: repository.path,
        ours,
        theirs,
        sides: { ours: 'main', theirs: 'topic' },
      });
      // A folder of its own for each: nothing of the last merge can be in the way.
      const checkout = join(repository.root, 'checkout');
      await mkdir(checkout);
      const inCheckout = (...args: string[]): Promise<string> =>
        repository.gitIn(scratch, `--work-tree=${checkout}`, ...args);
      await inCheckout('checkout', '-q', '-f', '--detach', ours);
      const isClean = await inCheckout('merge', '-q', '--no-edit', '--no-ff', theirs).then(
        () => true,
        () => false,
      );
      if (isClean) clean++;
      byGit.push(
        isClean
          ? { pair, tree: await repository.gitIn(scratch, 'rev-parse', 'HEAD^{tree}') }
          : {
              pair,
              conflicts: unmergedPaths(await repository.gitIn(scratch, 'diff', '--name-only', '--diff-filter=U')),
            },
      );
      byUs.push(
        merged.kind === 'clean'
          ? { pair, tree: merged.tree }
          : { pair, conflicts: unmergedPaths(merged.conflicts.map(({ path }) => path).join('\n')) },
      );
      await rm(checkout, { recursive: true });
      await rm(join(scratch, '.git', 'index'));
      await rm(join(scratch, '.git', 'MERGE_HEAD'), { force: true });
    }
    expect(byUs).toEqual(byGit);
    // Both verdicts were seen often, or the comparison would say little.
    expect(clean).toBeGreaterThan(pairs / 6);
    expect(clean).toBeLessThan((pairs * 5) / 6);
  });

  it('follows the .gitattributes of the checkout that it is asked in', async () => {
    await importAll(
      [
        commitStream('base', null, { '.gitattributes': 'log merge=union\n', log: 'a\n' }),
        commitStream('ours', 'base', { log: 'a\nb\n' }),
        commitStream('theirs', 'base', { log: 'a\nc\n' }),
      ].join(''),
    );
    await repository.git('checkout', '-q', '-f', 'ours');
    await writeFile(join(repository.path, '.gitattributes'), 'log merge=union\n');
    const [ours = '', theirs = ''] = (await repository.git('rev-parse', 'ours', 'theirs')).split('\n');
    const sides = { ours: 'main', theirs: 'topic' };
    const merged = await mergeTrees({ git, cwd: repository.path, ours, theirs, sides });
    if (merged.kind !== 'clean') throw new Error('not clean');
    expect(await repository.git('show', `${merged.tree}:log`)).toBe('a\nb\nc');
  });
});

/** Without the suffix of a name that Git made up (`a~HEAD`), each once. */
const unmergedPaths = (text: string): readonly string[] =>
  [...new Set(text.split('\n').map((path) => path.replace(/~.*$/u, '')))].toSorted();

/** Numbers from 0 to `below`, the same in every run (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) * below) / 4294967296) | 0;
  };
}

function randomFiles(random: (below: number) => number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let file = 0; file < 6; file++) {
    const name = `${['', 'src/', 'docs/deep/'][random(3)] ?? ''}file${String(file)}.txt`;
    files[name] = Array.from({ length: 12 + random(20) }, (_, line) => `${String(file)} line ${String(line)}\n`).join(
      '',
    );
  }
  return files;
}

function randomChanges(
  random: (below: number) => number,
  base: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  const names = Object.keys(base);
  for (let change = 0; change < 1 + random(3); change++) {
    const name = names[random(names.length)] ?? '';
    const text = changes[name] ?? base[name] ?? '';
    const lines = text.split('\n');
    switch (random(9)) {
      case 0:
        changes[name] = null;
        break;
      case 1:
        changes[name] = null;
        changes[`moved/${String(random(3))}.txt`] = text;
        break;
      case 2:
        changes[`added${String(random(4))}.txt`] = `added ${String(random(2))}\n`;
        break;
      case 3:
        delete changes[name];
        changes[`100755 ${name}`] = text;
        break;
      case 4:
        changes[name] = lines.filter((_, index) => index % 7 !== random(7)).join('\n');
        break;
      case 5:
        changes[name] = text.replaceAll('\n', '\r\n');
        break;
      default: {
        const at = random(lines.length);
        changes[name] = lines.with(at, `${lines[at] ?? ''} changed ${String(random(3))}`).join('\n');
      }
    }
  }
  return changes;
}
