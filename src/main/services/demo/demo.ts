import { mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import { GitError, type Git } from '#main/services/git/git.ts';
import { hasIdentity } from '#main/services/git/own-identity.ts';
import { errorMessage } from '#shared/error-message.ts';
import { fail, ok, type Result } from '#shared/result.ts';

export interface DemoOptions {
  git: Pick<Git, 'read' | 'writes' | 'direct'>;
  /** The sample app as it is shipped. */
  demoFolder: string;
  /** Absolute. Where it is taken, `-2`, `-3` and so on is put behind it. */
  target: string;
}

type CouldNotWrite = { kind: 'could-not-write'; path: string; message: string };

/** What is no part of the app and still may lie in its folder. */
const notCopied = new Set(['node_modules', '.git']);

/** The history begins with the app alone; the rules and the specs come on top, as they would in a real project. */
const commits: readonly { message: string; takes: (topEntry: string) => boolean }[] = [
  { message: 'Show standings, schedule and players of the league', takes: (entry) => !isForSwitchyard(entry) },
  { message: 'Write down the rules, and what is to be built next', takes: (entry) => isForSwitchyard(entry) },
];
const isForSwitchyard = (topEntry: string): boolean => topEntry === '.switchyard' || topEntry === 'specs';

/** Says in a repository that it is a demo of ours, so that the next look at the demo finds the last one's runs. */
const markPath = join('.git', 'switchyard', 'demo');

/**
 * The sample repository: the one that was made before, as it was left, or else a new folder with the app's files,
 * committed, with an identity of its own only when the person has none. A folder that is there already and is no demo is
 * never touched; what a failed attempt has made is removed.
 */
export async function createDemo({
  git,
  demoFolder,
  target,
}: DemoOptions): Promise<Result<{ path: string }, CouldNotWrite>> {
  let made: string | null = null;
  try {
    await mkdir(dirname(target), { recursive: true });
    const place = await findDemoOrFreeFolder(target);
    if (place.kind === 'demo') return ok({ path: await realpath(place.folder) });
    made = place.folder;
    const path = await realpath(made);
    await copyFiles(demoFolder, path);
    await commitAll(path, git);
    await mkdir(join(path, dirname(markPath)), { recursive: true });
    await writeFile(join(path, markPath), '');
    return ok({ path });
  } catch (error) {
    if (made !== null) await rm(made, { recursive: true, force: true });
    if (error instanceof GitError || errorCode(error) !== null) {
      return fail({ kind: 'could-not-write', path: made ?? target, message: errorMessage(error) });
    }
    throw error;
  }
}

const isDemo = (folder: string): Promise<boolean> =>
  stat(join(folder, markPath)).then(
    (found) => found.isFile(),
    () => false,
  );

/** A free folder is ours from the moment it is made: `mkdir` refuses what is there already. */
async function findDemoOrFreeFolder(target: string): Promise<{ kind: 'demo' | 'made'; folder: string }> {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? target : `${target}-${n}`;
    try {
      await mkdir(folder);
      return { kind: 'made', folder };
    } catch (error) {
      const isTaken = errorCode(error) === 'EEXIST';
      // Whoever has a thousand of them has another problem.
      if (!isTaken || n >= 1000) throw error;
      if (await isDemo(folder)) return { kind: 'demo', folder };
    }
  }
}

async function copyFiles(from: string, to: string): Promise<void> {
  const top = (await readdir(from)).filter((name) => !notCopied.has(name));
  for (const name of top) {
    const source = join(from, name);
    const entries = await readdir(source, { recursive: true, withFileTypes: true }).catch(() => null);
    const files = entries
      ? entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      : [source];
    for (const file of files) {
      const copy = join(to, relative(from, file));
      await mkdir(dirname(copy), { recursive: true });
      // The text and not the file's rights: an installation may be read-only, and the copy is there to be changed.
      await writeFile(copy, await readFile(file), { flag: 'wx' });
    }
  }
}

async function commitAll(folder: string, git: DemoOptions['git']): Promise<void> {
  const entries = (await readdir(folder)).toSorted();
  await git.writes(join(folder, '.git'), async () => {
    const run = (name: string, args: readonly string[]) => git.direct({ name, cwd: folder, args });
    await run('make the sample repository', ['init', '--quiet', '--initial-branch=main']);
    if (!(await hasIdentity(folder, git))) {
      await run('set a name for the commits', ['config', '--local', 'user.name', 'Switchyard demo']);
      await run('set an address for the commits', ['config', '--local', 'user.email', 'demo@switchyard.invalid']);
    }
    for (const { message, takes } of commits) {
      // By force: what the person's own ignore file says about logs or specs is not meant for these.
      await run('add the sample files', ['add', '--force', '--', ...entries.filter(takes)]);
      await run('commit the sample files', ['commit', '--quiet', '-m', message]);
    }
  });
}
