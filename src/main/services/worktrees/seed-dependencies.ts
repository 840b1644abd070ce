import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, cp, lstat, readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import { nearestExisting } from '#main/base/canonical-path.ts';
import { isInside } from '#main/base/is-inside.ts';
import { Semaphore } from '#main/base/semaphore.ts';

const run = promisify(execFile);

/** A folder of dependencies, and the file that says what has to be in it; null: the one that lies nearest above it. */
export interface DependencyFolder {
  folder: string;
  lockfile: string | null;
}

/** What became of one of them. `reason`: why it was not seeded, in words that end a sentence; the setup command makes it then. */
export type Seeded =
  { folder: string; outcome: 'seeded'; lockfile: string } | { folder: string; outcome: 'left-out'; reason: string };

/** What package managers write down of what they have installed. */
const lockfiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'composer.lock',
  'Gemfile.lock',
];

export interface SeedRequest {
  projectPath: string;
  worktreePath: string;
  folders: readonly DependencyFolder[];
  platform: NodeJS.Platform;
  signal: AbortSignal;
}

/**
 * Copies folders of dependencies from the project's checkout into a worktree, sharing their blocks where the file system
 * can, so that nothing has to be installed. Only where both have the same lockfile, byte for byte. Never a link: what an
 * agent writes there must not reach another checkout; so a folder that has a link out of the project is left out.
 */
export async function seedDependencies(request: SeedRequest): Promise<readonly Seeded[]> {
  const seeded: Seeded[] = [];
  for (const each of request.folders) {
    request.signal.throwIfAborted();
    seeded.push(await seed(request, each));
  }
  return seeded;
}

async function seed(request: SeedRequest, { folder, lockfile }: DependencyFolder): Promise<Seeded> {
  const { platform, signal } = request;
  const leftOut = (reason: string): Seeded => ({ folder, outcome: 'left-out', reason });
  const [from, to] = [await realpath(request.projectPath), await realpath(request.worktreePath)];
  const source = join(from, folder);
  const target = join(to, folder);
  const stats = await lstat(source).catch(() => null);
  if (stats === null) return leftOut('your checkout does not have it');
  if (!stats.isDirectory()) return leftOut('it is no folder in your checkout');
  if ((await lstat(target).catch(() => null)) !== null) return leftOut('it is there already');
  // The base may have a link where the project's checkout has a folder; writing through it would leave the worktree.
  if (!(await isFolderIn(dirname(target), to))) return leftOut('the folder above it is not there');
  if (!isInside(await realpath(source), from)) return leftOut('it lies outside of your checkout');
  const lock = lockfile ?? (await nearestLockfile(from, folder));
  if (lock === null) return leftOut('there is no lockfile beside it or above it');
  const [here, there] = await Promise.all([hashOf(join(from, lock)), hashOf(join(to, lock))]);
  if (here === null || there === null) return leftOut(`${lock} is not there in both`);
  if (here !== there) return leftOut(`${lock} is another one here than in your checkout`);
  const way = await findWayOut(source, from);
  if (way !== null) return leftOut(`${way} in it is a link that leads out of the project`);
  try {
    await copyFolder({ source, target, platform, signal });
  } catch (error) {
    await rm(target, { recursive: true, force: true, maxRetries: 3 });
    signal.throwIfAborted();
    throw error;
  }
  return { folder, outcome: 'seeded', lockfile: lock };
}

const isFolderIn = async (path: string, root: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true && isInside(await nearestExisting(path), root);

/** The first lockfile on the way from beside the folder up to the project's top, relative to the project. */
async function nearestLockfile(projectPath: string, folder: string): Promise<string | null> {
  for (let at = posix.dirname(folder); ; at = posix.dirname(at)) {
    for (const name of lockfiles) {
      const path = posix.join(at, name);
      const stats = await lstat(join(projectPath, path)).catch(() => null);
      if (stats?.isFile() === true) return path;
    }
    if (at === '.' || at === '/' || at === '') return null;
  }
}

async function hashOf(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isFile() === true
    ? createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
    : null;
}

/** Folders that are read at once. */
const foldersAtOnce = 16;

/** The first link that is absolute or leads out of the project, relative to the folder; null: there is none. */
async function findWayOut(folder: string, projectPath: string): Promise<string | null> {
  const readers = new Semaphore(foldersAtOnce);
  let found: string | null = null;
  const walk = async (at: string): Promise<void> => {
    if (found !== null) return;
    const entries = await readers.run(() => readdir(at, { withFileTypes: true }));
    const below: string[] = [];
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) below.push(path);
      else if (entry.isSymbolicLink()) {
        const target = await readlink(path);
        if (isAbsolute(target) || !isInside(resolve(at, target), projectPath)) found ??= relative(folder, path);
      }
    }
    await Promise.all(below.map(walk));
  };
  await walk(folder);
  return found;
}

interface FolderCopy {
  source: string;
  target: string;
  platform: NodeJS.Platform;
  signal: AbortSignal;
}

/** The system's own program does this several times faster than Node, file by file. Paths are absolute: never an option. */
async function copyFolder({ source, target, platform, signal }: FolderCopy): Promise<void> {
  if (platform === 'linux' || platform === 'darwin') {
    // `-a` of GNU keeps links as links and times as they are; `-c` of macOS clones. Both fall back to a copy.
    const args = platform === 'linux' ? ['-a', '--reflink=auto'] : ['-c', '-R', '-p', '-P'];
    try {
      await run('cp', [...args, '--', source, target], { signal, env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' } });
      return;
    } catch {
      signal.throwIfAborted();
      // Another cp than the one that was meant: Node can do it as well.
      await rm(target, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  await cp(source, target, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    errorOnExist: true,
    force: false,
    mode: constants.COPYFILE_FICLONE,
  });
}
