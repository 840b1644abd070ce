import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Numbers from a seed, the same each time. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Entry {
  mode: '100644' | '100755' | '120000' | '160000';
  /** Content, or the commit of a submodule. */
  text: string;
}

type Files = Map<string, Entry>;

const lines = (count: number, random: (below: number) => number): string =>
  Array.from({ length: count }, (_, index) => `line ${String(index)} ${String(random(1000))}\n`).join('');

/** What a branch begins from: folders of text files, a link, a program, a submodule. */
function baseFiles(count: number, random: (below: number) => number): Files {
  const files: Files = new Map();
  for (let index = 0; index < count; index++) {
    const folder = `d${String(index % Math.max(4, Math.floor(count / 40)))}`;
    const mode = index % 11 === 0 ? '100755' : '100644';
    files.set(`${folder}/f${String(index)}.txt`, { mode, text: lines(12, random) });
  }
  files.set('link', { mode: '120000', text: 'd0/f0.txt' });
  files.set('sub', { mode: '160000', text: '1'.repeat(40) });
  return files;
}

/** One random change of any kind that Git knows. */
function change(files: Files, random: (below: number) => number): void {
  const paths = [...files.keys()].toSorted();
  const path = paths[random(paths.length)] ?? '';
  const entry = files.get(path);
  if (!entry) return;
  const edited = (text: string): string => {
    const rows = text.split('\n');
    rows[random(Math.max(1, rows.length - 1))] = `changed ${String(random(1_000_000))}`;
    return rows.join('\n');
  };
  switch (random(10)) {
    case 0:
      files.delete(path);
      break;
    case 1:
    case 2:
      if (entry.mode === '160000') break;
      files.delete(path);
      files.set(`d${String(random(6))}/moved${String(random(12))}.txt`, {
        ...entry,
        text: random(2) === 0 ? entry.text : edited(entry.text),
      });
      break;
    case 3:
      files.set(`d${String(random(6))}/new${String(random(8))}.txt`, { mode: '100644', text: lines(4, random) });
      break;
    case 4:
      if (entry.mode === '100644' || entry.mode === '100755')
        files.set(path, { ...entry, mode: entry.mode === '100644' ? '100755' : '100644' });
      break;
    case 5:
      files.set('sub', { mode: '160000', text: String(random(4) + 2).repeat(40) });
      break;
    case 6:
      // A folder in the place of a file.
      if (entry.mode === '100644') {
        files.delete(path);
        files.set(`${path}/inside.txt`, { mode: '100644', text: entry.text });
      }
      break;
    case 7:
      files.set('link', { mode: '120000', text: `d${String(random(4))}/f${String(random(8))}.txt` });
      break;
    default:
      if (entry.mode === '100644' || entry.mode === '100755') files.set(path, { ...entry, text: edited(entry.text) });
  }
}

export interface RandomBranches {
  /** A repository without a checkout. */
  path: string;
  env: NodeJS.ProcessEnv;
  /** The commit of each branch. */
  commits: readonly string[];
  base: string;
  git: (...args: readonly string[]) => Promise<string>;
  remove: () => Promise<void>;
}

/**
 * A repository with branches that each make some random changes to the same files: edits, deletions, renames with and without
 * an edit, modes, links, submodules, folders in the place of files. The same seed makes the same repository.
 */
export async function makeRandomBranches(options: {
  seed: number;
  branches: number;
  files: number;
  changes: number;
}): Promise<RandomBranches> {
  const random = randomFrom(options.seed);
  const path = await mkdtemp(join(tmpdir(), 'switchyard-random-'));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ann Author',
    GIT_AUTHOR_EMAIL: 'ann@example.com',
    GIT_COMMITTER_NAME: 'Ann Author',
    GIT_COMMITTER_EMAIL: 'ann@example.com',
  };
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', [...args], { cwd: path, env, maxBuffer: 256 * 1024 * 1024 });
    return stdout.trimEnd();
  };
  await git('init', '-q', '--bare', '-b', 'main', '.');
  const start = baseFiles(options.files, random);
  const stream: string[] = [commitOf('main', null, new Map(), start)];
  for (let index = 0; index < options.branches; index++) {
    const files = new Map(start);
    for (let count = 1 + random(options.changes); count > 0; count--) change(files, random);
    stream.push(commitOf(`b${String(index)}`, 'main', start, files));
  }
  await fastImport(path, env, stream.join(''));
  const names = Array.from({ length: options.branches }, (_, index) => `refs/heads/b${String(index)}`);
  const commits = (await git('rev-parse', 'refs/heads/main', ...names)).split('\n');
  return {
    path,
    env,
    base: commits[0] ?? '',
    commits: commits.slice(1),
    git,
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

function commitOf(branch: string, from: string | null, before: Files, files: Files): string {
  const rows = [`commit refs/heads/${branch}\ncommitter Ann Author <ann@example.com> 0 +0000\ndata 0\n`];
  if (from !== null) rows.push(`from refs/heads/${from}\n`);
  for (const path of before.keys()) if (!files.has(path)) rows.push(`D ${path}\n`);
  for (const [path, { mode, text }] of files) {
    const was = before.get(path);
    if (was && was.mode === mode && was.text === text) continue;
    if (mode === '160000') rows.push(`M 160000 ${text} ${path}\n`);
    else rows.push(`M ${mode} inline ${path}\ndata ${String(Buffer.byteLength(text))}\n${text}\n`);
  }
  return `${rows.join('')}\n`;
}

function fastImport(cwd: string, env: NodeJS.ProcessEnv, input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['fast-import', '--quiet'], { cwd, env, stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(words));
    });
    child.stdin.end(input);
  });
}

/** What `git merge` makes of two commits in a checkout of its own. */
export interface RealMerge {
  /** Null: it conflicts. */
  tree: string | null;
  /** Paths that did not merge, without what Git puts behind a name that it had to make up. */
  paths: readonly string[];
}

/** A clone in which pairs are really merged, one after the other. */
export async function realMerger(
  branches: RandomBranches,
): Promise<{ merge: (ours: string, theirs: string) => Promise<RealMerge>; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-real-'));
  const clone = join(folder, 'clone');
  const env = { ...branches.env, HOME: folder };
  await run('git', ['clone', '-q', '--shared', '--no-checkout', branches.path, clone], { env });
  const git = async (...args: readonly string[]): Promise<{ code: number; text: string }> =>
    run('git', [...args], { cwd: clone, env, maxBuffer: 64 * 1024 * 1024 }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      (error: { code?: number; stdout?: string }) => ({ code: error.code ?? 1, text: error.stdout ?? '' }),
    );
  const merge = async (ours: string, theirs: string): Promise<RealMerge> => {
    await git('reset', '-q', '--hard');
    await git('clean', '-qfdx');
    const out = await git('checkout', '-q', '--detach', '--force', ours);
    if (out.code !== 0) throw new Error(`could not check ${ours} out`);
    await git('merge', '-q', '--no-ff', '--no-commit', theirs);
    const unmerged = (await git('ls-files', '--unmerged', '-z')).text.split('\0').filter((row) => row !== '');
    const paths = unmerged.map((row) => row.slice(row.indexOf('\t') + 1).replace(/~[^/]*$/u, ''));
    const tree = unmerged.length > 0 ? null : (await git('write-tree')).text.trim();
    return { tree, paths: [...new Set(paths)].toSorted() };
  };
  return { merge, remove: () => rm(folder, { recursive: true, force: true }) };
}
